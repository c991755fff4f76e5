/** `calc ip-plan`: the addresses of a cluster, for one network plugin or for all side by side. */
import { KUBENET_RETIREMENT, MIN_PODS_PER_POOL } from '../../model/limits/aks.ts';
import { RESERVED_ADDRESSES_PER_SUBNET } from '../../model/limits/azure-network.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { planAddresses, RANGE_NAMES, surgeOf } from '../ip-plan.ts';
import type { IpPlan } from '../ip-plan.ts';
import { surgeNodes } from '../kubenet-plan.ts';
import { upgradeTimeline } from '../upgrade-timeline.ts';
import type { UpgradeTimeline } from '../upgrade-timeline.ts';
import { pictureVnets } from '../vnet-picture.ts';
import type { VnetPicture } from '../vnet-picture.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import { ipPlanJson } from './ip-plan-json.ts';
import { ipPlanText } from './ip-plan-text.ts';
import { IPAM_NAMES, lengthText, number, stopText } from './ip-plan-words.ts';
import { IP_PLAN_FLAGS, readIpPlan } from './ip-plan-flags.ts';
import type { IpPlanRequest } from './ip-plan-flags.ts';

/** A plan with what is drawn of it. */
export interface PlanView {
  readonly plan: IpPlan;
  /** Null where no VNet is large enough. */
  readonly picture: VnetPicture | null;
  readonly timeline: UpgradeTimeline;
  /** What stands against the plan now and grown, the VNet's room included. */
  readonly obstacles: readonly string[];
  readonly fits: boolean;
}

/** The plans with everything that is said about them: what the page draws and the terminal prints. */
export interface IpPlanAnswer {
  readonly request: IpPlanRequest;
  /** One for each plugin that was asked for. */
  readonly views: readonly PlanView[];
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
      line: '--ipam node-subnet --nodes system=3 user=10 --max-pods system=30 user=110 --subnet /20',
    },
    {
      does: 'Two plugins in a VNet that has a gateway',
      line: '--ipam node-subnet,overlay --nodes 20 --vnet 10.1.0.0/20 --existing gateway=10.1.0.0/27',
    },
  ],
  notes: [
    'Node Subnet: (nodes + surge) x (1 + max pods), as documented. addressesReserved is what the service is seen to reserve: max pods - 1 per node.',
    `Azure keeps ${RESERVED_ADDRESSES_PER_SUBNET.value} addresses of each subnet. smallestPrefix holds every subnet of the plan.`,
    'The upgrade is what az aks upgrade does: all pools together. onePoolAtATime is the most that is in use if az aks nodepool upgrade takes them one by one.',
    'With several plugins the JSON has each plan in "plans", with the keys of a single plan.',
    'Exit code 0 also for a plan that does not fit ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runIpPlan(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const fails = value.request.outcome === 'check' && !value.fits;
    return ok({ json: ipPlanJson(value), text: ipPlanText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the plans as data; the page draws them. */
export function runIpPlan(values: FlagValues): Result<IpPlanAnswer, readonly InputIssue[]> {
  const request = readIpPlan(values);
  if (!request.ok) return request;
  const plans = request.value.ipams.map((ipam) => planAddresses(ipam, request.value));
  const pictures = pictureVnets(plans, request.value);
  const views = plans.map((plan, index) => viewOf(plan, pictures[index] ?? null, request.value));
  return ok({
    request: request.value,
    views,
    verdict: verdictOf(views),
    fits: views.every((view) => view.fits),
    warnings: warningsOf(views, request.value),
  });
}

function viewOf(plan: IpPlan, picture: VnetPicture | null, request: IpPlanRequest): PlanView {
  const homeless = (picture?.unplaced ?? []).map(
    ({ range, length }) =>
      `The VNet ${picture === null ? '' : formatPrefix(picture.vnet)} has no room for the ${RANGE_NAMES[range]}, which takes a /${length}.`,
  );
  const obstacles = [
    ...plan.now.obstacles,
    ...homeless,
    ...plan.grown.obstacles
      .filter((each) => !plan.now.obstacles.includes(each))
      .map((each) => `After growth: ${each}`),
  ];
  const timeline = upgradeTimeline(plan, request);
  return { plan, picture, timeline, obstacles, fits: obstacles.length === 0 };
}

function verdictOf(views: readonly PlanView[]): string {
  const [only] = views;
  if (only !== undefined && views.length === 1) {
    const { now } = only.plan;
    const needs = `${number(now.addressesNeeded)} addresses of the VNet: ${lengthText(now.smallestPrefix)}.`;
    if (only.fits) return needs;
    return only.obstacles.every((each) => each.startsWith('After growth'))
      ? `Fits now, but not after growth. ${needs}`
      : `Does not fit. ${needs}`;
  }
  const fitting = views.filter((view) => view.fits);
  const addresses = views.map((view) => view.plan.now.addressesNeeded);
  return `From ${number(Math.min(...addresses))} to ${number(Math.max(...addresses))} addresses of the VNet; ${fitting.length} of ${views.length} ways fit.`;
}

function warningsOf(views: readonly PlanView[], request: IpPlanRequest): readonly string[] {
  const warnings = views.flatMap(({ plan, obstacles, timeline }) => {
    const stop = obstacles.length > 0 ? null : stopText(timeline);
    const said = [
      ...obstacles,
      ...(stop === null ? [] : [stop]),
      ...plan.remarks,
      ...(plan.ipam === 'kubenet' ? [`Unsupported from ${KUBENET_RETIREMENT.value}.`] : []),
    ];
    return said.map((each) => (views.length === 1 ? each : `${IPAM_NAMES[plan.ipam]}: ${each}`));
  });
  const few = (views[0]?.plan.maxPods ?? [])
    .map((maxPods, pool) => ({ pods: (request.pools[pool] ?? 0) * maxPods, name: request.poolNames[pool] }))
    .find(({ pods }) => pods < MIN_PODS_PER_POOL.value);
  if (few !== undefined) {
    const whose = request.pools.length === 1 ? 'this one' : (few.name ?? 'one');
    warnings.push(
      `AKS refuses a pool with room for fewer than ${MIN_PODS_PER_POOL.value} pods (InsufficientAgentPoolMaxPodsPerAgentPool); ${whose} has ${few.pods}.`,
    );
  }
  if (request.pools.some((nodes, pool) => surgeNodes(surgeOf(request, pool), nodes) === 0)) {
    warnings.push(
      request.maxUnavailable === null
        ? 'Without surge nodes an upgrade takes nodes away first: AKS allows it only with max unavailable above 0, and not for system pools.'
        : 'Without surge nodes an upgrade takes nodes away first, so that pods need room elsewhere; AKS does not allow it for system pools.',
    );
  } else if (request.maxUnavailable !== null) {
    warnings.push(
      'Max unavailable counts here only where the surge is 0; the rounds are drawn by the surge.',
    );
  }
  return warnings;
}
