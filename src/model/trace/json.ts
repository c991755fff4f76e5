import { formatAddress } from '../ip/address.ts';
import type { Disposition } from './disposition.ts';
import type { Candidate, Endpoint, Header, Path, Step, StepKind, Trace } from './trace.ts';

export interface EndpointJson {
  readonly address: string;
  readonly port: number | null;
}

export interface HeaderJson {
  readonly protocol: string;
  readonly source: EndpointJson;
  readonly destination: EndpointJson;
  readonly ttl: number;
  /** What the connection says it is for; absent where nobody knows. */
  readonly request?: { readonly protocol: string; readonly host: string };
}

export interface StepJson {
  readonly kind: StepKind;
  /** Of a `proxy` step: whether it puts a header before the bytes, or relays. */
  readonly does?: 'header' | 'relay';
  readonly by: string;
  readonly action: string;
  readonly lost: readonly Candidate[];
  readonly before: HeaderJson;
  readonly after: HeaderJson;
}

export interface PathJson {
  readonly disposition: Disposition;
  readonly reason: string;
  readonly seenSource: EndpointJson | null;
  readonly hops: readonly { readonly place: string; readonly steps: readonly StepJson[] }[];
}

/** What `netpath -o json` prints: a trace with addresses as text. */
export interface TraceJson extends PathJson {
  readonly reverse: PathJson | null;
}

export function traceToJson(trace: Trace): TraceJson {
  return { ...pathToJson(trace), reverse: trace.reverse === null ? null : pathToJson(trace.reverse) };
}

function pathToJson(path: Path): PathJson {
  return {
    disposition: path.disposition,
    reason: path.reason,
    seenSource: path.seenSource === null ? null : endpointToJson(path.seenSource),
    hops: path.hops.map(({ place, steps }) => ({ place, steps: steps.map(stepToJson) })),
  };
}

function stepToJson(step: Step): StepJson {
  const { kind, by, action, lost } = step;
  return {
    kind,
    ...(step.kind === 'proxy' ? { does: step.does } : {}),
    by,
    action,
    lost,
    before: headerToJson(step.before),
    after: headerToJson(step.after),
  };
}

function headerToJson(header: Header): HeaderJson {
  return {
    protocol: header.protocol,
    source: endpointToJson(header.source),
    destination: endpointToJson(header.destination),
    ttl: header.ttl,
    ...(header.request === undefined ? {} : { request: header.request }),
  };
}

function endpointToJson(end: Endpoint): EndpointJson {
  return { address: formatAddress(end.address), port: end.port };
}
