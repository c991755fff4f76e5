/** The IP plan as JSON. */
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { CalculatorAnswer, Json } from '../calculator.ts';
import { RANGE_NAMES } from '../ip-plan.ts';
import type { IpPlanSize } from '../ip-plan.ts';
import type { UpgradeTimeline } from '../upgrade-timeline.ts';
import type { PictureRange, VnetPicture } from '../vnet-picture.ts';
import type { IpPlanAnswer, PlanView } from './ip-plan.ts';
import { IPAM_NAMES, sharesOf, stepText, stopText } from './ip-plan-words.ts';

type JsonObject = { readonly [key: string]: Json };

/** One plan stands at the top; several stand in `plans`. */
export function ipPlanJson(answer: IpPlanAnswer): CalculatorAnswer['json'] {
  const { request, views, verdict, fits, warnings } = answer;
  const asked = {
    surge: sharesOf(request.surge),
    growthBy: sharesOf(request.growth),
    pools: request.pools,
    poolNames: request.poolNames,
    nodesAtFirst: request.atFirst === null ? null : request.atFirst.reduce((sum, each) => sum + each, 0),
    internalLoadBalancers: request.internalLoadBalancers,
    privateEndpoints: request.privateEndpoints,
    otherAddresses: request.otherAddresses,
  };
  const [only] = views;
  if (only !== undefined && views.length === 1) return { verdict, ...viewJson(only), ...asked, warnings };
  return { verdict, fits, ...asked, plans: views.map(viewJson), warnings };
}

function viewJson({ plan, picture, timeline, fits }: PlanView): JsonObject {
  const [first = 0] = plan.maxPods;
  const isSame = plan.maxPods.every((each) => each === first);
  return {
    ipam: plan.ipam,
    title: IPAM_NAMES[plan.ipam],
    maxPods: isSame ? first : plan.maxPods,
    ...sizeJson(plan.now),
    fits: plan.now.fits && fits,
    nodesAtOnce: plan.nodesAtOnce,
    podsAtOnce: plan.podsAtOnce,
    growth: sizeJson(plan.grown),
    vnet: picture === null ? null : pictureJson(picture),
    upgrade: timelineJson(timeline),
  };
}

function sizeJson(size: IpPlanSize): JsonObject {
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

function pictureJson(picture: VnetPicture): JsonObject {
  return {
    prefix: formatPrefix(picture.vnet),
    origin: picture.origin,
    subnets: picture.subnets.map(rangeJson),
    existing: picture.existing.map(({ name, prefix }) => ({ name, prefix: formatPrefix(prefix) })),
    free: picture.free.map(formatPrefix),
    freeAddresses: picture.freeAddresses,
    unplaced: picture.unplaced.map((each) => ({ ...each })),
    podCidr: picture.podCidr === null ? null : rangeJson(picture.podCidr),
  };
}

function rangeJson({ range, prefix, length, origin, addresses, parts, missing }: PictureRange): JsonObject {
  return {
    range,
    prefix: prefix === null ? null : formatPrefix(prefix),
    prefixLength: length,
    origin,
    addresses,
    parts: Object.fromEntries(parts.map((part) => [part.kind, part.addresses])),
    missing,
  };
}

function timelineJson(timeline: UpgradeTimeline): JsonObject {
  const { steps, marks, stopsAt, passesAsObserved } = timeline;
  return {
    steps: steps.map((step) => ({
      step: stepText(step),
      pool: step.pool,
      action: step.action,
      nodes: step.nodes,
      surgeNodes: step.surgeNodes,
      rounds: step.rounds,
      atOnce: step.atOnce,
      upgraded: step.upgraded,
      inUse: Object.fromEntries(marks.map((mark, index) => [mark.range, step.inUse[index] ?? 0])),
      observedAddresses: step.observed,
    })),
    highWaterMarks: marks.map(({ length, ...mark }) => ({
      ...mark,
      name: RANGE_NAMES[mark.range],
      prefixLength: length,
    })),
    passes: stopsAt === null,
    stopsAt: stopsAt === null ? null : { ...stopsAt, why: stopText(timeline) },
    passesAsObserved,
  };
}
