/** The overlap checker's page: each finding with its rule and its remedy, and what was compared. */
import { overlapCheck, runOverlapCheck, SEVERITY_NAMES } from '../../planner/calculators/overlap-check.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { Finding, PlacedRange, RangeKind } from '../../planner/overlap-check.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { useCalculator } from './use-calculator.ts';

/** A VNet as in old samples, which holds the default Service CIDR and an office. */
const START = {
  vnet: '10.0.0.0/8',
  subnet: 'nodes=10.240.0.0/16',
  peer: 'hub=10.100.0.0/16',
  'on-premises': 'office=10.1.0.0/16',
};

export default function OverlapCheck() {
  const state = useCalculator(overlapCheck, runOverlapCheck, START, (plan) => plan.verdict);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={overlapCheck}
      state={state}
      verdict={plan.verdict}
      outcome={plan.findings.length === 0 ? 'fits' : 'does-not-fit'}
      warnings={[]}
    >
      {plan.findings.length > 0 && (
        <section class="calc-part" aria-labelledby="findings">
          <h2 id="findings">Findings</h2>
          <ul class="calc-findings">
            {plan.findings.map((finding, index) => (
              <FindingItem key={index} finding={finding} />
            ))}
          </ul>
        </section>
      )}
      <section class="calc-part" aria-labelledby="compared">
        <h2 id="compared">Compared with each other</h2>
        <ul class="calc-compared">
          {plan.ranges.map((range, index) => (
            <li key={index}>
              <Range range={range} />
            </li>
          ))}
        </ul>
      </section>
    </CalculatorFrame>
  );
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const { severity, between, shared, rule, instead, code } = finding;
  return (
    <li data-severity={severity}>
      <h3>
        <span class="calc-standing">{SEVERITY_NAMES[severity]}</span>{' '}
        {between.map((range, index) => (
          <span key={index}>
            {index > 0 && ' and '}
            <Range range={range} />
          </span>
        ))}
      </h3>
      <p>{rule}</p>
      <p>{instead}</p>
      <p class="calc-finding-facts">
        {shared === null ? '' : `Both hold ${formatPrefix(shared)}. `}
        {code === null ? (
          'Azure accepts it.'
        ) : (
          <>
            Azure&apos;s error code: <code>{code}</code>
          </>
        )}
      </p>
    </li>
  );
}

/** A VNet holds ranges of every colour, so it has none. */
const LETTERS: Readonly<Record<RangeKind, string>> = {
  vnet: 'none',
  subnet: 'N',
  peer: 'O',
  'on-premises': 'O',
  pod: 'P',
  service: 'S',
  forbidden: 'none',
};

function Range({ range }: { readonly range: PlacedRange }) {
  return (
    <>
      {range.name}{' '}
      <span class="address" data-range={LETTERS[range.kind]}>
        {formatPrefix(range.prefix)}
      </span>
    </>
  );
}
