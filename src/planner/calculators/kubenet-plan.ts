/** `calc kubenet-plan`: the kubenet planner for the terminal and the page. */
import {
  KUBENET_RETIREMENT,
  MIN_PODS_PER_POOL,
  NODES_PER_POOL,
  POD_RANGE_PREFIX_LENGTH,
} from '../../model/limits/aks.ts';
import {
  RESERVED_ADDRESSES_PER_SUBNET,
  ROUTES_PER_ROUTE_TABLE,
  SYSTEM_ROUTES_TO_NONE,
} from '../../model/limits/azure-network.ts';
import { formatPrefix, prefix, prefixCovers, prefixesOverlap } from '../../model/ip/prefix.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { addressSpaceWarnings } from '../address-space-warnings.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { CountOrPercent, FlagValues, InputIssue } from '../input.ts';
import { planKubenet } from '../kubenet-plan.ts';
import type { KubenetPlan, KubenetResource, KubenetSize, ResourceUse } from '../kubenet-plan.ts';
import { KUBENET_PLAN_FLAGS, readKubenetPlan } from './kubenet-plan-flags.ts';
import type { KubenetRequest } from './kubenet-plan-flags.ts';

/** The plan with everything that is said about it: what the page draws and the terminal prints. */
export interface KubenetAnswer extends KubenetPlan {
  readonly request: KubenetRequest;
  /** The answer in one sentence. */
  readonly verdict: string;
  readonly warnings: readonly string[];
}

export const kubenetPlan: Calculator = {
  name: 'kubenet-plan',
  title: 'Kubenet planner',
  summary: 'Says how many addresses, pod ranges and routes a kubenet cluster needs, and what runs out first.',
  positional: null,
  flags: KUBENET_PLAN_FLAGS,
  examples: [
    { does: 'Does it fit?', line: '--nodes 250 --surge 1 --subnet 10.224.0.0/24' },
    {
      does: 'Two pools, a firewall route and a wider pod range',
      line: '--nodes 3,200 --max-surge 33% --pod-cidr 10.240.0.0/13 --custom-routes 1',
    },
    { does: 'Room to grow', line: '--nodes 100 --growth 50% --subnet /25 --check' },
  ],
  notes: [
    `Each node, surge nodes included, takes one address of the subnet, one /${POD_RANGE_PREFIX_LENGTH.value} of the pod range and one route of the table.`,
    `Azure keeps ${RESERVED_ADDRESSES_PER_SUBNET.value} addresses of the subnet; a route table holds ${ROUTES_PER_ROUTE_TABLE.value} routes.`,
    'Exit code 0 also for a plan that does not fit ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const plan = runKubenetPlan(values);
    if (!plan.ok) return plan;
    const { value } = plan;
    const fails = value.request.outcome === 'check' && !(value.now.fits && value.grown.fits);
    return ok({ json: toJson(value), text: toText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the plan as data; the page draws it. */
export function runKubenetPlan(values: FlagValues): Result<KubenetAnswer, readonly InputIssue[]> {
  const request = readKubenetPlan(values);
  if (!request.ok) return request;
  const plan = planKubenet(request.value);
  return ok({
    ...plan,
    request: request.value,
    verdict: verdictOf(plan),
    warnings: warningsOf(plan, request.value),
  });
}

export const RESOURCE_NAMES: Readonly<Record<KubenetResource, string>> = {
  subnetAddresses: 'addresses of the node subnet',
  podRanges: `/${POD_RANGE_PREFIX_LENGTH.value} ranges of the pod CIDR`,
  routes: 'routes of the route table',
};

function verdictOf(plan: KubenetPlan): string {
  const resource = plan.runsOutFirst.map((each) => RESOURCE_NAMES[each]).join(' and ');
  const at = `node ${plan.failsAtNode.toLocaleString('en')} cannot join`;
  const { now, grown } = plan;
  if (!now.fits) {
    return `Does not fit: the ${resource} run out, and ${at} (${now.peakNodes.toLocaleString('en')} are needed at once).`;
  }
  if (!grown.fits) {
    return `Fits now, but not after growth: the ${resource} run out, and ${at} (${grown.peakNodes.toLocaleString('en')} are needed at once).`;
  }
  return `Fits. If it grows, the ${resource} run out first: ${at}.`;
}

function warningsOf(plan: KubenetPlan, request: KubenetRequest): readonly string[] {
  const { input, now } = plan;
  const warnings = [
    `Kubenet is unsupported from ${KUBENET_RETIREMENT.value}; plan new clusters with Azure CNI Overlay.`,
  ];
  if (input.pools.some((pool) => pool > NODES_PER_POOL.value)) {
    warnings.push(`A node pool holds at most ${NODES_PER_POOL.value.toLocaleString('en')} nodes.`);
  }
  if (now.fits && now.surgeNodes === 0) {
    warnings.push('Without surge nodes an upgrade has to take nodes away first (max unavailable).');
  }
  const smallestPool = Math.min(...input.pools);
  if (smallestPool * input.maxPods < MIN_PODS_PER_POOL.value) {
    warnings.push(
      `AKS refuses a pool with room for fewer than ${MIN_PODS_PER_POOL.value} pods (InsufficientAgentPoolMaxPodsPerAgentPool); ${smallestPool} x ${input.maxPods} is ${smallestPool * input.maxPods}.`,
    );
  }
  return [...warnings, ...rangeWarnings(request)];
}

/** What AKS accepts here and would refuse, or what would hurt, later on. */
function rangeWarnings({ podCidr, subnet, serviceCidr }: KubenetRequest): readonly string[] {
  const services = formatPrefix(serviceCidr);
  const touching = [podCidr, subnet]
    .filter((range) => range !== null)
    .filter((range) => prefixesOverlap(range, serviceCidr))
    .map(
      (range) =>
        `${formatPrefix(range)} overlaps the Service CIDR ${services}; choose another --service-cidr.`,
    );
  const isPrivate = SYSTEM_ROUTES_TO_NONE.value.some((each) => prefixCovers(prefix(each), podCidr));
  const publicPods = `${formatPrefix(podCidr)} is not private address space: pods could not reach hosts on the internet that have these addresses.`;
  return [
    ...touching,
    ...(isPrivate ? [] : [publicPods]),
    ...(subnet === null ? [] : addressSpaceWarnings(subnet)),
  ];
}

function toJson(plan: KubenetAnswer): CalculatorAnswer['json'] {
  const { input, request, now } = plan;
  return {
    fits: now.fits,
    verdict: plan.verdict,
    ...sizeJson(now),
    maxPods: input.maxPods,
    surge: formatShare(input.surge),
    customRoutes: input.customRoutes,
    otherAddresses: input.otherAddresses,
    nodesAtFirst: request.atFirst === null ? null : sum(request.atFirst),
    podCidr: formatPrefix(request.podCidr),
    serviceCidr: formatPrefix(request.serviceCidr),
    subnet: request.subnet === null ? null : formatPrefix(request.subnet),
    subnetPrefix: input.subnetLength,
    limits: plan.order.map(useJson),
    runsOutFirst: plan.runsOutFirst[0] ?? null,
    runOutTogether: plan.runsOutFirst,
    failsAtNode: plan.failsAtNode,
    maxNodes: plan.maxNodes,
    maxNodesWithoutSurge: plan.maxNodesWithoutSurge,
    maxPodsInCluster: plan.maxPodsInCluster,
    growth: { by: formatShare(input.growth), fits: plan.grown.fits, ...sizeJson(plan.grown) },
    warnings: plan.warnings,
  };
}

function sizeJson(size: KubenetSize): { readonly [key: string]: Json } {
  return {
    nodes: size.nodes,
    surgeNodes: size.surgeNodes,
    peakNodes: size.peakNodes,
    pods: size.pods,
    addressesNeeded: size.addressesNeeded,
    smallestPrefix: size.smallestPrefix,
    podRangesNeeded: size.podRangesNeeded,
    smallestPodCidrPrefix: size.smallestPodCidrPrefix,
    routesNeeded: size.routesNeeded,
  };
}

function useJson(use: ResourceUse): Json {
  const { resource, available, needed, left, fits, nodesAtOnce, failsAtNode } = use;
  return { resource, available, needed, left, fits, nodesAtOnce, failsAtNode };
}

export function formatShare(share: CountOrPercent): string {
  switch (share.kind) {
    case 'count':
      return String(share.count);
    case 'percent':
      return `${share.percent}%`;
  }
}

function toText(plan: KubenetAnswer): readonly string[] {
  const { now, grown, input } = plan;
  const { atFirst } = plan.request;
  const number = (value: number) => value.toLocaleString('en');
  return [
    plan.verdict,
    '',
    ...(atFirst === null
      ? []
      : [
          `Autoscaler       ${number(sum(atFirst))} to ${number(now.nodes)} nodes; AKS counts the larger number`,
        ]),
    `Nodes            ${number(now.nodes)} + ${number(now.surgeNodes)} surge (${formatShare(input.surge)}) = ${number(now.peakNodes)} at once`,
    `Pods             ${number(now.pods)} (${input.maxPods} per node)`,
    `Subnet           ${number(now.addressesNeeded)} addresses: ${now.smallestPrefix === null ? 'no subnet is that large' : `a /${now.smallestPrefix} at least`}`,
    `Pod CIDR         ${number(now.podRangesNeeded)} ranges of /${POD_RANGE_PREFIX_LENGTH.value}: ${now.smallestPodCidrPrefix === null ? 'no range is that large' : `a /${now.smallestPodCidrPrefix} at least`}`,
    `Route table      ${number(now.routesNeeded)} of ${ROUTES_PER_ROUTE_TABLE.value} routes (${input.customRoutes} your own)`,
    '',
    'In the order in which they run out:',
    ...plan.order.map(
      (use) =>
        `  ${RESOURCE_NAMES[use.resource]}: ${number(use.needed)} of ${number(use.available)} used; node ${number(use.failsAtNode)} cannot join`,
    ),
    '',
    `At most ${number(plan.maxNodes)} nodes and ${number(plan.maxPodsInCluster)} pods with this surge (${number(plan.maxNodesWithoutSurge)} nodes at once).`,
    ...(grown.nodes === now.nodes
      ? []
      : [
          `After growth (${formatShare(input.growth)}): ${number(grown.peakNodes)} nodes at once, ${number(grown.addressesNeeded)} addresses, ${number(grown.routesNeeded)} routes: ${grown.fits ? 'fits' : 'does not fit'}.`,
        ]),
    ...plan.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
