/** The NSG evaluator's page: rules as a table beside what they say to the packets that are asked about. */
import { nsgEvaluator, runNsgEvaluator } from '../../planner/calculators/nsg-evaluator.ts';
import {
  accessWord,
  alsoTexts,
  changeTitle,
  commandTexts,
  decidedText,
  managedRemark,
  othersTitle,
  rangeText,
  shadowedText,
  stepText,
  verdictText,
} from '../../planner/calculators/nsg-evaluator-words.ts';
import type { NsgAnswer, ChangeAnswer, ChangeStep } from '../../planner/nsg-evaluator.ts';
import { NSG_STARTS } from '../../planner/nsg-starts.ts';
import { addressWords, intervalsOf, trafficTexts } from '../../planner/nsg-intervals.ts';
import type { AddressWords } from '../../planner/nsg-intervals.ts';
import { Assumed } from './Assumed.tsx';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { NsgRules } from './NsgRules.tsx';
import { unbrokenWords } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';
import { Starts } from './Starts.tsx';

const RULES = 'rules';
const [START] = NSG_STARTS;

export default function NsgEvaluator() {
  const state = useCalculator(nsgEvaluator, runNsgEvaluator, START.draft, (plan) => plan.verdict);
  const { answer, input } = state.plan;
  const isStale = state.issues.length > 0;
  return (
    <CalculatorFrame
      calculator={nsgEvaluator}
      state={state}
      verdict={verdictText(answer)}
      outcome={answer.access === 'Allow' ? 'fits' : 'does-not-fit'}
      warnings={input.warnings}
    >
      <Assumed calculator={nsgEvaluator} texts={input.assumptions} />
      <Parts answer={answer} />
      <NsgRules
        id={nsgEvaluator.name}
        text={state.draft[RULES] ?? ''}
        answer={answer}
        isStale={isStale}
        isOnePacket={input.isOnePacket}
        issues={state.issues}
        onInput={(text) => state.onInput(RULES, text)}
      />
      {answer.changes.map((change) => (
        <Change key={change.wanted} change={change} answer={answer} />
      ))}
      {answer.shadowed !== null && answer.shadowed.length > 0 && (
        <section class="calc-part">
          <h2>Rules that never decide</h2>
          <ul class="calc-marks">
            {answer.shadowed.map((each) => (
              <li key={`${each.group.place} ${each.rule.name}`}>{shadowedText(each)}</li>
            ))}
          </ul>
        </section>
      )}
      <Starts
        title="Start from other rules"
        text="They replace what stands in the fields."
        starts={NSG_STARTS}
        onStart={state.onStart}
      />
    </CalculatorFrame>
  );
}

/** What happens to which part of the traffic, where not all of it meets the same rules. */
function Parts({ answer }: { readonly answer: NsgAnswer }) {
  const { parts } = answer;
  if (parts.length < 2) return null;
  const found = intervalsOf(parts);
  const words = addressWords(answer.question.names);
  const rows =
    found === null
      ? parts.map((part) => ({ what: trafficTexts(part.where, 6, words).join('; '), part }))
      : found.intervals.map((each) => ({ what: rangeText(each), part: each.part }));
  return (
    <div class="nsg-parts">
      <Grid
        caption={found === null ? 'In parts' : `By ${found.dimension}`}
        head={[found === null ? 'Traffic' : capitalised(found.dimension), 'Verdict', 'Decided by']}
        cells="prose"
        rows={rows.map(({ what, part }) => ({
          cells: [what, accessWord(part.access), decidedText(part)],
          fits: part.access === 'Allow',
        }))}
      />
    </div>
  );
}

function Change({ change, answer }: { readonly change: ChangeAnswer; readonly answer: NsgAnswer }) {
  const words = addressWords(answer.question.names);
  return (
    <section class="calc-part">
      <h2>{changeTitle(change, answer.access === 'mixed')}</h2>
      {change.steps.length === 0 && <p>None. {change.obstacle}</p>}
      {change.steps.map((step) => (
        <Step key={step.group.place} step={step} words={words} />
      ))}
      {change.others.length > 0 && (
        <details>
          <summary>{othersTitle(change)}</summary>
          <ul class="calc-marks">
            {change.others.map((step) => (
              <li key={stepText(step)}>
                {stepText(step)}. <Also step={step} words={words} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Step({ step, words }: { readonly step: ChangeStep; readonly words: AddressWords }) {
  const remark = managedRemark(step);
  return (
    <>
      <p>{stepText(step)}.</p>
      <pre class="calc-rules" tabIndex={0}>
        <code>
          {commandTexts(step).map((command) => (
            <span key={command} class="nsg-command">
              {unbrokenWords(command)}
              {'\n'}
            </span>
          ))}
        </code>
      </pre>
      <p>
        <Also step={step} words={words} />
      </p>
      {remark !== null && <p>{remark}</p>}
    </>
  );
}

function Also({ step, words }: { readonly step: ChangeStep; readonly words: AddressWords }) {
  const texts = alsoTexts(step, words);
  return <>{step.also.length === 0 ? texts.join(' ') : `Also changed: ${texts.join('; ')}.`}</>;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
