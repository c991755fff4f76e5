/** One question to the model: what becomes of a flow between two ENDs. */
import type { Cloud } from '../cloud.ts';
import { address, sameAddress } from '../ip/address.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { Protocol, Request } from '../network/network.ts';
import type { Flow, Trace } from '../trace/trace.ts';
import { trace } from '../trace/walk.ts';
import { compile } from './compile.ts';
import { directoryOf } from './directory.ts';
import type { Place } from './directory.ts';
import { formatEndError } from './end-error.ts';
import type { EndError } from './end-error.ts';
import { resolveSource, resolveTarget } from './ends.ts';
import type { Target } from './ends.ts';
import { unenforcedPolicies } from './network-policy-remarks.ts';

export type { EndError } from './end-error.ts';

export interface Question {
  readonly from: string;
  readonly to: string;
  /** `tcp` if absent. */
  readonly protocol?: Protocol;
  /** What the URL or Service says, else 80, if absent; ICMP has none. */
  readonly port?: number;
  /** Which port the sender uses; drawn from the words of the question if absent. Balancing looks at it. */
  readonly sourcePort?: number;
  /** What the connection says it is for; what the URL says if absent. Only TCP connections say anything. */
  readonly request?: Request;
}

export interface Answer {
  readonly trace: Trace;
  readonly from: Place;
  readonly to: Target;
  readonly protocol: Protocol;
  readonly port: number | null;
  /** What a reader must know to trust the answer, for example that another host had the address. */
  readonly remarks: readonly string[];
}

const DEFAULT_PORT = 80;
const ANYWHERE = address('0.0.0.0');
const LOOPBACK = address('127.0.0.1');
/** Linux's default range of source ports, net.ipv4.ip_local_port_range. */
const EPHEMERAL = { first: 32768, last: 60999 };

/** Returns the trace of a flow, or why one of its ends does not exist. Never changes the cloud. */
export function ask(cloud: Cloud, question: Question): Result<Answer, EndError> {
  const compiled = compile(cloud);
  const directory = directoryOf(compiled);
  const from = resolveSource(directory, question.from);
  if (!from.ok) return explain(from.error);
  const to = resolveTarget(directory, question.to, from.value);
  if (!to.ok) return explain(to.error);
  const protocol = question.protocol ?? 'tcp';
  const port = protocol === 'icmp' ? null : (question.port ?? to.value.port ?? DEFAULT_PORT);
  const host = from.value.host;
  if (host === null) throw new Error(`${from.value.label} has no host`);
  const anywhere = sameAddress(to.value.address, ANYWHERE);
  const request = question.request ?? to.value.request;
  const flow: Flow = {
    from: host,
    protocol,
    source: {
      address: null,
      port: protocol === 'icmp' ? null : (question.sourcePort ?? sourcePort(question)),
    },
    destination: { address: anywhere ? LOOPBACK : to.value.address, port },
    ...(request === undefined || protocol !== 'tcp' ? {} : { request }),
  };
  const traced = trace(compiled.network, flow);
  return ok({
    trace: traced,
    from: from.value,
    to: to.value,
    protocol,
    port,
    remarks: [
      ...(anywhere ? ['Linux takes the destination 0.0.0.0 for the sender itself, 127.0.0.1'] : []),
      ...remarksOn(traced, to.value),
      ...unenforcedPolicies(directory, from.value, traced),
    ],
  });
}

/** The message carries the suggestions, so that a caller who prints only it loses nothing. */
function explain(error: EndError): Result<never, EndError> {
  return err({ ...error, message: formatEndError(error) });
}

/** The same question always comes from the same port (FNV-1a of its words). */
function sourcePort(question: Question): number {
  const text = `${question.from} ${question.to} ${question.protocol ?? 'tcp'} ${question.port ?? ''}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return EPHEMERAL.first + ((hash >>> 0) % (EPHEMERAL.last - EPHEMERAL.first + 1));
}

/** A translated destination is meant to end elsewhere; an address that another host has is not. */
function remarksOn(traced: Trace, to: Target): readonly string[] {
  const last = traced.hops.at(-1);
  const meant = to.place?.host ?? null;
  if (traced.seenSource === null || last === undefined || meant === null || last.place === meant) return [];
  const arrivedFor = last.steps.at(-1)?.after.destination.address;
  if (arrivedFor === undefined || !sameAddress(arrivedFor, to.address)) return [];
  return [`the packet reached ${last.place}, which has the same address as ${to.place?.label ?? meant}`];
}
