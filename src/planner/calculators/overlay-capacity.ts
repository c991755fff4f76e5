/** `calc overlay-capacity`: how far an Azure CNI Overlay cluster can grow. */
import {
  DEFAULT_MAX_SURGE,
  DEFAULT_POD_CIDR,
  MAX_PODS_RANGE,
  NODES_PER_CLUSTER,
  OVERLAY_DEFAULT_MAX_PODS,
  OVERLAY_PODS_PER_CLUSTER,
  POD_RANGE_PREFIX_LENGTH,
} from '../../model/limits/aks.ts';
import { formatPrefix, prefixCovers, prefixesOverlap } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, CalculatorFlag, Json } from '../calculator.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { surgeNodes } from '../kubenet-plan.ts';
import { overlayCapacity } from '../overlay-capacity.ts';
import type { OverlayCapacity, OverlayInput, OverlayResource } from '../overlay-capacity.ts';
import { readPodRange, readSubnetRange } from '../range-input.ts';
import type { GivenRange } from '../range-input.ts';
import { lengthText } from './ip-plan-words.ts';

const FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'pod-cidr',
    aliases: ['podcidr', 'pod-range', 'pods-cidr'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Pod CIDR',
    help: 'Each node takes a /24 of it, however many pods it may run.',
    fallback: DEFAULT_POD_CIDR.value,
  },
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'one',
    placeholder: 'N',
    label: 'Nodes',
    help: 'Nodes that are meant to run. Empty asks only how many could.',
  },
  {
    name: 'surge',
    aliases: ['max-surge', 'surge-nodes', 'upgrade-surge'],
    takes: 'one',
    placeholder: 'N|N%',
    label: 'Surge',
    help: 'Extra nodes during an upgrade; each takes a /24 and an address like any node. A percentage rounds up. Never more than there are nodes.',
    fallback: DEFAULT_MAX_SURGE.value,
  },
  {
    name: 'max-pods',
    aliases: ['maxpods', 'pods-per-node'],
    takes: 'one',
    placeholder: 'N',
    label: 'Pods per node',
    help: `Pods that a node may run (${MAX_PODS_RANGE.value.lowest} to ${MAX_PODS_RANGE.value.highest}).`,
    fallback: String(OVERLAY_DEFAULT_MAX_PODS.value),
  },
  {
    name: 'expand-to',
    aliases: ['expand', 'new-pod-cidr', 'expansion'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Wider pod CIDR',
    help: 'What the pod CIDR may become later; it must contain the present one.',
  },
  {
    name: 'subnet',
    aliases: ['node-subnet', 'subnet-prefix', 'subnet-cidr', 'vnet-subnet'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Node subnet',
    help: 'Each node takes one address of it.',
    rare: true,
  },
  {
    name: 'other-addresses',
    aliases: ['used-addresses', 'other', 'ilb-frontends'],
    takes: 'one',
    placeholder: 'N',
    label: 'Other addresses in the node subnet',
    help: 'Held by something else: VMs, internal load balancers, private endpoints.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'check',
    aliases: ['strict'],
    takes: 'switch',
    placeholder: '',
    label: 'Check',
    help: 'Exit with 1 if the nodes do not fit.',
    terminalOnly: true,
  },
];

export interface OverlayAnswer {
  readonly input: OverlayInput;
  readonly podCidr: string;
  readonly now: OverlayCapacity;
  /** With the wider pod range; null if none was given. */
  readonly expanded: { readonly podCidr: string; readonly capacity: OverlayCapacity } | null;
  readonly verdict: string;
  readonly warnings: readonly string[];
  readonly outcome: 'report' | 'check';
}

export const OVERLAY_RESOURCES: Readonly<Record<OverlayResource, string>> = {
  podRanges: `/${POD_RANGE_PREFIX_LENGTH.value} ranges of the pod CIDR`,
  subnetAddresses: 'addresses of the node subnet',
  nodesPerCluster: 'nodes that AKS allows in a cluster',
};

export const overlayCapacityCalculator: Calculator = {
  name: 'overlay-capacity',
  title: 'Overlay capacity',
  summary: 'Says how many nodes and pods an Azure CNI Overlay cluster can have, and what runs out first.',
  positional: null,
  flags: FLAGS,
  examples: [
    { does: 'What does a /18 hold?', line: '--pod-cidr 10.244.0.0/18 --max-pods 110' },
    {
      does: 'Is it enough, or after an expansion?',
      line: '--pod-cidr 10.244.0.0/18 --nodes 100 --expand-to 10.244.0.0/16',
    },
    { does: 'A small node subnet', line: '--nodes 120 --subnet /25 --check' },
  ],
  notes: [
    `Nodes by pod CIDR: 2^(${POD_RANGE_PREFIX_LENGTH.value} - prefix length), ${number(NODES_PER_CLUSTER.value)} at most. Nodes count with their surge.`,
    'A pod CIDR can only be widened to one that contains it, and only without Windows nodes.',
    'Exit code 0 also where the nodes do not fit ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runOverlayCapacity(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const fails = value.outcome === 'check' && !value.now.fits;
    return ok({ json: toJson(value), text: toText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the capacity as data; the page draws it. */
export function runOverlayCapacity(values: FlagValues): Result<OverlayAnswer, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(FLAGS, values));
  const podCidr = readPodRange(reader, 'pod-cidr');
  const wider = readPodRange(reader, 'expand-to');
  const nodes = reader.integer('nodes', { lowest: 1, highest: NODES_PER_CLUSTER.value });
  const surge = reader.countOrPercent('surge', {
    counts: { lowest: 0, highest: NODES_PER_CLUSTER.value },
    percents: { lowest: 1, highest: 100 },
  });
  const maxPods = reader.integer('max-pods', MAX_PODS_RANGE.value);
  const subnet = readSubnetRange(reader, 'subnet');
  const otherAddresses = reader.integer('other-addresses', { lowest: 0, highest: 100_000 });
  refuseWrongExpansion(reader, podCidr, wider);
  refuseOverlapWithSubnet(reader, 'pod-cidr', podCidr, subnet);
  refuseOverlapWithSubnet(reader, 'expand-to', wider, subnet);
  if (
    surge === null ||
    maxPods === null ||
    otherAddresses === null ||
    podCidr.length === null ||
    reader.issues.length > 0
  ) {
    return err(reader.issues);
  }
  const input = {
    nodes,
    surgeNodes: nodes === null ? 0 : surgeNodes(surge, nodes),
    maxPods,
    podCidrLength: podCidr.length,
    subnetLength: subnet.length,
    otherAddresses,
  };
  const now = overlayCapacity(input);
  const expanded =
    wider.length === null
      ? null
      : {
          podCidr: rangeText(wider),
          capacity: overlayCapacity({ ...input, podCidrLength: wider.length }),
        };
  return ok({
    input,
    podCidr: rangeText(podCidr),
    now,
    expanded,
    verdict: verdictOf(now),
    warnings: warningsOf(input, now, expanded),
    outcome: reader.isGiven('check') ? 'check' : 'report',
  });
}

function rangeText({ prefix, length }: GivenRange): string {
  return prefix === null ? `/${length ?? ''}` : formatPrefix(prefix);
}

function refuseWrongExpansion(reader: InputReader, present: GivenRange, wider: GivenRange): void {
  if (present.length === null || wider.length === null) return;
  const name = rangeText(wider);
  const contains =
    present.prefix === null || wider.prefix === null
      ? wider.length <= present.length
      : prefixCovers(wider.prefix, present.prefix);
  if (contains && wider.length < present.length) return;
  const why = contains ? 'is no wider than' : 'does not contain';
  const message = `${name} ${why} ${rangeText(present)}; a pod CIDR only grows to a range that contains it.`;
  reader.refuse('expand-to', name, message);
}

function refuseOverlapWithSubnet(
  reader: InputReader,
  flag: string,
  range: GivenRange,
  subnet: GivenRange,
): void {
  if (range.prefix === null || subnet.prefix === null) return;
  if (!prefixesOverlap(range.prefix, subnet.prefix)) return;
  const name = formatPrefix(range.prefix);
  reader.refuse(flag, name, `${name} overlaps the node subnet ${formatPrefix(subnet.prefix)}.`);
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function verdictOf(now: OverlayCapacity): string {
  const what = now.runsOutFirst.map((each) => OVERLAY_RESOURCES[each]).join(' and ');
  const end = `the ${what} run out first, and node ${number(now.failsAtNode)} cannot join`;
  if (now.peakNodes === null) {
    return `At most ${number(now.nodesAtOnce)} nodes and ${number(now.podsAtOnce)} pods: ${end}.`;
  }
  if (now.fits) return `Fits. If it grows, ${end}.`;
  return `Does not fit: ${end} (${number(now.peakNodes)} are needed at once).`;
}

function warningsOf(
  input: OverlayInput,
  now: OverlayCapacity,
  expanded: OverlayAnswer['expanded'],
): readonly string[] {
  const warnings: string[] = [];
  const pods = (input.nodes ?? now.nodesAtOnce) * input.maxPods;
  const advised = OVERLAY_PODS_PER_CLUSTER.value;
  if (pods > advised) {
    warnings.push(
      `${number(pods)} pods are more than the ${number(advised)} that AKS advises for a cluster.`,
    );
  }
  if (expanded === null && !now.fits && now.runsOutFirst.includes('podRanges')) {
    const needed = now.smallestPodCidrPrefix;
    if (needed !== null) {
      warnings.push(
        `A pod CIDR of /${needed} would do, if it contains the present one; nodes keep their ranges.`,
      );
    }
  }
  if (expanded !== null && !expanded.capacity.fits) {
    warnings.push(`Even ${expanded.podCidr} does not make room for all nodes.`);
  }
  return warnings;
}

function toJson(answer: OverlayAnswer): CalculatorAnswer['json'] {
  const { input, now, expanded } = answer;
  return {
    verdict: answer.verdict,
    fits: now.fits,
    podCidr: answer.podCidr,
    nodes: input.nodes,
    surgeNodes: input.surgeNodes,
    peakNodes: now.peakNodes,
    maxPods: input.maxPods,
    ...capacityJson(now),
    smallestPodCidrPrefix: now.smallestPodCidrPrefix,
    smallestPrefix: now.smallestPrefix,
    expansion: expanded === null ? null : { podCidr: expanded.podCidr, ...capacityJson(expanded.capacity) },
    warnings: answer.warnings,
  };
}

function capacityJson(capacity: OverlayCapacity): { readonly [key: string]: Json } {
  return {
    fits: capacity.fits,
    nodesByPodCidr: capacity.nodesByPodCidr,
    maxNodes: capacity.nodesAtOnce,
    maxPodsInCluster: capacity.podsAtOnce,
    runsOutFirst: capacity.runsOutFirst[0] ?? null,
    runOutTogether: capacity.runsOutFirst,
    failsAtNode: capacity.failsAtNode,
    limits: capacity.bounds.map((each) => ({ ...each })),
  };
}

function toText({ input, podCidr, now, expanded, verdict, warnings }: OverlayAnswer): readonly string[] {
  return [
    verdict,
    '',
    ...(input.nodes === null || now.peakNodes === null
      ? []
      : [
          `Nodes        ${number(input.nodes)} + ${number(input.surgeNodes)} surge = ${number(now.peakNodes)} at once`,
          `Needs        a pod CIDR: ${lengthText(now.smallestPodCidrPrefix)}; a node subnet: ${lengthText(now.smallestPrefix)}`,
        ]),
    `Pod CIDR     ${podCidr}: ${number(now.nodesByPodCidr)} ${now.nodesByPodCidr === 1 ? 'range' : 'ranges'} of /${POD_RANGE_PREFIX_LENGTH.value}`,
    '',
    'In the order in which they run out:',
    ...now.bounds.map(
      (each) =>
        `  ${OVERLAY_RESOURCES[each.resource]}: ${number(each.nodesAtOnce)} ${each.nodesAtOnce === 1 ? 'node' : 'nodes'} at once`,
    ),
    '',
    `At most ${number(now.nodesAtOnce)} nodes at once and ${number(now.podsAtOnce)} pods (${input.maxPods} per node).`,
    ...(expanded === null
      ? []
      : [
          `With ${expanded.podCidr}: ${number(expanded.capacity.nodesAtOnce)} nodes at once and ${number(expanded.capacity.podsAtOnce)} pods.`,
        ]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}
