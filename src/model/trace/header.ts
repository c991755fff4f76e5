import { formatAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import type { Endpoint, Header } from './trace.ts';

/** Linux's default for packets a host sends itself. */
export const INITIAL_TTL = 64;

/** The source port when a flow names none: in Linux's ephemeral range, and the same each time. */
export const EPHEMERAL_PORT = 40_000;

/** Returns `10.244.0.5:80`, or only the address where there is no port. */
export function formatEndpoint(end: Endpoint): string {
  return end.port === null ? formatAddress(end.address) : `${formatAddress(end.address)}:${end.port}`;
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a === b || (a.port === b.port && sameAddress(a.address, b.address));
}

/** Reports whether both belong to one conversation in one direction; the TTL does not matter. */
export function sameTuple(a: Header, b: Header): boolean {
  return (
    a.protocol === b.protocol &&
    sameEndpoint(a.source, b.source) &&
    sameEndpoint(a.destination, b.destination)
  );
}

/** Reports whether `reply` answers `header`: the same ends, the other way round. */
export function isReplyTo(reply: Header, header: Header): boolean {
  return (
    reply.protocol === header.protocol &&
    sameEndpoint(reply.source, header.destination) &&
    sameEndpoint(reply.destination, header.source)
  );
}

/** Returns the header with another source; the same object if nothing changes. */
export function withSource(header: Header, source: Endpoint): Header {
  return sameEndpoint(header.source, source) ? header : { ...header, source };
}

/** Returns the header with another destination; the same object if nothing changes. */
export function withDestination(header: Header, destination: Endpoint): Header {
  return sameEndpoint(header.destination, destination) ? header : { ...header, destination };
}

export function withSourceAddress(header: Header, address: Address): Header {
  return withSource(header, { address, port: header.source.port });
}

/** Returns the header after one router has passed it on. */
export function forwarded(header: Header): Header {
  return { ...header, ttl: header.ttl - 1 };
}
