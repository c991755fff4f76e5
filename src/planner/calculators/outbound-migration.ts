/** `calc outbound-migration`: whether a cluster can change its outbound type, what changes, in which order. */
import type {
  MigrationSource,
  MigrationType,
  NetworkKind,
  OutboundMigration,
} from '../../model/aks/outbound-migration.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { migrationTable, planMigration } from '../outbound-migration.ts';
import type { MigrationCell, MigrationPlan } from '../outbound-migration.ts';
import { addressesKnown, hasWayOut } from '../outbound-migration-steps.ts';
import type { StepPhase } from '../outbound-migration-steps.ts';
import { VNET_NAMES } from '../outbound-words.ts';
import { OUTBOUND_MIGRATION_FLAGS, readOutboundMigration } from './outbound-migration-flags.ts';
import type { MigrationQuestion } from './outbound-migration-flags.ts';

export interface OutboundMigrationAnswer {
  readonly question: MigrationQuestion;
  /** Null where no target was named. */
  readonly plan: MigrationPlan | null;
  /** The tables that the answer stands in: of one kind of VNet, or of both. */
  readonly tables: readonly { readonly vnet: NetworkKind; readonly cells: readonly MigrationCell[] }[];
  readonly verdict: string;
  readonly warnings: readonly string[];
}

export const PHASE_NAMES: Readonly<Record<StepPhase, string>> = {
  before: 'before',
  tell: 'tell',
  change: 'change',
  check: 'check',
  after: 'after',
};

export const outboundMigrationCalculator: Calculator = {
  name: 'outbound-migration',
  title: 'Outbound migration checker',
  summary:
    'Says whether a running cluster can change its outbound type, what changes and breaks, and the order that keeps a partner reachable.',
  positional: null,
  flags: OUTBOUND_MIGRATION_FLAGS,
  examples: [
    {
      does: 'To a NAT gateway of your own',
      line: '--from loadBalancer --to userAssignedNATGateway --vnet brought',
    },
    { does: 'A cell on which two sources disagree', line: '--from managedNATGateway --to loadBalancer' },
    { does: 'Where a cluster can go', line: '--from userDefinedRouting --vnet brought' },
    { does: 'Both tables', line: '--json' },
  ],
  notes: [
    'A real cluster: az aks show -g GROUP -n CLUSTER -o json > cluster.json, then --file cluster.json, or - to read it from standard input. Names, subnets and authorized ranges in the answer are then its own.',
    'managedNATGatewayV2 is what the tables call a managed NAT gateway of SKU StandardV2. Today its outbound type is managedNATGateway with --outbound-type-sku StandardV2.',
    'A contested cell is decided, and both sources are named.',
    'Exit code 1: the migration is not supported; ways through other types are named where there are some. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runOutboundMigration(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const isRefused = value.plan?.migration.decided === 'no';
    return ok({ json: toJson(value), text: toText(value), exitCode: isRefused ? 1 : 0 });
  },
};

/** Returns the plan and the tables as data; the page draws them. */
export function runOutboundMigration(
  values: FlagValues,
): Result<OutboundMigrationAnswer, readonly InputIssue[]> {
  const read = readOutboundMigration(values);
  if (!read.ok) return read;
  const { from, to, vnet, cluster, assumptions } = read.value;
  const plan = from === null || to === null ? null : planMigration(from, to, vnet ?? 'managed', cluster);
  const kinds = vnet === null ? (['managed', 'brought'] as const) : [vnet];
  return ok({
    question: read.value,
    plan,
    tables: kinds.map((kind) => ({ vnet: kind, cells: migrationTable(kind) })),
    verdict: plan === null ? rowVerdict(from, vnet) : verdictOf(plan),
    warnings: [...assumptions, ...(plan === null ? [] : warningsOf(plan))],
  });
}

function verdictOf({ from, to, vnet, migration, detours }: MigrationPlan): string {
  const where = `in ${VNET_NAMES[vnet]}`;
  const contested = migration.supported === 'contested' ? ' Sources disagree.' : '';
  switch (migration.decided) {
    case 'same':
      return `Nothing to do: the cluster has outbound type ${from} already.`;
    case 'yes':
      return `Supported: ${from} to ${to} ${where}.${contested} ${outcomeOf(from, to)}`;
    case 'no': {
      const ways = detours.map((way) => way.slice(1, -1).join(' and '));
      const through = ways.length === 0 ? '' : ` By steps it goes through ${ways.join(' or ')}.`;
      return `Not supported: ${from} to ${to} ${where}.${contested}${through}`;
    }
  }
}

function outcomeOf(from: MigrationType, to: MigrationType): string {
  if (!hasWayOut(to))
    return hasWayOut(from)
      ? 'The cluster has no way out afterwards, and established connections break.'
      : 'The cluster has no way out, before and after.';
  return hasWayOut(from)
    ? 'The addresses change, and established connections break.'
    : 'The cluster gets a way out, with new addresses.';
}

function rowVerdict(from: MigrationType | null, vnet: NetworkKind | null): string {
  if (from === null)
    return vnet === null
      ? 'Both tables: from which type a cluster can go to which.'
      : `The table of ${VNET_NAMES[vnet]}.`;
  const kinds = vnet === null ? (['managed', 'brought'] as const) : [vnet];
  const parts = kinds.map((kind) => {
    const targets = migrationTable(kind)
      .filter((each) => each.from === from && each.migration.decided === 'yes')
      .map((each) => each.to);
    const list = targets.length === 0 ? 'nothing else' : targets.join(', ');
    return `in ${VNET_NAMES[kind]} to ${list}`;
  });
  return `From ${from} a cluster can go ${parts.join('; ')}.`;
}

function warningsOf({ from, to, migration, detours }: MigrationPlan): readonly string[] {
  const warnings: string[] = [];
  if (from === 'managedNATGatewayV2' || to === 'managedNATGatewayV2')
    warnings.push(
      'managedNATGatewayV2 is what the tables call it. A cluster says outboundType managedNATGateway and natGatewayProfile.sku StandardV2 today.',
    );
  if (migration.decided === 'yes' && addressesKnown(to) === 'after')
    warnings.push('The new addresses cannot be known, and allowed, before the change.');
  if (detours.length > 0) {
    const dark = detours.some((way) => way.slice(1, -1).every((each) => each === 'none' || each === 'block'));
    warnings.push(
      `No page describes the way by steps; each step of it is supported by itself, and changes the addresses.${dark ? ' Between the steps the cluster has no way out: image pulls and calls to the internet fail.' : ''}`,
    );
  }
  if (from === 'managedNATGateway' && to === 'managedNATGatewayV2')
    warnings.push('There is no way back: StandardV2 to Standard is not supported.');
  return warnings;
}

export function sourceText({ title, url, date }: MigrationSource): string {
  return `${title}, ${url} (${date})`;
}

function toJson({
  question,
  plan,
  tables,
  verdict,
  warnings,
}: OutboundMigrationAnswer): CalculatorAnswer['json'] {
  return {
    verdict,
    from: question.from,
    to: question.to,
    vnet: plan?.vnet ?? question.vnet,
    ...(plan === null ? {} : planJson(plan)),
    warnings,
    targets: tables.flatMap(({ vnet, cells }) =>
      cells
        .filter((each) => each.from === question.from && each.migration.decided === 'yes')
        .map((each): Json => ({ vnet, to: each.to })),
    ),
    table: tables.flatMap(({ cells }) => cells.map(cellJson)),
  };
}

function planJson(plan: MigrationPlan): { readonly [key: string]: Json } {
  const { migration, to } = plan;
  return {
    supported: migration.supported,
    decided: migration.decided,
    possible: migration.decided === 'yes',
    why: migration.why,
    source: { ...migration.source },
    against: migration.against === undefined ? null : { ...migration.against },
    changes: migration.changes === null ? null : { ...migration.changes },
    addressesKnown: migration.decided === 'yes' ? addressesKnown(to) : null,
    switches: plan.switches,
    breaks: plan.breaks,
    stays: plan.stays,
    steps: plan.steps.map((each): Json => ({ ...each })),
    detours: plan.detours,
  };
}

function cellJson({ vnet, from, to, migration }: MigrationCell): Json {
  return {
    vnet,
    from,
    to,
    supported: migration.supported,
    decided: migration.decided,
    why: migration.why,
    source: { ...migration.source },
    against: migration.against === undefined ? null : { ...migration.against },
  };
}

function toText(answer: OutboundMigrationAnswer): readonly string[] {
  const { question, plan, tables, verdict, warnings } = answer;
  return [
    verdict,
    ...warnings.map((each) => `Note: ${each}`),
    '',
    ...(plan === null
      ? [...tables.flatMap((each) => tableText(each.vnet, each.cells, question.from)), ...tableNotes(answer)]
      : planText(plan)),
  ];
}

function planText(plan: MigrationPlan): readonly string[] {
  const { migration } = plan;
  return [
    `Why      ${migration.why}`,
    `Source   ${sourceText(migration.source)}`,
    ...(migration.against === undefined ? [] : [`Against  ${sourceText(migration.against)}`]),
    ...(migration.changes === null ? [] : changesText(plan, migration.changes)),
  ];
}

function changesText(
  { switches, breaks, stays, steps }: MigrationPlan,
  changes: NonNullable<OutboundMigration['changes']>,
): readonly string[] {
  return [
    '',
    'What changes',
    `  public source   ${changes.egress}`,
    ...changes.needs.map((each) => `  you bring       ${each}`),
    ...changes.makes.map((each) => `  AKS makes       ${each}`),
    ...changes.removes.map((each) => `  AKS removes     ${each}`),
    ...changes.keeps.map((each) => `  AKS leaves      ${each}`),
    ...(switches === null ? [] : [`  switches        ${switches}`]),
    '',
    'What breaks',
    ...breaks.map((each) => `  ${each}`),
    '',
    'What stays',
    ...stays.map((each) => `  ${each}`),
    '',
    'In this order',
    ...steps.flatMap(({ phase, text, commands }, index) => [
      `  ${index + 1}. ${PHASE_NAMES[phase]}: ${text}`,
      ...commands.map((each) => `     ${each}`),
    ]),
  ];
}

/** A row for each type that a cluster in such a VNet can have, or for the one that was asked for. */
function tableText(
  vnet: NetworkKind,
  cells: readonly MigrationCell[],
  from: MigrationType | null,
): readonly string[] {
  const rows = [...new Set(cells.map((each) => each.from))].filter((each) => from === null || each === from);
  if (rows.length === 0) return [];
  return [
    `In ${VNET_NAMES[vnet]}:`,
    ...rows.map((row) => {
      const cannot = cellsText(cells, row, 'no');
      return `  ${row} to ${cellsText(cells, row, 'yes') ?? 'nothing else'}${cannot === null ? '' : `; not to ${cannot}`}`;
    }),
    '',
  ];
}

/** The types of a row with that verdict, in the order of the page, or null. A contested cell says so. */
export function cellsText(
  cells: readonly MigrationCell[],
  from: MigrationType,
  decided: 'yes' | 'no',
): string | null {
  const named = cells
    .filter((each) => each.from === from && each.migration.decided === decided)
    .map(({ to, migration }) => (migration.supported === 'contested' ? `${to} (contested)` : to));
  return named.length === 0 ? null : named.join(', ');
}

/** What contradicts a table, and where the tables come from. */
function tableNotes(answer: OutboundMigrationAnswer): readonly string[] {
  const cells = answer.tables.flatMap((each) => each.cells);
  const contested = cells.filter(
    ({ migration, from }) =>
      migration.supported === 'contested' && (answer.question.from === null || from === answer.question.from),
  );
  const source = cells.find(({ migration }) => migration.supported !== 'contested')?.migration.source;
  return [
    ...contested.map((each) => `${each.from} to ${each.to}: ${each.migration.why}`),
    ...(source === undefined ? [] : [`Source: ${sourceText(source)}`]),
  ];
}
