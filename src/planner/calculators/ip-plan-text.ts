/** The IP plan as lines of a terminal. */
import { addressDistance } from '../../model/ip/address.ts';
import { addressCount, firstAddress, formatPrefix } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { RANGE_NAMES } from '../ip-plan.ts';
import type { IpPlan } from '../ip-plan.ts';
import type { UpgradeTimeline } from '../upgrade-timeline.ts';
import type { VnetPicture } from '../vnet-picture.ts';
import type { IpPlanAnswer, PlanView } from './ip-plan.ts';
import {
  capitalised,
  freeText,
  IPAM_NAMES,
  lengthText,
  markText,
  number,
  partsText,
  RANGE_LETTERS,
  rangeText,
  sharesText,
  stepText,
  stopText,
} from './ip-plan-words.ts';

export function ipPlanText(answer: IpPlanAnswer): readonly string[] {
  const { views, verdict, warnings } = answer;
  return [
    verdict,
    '',
    ...(views.length > 1 ? [...sideBySide(views), ''] : []),
    ...views.flatMap((view) => [...planText(view, answer), '']),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function sideBySide(views: readonly PlanView[]): readonly string[] {
  const rows = views.map(({ plan: { ipam, now }, fits }) => [
    IPAM_NAMES[ipam],
    number(now.peakNodes),
    number(now.pods),
    number(now.addressesNeeded),
    now.smallestPrefix === null ? 'none' : `/${now.smallestPrefix}`,
    // As the verdict counts it: a subnet that the VNet has no room for does not fit.
    fits ? 'yes' : 'no',
  ]);
  return table(['Plugin', 'Nodes', 'Pods', 'Addresses', 'Smallest', 'Fits'], rows);
}

function planText({ plan, picture, timeline }: PlanView, { request }: IpPlanAnswer): readonly string[] {
  const { now, grown } = plan;
  return [
    IPAM_NAMES[plan.ipam],
    `  Nodes        ${number(now.nodes)} + ${number(now.surgeNodes)} surge (${sharesText(request.surge)}) = ${number(now.peakNodes)} at once`,
    ...(request.atFirst === null
      ? []
      : [
          `  Autoscaler   counted with its maximum; ${number(request.atFirst.reduce((sum, each) => sum + each, 0))} nodes at first`,
        ]),
    `  Pods         ${number(now.pods)} (${[...new Set(plan.maxPods)].join(', ')} per node)`,
    ...now.ranges.map((each) => `  ${capitalised(RANGE_NAMES[each.range]).padEnd(12)} ${rangeText(each)}`),
    ...(now.addressesReserved === null
      ? []
      : [
          `  Observed     ${number(now.addressesReserved)} addresses are what the service reserves (max pods - 1 per node): ${lengthText(now.smallestPrefixReserved)}`,
        ]),
    ...(plan.nodesAtOnce === null || plan.podsAtOnce === null
      ? []
      : [
          `  At most      ${number(plan.nodesAtOnce)} ${plan.nodesAtOnce === 1 ? 'node' : 'nodes'} at once, ${number(plan.podsAtOnce)} pods`,
        ]),
    ...(grown.nodes === now.nodes ? [] : [grownText(plan)]),
    ...(picture === null ? ['  VNet         no VNet is large enough'] : pictureText(picture)),
    ...timelineText(timeline),
  ];
}

function grownText({ grown }: IpPlan): string {
  return `  Grown        ${number(grown.peakNodes)} nodes at once, ${number(grown.addressesNeeded)} addresses: ${lengthText(grown.smallestPrefix)}`;
}

const INDENT = ' '.repeat(15);

function pictureText(picture: VnetPicture): readonly string[] {
  const { vnet, subnets, existing, podCidr } = picture;
  return [
    `  VNet         ${formatPrefix(vnet)} ${strip(picture)}`,
    ...subnets.map(
      (each) =>
        `${INDENT}${RANGE_LETTERS[each.range]} ${each.prefix === null ? '' : formatPrefix(each.prefix)} ${RANGE_NAMES[each.range]}: ${partsText(each)}`,
    ),
    ...existing.map(({ name, prefix }) => `${INDENT}x ${formatPrefix(prefix)} ${name ?? 'existing subnet'}`),
    `${INDENT}. ${freeText(picture)}`,
    ...(podCidr === null
      ? []
      : [
          `${INDENT}P ${podCidr.prefix === null ? `/${podCidr.length}` : formatPrefix(podCidr.prefix)} pod CIDR, outside the VNet: ${partsText(podCidr)}`,
        ]),
  ];
}

const CELLS = 48;

/** The VNet to scale, as one line; what is smaller than a cell still gets one. */
function strip({ vnet, subnets, existing }: VnetPicture): string {
  const cells = Array.from({ length: CELLS }, () => '.');
  const scale = CELLS / addressCount(vnet);
  const draw = (prefix: Prefix, letter: string) => {
    const from = Math.floor(addressDistance(firstAddress(vnet), firstAddress(prefix)) * scale);
    const width = Math.max(1, Math.round(addressCount(prefix) * scale));
    cells.fill(letter, from, Math.min(CELLS, from + width));
  };
  const ranges = [
    ...existing.map(({ prefix }) => ({ prefix, letter: 'x' })),
    ...subnets.flatMap(({ prefix, range }) =>
      prefix === null ? [] : [{ prefix, letter: RANGE_LETTERS[range] }],
    ),
  ];
  // The smallest last, so that none is drawn over.
  for (const { prefix, letter } of ranges.sort((a, b) => a.prefix.length - b.prefix.length)) {
    draw(prefix, letter);
  }
  return `[${cells.join('')}]`;
}

function timelineText(timeline: UpgradeTimeline): readonly string[] {
  const { steps, marks } = timeline;
  const rows = steps.map((step) => [stepText(step), number(step.nodes), ...step.inUse.map(number)]);
  const head = [
    'Upgrade, all pools together',
    'Nodes',
    ...marks.map((mark) => capitalised(RANGE_NAMES[mark.range])),
  ];
  const stop = stopText(timeline);
  return [
    ...table(head, rows).map((line) => `  ${line}`),
    ...marks.map((mark) => `  High-water mark: ${markText(mark)}`),
    ...(stop === null ? [] : [`  ${stop}`]),
  ];
}

/** Columns of numbers end on the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
