/** The peering matrix's page: whom each VNet reaches, and under it what is missing where. */
import { peeringMatrixCalculator, runPeeringMatrix } from '../../planner/calculators/peering-matrix.ts';
import {
  asymmetricText,
  commandTexts,
  groupedCells,
  groupTitle,
  missingTexts,
  missingTitle,
  overlapText,
  reachRows,
  shortened,
} from '../../planner/calculators/peering-matrix-words.ts';
import type { CellGroup } from '../../planner/calculators/peering-matrix-words.ts';
import type { PeeringMatrix as Matrix } from '../../planner/peering-matrix.ts';
import { PEERING_STARTS } from '../../planner/peering-starts.ts';
import { Assumed } from './Assumed.tsx';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { unbrokenOptions, unbrokenWords } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';
import { Starts } from './Starts.tsx';

const [START] = PEERING_STARTS;

export default function PeeringMatrix() {
  const state = useCalculator(peeringMatrixCalculator, runPeeringMatrix, START.draft, (plan) => plan.verdict);
  const { matrix, verdict, warnings } = state.plan;
  const groups = groupedCells([...matrix.cells, ...matrix.siteCells]);
  const fits = groups.length === 0 && matrix.world.problems.length === 0;
  return (
    <CalculatorFrame
      calculator={peeringMatrixCalculator}
      state={state}
      verdict={verdict}
      outcome={fits ? 'fits' : 'does-not-fit'}
      warnings={warnings}
    >
      <Reach matrix={matrix} />
      <Sentences
        title="Refused by Azure"
        texts={matrix.world.problems.map(
          ({ about, code, message }) => `${about}: (${code}) ${shortened(message)}`,
        )}
      />
      <Sentences title="Addresses in common" texts={matrix.overlaps.map(overlapText)} />
      {matrix.links.length > 0 && (
        <section class="calc-part">
          <h2>Links that are not finished</h2>
          <Missing
            texts={matrix.links.map(({ what }) => what)}
            commands={matrix.links.flatMap(({ commands }) => commands)}
          />
        </section>
      )}
      {groups.map((group) => (
        <Group key={group.title} group={group} />
      ))}
      <Sentences title="Replies that take another way" texts={matrix.asymmetric.map(asymmetricText)} />
      <Assumed calculator={peeringMatrixCalculator} texts={matrix.world.assumptions} />
      <Starts
        title="Start from another network"
        text="It replaces what stands in the fields."
        starts={PEERING_STARTS}
        onStart={state.onStart}
      />
    </CalculatorFrame>
  );
}

function Reach({ matrix }: { readonly matrix: Matrix }) {
  const rows = reachRows(matrix);
  if (rows.length === 0) return null;
  const cell = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
  const doubts = rows.some(({ undetermined }) => undetermined.length > 0);
  return (
    <Grid
      caption="Who reaches whom, there and back"
      head={['From', 'Reaches', 'Does not reach', ...(doubts ? ['Undetermined'] : [])]}
      cells="prose"
      rows={rows.map(({ from, reaches, blocked, undetermined }) => ({
        cells: [from, cell(reaches), cell(blocked), ...(doubts ? [cell(undetermined)] : [])],
        // The columns say it: half of a row stands for what works.
        fits: true,
      }))}
    />
  );
}

function Group({ group }: { readonly group: CellGroup }) {
  const [first, ...more] = group.cells;
  const missing = missingTexts(first);
  return (
    <section class="calc-part">
      <h2>{groupTitle(group)}</h2>
      <p>{unbrokenOptions(first.reason)}.</p>
      {more
        .filter(({ reason }) => reason !== first.reason)
        .map(({ reason }) => (
          <p key={reason}>And back: {unbrokenOptions(reason)}.</p>
        ))}
      {first.repair !== null && (
        <>
          <p>{missing.length > 0 ? `${missingTitle(first)}:` : missingTitle(first)}</p>
          <Missing texts={missing} commands={commandTexts(first)} />
        </>
      )}
    </section>
  );
}

interface MissingProps {
  readonly texts: readonly string[];
  readonly commands: readonly string[];
}

function Missing({ texts, commands }: MissingProps) {
  if (texts.length === 0) return null;
  return (
    <>
      <ul class="calc-marks">
        {texts.map((text) => (
          <li key={text}>{unbrokenOptions(text)}</li>
        ))}
      </ul>
      <pre class="calc-rules" tabIndex={0}>
        <code>
          {commands.map((command) => (
            <span key={command} class="nsg-command">
              {unbrokenWords(command)}
              {'\n'}
            </span>
          ))}
        </code>
      </pre>
    </>
  );
}

function Sentences({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>{title}</h2>
      <ul class="calc-marks">
        {texts.map((text) => (
          <li key={text}>{unbrokenOptions(text)}</li>
        ))}
      </ul>
    </section>
  );
}
