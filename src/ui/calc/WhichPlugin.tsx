/** The plugin chooser's page: the ranking, each plugin with every reason, and what contradicts itself. */
import {
  OPTION_COMMANDS,
  runWhichPlugin,
  STANDING_NAMES,
  whichPlugin,
} from '../../planner/calculators/which-plugin.ts';
import { OPTION_NAMES } from '../../planner/calculators/which-plugin-flags.ts';
import type { Candidate } from '../../planner/which-plugin.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { ReasonItem } from './ReasonItem.tsx';
import { unbrokenOptions, unbrokenWords } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';

/** Firewalls that tell pods apart, in a VNet with room for it. */
const START = { 'pod-source': 'yes', nodes: '20', pods: '600', space: '10.1.0.0/20' };

export default function WhichPlugin() {
  const state = useCalculator(whichPlugin, runWhichPlugin, START, (plan) => plan.verdict);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={whichPlugin}
      state={state}
      verdict={plan.verdict}
      outcome={plan.best === null ? 'does-not-fit' : 'fits'}
      warnings={plan.contradictions}
    >
      <ol class="calc-ranking">
        {plan.choice.ranking.map((candidate, index) => (
          <Plugin key={candidate.option} candidate={candidate} isFirst={index === 0} />
        ))}
      </ol>
    </CalculatorFrame>
  );
}

interface PluginProps {
  readonly candidate: Candidate;
  readonly isFirst: boolean;
}

function Plugin({ candidate, isFirst }: PluginProps) {
  const { option, standing, reasons, decidedBy } = candidate;
  return (
    <li data-standing={standing}>
      <h2>
        {OPTION_NAMES[option]} <span class="calc-standing">{STANDING_NAMES[standing]}</span>
      </h2>
      <p>{unbrokenOptions(decidedBy.join(' '))}</p>
      <details open={isFirst}>
        <summary>
          {reasons.length === 1 ? 'The one reason' : `All ${reasons.length} reasons`}
          <span class="visually-hidden"> for {OPTION_NAMES[option]}</span>
        </summary>
        <ul class="calc-reasons">
          {reasons.map((reason) => (
            <ReasonItem key={reason.text} reason={reason} />
          ))}
        </ul>
        <p class="calc-create">
          <code>{unbrokenWords(`az aks create ${OPTION_COMMANDS[option]}`)}</code>
        </p>
      </details>
    </li>
  );
}
