/** One question to the model: what becomes of a flow between two ENDs. */
import type { Cloud } from '../cloud.ts';
import { address, sameAddress } from '../ip/address.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { Protocol, Request } from '../network/network.ts';
import type { ProxyClient } from '../proxy/clients.ts';
import type { Flow, Trace } from '../trace/trace.ts';
import { trace } from '../trace/walk.ts';
import { compile } from './compile.ts';
import {
  addressOf,
  choiceWords,
  clientChoice,
  credentialsOf,
  lostEntries,
  usualClient,
} from './client-choice.ts';
import type { ClientChoice } from './client-choice.ts';
import { directoryOf } from './directory.ts';
import type { Directory, Place } from './directory.ts';
import { fail, formatEndError } from './end-error.ts';
import type { EndError } from './end-error.ts';
import { resolveSource, resolveTarget } from './ends.ts';
import type { Target } from './ends.ts';
import { unenforcedPolicies } from './network-policy-remarks.ts';
import { traceOverProxy } from './relayed.ts';
import type { PassedProxy } from './relayed.ts';
import type { RelayedRequest } from './relayed-words.ts';
import { isUrl, readUrl } from './url-parts.ts';
import type { UrlParts } from './url-parts.ts';

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
  /**
   * Who asks, if `to` is a URL: each client reads the proxy variables of its place in its own way, and `none` reads
   * none. `curl` from a pod, `go` from a node and `none` from elsewhere if absent. Only a URL has a client.
   */
  readonly client?: ProxyClient | 'none';
}

export interface Answer {
  readonly trace: Trace;
  readonly from: Place;
  readonly to: Target;
  readonly protocol: Protocol;
  readonly port: number | null;
  /** What a reader must know to trust the answer, for example that another host had the address. */
  readonly remarks: readonly string[];
  /** How the client chose between the target and a proxy; null where its place names no proxy, or there is no client. */
  readonly choice: ClientChoice | null;
  /** What that choice was, and what decided it, in the same form as `remarks`. */
  readonly notes: readonly string[];
  /** The way over the proxy; null where there is none. */
  readonly over: OverProxy | null;
}

export interface OverProxy {
  /** As the client's variable names it, such as `http://10.20.0.4:8080`. */
  readonly proxy: string;
  /** Those that took the request, in order. */
  readonly proxies: readonly PassedProxy[];
  /** What the URL means to the last proxy; null where it was not asked to look, or found nothing. */
  readonly target: Target | null;
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
  const protocol = question.protocol ?? 'tcp';
  const chosen = chooseFor(question, protocol, from.value);
  if (!chosen.ok) return explain(chosen.error);
  if (chosen.value?.choice.choice.kind === 'proxy') {
    return askProxy(directory, question, from.value, chosen.value);
  }
  const to = resolveTarget(directory, question.to, from.value);
  if (!to.ok) return explain(to.error);
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
    choice: chosen.value?.choice ?? null,
    notes: chosen.value === null ? [] : choiceWords(chosen.value.choice, chosen.value.url.host),
    over: null,
  });
}

interface Chosen {
  readonly url: UrlParts;
  readonly choice: ClientChoice;
}

/** Returns what the client of a question chooses; null where nothing is to be chosen. */
function chooseFor(question: Question, protocol: Protocol, from: Place): Result<Chosen | null, EndError> {
  const { to, client } = question;
  if (!isUrl(to) || protocol !== 'tcp') {
    return client === undefined || client === 'none'
      ? ok(null)
      : fail(to, `only a URL is asked for by a client such as ${client}, over tcp.`);
  }
  const asking = client ?? usualClient(from);
  if (asking === 'none') return ok(null);
  const parts = readUrl(to);
  if (!parts.ok) return parts;
  const { port } = question;
  const url =
    port === undefined || port === parts.value.port
      ? parts.value
      : { ...parts.value, port, portIsSpelled: true };
  const choice = clientChoice(asking, from, url);
  if (!choice.ok) return fail(to, `${choice.error}.`);
  return ok(choice.value === null ? null : { url, choice: choice.value });
}

function askProxy(
  directory: Directory,
  question: Question,
  from: Place,
  { url, choice }: Chosen,
): Result<Answer, EndError> {
  if (choice.choice.kind !== 'proxy') throw new Error('no proxy is chosen');
  const { proxy } = choice.choice;
  const { scheme } = proxy;
  if (scheme !== 'http' && scheme !== 'https') {
    return explain({
      end: question.to,
      message: `a proxy of scheme ${scheme} is not simulated.`,
      suggestions: [],
    });
  }
  const credentials = credentialsOf(proxy);
  const request: RelayedRequest = {
    ...url,
    ...(credentials === null ? {} : { credentials }),
    ...(choice.client === 'busybox-wget' ? { asksBy: 'half-open-get' } : {}),
  };
  const first = question.sourcePort ?? sourcePort(question);
  const port = (connection: string): number =>
    connection.startsWith(`${from.label} `) ? first : portFor(connection);
  const found = traceOverProxy(directory, from, { ...proxy, scheme }, request, port, lostEntries(choice));
  if (!found.ok) return explain(found.error);
  const { trace: traced, target, proxies } = found.value;
  const end = traced.relayed?.legs[0]?.flow.destination.address;
  const to: Target = target ?? {
    label: question.to,
    address: end ?? ANYWHERE,
    port: url.port,
    scheme: url.scheme,
    place: null,
    service: null,
  };
  return ok({
    trace: traced,
    from,
    to: { ...to, label: question.to },
    protocol: 'tcp',
    port: url.port,
    remarks: [...remarksOn(traced, to), ...unenforcedPolicies(directory, from, traced)],
    choice,
    notes: choiceWords(choice, url.host),
    over: { proxy: addressOf(proxy), proxies, target },
  });
}

/** The message carries the suggestions, so that a caller who prints only it loses nothing. */
function explain(error: EndError): Result<never, EndError> {
  return err({ ...error, message: formatEndError(error) });
}

/** The same question always comes from the same port (FNV-1a of its words). */
function sourcePort(question: Question): number {
  return portFor(`${question.from} ${question.to} ${question.protocol ?? 'tcp'} ${question.port ?? ''}`);
}

function portFor(text: string): number {
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
