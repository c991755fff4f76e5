/** `calc peering-matrix`: who reaches whom among VNets, and which flag, link or route is missing. */
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { peeringMatrix } from '../peering-matrix.ts';
import type { MatrixCell, Outcome, PeeringMatrix } from '../peering-matrix.ts';
import { PEERING_MATRIX_FLAGS, readPeeringMatrix } from './peering-matrix-flags.ts';
import {
  asymmetricText,
  commandTexts,
  groupedCells,
  groupTitle,
  missingTexts,
  missingTitle,
  OUTCOME_WORDS,
  overlapText,
  shortened,
  verdictText,
  wayText,
} from './peering-matrix-words.ts';
import type { CellGroup } from './peering-matrix-words.ts';

export interface PeeringMatrixAnswer {
  readonly matrix: PeeringMatrix;
  readonly verdict: string;
  readonly warnings: readonly string[];
}

export const peeringMatrixCalculator: Calculator = {
  name: 'peering-matrix',
  title: 'Peering matrix',
  summary:
    'Says which VNets reach each other and what is on-premises, and names the flag, link or route that is missing with the command that adds it.',
  positional: 'file',
  flags: PEERING_MATRIX_FLAGS,
  examples: [
    {
      does: 'A hub with a gateway and a firewall, and one spoke whose reply has no way back',
      line: '--network hub:10.0.0.0/16:gateway:firewall=10.0.0.4 a:10.1.0.0/16 b:10.2.0.0/16 hub--a:access:forwarded:transit hub--b:access:forwarded route:a:10.2.0.0/16:10.0.0.4',
    },
    {
      does: 'A chain of peerings, of which the ends do not reach each other',
      line: '--network a:10.1.0.0/16 b:10.2.0.0/16 c:10.3.0.0/16 a--b:access b--c:access',
    },
  ],
  notes: [
    'Your own VNets: az network vnet list -o json > vnets.json; az network route-table list -o json > routes.json; then --file vnets.json routes.json.',
    'A machine stands in each VNet, in its first subnet that takes one, behind a security group of default rules. The answers are those of netpath between them.',
    '<-> makes both links with the same flags; with transit the side that has the gateway gets allowGatewayTransit and the other useRemoteGateways. -> makes one link, whose flags are access, forwarded, transit and remote.',
    'gateway=PREFIX,... says what is behind a gateway, nva=ADDRESS puts an appliance in a VNet, region=NAME another region, "route VNET/gateway PREFIX ADDRESS" gives GatewaySubnet a route, propagation=off keeps the routes of a gateway out.',
    'Exit code 1: something does not reach, is undetermined, or is refused by Azure. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runPeeringMatrix(values);
    if (!answer.ok) return answer;
    const { matrix } = answer.value;
    const all = [...matrix.cells, ...matrix.siteCells];
    const fine = matrix.world.problems.length === 0 && all.every(({ outcome }) => outcome === 'reaches');
    return ok({ json: toJson(answer.value), text: toText(answer.value), exitCode: fine ? 0 : 1 });
  },
};

/** Returns the answer as data; the page draws it. */
export function runPeeringMatrix(values: FlagValues): Result<PeeringMatrixAnswer, readonly InputIssue[]> {
  const input = readPeeringMatrix(values);
  if (!input.ok) return input;
  const matrix = peeringMatrix(input.value.world, input.value.probe);
  return ok({ matrix, verdict: verdictText(matrix), warnings: input.value.warnings });
}

const MARKS: Readonly<Record<Outcome, string>> = { reaches: 'yes', blocked: 'no', undetermined: '?' };

function toText({ matrix, verdict, warnings }: PeeringMatrixAnswer): readonly string[] {
  const { world, asymmetric, overlaps } = matrix;
  return [
    verdict,
    '',
    ...tableLines(matrix),
    ...world.problems.flatMap(({ about, code, message }) => [
      `Refused: ${about}: (${code}) ${shortened(message)}`,
      '',
    ]),
    ...(overlaps.length === 0 ? [] : [...overlaps.map((each) => `Overlap: ${overlapText(each)}`), '']),
    ...groupedCells([...matrix.cells, ...matrix.siteCells]).flatMap((group) => linesOf(group)),
    ...(matrix.links.length === 0
      ? []
      : [
          'Links that are not finished:',
          ...matrix.links.flatMap(({ what, commands }) => [
            `  ${what}`,
            ...commands.map((each) => `    ${each}`),
          ]),
          '',
        ]),
    ...(asymmetric.length === 0
      ? []
      : ['Replies that take another way:', ...asymmetric.map((each) => `  ${asymmetricText(each)}`), '']),
    ...world.assumptions.map((each) => `Assumed: ${each}`),
    ...warnings.map((each) => `Warning: ${each}`),
  ];
}

function linesOf(group: CellGroup): readonly string[] {
  const [first, ...more] = group.cells;
  return [
    `${groupTitle(group)}`,
    `  ${first.reason}.`,
    ...more.filter(({ reason }) => reason !== first.reason).map(({ reason }) => `  And back: ${reason}.`),
    ...(first.repair === null
      ? []
      : [`  ${missingTitle(first)}${missingTexts(first).length > 0 ? ':' : ''}`]),
    ...missingTexts(first).map((text) => `    ${text}`),
    ...commandTexts(first).map((command) => `      ${command}`),
    '',
  ];
}

/** From the rows to the columns. */
function tableLines({ cells, siteCells }: PeeringMatrix): readonly string[] {
  const all = [...cells, ...siteCells];
  const names = [...new Set(all.flatMap(({ from, to }) => [from, to]))];
  if (names.length === 0) return [];
  const width = Math.max(...names.map((name) => name.length));
  const mark = (from: string, to: string): string => {
    const cell = all.find((each) => each.from === from && each.to === to);
    return from === to || cell === undefined ? '-' : MARKS[cell.outcome];
  };
  return [
    `${'from \\ to'.padEnd(Math.max(width, 9))}  ${names.map((name) => name.padEnd(Math.max(3, name.length))).join('  ')}`.trimEnd(),
    ...names.map((from) =>
      `${from.padEnd(Math.max(width, 9))}  ${names.map((to) => mark(from, to).padEnd(Math.max(3, to.length))).join('  ')}`.trimEnd(),
    ),
    '',
  ];
}

function cellJson(cell: MatrixCell): Json {
  return {
    from: cell.from,
    to: cell.to,
    outcome: cell.outcome,
    says: OUTCOME_WORDS[cell.outcome],
    disposition: cell.disposition,
    path: cell.path,
    through: wayText(cell),
    back: cell.back,
    reason: cell.reason,
    missing: cell.repair?.changes.map(({ kind, what, commands }) => ({ kind, what, commands })) ?? [],
    obstacle: cell.repair === null || cell.repair.obstacle === null ? null : { ...cell.repair.obstacle },
  };
}

function toJson({ matrix, verdict, warnings }: PeeringMatrixAnswer): CalculatorAnswer['json'] {
  const { world, cells, siteCells, asymmetric, probe } = matrix;
  return {
    verdict,
    probe: probe.kind === 'ping' ? 'ping' : `tcp/${probe.port}`,
    vnets: world.vnets.map(({ name, id, machine, subnet }) => ({ name, id, machine, subnet })),
    cells: cells.map(cellJson),
    onPremises: siteCells.map(cellJson),
    asymmetric: asymmetric.map((each) => ({ ...each })),
    overlaps: matrix.overlaps.map((each) => ({ ...each })),
    unfinishedLinks: matrix.links.map(({ kind, what, commands }) => ({ kind, what, commands })),
    problems: world.problems.map((each) => ({ ...each })),
    assumptions: world.assumptions,
    warnings,
  };
}
