/** The peering matrix in sentences, for the terminal and the page. */
import type {
  AsymmetricPair,
  MatrixCell,
  Outcome,
  OverlappingVnets,
  PeeringMatrix,
} from '../peering-matrix.ts';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  reaches: 'reaches',
  blocked: 'does not reach',
  undetermined: 'undetermined',
};

export function verdictText(matrix: PeeringMatrix): string {
  const all = [...matrix.cells, ...matrix.siteCells];
  const count = (outcome: Outcome): number => all.filter((each) => each.outcome === outcome).length;
  if (all.length === 0) return 'One VNet alone has nobody to reach.';
  const blocked = count('blocked');
  const unknown = count('undetermined');
  const problems = matrix.world.problems.length;
  const rest = [
    ...(blocked > 0 ? [`${blocked} ${blocked === 1 ? 'does' : 'do'} not`] : []),
    ...(unknown > 0 ? [`${unknown} undetermined`] : []),
    ...(problems > 0
      ? [`${problems} ${problems === 1 ? 'statement is' : 'statements are'} refused by Azure`]
      : []),
  ];
  if (rest.length === 0) return `All ${all.length} ways reach, there and back.`;
  return `${count('reaches')} of ${all.length} ways reach, there and back; ${rest.join(', ')}.`;
}

/** `spoke1 > hub > spoke2`: the places between the two ends. */
export function pathText(places: readonly string[]): string {
  return places.map((place) => place.replace(/^VNet /, '')).join(' > ');
}

/** What is between the ends, without the ends themselves. */
export function wayText({ path }: Pick<MatrixCell, 'path'>): string {
  return pathText(path.slice(1, -1));
}

export interface CellGroup {
  readonly title: string;
  readonly cells: readonly [MatrixCell, ...MatrixCell[]];
}

/** Cells that do not reach; both directions in one where the same is missing in both. */
export function groupedCells(cells: readonly MatrixCell[]): readonly CellGroup[] {
  const groups: { title: string; cells: [MatrixCell, ...MatrixCell[]] }[] = [];
  for (const cell of cells) {
    if (cell.outcome === 'reaches') continue;
    const back = groups.find(
      ({ cells: [first] }) =>
        first.from === cell.to &&
        first.to === cell.from &&
        first.outcome === cell.outcome &&
        missingTexts(first).join() === missingTexts(cell).join(),
    );
    if (back === undefined) groups.push({ title: `${cell.from} -> ${cell.to}`, cells: [cell] });
    else {
      back.cells.push(cell);
      back.title = `${cell.to} <-> ${cell.from}`;
    }
  }
  return groups;
}

export function missingTexts({ repair }: MatrixCell): readonly string[] {
  return repair?.changes.map(({ what }) => what) ?? [];
}

export function commandTexts({ repair }: MatrixCell): readonly string[] {
  return repair?.changes.flatMap(({ commands }) => commands) ?? [];
}

export function missingTitle(cell: MatrixCell): string {
  const { repair } = cell;
  if (repair === null) return '';
  if (repair.changes.length > 0) return repair.changes.length === 1 ? 'Missing' : 'Missing, each of them';
  return repair.obstacle === null
    ? 'No link, flag or route was found that mends this.'
    : `Azure refuses what would mend it (${repair.obstacle.code}): ${shortened(repair.obstacle.message)}`;
}

export function asymmetricText({ from, to, path, back, lost }: AsymmetricPair): string {
  return `${from} -> ${to} goes ${pathText(path)}; the reply goes ${pathText(back)}${lost ? ', and is lost' : ''}.`;
}

/** A message of Azure with names for ids, and without the reference at its end. */
export function shortened(message: string): string {
  return message
    .replaceAll(
      /\/subscriptions\/\S*?\/virtualNetworks\/([^\s/,]+?)(?:\/virtualNetworkPeerings\/([^\s/,]+?))?(?=[.,]?(?:\s|$))/gi,
      (_, vnet: string, peering: string | undefined) =>
        peering === undefined ? vnet : `${peering} of ${vnet}`,
    )
    .replace(/ For more information please refer to \S+$/, '');
}

export function overlapText({ one, other, prefixes }: OverlappingVnets): string {
  return `${one} and ${other} have addresses in common (${prefixes.join(' and ')}): Azure peers them neither with each other nor with the same third VNet.`;
}

/** The heading of what does not reach. */
export function groupTitle({ title, cells: [first] }: CellGroup): string {
  const both = title.includes('<->');
  if (first.outcome === 'undetermined') return `${title}: undetermined`;
  return `${title}: ${both ? 'neither way reaches' : 'does not reach'}`;
}

/** One row for each end: whom it reaches, and whom not. */
export function reachRows({ cells, siteCells }: PeeringMatrix): readonly ReachRow[] {
  const all = [...cells, ...siteCells];
  return [...new Set(all.map(({ from }) => from))].map((from) => {
    const own = all.filter((each) => each.from === from);
    const named = (outcome: Outcome): readonly string[] =>
      own
        .filter((each) => each.outcome === outcome)
        .map((each) => throughText(each, siteCells.includes(each) ? 'site' : 'vnets'));
    return {
      from,
      reaches: named('reaches'),
      blocked: named('blocked'),
      undetermined: named('undetermined'),
    };
  });
}

export interface ReachRow {
  readonly from: string;
  readonly reaches: readonly string[];
  readonly blocked: readonly string[];
  readonly undetermined: readonly string[];
}

/** `spoke2 (through firewall/hub-firewall)`: with what passes it on, where something does. */
function throughText(cell: MatrixCell, kind: 'vnets' | 'site'): string {
  if (cell.outcome !== 'reaches') return cell.to;
  // The gateway is the only way to its own sites.
  const through = cell.path
    .slice(1, -1)
    .filter((place) => !place.startsWith('VNet ') && (kind === 'vnets' || !place.startsWith('the gateway')));
  return through.length === 0 ? cell.to : `${cell.to} (through ${through.join(' and ')})`;
}
