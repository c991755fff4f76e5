/** The flags of `kubenet-plan`, and reading them into what the planner takes. */
import {
  DEFAULT_MAX_SURGE,
  DEFAULT_POD_CIDR,
  DEFAULT_SERVICE_CIDR,
  FORBIDDEN_CLUSTER_RANGES,
  KUBENET_DEFAULT_MAX_PODS,
  MAX_PODS_RANGE,
  POD_RANGE_PREFIX_LENGTH,
} from '../../model/limits/aks.ts';
import { LONGEST_SUBNET_PREFIX, ROUTES_PER_ROUTE_TABLE } from '../../model/limits/azure-network.ts';
import { formatPrefix, prefix, prefixesOverlap } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { InputReader } from '../input.ts';
import type { CountOrPercent, FlagValues, InputIssue } from '../input.ts';
import type { KubenetPlanInput } from '../kubenet-plan.ts';
import { readPools } from '../pool-input.ts';

export const KUBENET_PLAN_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'many',
    placeholder: 'N[,N...]',
    label: 'Nodes',
    help: 'Nodes of the cluster; one number per node pool if there are several, as in 3,10 (each pool surges by itself).',
    required: true,
  },
  {
    name: 'surge',
    aliases: ['max-surge', 'surge-nodes', 'upgrade-surge'],
    takes: 'one',
    placeholder: 'N|N%',
    label: 'Surge',
    help: 'Extra nodes per pool while it is upgraded. A percentage is taken of the pool and rounds up. Never more than the pool has.',
    fallback: DEFAULT_MAX_SURGE.value,
  },
  {
    name: 'pod-cidr',
    aliases: ['podcidr', 'pod-range', 'pods-cidr'],
    takes: 'one',
    placeholder: 'PREFIX',
    label: 'Pod CIDR',
    help: 'The range that pods get their addresses from; each node takes a /24 of it.',
    fallback: DEFAULT_POD_CIDR.value,
  },
  {
    name: 'subnet',
    aliases: ['node-subnet', 'subnet-prefix', 'subnet-cidr', 'vnet-subnet'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Node subnet',
    help: 'The subnet that nodes get their addresses from. Without it, the smallest one that fits is named.',
  },
  {
    name: 'custom-routes',
    aliases: ['routes', 'custom-route', 'user-routes', 'extra-routes'],
    takes: 'one',
    placeholder: 'N',
    label: 'Custom routes',
    help: 'Routes of your own in the route table, for example 0.0.0.0/0 to a firewall.',
    fallback: '0',
  },
  {
    name: 'service-cidr',
    aliases: ['service-range', 'services-cidr', 'svc-cidr'],
    takes: 'one',
    placeholder: 'PREFIX',
    label: 'Service CIDR',
    help: 'The range of Service addresses. It may not touch the other two.',
    fallback: DEFAULT_SERVICE_CIDR.value,
    rare: true,
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
    name: 'max-pods',
    aliases: ['maxpods', 'pods-per-node'],
    takes: 'one',
    placeholder: 'N',
    label: 'Pods per node',
    help: `Pods that a node may run (${MAX_PODS_RANGE.value.lowest} to ${MAX_PODS_RANGE.value.highest}).`,
    fallback: String(KUBENET_DEFAULT_MAX_PODS.value),
    rare: true,
  },
  {
    name: 'other-addresses',
    aliases: ['used-addresses', 'other', 'reserved-addresses', 'ilb-frontends'],
    takes: 'one',
    placeholder: 'N',
    label: 'Other addresses in the subnet',
    help: 'Addresses of the node subnet held by something else: VMs, internal load balancers, private endpoints.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'growth',
    aliases: ['grow', 'grow-by', 'scale'],
    takes: 'one',
    placeholder: 'N|N%',
    label: 'Growth',
    help: 'Nodes that may be added later; a percentage is taken of each pool and rounds up.',
    fallback: '0',
    rare: true,
  },
  {
    name: 'check',
    aliases: ['strict'],
    takes: 'switch',
    placeholder: '',
    label: 'Check',
    help: 'Exit with 1 if the plan, or the grown plan, does not fit.',
    terminalOnly: true,
  },
];

export interface KubenetRequest extends KubenetPlanInput {
  /** Nodes per pool before the autoscaler adds any; null without an autoscaler. */
  readonly atFirst: readonly number[] | null;
  readonly podCidr: Prefix;
  readonly serviceCidr: Prefix;
  /** Null if none was given, or only its length. */
  readonly subnet: Prefix | null;
  readonly outcome: 'report' | 'check';
}

/** The largest number that a field takes where Azure sets no bound; keeps the sums readable. */
const MOST = 100_000;

export function readKubenetPlan(values: FlagValues): Result<KubenetRequest, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(values));
  const { pools, atFirst } = readPools(reader);
  const surge = readSurge(reader, pools);
  const podCidr = reader.prefix('pod-cidr');
  const subnet = readSubnet(reader);
  const serviceCidr = reader.prefix('service-cidr');
  const customRoutes = reader.integer('custom-routes', { lowest: 0, highest: ROUTES_PER_ROUTE_TABLE.value });
  const maxPods = reader.integer('max-pods', MAX_PODS_RANGE.value);
  const otherAddresses = reader.integer('other-addresses', { lowest: 0, highest: MOST });
  const growth = reader.countOrPercent('growth', {
    counts: { lowest: 0, highest: MOST },
    percents: { lowest: 0, highest: 10_000 },
  });
  if (podCidr !== null) checkPodCidr(reader, podCidr, subnet.prefix);
  if (subnet.prefix !== null) refuseForbidden(reader, 'subnet', subnet.prefix, '10.224.0.0/16');
  // The default is nobody's decision yet, so it is a warning; what was asked for by name is refused.
  if (serviceCidr !== null && values['service-cidr'] !== undefined) {
    checkServiceCidr(reader, serviceCidr, podCidr, subnet.prefix);
  }
  if (
    surge === null ||
    podCidr === null ||
    serviceCidr === null ||
    customRoutes === null ||
    maxPods === null ||
    otherAddresses === null ||
    growth === null ||
    reader.issues.length > 0
  ) {
    return err(reader.issues);
  }
  return ok({
    pools,
    atFirst,
    surge,
    growth,
    maxPods,
    podCidr,
    podCidrLength: podCidr.length,
    serviceCidr,
    subnet: subnet.prefix,
    subnetLength: subnet.length,
    otherAddresses,
    customRoutes,
    outcome: reader.isGiven('check') ? 'check' : 'report',
  });
}

function withFallbacks(values: FlagValues): FlagValues {
  const fallbacks = KUBENET_PLAN_FLAGS.flatMap(({ name, fallback }) =>
    fallback === undefined || values[name] !== undefined ? [] : [[name, [fallback]] as const],
  );
  return { ...values, ...Object.fromEntries(fallbacks) };
}

/** Reads how many nodes an upgrade adds; no more than the largest pool has. */
function readSurge(reader: InputReader, pools: readonly number[]): CountOrPercent | null {
  const most = Math.max(1, ...pools);
  const surge = reader.countOrPercent('surge', {
    counts: { lowest: 0, highest: MOST },
    percents: { lowest: 1, highest: 100 },
  });
  if (surge?.kind === 'count' && surge.count > most) return { kind: 'count', count: most };
  return surge;
}

function readSubnet(reader: InputReader): { readonly prefix: Prefix | null; readonly length: number | null } {
  const text = reader.single('subnet');
  if (text === null) return { prefix: null, length: null };
  const isLength = /^\/?\d+$/.test(text);
  const subnet = isLength ? null : reader.prefix('subnet');
  const length = isLength
    ? reader.prefixLength('subnet', text, LONGEST_SUBNET_PREFIX.value)
    : (subnet?.length ?? null);
  if (length !== null && length > LONGEST_SUBNET_PREFIX.value) {
    reader.refuse(
      'subnet',
      text,
      `a /${length} is no subnet: Azure keeps five addresses of each, and its smallest is /${LONGEST_SUBNET_PREFIX.value}.`,
      `/${LONGEST_SUBNET_PREFIX.value}`,
    );
  }
  return { prefix: subnet, length };
}

function checkPodCidr(reader: InputReader, podCidr: Prefix, subnet: Prefix | null): void {
  const name = formatPrefix(podCidr);
  if (podCidr.length > POD_RANGE_PREFIX_LENGTH.value) {
    reader.refuse(
      'pod-cidr',
      name,
      `${name} has no room for one node: each takes a /${POD_RANGE_PREFIX_LENGTH.value}.`,
      `a /${POD_RANGE_PREFIX_LENGTH.value} or larger.`,
    );
  }
  if (subnet !== null && prefixesOverlap(podCidr, subnet)) {
    reader.refuse(
      'pod-cidr',
      name,
      `${name} overlaps the node subnet ${formatPrefix(subnet)}; pods and nodes need ranges of their own.`,
      prefixesOverlap(prefix(DEFAULT_POD_CIDR.value), subnet) ? null : DEFAULT_POD_CIDR.value,
    );
  }
  refuseForbidden(reader, 'pod-cidr', podCidr, DEFAULT_POD_CIDR.value);
}

/** AKS refuses these in each of the three places. */
function refuseForbidden(
  reader: InputReader,
  flag: 'pod-cidr' | 'subnet' | 'service-cidr',
  range: Prefix,
  instead: string,
): void {
  const name = formatPrefix(range);
  for (const forbidden of FORBIDDEN_CLUSTER_RANGES.value) {
    if (!prefixesOverlap(range, prefix(forbidden))) continue;
    reader.refuse(flag, name, `${name} overlaps ${forbidden}, which AKS keeps for itself.`, instead);
  }
}

function checkServiceCidr(
  reader: InputReader,
  serviceCidr: Prefix,
  podCidr: Prefix | null,
  subnet: Prefix | null,
): void {
  const name = formatPrefix(serviceCidr);
  refuseForbidden(reader, 'service-cidr', serviceCidr, DEFAULT_SERVICE_CIDR.value);
  for (const [whose, range] of [
    ['pod CIDR', podCidr],
    ['node subnet', subnet],
  ] as const) {
    if (range === null || !prefixesOverlap(serviceCidr, range)) continue;
    reader.refuse('service-cidr', name, `${name} overlaps the ${whose} ${formatPrefix(range)}.`);
  }
}
