/** `calc ip-plan`: the addresses of a cluster, for one network plugin or for all side by side. */
import { KUBENET_RETIREMENT, MIN_PODS_PER_POOL } from '../../model/limits/aks.ts';
import { RESERVED_ADDRESSES_PER_SUBNET } from '../../model/limits/azure-network.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { CountOrPercent, FlagValues, InputIssue } from '../input.ts';
import { planAddresses, RANGE_NAMES } from '../ip-plan.ts';
import type { IpPlan, IpPlanSize, RangeNeed } from '../ip-plan.ts';
import type { Ipam } from '../node-needs.ts';
import { formatShare } from './kubenet-plan.ts';
import { IP_PLAN_FLAGS, readIpPlan } from './ip-plan-flags.ts';
import type { IpPlanRequest } from './ip-plan-flags.ts';

export const IPAM_NAMES: Readonly<Record<Ipam, string>> = {
  'node-subnet': 'Azure CNI Node Subnet',
  'pod-subnet-dynamic': 'Azure CNI Pod Subnet, dynamic',
  'pod-subnet-static': 'Azure CNI Pod Subnet, static blocks',
  overlay: 'Azure CNI Overlay',
  kubenet: 'Kubenet',
};

/** The plans with everything that is said about them: what the page draws and the terminal prints. */
export interface IpPlanAnswer {
  readonly request: IpPlanRequest;
  readonly plans: readonly IpPlan[];
  /** The answer in one sentence. */
  readonly verdict: string;
  /** Whether every plan fits, grown or not. */
  readonly fits: boolean;
  readonly warnings: readonly string[];
}

export const ipPlan: Calculator = {
  name: 'ip-plan',
  title: 'IP address plan',
  summary:
    'Says how many addresses a cluster needs with each network plugin, and the smallest subnets for them.',
  positional: null,
  flags: IP_PLAN_FLAGS,
  examples: [
    { does: 'One plugin', line: '--ipam node-subnet --nodes 50 --surge 1 --max-pods 30' },
    {
      does: 'All side by side, with room to grow',
      line: '--nodes 50 --growth 20% --internal-load-balancers 2',
    },
    {
      does: 'Two pools in a subnet that exists',
      line: '--ipam node-subnet --nodes 3,10 --max-pods 30,110 --subnet /20',
    },
  ],
  notes: [
    'Node Subnet: (nodes + surge) x (1 + max pods), as documented. addressesReserved is what the service is seen to reserve: max pods - 1 per node.',
    `Azure keeps ${RESERVED_ADDRESSES_PER_SUBNET.value} addresses of each subnet. smallestPrefix holds every subnet of the plan.`,
    'Exit code 0 also for a plan that does not fit ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runIpPlan(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const fails = value.request.outcome === 'check' && !value.fits;
    return ok({ json: toJson(value), text: toText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the plans as data; the page draws them. */
export function runIpPlan(values: FlagValues): Result<IpPlanAnswer, readonly InputIssue[]> {
  const request = readIpPlan(values);
  if (!request.ok) return request;
  const plans = request.value.ipams.map((ipam) => planAddresses(ipam, request.value));
  return ok({
    request: request.value,
    plans,
    verdict: verdictOf(plans),
    fits: plans.every((plan) => plan.now.fits && plan.grown.fits),
    warnings: warningsOf(plans, request.value),
  });
}

/** One text where all pools have the same. */
function sharesJson(shares: readonly CountOrPercent[]): string | readonly string[] {
  const texts = shares.map(formatShare);
  const [first = '0'] = texts;
  return texts.every((each) => each === first) ? first : texts;
}

function formatShares(shares: readonly CountOrPercent[]): string {
  return [sharesJson(shares)].flat().join(', ');
}

const number = (value: number): string => value.toLocaleString('en');

function verdictOf(plans: readonly IpPlan[]): string {
  const [only] = plans;
  if (only !== undefined && plans.length === 1) {
    const { now, grown } = only;
    const needs = `${number(now.addressesNeeded)} addresses of the VNet: ${lengthText(now.smallestPrefix)}.`;
    if (!now.fits) return `Does not fit. ${needs}`;
    return grown.fits ? needs : `Fits now, but not after growth. ${needs}`;
  }
  const fitting = plans.filter((plan) => plan.now.fits && plan.grown.fits);
  const addresses = plans.map((plan) => plan.now.addressesNeeded);
  return `From ${number(Math.min(...addresses))} to ${number(Math.max(...addresses))} addresses of the VNet; ${fitting.length} of ${plans.length} ways fit.`;
}

export function lengthText(length: number | null): string {
  return length === null ? 'no range is that large' : `a /${length} at least`;
}

function warningsOf(plans: readonly IpPlan[], request: IpPlanRequest): readonly string[] {
  const warnings = plans.flatMap((plan) => {
    const said = [
      ...plan.now.obstacles,
      ...plan.grown.obstacles
        .filter((each) => !plan.now.obstacles.includes(each))
        .map((each) => `After growth: ${each}`),
      ...plan.remarks,
      ...(plan.ipam === 'kubenet' ? [`Unsupported from ${KUBENET_RETIREMENT.value}.`] : []),
    ];
    return said.map((each) => (plans.length === 1 ? each : `${IPAM_NAMES[plan.ipam]}: ${each}`));
  });
  const few = (plans[0]?.maxPods ?? [])
    .map((maxPods, pool) => (request.pools[pool] ?? 0) * maxPods)
    .filter((pods) => pods < MIN_PODS_PER_POOL.value);
  if (few.length > 0) {
    warnings.push(
      `AKS wants room for at least ${MIN_PODS_PER_POOL.value} pods in each pool; one has ${few[0]}.`,
    );
  }
  if (plans.some((plan) => plan.now.surgeNodes === 0)) {
    warnings.push('Without surge nodes an upgrade has to take nodes away first (max unavailable).');
  }
  return warnings;
}

function toJson({ request, plans, verdict, fits, warnings }: IpPlanAnswer): CalculatorAnswer['json'] {
  const asked = {
    surge: sharesJson(request.surge),
    growthBy: sharesJson(request.growth),
    pools: request.pools,
    poolNames: request.poolNames,
    nodesAtFirst: request.atFirst === null ? null : request.atFirst.reduce((sum, each) => sum + each, 0),
    internalLoadBalancers: request.internalLoadBalancers,
    privateEndpoints: request.privateEndpoints,
    otherAddresses: request.otherAddresses,
  };
  const [only] = plans;
  if (only !== undefined && plans.length === 1) {
    return { verdict, ...planJson(only), ...asked, warnings };
  }
  return { verdict, fits, ...asked, plans: plans.map(planJson), warnings };
}

function planJson(plan: IpPlan): { readonly [key: string]: Json } {
  const [first = 0] = plan.maxPods;
  const isSame = plan.maxPods.every((each) => each === first);
  return {
    ipam: plan.ipam,
    title: IPAM_NAMES[plan.ipam],
    maxPods: isSame ? first : plan.maxPods,
    ...sizeJson(plan.now),
    nodesAtOnce: plan.nodesAtOnce,
    podsAtOnce: plan.podsAtOnce,
    growth: sizeJson(plan.grown),
  };
}

function sizeJson(size: IpPlanSize): { readonly [key: string]: Json } {
  return {
    fits: size.fits,
    addressesNeeded: size.addressesNeeded,
    smallestPrefix: size.smallestPrefix,
    addressesReserved: size.addressesReserved,
    smallestPrefixReserved: size.smallestPrefixReserved,
    nodes: size.nodes,
    surgeNodes: size.surgeNodes,
    peakNodes: size.peakNodes,
    pods: size.pods,
    ranges: size.ranges.map((each) => ({ ...each })),
    obstacles: size.obstacles,
  };
}

function toText(answer: IpPlanAnswer): readonly string[] {
  const { plans, request, verdict, warnings } = answer;
  return [
    verdict,
    '',
    ...plans.flatMap((plan) => planText(plan, request)),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function planText(plan: IpPlan, request: IpPlanRequest): readonly string[] {
  const { now, grown } = plan;
  return [
    `${IPAM_NAMES[plan.ipam]}`,
    `  Nodes        ${number(now.nodes)} + ${number(now.surgeNodes)} surge (${formatShares(request.surge)}) = ${number(now.peakNodes)} at once`,
    `  Pods         ${number(now.pods)} (${[...new Set(plan.maxPods)].join(', ')} per node)`,
    ...now.ranges.map((each) => `  ${capitalised(RANGE_NAMES[each.range]).padEnd(12)} ${rangeText(each)}`),
    ...(now.addressesReserved === null
      ? []
      : [
          `  Observed     ${number(now.addressesReserved)} addresses are what the service reserves (max pods - 1 per node): ${lengthText(now.smallestPrefixReserved)}`,
        ]),
    ...(plan.nodesAtOnce === null || plan.podsAtOnce === null
      ? []
      : [`  At most      ${number(plan.nodesAtOnce)} nodes at once, ${number(plan.podsAtOnce)} pods`]),
    ...(grown.nodes === now.nodes
      ? []
      : [
          `  Grown        ${number(grown.peakNodes)} nodes at once, ${number(grown.addressesNeeded)} addresses: ${lengthText(grown.smallestPrefix)}`,
        ]),
    '',
  ];
}

export function rangeText({ needed, unit, smallestPrefix, available }: RangeNeed): string {
  const of = available === null ? '' : ` of ${number(available)}`;
  return `${number(needed)}${of} ${unit}: ${lengthText(smallestPrefix)}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
