/** The migration checker's page: the verdict, what changes and breaks, the steps, and both tables. */
import {
  cellsText,
  outboundMigrationCalculator,
  PHASE_NAMES,
  runOutboundMigration,
} from '../../planner/calculators/outbound-migration.ts';
import type { OutboundMigrationAnswer } from '../../planner/calculators/outbound-migration.ts';
import type { MigrationSource, OutboundMigration } from '../../model/aks/outbound-migration.ts';
import type { MigrationPlan } from '../../planner/outbound-migration.ts';
import type { MigrationStep } from '../../planner/outbound-migration-steps.ts';
import { VNET_NAMES } from '../../planner/outbound-words.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid, row } from './Grid.tsx';
import { unbrokenOptions, unbrokenWords } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';

/** The migration that a partner with an allow list minds most. */
const START = { from: 'loadBalancer', to: 'userAssignedNATGateway', vnet: 'brought' };

export default function OutboundMigrationPage() {
  const state = useCalculator(
    outboundMigrationCalculator,
    runOutboundMigration,
    START,
    (answer) => answer.verdict,
  );
  const { plan, tables, verdict, warnings } = state.plan;
  return (
    <CalculatorFrame
      calculator={outboundMigrationCalculator}
      state={state}
      verdict={verdict}
      outcome={plan?.migration.decided === 'no' ? 'does-not-fit' : 'fits'}
      warnings={warnings}
    >
      {plan !== null && <Plan plan={plan} />}
      {tables.map((table) => (
        <Table key={table.vnet} table={table} />
      ))}
    </CalculatorFrame>
  );
}

function Plan({ plan }: { readonly plan: MigrationPlan }) {
  const { migration, breaks, stays, steps, switches } = plan;
  return (
    <>
      <section class="calc-part">
        <h2>Why</h2>
        <p>{migration.why}</p>
        <ul class="calc-marks">
          <li>
            Source: <Source source={migration.source} />
          </li>
          {migration.against !== undefined && (
            <li>
              Against it: <Source source={migration.against} />
            </li>
          )}
        </ul>
      </section>
      {migration.changes !== null && <Changes changes={migration.changes} switches={switches} />}
      <Marks title="What breaks" marks={breaks} />
      <Marks title="What stays" marks={stays} />
      {steps.length > 0 && (
        <section class="calc-part">
          <h2>In this order</h2>
          <ol class="calc-steps">
            {steps.map((step, index) => (
              <Step key={index} step={step} />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Marks({ title, marks }: { readonly title: string; readonly marks: readonly string[] }) {
  if (marks.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>{title}</h2>
      <ul class="calc-marks">
        {marks.map((each) => (
          <li key={each}>{unbrokenOptions(each)}</li>
        ))}
      </ul>
    </section>
  );
}

function Source({ source }: { readonly source: MigrationSource }) {
  return (
    <>
      <a href={source.url}>{source.title}</a>, {source.date}
    </>
  );
}

interface ChangesProps {
  readonly changes: NonNullable<OutboundMigration['changes']>;
  readonly switches: string | null;
}

function Changes({ changes, switches }: ChangesProps) {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Public source', [changes.egress]],
    ['You bring', changes.needs],
    ['AKS makes', changes.makes],
    ['AKS removes', changes.removes],
    ['AKS leaves', changes.keeps],
    ['Switches', switches === null ? [] : [switches]],
  ];
  return (
    <section class="calc-part">
      <h2>What changes</h2>
      <dl class="calc-objects">
        {rows
          .filter(([, values]) => values.length > 0)
          .map(([name, values]) => (
            <div key={name}>
              <dt>{name}</dt>
              {values.map((each) => (
                <dd key={each}>{each}</dd>
              ))}
            </div>
          ))}
      </dl>
    </section>
  );
}

function Step({ step }: { readonly step: MigrationStep }) {
  return (
    <li>
      <p>
        <span class="calc-standing">{PHASE_NAMES[step.phase]}</span> {step.text}
      </p>
      {step.commands.map((each) => (
        <p key={each} class="calc-create">
          <code>{unbrokenWords(each)}</code>
        </p>
      ))}
    </li>
  );
}

interface TableProps {
  readonly table: OutboundMigrationAnswer['tables'][number];
}

function Table({ table }: TableProps) {
  const { vnet, cells } = table;
  const types = [...new Set(cells.map((each) => each.to))];
  const contested = cells.filter((each) => each.migration.supported === 'contested');
  return (
    <section class="calc-part">
      <Grid
        caption={`From one type to another, in ${VNET_NAMES[vnet]}`}
        head={['From', 'Can go to', 'Cannot go to']}
        cells="prose"
        rows={types.map((from) =>
          row(
            from,
            cellsText(cells, from, 'yes') ?? 'nothing else',
            cellsText(cells, from, 'no') ?? 'none of these',
          ),
        )}
      />
      {contested.length > 0 && (
        <ul class="calc-marks">
          {contested.map((each) => (
            <li key={`${each.from} ${each.to}`}>
              {each.from} to {each.to}: {each.migration.why}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
