import type { Cloud } from '../model/cloud.ts';
import { formatAddress } from '../model/ip/address.ts';
import type { ProxyClient } from '../model/proxy/clients.ts';
import { err, ok, type Result } from '../model/result.ts';
import { seenBySender } from '../model/trace/sender-sees.ts';
import type { Trace } from '../model/trace/trace.ts';
import { decidingHop, decidingNames } from './deciding-step.ts';
import type { Before, CheckResult, EndOf, FlowCheck } from './lab.ts';

export interface FlowQuestion {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  readonly client?: ProxyClient | 'none';
  /** END and port of the forward proxy that the client is told of by hand. */
  readonly over?: { readonly at: string; readonly port: number };
}

export interface FlowAnswer {
  readonly trace: Trace;
  /** Why the trace does not speak of the host that was meant; empty if it does. */
  readonly remarks: readonly string[];
}

/** Traces one flow, or says in words why an end of it does not exist. */
export type AskFlow = (cloud: Cloud, question: FlowQuestion) => Result<FlowAnswer, string>;

export interface FlowWorld {
  readonly cloud: Cloud;
  readonly before: Before;
  readonly ask: AskFlow;
  /** The lab's flow checks by id, so that a blocked flow finds its control. */
  readonly flows: ReadonlyMap<string, FlowCheck>;
  readonly shown: Shown;
}

/** What a failed flow tells: everything, or only what can be seen from outside until a task is answered. */
export type Shown = { readonly kind: 'cause' } | { readonly kind: 'symptom'; readonly until: string };

export function checkFlow(check: FlowCheck, world: FlowWorld): CheckResult {
  const { id, kind, evidence, expect } = check;
  const traced = traceOf(check, world);
  if (!traced.ok) return { id, kind, evidence, passed: false, detail: [traced.error] };
  const { trace, remarks, title } = traced.value;
  const { shown } = world;
  const problem =
    expect.kind === 'delivered'
      ? (deliveryProblem(trace, expect.seenSource, world) ??
        relayProblem(trace, expect.proxy, world) ??
        readingProblem(trace, expect.reads) ??
        strangerProblem(remarks))
      : blockProblem(trace, expect, shown);
  const failed = (detail: readonly string[]): CheckResult => ({
    id,
    kind,
    evidence,
    passed: false,
    detail: [title, ...detail],
  });
  if (problem !== null) return failed([...problem, ...decided(trace, shown)]);
  // What is told of the control is what decided over the control; this flow ends as it must.
  const uncontrolled = expect.kind === 'blocked' ? controlProblem(expect.control, world) : null;
  return uncontrolled === null
    ? { id, kind, evidence, passed: true, detail: [`${title}: ${summary(trace)}`] }
    : failed(uncontrolled);
}

function traceOf(check: FlowCheck, world: FlowWorld): Result<FlowAnswer & { title: string }, string> {
  const from = resolve(check.from, world);
  if (!from.ok) return from;
  const to = resolve(check.to, world);
  if (!to.ok) return to;
  const port = check.port === undefined ? {} : { port: check.port };
  const client = check.client === undefined ? {} : { client: check.client };
  const at = check.over === undefined ? null : resolve(check.over.at, world);
  if (at?.ok === false) return at;
  const over = at === null || check.over === undefined ? null : { at: at.value, port: check.over.port };
  const asks =
    over !== null
      ? ` over ${over.at} port ${over.port}`
      : check.client === undefined
        ? ''
        : check.client === 'none'
          ? ' without a proxy'
          : ` by ${check.client}`;
  const title = `${from.value} -> ${to.value} ${check.protocol}${check.port === undefined ? '' : `/${check.port}`}${asks}`;
  const traced = world.ask(world.cloud, {
    from: from.value,
    to: to.value,
    protocol: check.protocol,
    ...port,
    ...client,
    ...(over === null ? {} : { over }),
  });
  return traced.ok ? ok({ ...traced.value, title }) : err(`${title}: ${traced.error}`);
}

function resolve(end: EndOf, world: FlowWorld): Result<string, string> {
  const found = typeof end === 'string' ? end : end(world.cloud, world.before);
  return typeof found === 'string' ? ok(found) : err(found.missing);
}

function deliveryProblem(trace: Trace, seenSource: EndOf | undefined, world: FlowWorld): string[] | null {
  if (trace.disposition !== 'delivered') return [`It must be delivered, ${butItIs(trace, world.shown)}`];
  if (seenSource === undefined) return null;
  const wanted = resolve(seenSource, world);
  if (!wanted.ok) return [wanted.error];
  const seen = trace.seenSource === null ? 'nothing' : formatAddress(trace.seenSource.address);
  return seen === wanted.value
    ? null
    : [`It is delivered, but the server sees ${seen} as the client; it must see ${wanted.value}.`];
}

/** Delivered by another way than the one that is meant. */
function relayProblem(
  trace: Trace,
  wanted: Extract<FlowCheck['expect'], { kind: 'delivered' }>['proxy'],
  world: FlowWorld,
): string[] | null {
  if (wanted === undefined) return null;
  const proxies = (trace.relayed?.legs ?? []).slice(1).map(({ flow }) => flow.from);
  const [first] = proxies;
  if (wanted === 'none') {
    return first === undefined
      ? null
      : [`It is delivered, but the proxy at ${first} relays it; it must go there directly.`];
  }
  if (first === undefined) return ['It is delivered, but no proxy relays it; one must.'];
  if (wanted === 'any') return null;
  const at = resolve(wanted.at, world);
  if (!at.ok) return [at.error];
  return proxies.includes(at.value)
    ? null
    : [`It is delivered, but the proxy at ${first} relays it; the one at ${at.value} must.`];
}

/** Delivered, but a proxy on the way reads what it must not, or does not read what it must. */
function readingProblem(trace: Trace, wanted: 'all' | 'nothing' | undefined): string[] | null {
  if (wanted === undefined) return null;
  const relays = trace.hops.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'proxy' && step.does === 'relay' ? [step] : [])),
  );
  if (relays.length === 0) return ['It is delivered, but no proxy relays it; one must.'];
  const other = relays.find(({ reads }) => reads !== wanted);
  if (other === undefined) return null;
  return wanted === 'all'
    ? [
        `It is delivered, but ${other.by} does not read it, and the client sees the certificate of the server.`,
      ]
    : [`It is delivered, but ${other.by} reads it, and the client sees a certificate of the proxy.`];
}

/** Delivered to somebody else is not delivered. */
function strangerProblem(remarks: readonly string[]): string[] | null {
  return remarks.length === 0
    ? null
    : remarks.map((remark) => `It is delivered, but not to the host that is meant: ${remark}.`);
}

function blockProblem(
  trace: Trace,
  expect: Extract<FlowCheck['expect'], { kind: 'blocked' }>,
  shown: Shown,
): string[] | null {
  const wanted: readonly string[] =
    typeof expect.disposition === 'string' ? [expect.disposition] : expect.disposition;
  if (!wanted.includes(trace.disposition)) {
    const ends = `must end as ${wanted.join(' or ')}, ${butItIs(trace, shown)}`;
    const stopped = trace.disposition !== 'delivered' && trace.disposition !== 'undetermined';
    return [stopped && shown.kind === 'cause' ? `It does not get through, and yet it ${ends}` : `It ${ends}`];
  }
  const names = decidingNames(trace);
  return names.some((name) => expect.by.test(name))
    ? null
    : [
        `It ends as ${trace.disposition}, as it must, but for another reason than the one asked for${shown.kind === 'cause' ? `: ${summary(trace)}` : '.'}`,
      ];
}

/** A block proves nothing where everything is broken: the control must get through in the same world. */
function controlProblem(id: string, world: FlowWorld): string[] | null {
  const control = world.flows.get(id);
  if (control === undefined || control.expect.kind !== 'delivered') {
    throw new Error(`control '${id}' is not a flow check of this lab that must be delivered`);
  }
  const result = checkFlow(control, world);
  return result.passed
    ? null
    : [`It is blocked, but so is '${id}', which must get through for this to count:`, ...result.detail];
}

/** A disposition names the kind of thing that decided: what is left is whether it arrived. */
function butItIs(trace: Trace, shown: Shown): string {
  if (shown.kind === 'cause') return `but: ${summary(trace)}`;
  return trace.disposition === 'delivered' ? 'but it is delivered.' : 'but something else happens to it.';
}

function summary(trace: Trace): string {
  return `${trace.disposition}: ${trace.reason}`;
}

function decided(trace: Trace, shown: Shown): string[] {
  const seen = trace.disposition === 'delivered' ? [] : [`The sender sees ${seenBySender(trace)}.`];
  if (shown.kind === 'symptom')
    return [...seen, `What decided is shown once you have answered ${shown.until}.`];
  const found = decidingHop(trace);
  // What a proxy on the way did wrong is said already; the last step is the server's, which has no part in it.
  if (found === null || (trace.disposition === 'delivered' && trace.relayed !== undefined)) return seen;
  const { direction, hop, step } = found;
  const way = direction === 'reverse' ? 'on the way back, ' : '';
  return [
    // The reason often is the step's own words already.
    `Decided ${way}at ${hop.place} by ${step.by}${trace.reason.includes(step.action) ? '' : `: ${step.action}`}`,
    ...step.lost.slice(0, 4).map(({ candidate, why }) => `  not ${candidate}: ${why}`),
    ...seen,
  ];
}
