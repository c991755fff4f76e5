/** The outbound type chooser's page: the ranking, what each type takes and costs in objects, and every reason. */
import {
  detailsOf,
  objectsText,
  outboundTypeCalculator,
  portsText,
  runOutboundType,
} from '../../planner/calculators/outbound-type.ts';
import { STANDING_NAMES } from '../../planner/calculators/which-plugin.ts';
import type { OutboundCandidate, OutboundNeeds } from '../../planner/outbound-type.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { ReasonItem } from './ReasonItem.tsx';
import { unbrokenOptions, unbrokenWords } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';

/** A partner with an allow list, and more connections than the table of a load balancer has ports for. */
const START = { 'fixed-address': 'yes', nodes: '12', 'max-nodes': '40', connections: '30000' };

export default function OutboundType() {
  const state = useCalculator(outboundTypeCalculator, runOutboundType, START, (plan) => plan.verdict);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={outboundTypeCalculator}
      state={state}
      verdict={plan.verdict}
      outcome={plan.best === null ? 'does-not-fit' : 'fits'}
      warnings={plan.contradictions}
    >
      <ol class="calc-ranking">
        {plan.choice.ranking.map((candidate, index) => (
          <Type key={candidate.option} candidate={candidate} needs={plan.needs} isFirst={index === 0} />
        ))}
      </ol>
    </CalculatorFrame>
  );
}

interface TypeProps {
  readonly candidate: OutboundCandidate;
  readonly needs: OutboundNeeds;
  readonly isFirst: boolean;
}

function Type({ candidate, needs, isFirst }: TypeProps) {
  const { option, standing, reasons, decidedBy } = candidate;
  return (
    <li data-standing={standing}>
      <h2>
        {option} <span class="calc-standing">{STANDING_NAMES[standing]}</span>
      </h2>
      <p>{unbrokenOptions(decidedBy.join(' '))}</p>
      <details open={isFirst}>
        <summary>
          {standing === 'ruled-out' ? 'Every reason' : 'What it takes, and every reason'}
          <span class="visually-hidden"> for {option}</span>
        </summary>
        {standing !== 'ruled-out' && <Details candidate={candidate} needs={needs} />}
        <ul class="calc-reasons">
          {reasons.map((reason) => (
            <ReasonItem key={reason.text} reason={reason} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function Details({ candidate, needs }: Pick<TypeProps, 'candidate' | 'needs'>) {
  const { recipe, size } = detailsOf(candidate.option, needs);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['You bring', recipe.bring],
    ['AKS makes', recipe.makes],
    ['Seen as', [recipe.seen]],
    ['Ports', [portsText(size)]],
    ['Limits', recipe.limits],
    ['Objects', [objectsText(recipe.objects)]],
  ];
  return (
    <>
      <dl class="calc-objects">
        {rows
          .map(([name, values]) => [name, values.filter((each) => each !== '')] as const)
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
      {recipe.commands.map((each) => (
        <p key={each} class="calc-create">
          <code>{unbrokenWords(each)}</code>
        </p>
      ))}
    </>
  );
}
