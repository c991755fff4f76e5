/** Names and sentences of the IP plan that the terminal and the page share. */
import { SURGE_FALLBACK_FROM } from '../../model/limits/aks-upgrade.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { CountOrPercent } from '../input.ts';
import { RANGE_NAMES } from '../ip-plan.ts';
import type { RangeNeed } from '../ip-plan.ts';
import type { Ipam, RangeKind } from '../node-needs.ts';
import type { HighWaterMark, UpgradeStep, UpgradeTimeline } from '../upgrade-timeline.ts';
import type { PartKind, PictureRange, VnetPicture } from '../vnet-picture.ts';
import { formatShare } from './kubenet-plan.ts';

export const IPAM_NAMES: Readonly<Record<Ipam, string>> = {
  'node-subnet': 'Azure CNI Node Subnet',
  'pod-subnet-dynamic': 'Azure CNI Pod Subnet, dynamic',
  'pod-subnet-static': 'Azure CNI Pod Subnet, static blocks',
  overlay: 'Azure CNI Overlay',
  kubenet: 'Kubenet',
};

/** The letter of the address colours: nodes' range or pods' range. */
export const RANGE_LETTERS: Readonly<Record<RangeKind, 'N' | 'P'>> = {
  'node-subnet': 'N',
  'pod-subnet': 'P',
  'pod-cidr': 'P',
};

export const PART_NAMES: Readonly<Record<PartKind, string>> = {
  azure: 'kept by Azure',
  nodes: 'nodes',
  pods: 'for pods',
  other: 'others',
  surge: 'for surge nodes',
  growth: 'for growth',
  left: 'left',
};

/** Made once: a page full of numbers is written anew at each keystroke. */
const FORMAT = new Intl.NumberFormat('en');

export const number = (value: number): string => FORMAT.format(value);

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lengthText(length: number | null): string {
  return length === null ? 'no range is that large' : `a /${length} at least`;
}

export function rangeText({ needed, unit, smallestPrefix, available }: RangeNeed): string {
  const of = available === null ? '' : ` of ${number(available)}`;
  return `${number(needed)}${of} ${unit}: ${lengthText(smallestPrefix)}`;
}

/** One text where all pools have the same. */
export function sharesOf(shares: readonly CountOrPercent[]): string | readonly string[] {
  const texts = shares.map(formatShare);
  const [first = '0'] = texts;
  return texts.every((each) => each === first) ? first : texts;
}

export function sharesText(shares: readonly CountOrPercent[]): string {
  return [sharesOf(shares)].flat().join(', ');
}

/** For example `5 kept by Azure, 50 nodes, 1,500 pods, 155 surge, 333 left`. */
export function partsText({ parts, missing }: PictureRange): string {
  const said = parts.map((part) => `${number(part.addresses)} ${PART_NAMES[part.kind]}`);
  return [...said, ...(missing > 0 ? [`${number(missing)} too many`] : [])].join(', ');
}

export function pictureRangeName({ range, prefix, length }: PictureRange): string {
  return `${RANGE_NAMES[range]} ${prefix === null ? `/${length}` : formatPrefix(prefix)}`;
}

/** What of the VNet stays free, in a sentence. */
export function freeText({ vnet, free, freeAddresses, unplaced }: VnetPicture): string {
  const most = 4;
  const blocks = free.slice(0, most).map(formatPrefix).join(', ');
  const more = free.length > most ? ` and ${free.length - most} more` : '';
  const left =
    freeAddresses === 0
      ? `Nothing of ${formatPrefix(vnet)} is left.`
      : `${number(freeAddresses)} addresses of ${formatPrefix(vnet)} are left: ${blocks}${more}.`;
  const homeless = unplaced.map(
    ({ range, length }) => `No room for the ${RANGE_NAMES[range]}, which takes a /${length}.`,
  );
  return [...homeless, left].join(' ');
}

export function stepText({ pool, action, rounds, atOnce, surgeNodes }: UpgradeStep): string {
  const nodes = (count: number) => (count === 1 ? 'node' : 'nodes');
  switch (action) {
    case 'before':
      return 'Before';
    case 'surge-joins':
      return `${pool ?? 'all pools'}: ${number(surgeNodes)} surge ${nodes(surgeNodes)} ${surgeNodes === 1 ? 'joins' : 'join'}`;
    case 'nodes-replaced':
      return `${pool ?? ''}: ${number(rounds)} ${rounds === 1 ? 'round' : 'rounds'} of ${number(atOnce)} ${nodes(atOnce)}`;
    case 'surge-leaves':
      return `${pool ?? ''}: surge leaves`;
  }
}

export function markText({
  range,
  unit,
  inUse,
  available,
  length,
  free,
  onePoolAtATime,
}: HighWaterMark): string {
  const of =
    available === null || length === null || free === null
      ? ', and no range is that large'
      : ` of ${number(available)} ${unit} in a /${length}, ${free < 0 ? `${number(-free)} too many` : `${number(free)} free`}`;
  const oneByOne =
    onePoolAtATime === inUse ? '' : ` (${number(onePoolAtATime)} if the pools are upgraded one by one)`;
  return `${RANGE_NAMES[range]} ${number(inUse)}${of}${oneByOne}`;
}

/** Why the upgrade stops; null if it passes. */
export function stopText({ steps, marks, stopsAt, passesAsObserved }: UpgradeTimeline): string | null {
  if (stopsAt === null) return null;
  const step = steps[stopsAt.step];
  const when = step === undefined || step.action === 'before' ? 'before it starts' : `at "${stepText(step)}"`;
  const surgesByMore = steps.some(
    (each) => each.action === 'nodes-replaced' && each.surgeNodes > 0 && each.atOnce > 1,
  );
  const again = surgesByMore
    ? ` From Kubernetes ${SURGE_FALLBACK_FROM.value} AKS tries again with one surge node in each pool.`
    : '';
  const fitsOneByOne = marks.every(
    (mark) => mark.available === null || mark.onePoolAtATime <= mark.available,
  );
  const oneByOne = fitsOneByOne ? ' One pool after another, by az aks nodepool upgrade, there is room.' : '';
  const observed =
    passesAsObserved === true
      ? ' With what the service is seen to reserve (max pods - 1 per node) it would pass.'
      : '';
  return `The upgrade stops ${when}: the ${RANGE_NAMES[stopsAt.range]} lacks ${number(stopsAt.missing)} (${stopsAt.codes.join(' or ')}).${again}${oneByOne}${observed}`;
}
