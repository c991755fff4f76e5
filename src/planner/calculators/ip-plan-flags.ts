/** The flags of `ip-plan`, and reading them into what the planner takes. */
import {
  DEFAULT_MAX_SURGE,
  FORBIDDEN_CLUSTER_RANGES,
  MAX_PODS_RANGE,
  NODES_PER_POOL,
  POOLS_PER_CLUSTER,
} from '../../model/limits/aks.ts';
import {
  FORBIDDEN_ADDRESS_SPACES,
  LONGEST_SUBNET_PREFIX,
  SHORTEST_VIRTUAL_NETWORK_PREFIX,
} from '../../model/limits/azure-network.ts';
import { formatPrefix, prefix as prefixOf, prefixCovers, prefixesOverlap } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { CountOrPercent, FlagValues, InputIssue } from '../input.ts';
import { IPAMS } from '../node-needs.ts';
import type { Ipam } from '../node-needs.ts';
import { readPerPool, readPools } from '../pool-input.ts';
import { readPodRange, readSubnetRange } from '../range-input.ts';
import type { GivenRange } from '../range-input.ts';
import { findOverlaps } from '../subnet-splitter.ts';
import type { UpgradeInput } from '../upgrade-timeline.ts';
import type { PictureInput } from '../vnet-picture.ts';
import { IPAM_NAMES } from './ip-plan-words.ts';

/** Those of az, of the overview pages, and of which-plugin; a data plane changes no address. */
const IPAM_WORDS: Readonly<Record<string, Ipam>> = {
  azure: 'node-subnet',
  'azure-cni': 'node-subnet',
  cni: 'node-subnet',
  'azure-cni-node-subnet': 'node-subnet',
  'node-subnet-cilium': 'node-subnet',
  'pod-subnet': 'pod-subnet-dynamic',
  'azure-cni-pod-subnet': 'pod-subnet-dynamic',
  dynamic: 'pod-subnet-dynamic',
  'dynamic-individual': 'pod-subnet-dynamic',
  'pod-subnet-dynamic-cilium': 'pod-subnet-dynamic',
  static: 'pod-subnet-static',
  'static-block': 'pod-subnet-static',
  'pod-subnet-static-block': 'pod-subnet-static',
  'pod-subnet-static-cilium': 'pod-subnet-static',
  'azure-cni-overlay': 'overlay',
  'azure-overlay': 'overlay',
  'overlay-cilium': 'overlay',
};

const IPAM_FLAG: CalculatorFlag = {
  name: 'ipam',
  aliases: ['plugin', 'plugins', 'ipams', 'network-plugin', 'mode'],
  takes: 'many',
  placeholder: 'NAME[,NAME...]',
  label: 'Where pod addresses come from',
  help: 'Which plugins to compare. Empty: all side by side.',
  terminalHelp: `One or more of ${IPAMS.join(', ')}.`,
  choices: IPAMS.map((value) => ({ value, label: IPAM_NAMES[value] })),
  words: IPAM_WORDS,
};

export const IP_PLAN_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'many',
    placeholder: 'N[,N...]',
    label: 'Nodes',
    help: 'Nodes of the cluster; one number per node pool if there are several, as in 3,10 or system=3 user=10 (each pool surges by itself).',
    required: true,
  },
  IPAM_FLAG,
  {
    name: 'pools',
    aliases: ['pool', 'node-pools', 'nodepools'],
    takes: 'many',
    placeholder: 'NAME=N ...',
    label: 'Pools',
    help: 'The same as --nodes, pool by pool: system=3 user=10.',
    terminalOnly: true,
  },
  {
    name: 'network-plugin-mode',
    aliases: [],
    takes: 'one',
    placeholder: 'overlay',
    label: 'Network plugin mode',
    help: 'As az has it: with --network-plugin azure, overlay means Azure CNI Overlay.',
    terminalOnly: true,
  },
  {
    name: 'surge',
    aliases: ['max-surge', 'surge-nodes', 'upgrade-surge'],
    takes: 'many',
    placeholder: 'N|N%[,...]',
    label: 'Surge',
    help: 'Extra nodes per pool while it is upgraded; one value for all pools, or one for each. A percentage is taken of the pool and rounds up. Never more than the pool has.',
    fallback: DEFAULT_MAX_SURGE.value,
  },
  {
    name: 'max-pods',
    aliases: ['maxpods', 'pods-per-node'],
    takes: 'many',
    placeholder: 'N[,N...]',
    label: 'Pods per node',
    help: `Pods that a node may run (${MAX_PODS_RANGE.value.lowest} to ${MAX_PODS_RANGE.value.highest}); one number for all pools, or one for each (30,110 or system=30 user=110). Empty means what AKS would take: 30 for node-subnet, 110 for kubenet, 250 for the others.`,
  },
  {
    name: 'max-count',
    aliases: ['max-nodes', 'autoscaler-max', 'max-node-count', 'autoscale-max'],
    takes: 'many',
    placeholder: 'N[,N...]',
    label: "Autoscaler's maximum",
    help: 'The most nodes the cluster autoscaler may run, one number per pool. The plan is then made for these, since AKS judges an autoscaled pool by its maximum.',
    rare: true,
  },
  {
    name: 'growth',
    aliases: ['grow', 'grow-by', 'scale'],
    takes: 'many',
    placeholder: 'N|N%[,...]',
    label: 'Growth',
    help: 'Nodes that may be added later: a number for the cluster (planned where it costs most addresses), a percentage of each pool, or one value per pool.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'internal-load-balancers',
    aliases: ['internal-lbs', 'ilb', 'ilbs', 'ilb-frontends'],
    takes: 'one',
    placeholder: 'N',
    label: 'Internal load balancer frontends',
    help: 'Each takes one address of the node subnet.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'private-endpoints',
    aliases: ['private-endpoint', 'pe'],
    takes: 'one',
    placeholder: 'N',
    label: 'Private endpoints',
    help: 'Those in the node subnet; each takes one address.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'other-addresses',
    aliases: ['used-addresses', 'other', 'extra-addresses'],
    takes: 'one',
    placeholder: 'N',
    label: 'Other addresses in the node subnet',
    help: 'Held by anything else, for example VMs.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'subnet',
    aliases: ['node-subnet', 'subnet-prefix', 'subnet-cidr', 'vnet-subnet'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Node subnet',
    help: 'The subnet that there is. Without it, the smallest one that fits is named.',
    rare: true,
  },
  {
    name: 'pod-subnet',
    aliases: ['pods-subnet', 'pod-subnet-cidr'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Pod subnet',
    help: 'The pod subnet that there is; counts for pod-subnet-dynamic and pod-subnet-static.',
    rare: true,
  },
  {
    name: 'pod-cidr',
    aliases: ['podcidr', 'pod-range', 'pods-cidr'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Pod CIDR',
    help: 'The pod range that there is; counts for overlay and kubenet, where each node takes a /24 of it.',
    rare: true,
  },
  {
    name: 'vnet',
    aliases: ['vnet-prefix', 'address-prefix', 'address-space'],
    takes: 'one',
    placeholder: 'PREFIX',
    label: 'VNet',
    help: 'The VNet that the subnets are to lie in. Without it, the smallest one that holds every plan is drawn.',
    rare: true,
  },
  {
    name: 'existing',
    aliases: ['taken', 'other-subnets'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Subnets that exist',
    help: 'Other subnets of the VNet, which the new ones keep clear of, as in gateway=10.224.0.0/27.',
    rare: true,
  },
  {
    name: 'max-unavailable',
    aliases: ['unavailable'],
    takes: 'one',
    placeholder: 'N|N%',
    label: 'Unavailable during an upgrade',
    help: 'Nodes drained at once where the surge is 0, which AKS allows only with this. Not for system pools.',
    rare: true,
  },
  {
    name: 'check',
    aliases: ['strict'],
    takes: 'switch',
    placeholder: '',
    label: 'Check',
    help: 'Exit with 1 if a plan, or a grown plan, does not fit.',
    terminalOnly: true,
  },
];

export interface IpPlanRequest extends UpgradeInput, PictureInput {
  readonly ipams: readonly Ipam[];
  /** Nodes per pool before the autoscaler adds any; null without an autoscaler. */
  readonly atFirst: readonly number[] | null;
  readonly internalLoadBalancers: number;
  readonly privateEndpoints: number;
  readonly otherAddresses: number;
  readonly outcome: 'report' | 'check';
}

/** The largest number that a field takes where Azure sets no bound; keeps the sums readable. */
const MOST = 100_000;

export function readIpPlan(values: FlagValues): Result<IpPlanRequest, readonly InputIssue[]> {
  const { pools: byPool, ...rest } = values;
  const given = byPool === undefined || rest['nodes'] !== undefined ? rest : { ...rest, nodes: byPool };
  const reader = new InputReader(withFallbacks(IP_PLAN_FLAGS, given));
  if (byPool !== undefined && given === rest) {
    const message = 'says the same as --nodes; give the nodes of each pool once.';
    reader.refuse('pools', byPool.join(' '), message, '--nodes 3,10, or --nodes system=3 user=10.');
  }
  const { names, pools, atFirst } = readPools(reader);
  refuseLargePools(reader, pools);
  const ipams = readIpams(reader);
  const surge = readSurge(reader, names, pools);
  const maxPods = readPerPool(reader, 'max-pods', names, (text) =>
    reader.integerOf('max-pods', text, MAX_PODS_RANGE.value),
  );
  const growth = readPerPool(reader, 'growth', names, (text) =>
    reader.countOrPercentOf('growth', text, {
      counts: { lowest: 0, highest: MOST },
      percents: { lowest: 0, highest: 10_000 },
    }),
  );
  const count = (flag: string) => reader.integer(flag, { lowest: 0, highest: MOST });
  const internalLoadBalancers = count('internal-load-balancers');
  const privateEndpoints = count('private-endpoints');
  const otherAddresses = count('other-addresses');
  const subnet = readSubnetRange(reader, 'subnet');
  const podSubnet = readSubnetRange(reader, 'pod-subnet');
  const podCidr = readPodRange(reader, 'pod-cidr');
  refuseOverlap(reader, 'pod-subnet', podSubnet, subnet.prefix, 'the node subnet');
  refuseOverlap(reader, 'pod-cidr', podCidr, subnet.prefix, 'the node subnet');
  const vnet = reader.prefix('vnet');
  if (vnet !== null) refuseAddressSpace(reader, vnet);
  const existing = reader.namedPrefixes('existing');
  for (const { name, prefix } of existing) {
    refuseOutside(reader, 'existing', prefix, vnet);
    const whose = `the existing subnet${name === null ? '' : ` ${name}`}`;
    refuseOverlap(reader, 'subnet', subnet, prefix, whose);
    refuseOverlap(reader, 'pod-subnet', podSubnet, prefix, whose);
    refuseOverlap(reader, 'pod-cidr', podCidr, prefix, whose);
  }
  for (const { first, second } of findOverlaps(existing)) {
    const name = formatPrefix(second.prefix);
    reader.refuse(
      'existing',
      name,
      `${name} overlaps ${formatPrefix(first.prefix)}; subnets of one VNet may not.`,
    );
  }
  refuseOutside(reader, 'subnet', subnet.prefix, vnet);
  refuseOutside(reader, 'pod-subnet', podSubnet.prefix, vnet);
  const maxUnavailable = reader.countOrPercent('max-unavailable', {
    counts: { lowest: 0, highest: MOST },
    percents: { lowest: 1, highest: 100 },
  });
  if (
    internalLoadBalancers === null ||
    privateEndpoints === null ||
    otherAddresses === null ||
    reader.issues.length > 0
  ) {
    return err(reader.issues);
  }
  return ok({
    ipams,
    poolNames: names,
    pools,
    atFirst,
    surge,
    growth,
    maxPods,
    internalLoadBalancers,
    privateEndpoints,
    otherAddresses,
    extraAddresses: internalLoadBalancers + privateEndpoints + otherAddresses,
    subnetLength: subnet.length,
    podSubnetLength: podSubnet.length,
    podCidrLength: podCidr.length,
    subnetPrefix: subnet.prefix,
    podSubnetPrefix: podSubnet.prefix,
    podCidrPrefix: podCidr.prefix,
    vnet,
    existing,
    maxUnavailable,
    outcome: reader.isGiven('check') ? 'check' : 'report',
  });
}

function refuseLargePools(reader: InputReader, pools: readonly number[]): void {
  const most = NODES_PER_POOL.value;
  const flag = reader.isGiven('max-count') ? 'max-count' : 'nodes';
  for (const nodes of pools) {
    if (nodes <= most) continue;
    const split = `${most},${nodes - most}`;
    const message = `a node pool holds at most ${most.toLocaleString('en')} nodes, and ${nodes.toLocaleString('en')} are asked of one.`;
    reader.refuse(
      flag,
      `${nodes}`,
      message,
      nodes <= 2 * most ? split : `several pools, as in ${most},${most}`,
    );
  }
  if (pools.length > POOLS_PER_CLUSTER.value) {
    const message = `${pools.length} pools are more than a cluster has (${POOLS_PER_CLUSTER.value}).`;
    reader.refuse(flag, `${pools.length} pools`, message);
  }
}

function readIpams(reader: InputReader): readonly Ipam[] {
  const words = reader.texts('ipam').map((text) => text.toLowerCase());
  const mode = reader.single('network-plugin-mode');
  if (mode !== null) {
    const isAzure = words.length === 0 || (words.length === 1 && words[0] === 'azure');
    if (mode.toLowerCase() === 'overlay' && isAzure) return ['overlay'];
    const message =
      mode.toLowerCase() === 'overlay'
        ? 'goes with --network-plugin azure only.'
        : `"${mode}" is no mode of a network plugin.`;
    const instead = mode.toLowerCase() === 'overlay' ? '--network-plugin azure' : 'overlay';
    reader.refuse('network-plugin-mode', mode, message, instead);
    return [];
  }
  if (words.length === 0 || words.includes('all')) return IPAMS;
  const asked = words.flatMap((word) => {
    const named = choiceNamed(IPAM_FLAG, word);
    const found = IPAMS.find((each) => each === named);
    if (found !== undefined) return [found];
    const message = `"${word}" is no way in which AKS gives pods addresses.`;
    reader.refuse('ipam', word, message, `${IPAMS.join(', ')}.`);
    return [];
  });
  // Always in the same order, and none twice.
  return IPAMS.filter((each) => asked.includes(each));
}

/** Reads how many nodes an upgrade adds; no pool surges by more than it has. */
function readSurge(
  reader: InputReader,
  names: readonly string[],
  pools: readonly number[],
): readonly CountOrPercent[] {
  const surges = readPerPool(reader, 'surge', names, (text) =>
    reader.countOrPercentOf('surge', text, {
      counts: { lowest: 0, highest: MOST },
      percents: { lowest: 1, highest: 100 },
    }),
  );
  const largest = Math.max(1, ...pools);
  return surges.map((surge, index) => {
    const most = surges.length === 1 ? largest : (pools[index] ?? largest);
    return surge.kind === 'count' && surge.count > most ? { kind: 'count', count: most } : surge;
  });
}

function refuseOverlap(
  reader: InputReader,
  flag: string,
  { prefix: range }: GivenRange,
  other: Prefix | null,
  whose: string,
): void {
  if (range === null || other === null || !prefixesOverlap(range, other)) return;
  const name = formatPrefix(range);
  reader.refuse(flag, name, `${name} overlaps ${whose} ${formatPrefix(other)}.`);
}

function refuseOutside(reader: InputReader, flag: string, range: Prefix | null, vnet: Prefix | null): void {
  if (range === null || vnet === null || prefixCovers(vnet, range)) return;
  const name = formatPrefix(range);
  reader.refuse(flag, name, `${name} does not lie inside the VNet ${formatPrefix(vnet)}.`);
}

function refuseAddressSpace(reader: InputReader, vnet: Prefix): void {
  const name = formatPrefix(vnet);
  const shortest = SHORTEST_VIRTUAL_NETWORK_PREFIX.value;
  const longest = LONGEST_SUBNET_PREFIX.value;
  if (vnet.length < shortest || vnet.length > longest) {
    reader.refuse('vnet', name, `a VNet's prefix is between /${shortest} and /${longest}.`, '10.224.0.0/12');
  }
  const kept = [
    ...FORBIDDEN_CLUSTER_RANGES.value,
    ...FORBIDDEN_ADDRESS_SPACES.value.map((each) => each.prefix),
  ];
  for (const range of new Set(kept)) {
    if (!prefixesOverlap(vnet, prefixOf(range))) continue;
    reader.refuse(
      'vnet',
      name,
      `${name} overlaps ${range}, which no VNet of a cluster may touch.`,
      '10.224.0.0/12',
    );
  }
}
