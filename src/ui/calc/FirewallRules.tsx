/** The firewall rule evaluator's page: who decides about each destination, and everything in the order of asking. */
import { useState } from 'preact/hooks';
import { allEntries } from '../../model/firewall/rules-of.ts';
import { firewallRules, runFirewallRules } from '../../planner/calculators/firewall-rules.ts';
import { commandTexts } from '../../planner/calculators/firewall-rules-commands.ts';
import {
  accessWord,
  changeText,
  changeTitle,
  decidedText,
  entryCells,
  entryStatus,
  originText,
  shadowedText,
  sourceText,
  sourceWord,
  targetText,
} from '../../planner/calculators/firewall-rules-words.ts';
import type { FirewallAnswer, FirewallResult } from '../../planner/firewall-evaluator.ts';
import { FIREWALL_STARTS } from '../../planner/firewall-starts.ts';
import { Assumed } from './Assumed.tsx';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { unbrokenWords } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';
import { Starts } from './Starts.tsx';

const [START] = FIREWALL_STARTS;

export default function FirewallRules() {
  const state = useCalculator(firewallRules, runFirewallRules, START.draft, (plan) => plan.verdict);
  const [chosen, setChosen] = useState('');
  const { answer, input, verdict, notes } = state.plan;
  const { results } = answer;
  const shown = results.find(({ question }) => question.text === chosen) ?? results[0];
  return (
    <CalculatorFrame
      calculator={firewallRules}
      state={state}
      verdict={verdict}
      outcome={answer.access === 'allow' ? 'fits' : 'does-not-fit'}
      warnings={input.warnings}
    >
      {results.length > 1 && <Results results={results} />}
      <Assumed calculator={firewallRules} texts={input.assumptions} />
      {shown !== undefined && (
        <section class="calc-part">
          <h2>{results.length > 1 ? 'In detail' : 'What arrives'}</h2>
          {results.length > 1 && (
            <p class="firewall-choice">
              <label for="firewall-destination">Destination</label>
              <select
                id="firewall-destination"
                value={shown.question.text}
                onInput={(event) => setChosen(event.currentTarget.value)}
              >
                {results.map(({ question: { text } }) => (
                  <option key={text} value={text} selected={text === shown.question.text}>
                    {text}
                  </option>
                ))}
              </select>
            </p>
          )}
          <Arrival result={shown} isOne={results.length === 1} />
          <Order result={shown} answer={answer} />
        </section>
      )}
      {shown !== undefined && <Change result={shown} answer={answer} />}
      {answer.shadowed.length > 0 && (
        <section class="calc-part">
          <h2>Rules that never decide</h2>
          <ul class="calc-marks">
            {answer.shadowed.map((each) => {
              const text = shadowedText(each);
              return <li key={text}>{capitalised(text)}</li>;
            })}
          </ul>
        </section>
      )}
      {notes.length > 0 && (
        <section class="calc-part">
          <h2>Notes</h2>
          <ul class="calc-marks">
            {notes.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </section>
      )}
      <Starts
        title="Start from other rules"
        text="They replace what stands in the fields."
        starts={FIREWALL_STARTS}
        onStart={state.onStart}
      />
    </CalculatorFrame>
  );
}

function Results({ results }: { readonly results: readonly FirewallResult[] }) {
  return (
    <div class="firewall-results">
      <Grid
        caption="Destinations"
        head={['To', 'Verdict', 'Decided by', 'Source seen']}
        cells="prose"
        rows={results.map(({ question, answer }) => ({
          cells: [
            question.text,
            accessWord(answer.verdict),
            capitalised(decidedText(answer)),
            sourceWord(answer),
          ],
          fits: answer.verdict === 'allow',
        }))}
      />
    </div>
  );
}

const ARRIVES_NOT = {
  allow: 'It arrives.',
  deny: 'Nothing arrives.',
  undetermined: 'Whether it arrives is open.',
} as const;

/** What of the connection arrives, and where. */
function Arrival({ result, isOne }: { readonly result: FirewallResult; readonly isOne: boolean }) {
  const source = sourceText(result.answer);
  const target = targetText(result.answer);
  return (
    <>
      {!isOne && (
        <p>
          {accessWord(result.answer.verdict)}: {decidedText(result.answer)}.
        </p>
      )}
      {target !== null && <p>Sent on to {target}.</p>}
      <p>{source === null ? ARRIVES_NOT[result.answer.verdict] : `The destination sees ${source}.`}</p>
    </>
  );
}

/** Rows beyond these unfold. */
const MOST_ROWS = 100;

function Order({ result, answer }: { readonly result: FirewallResult; readonly answer: FirewallAnswer }) {
  const entries = allEntries(answer.configuration);
  if (entries.length === 0) return <p>There are no rules: everything is denied.</p>;
  const rows = entries.map((entry, at) => {
    const { type, source, destination, ports } = entryCells(entry);
    const { rule, collection } = entry.origin;
    return {
      cells: [
        `${at + 1}. ${type} rule ${rule}, ${collection.action}`,
        originText(entry),
        `${source} to ${destination}; ${ports}`,
        entryStatus(result, entry).text,
      ],
      fits: true,
    };
  });
  const head = ['Rule', 'Where', 'Asks for', 'What it does'];
  return (
    <div class="firewall-order">
      <Grid caption="Asked in this order" head={head} cells="prose" rows={rows.slice(0, MOST_ROWS)} />
      {rows.length > MOST_ROWS && (
        <details>
          <summary>{rows.length - MOST_ROWS} more rules</summary>
          <Grid caption="Asked after these" head={head} cells="prose" rows={rows.slice(MOST_ROWS)} />
        </details>
      )}
    </div>
  );
}

function Change({ result, answer }: { readonly result: FirewallResult; readonly answer: FirewallAnswer }) {
  const { change, question } = result;
  const commands = commandTexts(change, answer.firewall, question);
  return (
    <section class="calc-part">
      <h2>{changeTitle(change)}</h2>
      <p>{changeText(change)}</p>
      {commands.length > 0 && (
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
      )}
    </section>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
