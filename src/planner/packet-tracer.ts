/** The packet tracer: flows between two ends of a network that somebody loaded, and what is uncertain about them. */
import { armKey } from '../model/azure/resource-store.ts';
import { ask } from '../model/compile/ask.ts';
import type { Answer, EndError, Question } from '../model/compile/ask.ts';
import { compile } from '../model/compile/compile.ts';
import type { Compiled } from '../model/compile/compile.ts';
import { senderSees } from '../model/compile/firewall-proxy.ts';
import { directoryOf } from '../model/compile/directory.ts';
import type { Place } from '../model/compile/directory.ts';
import { proxyEnvironmentOf } from '../model/compile/proxy-environment.ts';
import type { Cloud } from '../model/cloud.ts';
import { formatAddress } from '../model/ip/address.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Disposition } from '../model/trace/disposition.ts';
import type { Step, Trace } from '../model/trace/trace.ts';
import type { LeftOut } from './import/left-out.ts';
import {
  concernOf,
  endAddresses,
  passesInternet,
  publicEnds,
  subnetsHolding,
  touchedBy,
} from './packet-tracer-touched.ts';
import { assumedForwarders, assumedSite, unsaid } from './packet-tracer-unsaid.ts';

/** A network with what is not known of it; of a simulated one everything is. */
export interface TracerState {
  readonly cloud: Cloud;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

export interface TracerAnswer {
  readonly answer: Answer;
  /** `undetermined` where something that was left out decides. */
  readonly disposition: Disposition;
  readonly reason: string;
  /** What the model says without what was left out; null where nothing of it decides. */
  readonly otherwise: Disposition | null;
  readonly seenSource: string | null;
  /** What the sender notices. */
  readonly senderSees: string;
  /** The object that decided how it ended. */
  readonly decidedBy: string;
  readonly remarks: readonly string[];
  readonly concerned: readonly LeftOut[];
}

/** Returns what becomes of a flow. The error says which end does not exist. */
export function traceFlow(state: TracerState, question: Question): Result<TracerAnswer, EndError> {
  const asked = ask(state.cloud, question);
  if (!asked.ok) return err(withWhatIsMissing(state, asked.error));
  const answer = asked.value;
  const { trace } = answer;
  const compiled = compile(state.cloud);
  const deciding: LeftOut[] = [];
  const remarked: LeftOut[] = [];
  if (state.leftOut.length > 0) {
    const touched = touchedBy(compiled, answer);
    const ends = endAddresses(answer);
    const meant = publicEnds(compiled, ends);
    const internet = passesInternet(compiled, answer);
    const holding = new Set(subnetsHolding(compiled, answer));
    for (const entry of state.leftOut) {
      const isAbsent = entry.kind === 'missing' && entry.near.some((key) => holding.has(key));
      const concern = isAbsent ? 'decides' : concernOf(entry, touched, ends, meant, internet);
      if (concern === 'decides') deciding.push(entry);
      else if (concern === 'remark') remarked.push(entry);
    }
  }
  const [first] = deciding;
  const why =
    first === undefined
      ? unsaid(compiled, state.cloud, answer)
      : `${first.name} (${first.what}) is not in the model. ${first.effect} Without it: ${trace.disposition}, ${trace.reason}`;
  return ok({
    answer,
    disposition: why === null ? trace.disposition : 'undetermined',
    reason: why ?? trace.reason,
    otherwise: why === null ? null : trace.disposition,
    seenSource:
      trace.seenSource === null
        ? null
        : `${formatAddress(trace.seenSource.address)}${trace.seenSource.port === null ? '' : `:${trace.seenSource.port}`}`,
    senderSees: senderSees(compiled, trace),
    decidedBy: deciderOf(trace),
    remarks: [
      ...[...answer.remarks, ...answer.notes].map(sentence),
      ...assumedRemark(trace),
      ...assumedProxyRemark(answer),
      ...siteRemark(state.cloud, answer),
      ...forwarderRemark(compiled, answer),
      ...[...deciding.slice(1), ...remarked].map((entry) => `${entry.name}: ${entry.what}. ${entry.effect}`),
    ],
    concerned: [...deciding, ...remarked],
  });
}

const UNPLUGGED = 'it has no NIC in a virtual network.';

/** A machine without a NIC may have one that nobody pasted, which is another thing to do about it. */
function withWhatIsMissing({ cloud, leftOut }: TracerState, error: EndError): EndError {
  if (!error.message.endsWith(UNPLUGGED)) return error;
  const machine = directoryOf(compile(cloud)).machines.find(({ label }) =>
    error.message.startsWith(`${label} `),
  );
  if (machine === undefined) return error;
  const { id, networkProfile } = machine.vm;
  const keys = [id, ...networkProfile.networkInterfaces.map((each) => each.id)].map(armKey);
  const missing = leftOut.find(
    ({ kind, near }) => kind === 'missing' && near.some((key) => keys.includes(key)),
  );
  return missing === undefined
    ? error
    : {
        ...error,
        message: error.message.replace(UNPLUGGED, `${missing.name} is missing. ${missing.effect}`),
      };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Answers that rest on a program that nobody has seen say so. */
function assumedRemark({ hops, disposition }: Trace): readonly string[] {
  const last = hops.at(-1)?.steps.at(-1);
  if (disposition !== 'delivered' && disposition !== 'asymmetric') return [];
  return last?.kind === 'deliver' && last.by.startsWith('a program that is assumed')
    ? ['That something listens on this port is assumed: no JSON says what runs there.']
    : [];
}

/** The same of a proxy. */
function assumedProxyRemark({ over }: Answer): readonly string[] {
  const assumed = over?.proxies.some(({ listener }) => listener?.assumed === true) === true;
  return assumed
    ? [
        `That a proxy listens at ${over?.proxy ?? ''}, and passes everything on, is assumed: no JSON says what runs there.`,
      ]
    : [];
}

/** Of a site that was read from JSON, only a made-up host is known. */
function siteRemark(cloud: Cloud, answer: Answer): readonly string[] {
  const site = assumedSite(cloud, answer);
  return site === null
    ? []
    : [
        `Which hosts there are in ${site.prefix} is not known: host/${site.name} stands for all of them, and the way to it is theirs.`,
      ];
}

/** A machine whose NIC may forward is taken to forward, which its own system decides. */
function forwarderRemark(compiled: Compiled, answer: Answer): readonly string[] {
  const machines = assumedForwarders(compiled, answer);
  return machines.length === 0
    ? []
    : [
        `That ${machines.join(' and ')} forwards what is for others, and leaves its source as it is, is assumed: no JSON says how it is set up.`,
      ];
}

/** The last step of the way that failed, or of the way there; a drop names what asked for it. */
function deciderOf(trace: Trace): string {
  const path =
    trace.reverse !== null && trace.disposition !== 'delivered' && trace.reverse.disposition !== 'delivered'
      ? trace.reverse
      : trace;
  const steps = path.hops.flatMap((hop) => hop.steps);
  const filters = steps.filter((step: Step) => step.kind === 'filter');
  const last = steps.at(-1);
  const before = steps.at(-2);
  // A proxy that denies names the rule in the step that ends the path.
  if (last?.kind === 'drop') return before === undefined || before.kind === 'proxy' ? last.by : before.by;
  return (last?.kind === 'deliver' ? (filters.at(-1)?.by ?? last.by) : last?.by) ?? '';
}

export interface TracerEnd {
  /** `vm/web`, as netpath takes it. */
  readonly end: string;
  readonly kind: 'pod' | 'node' | 'vm' | 'host' | 'service' | 'lb' | 'firewall' | 'pe';
  /** Its address, or why it has none. */
  readonly detail: string;
  /** `to`: nothing is sent from there. */
  readonly side: 'both' | 'to';
  /** The variables there name a proxy, so that it matters who asks for a URL. */
  readonly proxies?: 'named';
}

/** Returns everything that a flow can start or end at, in the order of the kinds above. */
export function tracerEnds(cloud: Cloud): readonly TracerEnd[] {
  const compiled = compile(cloud);
  const directory = directoryOf(compiled);
  const several = directory.compiled.inventory.clusters.length > 1;
  const placeOf = (place: Place, kind: TracerEnd['kind']): TracerEnd => ({
    end:
      several && (place.kind === 'pod' || place.kind === 'node') && !place.label.includes('@')
        ? `${place.label}@${place.cluster.cluster.name}`
        : place.label,
    kind,
    detail:
      place.away === null
        ? [place.address, place.kind === 'vm' ? place.publicAddress : null]
            .flatMap((each) => (each === null ? [] : [formatAddress(each)]))
            .join(', ')
        : place.away,
    side: 'both',
    ...(Object.keys(proxyEnvironmentOf(place)).length === 0 ? {} : { proxies: 'named' }),
  });
  const isSystem = (namespace: string | undefined): boolean => namespace === 'kube-system';
  const pods = [...directory.pods].sort(
    (a, b) => Number(isSystem(a.pod.metadata.namespace)) - Number(isSystem(b.pod.metadata.namespace)),
  );
  return [
    ...directory.machines.map((each) => placeOf(each, 'vm')),
    ...directory.nodes.map((each) => placeOf(each, 'node')),
    ...pods.map((each) => placeOf(each, 'pod')),
    ...directory.outside.map((each) => placeOf(each, 'host')),
    ...compiled.inventory.clusters.flatMap(({ cluster, state }) =>
      Object.values(state.services).map((service): TracerEnd => {
        const { name, namespace = 'default' } = service.metadata;
        return {
          end: `service/${namespace}/${name}${several ? `@${cluster.name}` : ''}`,
          kind: 'service',
          detail: [
            service.spec.clusterIP,
            ...(service.status.loadBalancer.ingress ?? []).map(({ ip }) => ip),
          ].join(', '),
          side: 'to',
        };
      }),
    ),
    ...compiled.balancers.flatMap((each): readonly TracerEnd[] =>
      each.inbound === null
        ? []
        : [
            {
              end: each.host,
              kind: 'lb',
              detail: each.inbound.frontends.map(({ address }) => formatAddress(address)).join(', '),
              side: 'to',
            },
          ],
    ),
    ...compiled.firewalls.map(({ host, privateAddress, publicAddresses }): TracerEnd => ({
      end: host,
      kind: 'firewall',
      detail: [privateAddress, ...publicAddresses].map(formatAddress).join(', '),
      side: 'to',
    })),
    ...compiled.inventory.networks.flatMap(({ ports }) =>
      ports.flatMap(({ owner, addresses }): readonly TracerEnd[] =>
        owner.kind === 'private-endpoint'
          ? [{ end: owner.host, kind: 'pe', detail: addresses.map(formatAddress).join(', '), side: 'to' }]
          : [],
      ),
    ),
  ];
}
