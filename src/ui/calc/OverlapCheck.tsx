/** The overlap checker's page: each finding with its rule and its remedy, and what was compared. */
import {
  namesOf,
  overlapCheck,
  runOverlapCheck,
  SEVERITY_NAMES,
} from '../../planner/calculators/overlap-check.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid, row } from './Grid.tsx';
import { useCalculator } from './use-calculator.ts';

/** A VNet as in old samples, which holds the default Service CIDR and an office. */
const START = { vnet: '10.0.0.0/8', subnet: 'nodes=10.240.0.0/16', 'on-premises': 'office=10.1.0.0/16' };

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
        <Grid
          caption="Findings"
          cells="prose"
          head={['Ranges', 'Verdict', 'Shared', 'Rule and what to do', "Azure's code"]}
          rows={plan.findings.map((finding) => ({
            cells: [
              namesOf(finding),
              SEVERITY_NAMES[finding.severity],
              finding.shared === null ? 'nothing' : formatPrefix(finding.shared),
              `${finding.rule} ${finding.instead}`,
              finding.code ?? 'none: it is accepted',
            ],
            fits: finding.severity === 'avoid',
          }))}
        />
      )}
      <Grid
        caption="Compared with each other"
        head={['Range', 'Prefix']}
        rows={plan.ranges.map(({ name, prefix }) => row(name, formatPrefix(prefix)))}
      />
    </CalculatorFrame>
  );
}
