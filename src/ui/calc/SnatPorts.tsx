/** The SNAT port calculator's page: what each node has at each size, the table, and what would be enough. */
import { runSnatPorts, snatPortsCalculator } from '../../planner/calculators/snat-ports.ts';
import {
  addressesText,
  boundaryText,
  MOMENTS,
  nodesText,
  number,
  paceText,
  togetherText,
  updateLine,
} from '../../planner/calculators/snat-ports-words.ts';
import type { SnatInput, SnatPorts, TableRow } from '../../planner/snat-ports.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Commands } from './Commands.tsx';
import { Grid, row } from './Grid.tsx';
import { PortBars } from './PortBars.tsx';
import { useCalculator } from './use-calculator.ts';

/** A cluster that an upgrade takes over the first boundary of the table, while its nodes need what they have. */
const START = { nodes: '12,36', 'max-count': '12,40', connections: '900' };

export default function SnatPortsPage() {
  const state = useCalculator(snatPortsCalculator, runSnatPorts, START, (answer) => answer.verdict);
  const { plan, input, fits, verdict, proposal, advice, warnings } = state.plan;
  const { refusal } = plan;
  const isAsked = proposal?.addresses === input.addresses && proposal.allocated === input.allocated;
  return (
    <CalculatorFrame
      calculator={snatPortsCalculator}
      state={state}
      verdict={verdict}
      outcome={fits ? 'fits' : 'does-not-fit'}
      warnings={[...advice, ...warnings]}
    >
      {refusal !== null && (
        <section class="calc-part">
          <h2>What AKS answers</h2>
          <p class="calc-create">
            <code>
              ({refusal.code}) {refusal.message}
            </code>
          </p>
        </section>
      )}
      <Sizes input={input} plan={plan} />
      {input.allocated === 0 && <Table input={input} plan={plan} />}
      <Grid
        caption="What these settings allow"
        head={['What', 'Answer']}
        cells="prose"
        rows={[
          row('Connections at once', togetherText(plan)),
          row('New connections', paceText(plan)),
          row('Next boundary', boundaryText(plan)),
          row('Nodes at most', `${number(plan.mostNodes)} at once, as far as ports go`),
          row(
            'Ports at most',
            `${number(plan.mostPorts)} for each of ${nodesText(plan.counted)} with ${addressesText(input.addresses)}`,
          ),
          row('Addresses at least', `${number(plan.leastAddresses)} for these ports`),
        ]}
      />
      <Commands
        title={isAsked ? 'These settings' : 'Settings that would do'}
        commands={proposal === null ? [] : [updateLine(proposal)]}
      />
    </CalculatorFrame>
  );
}

interface PartProps {
  readonly input: SnatInput;
  readonly plan: SnatPorts;
}

function Sizes({ input, plan }: PartProps) {
  const { moments, wish } = plan;
  const now = moments[0];
  const last = moments.at(-1);
  return (
    <>
      <Grid
        caption="Ports of each node"
        head={['When', 'Nodes', 'Each node', 'All nodes', 'There are']}
        rows={moments.map((each) => ({
          cells: [
            MOMENTS[each.kind],
            number(each.nodes),
            each.portsPerNode === null ? 'not documented' : number(each.portsPerNode),
            each.needed === null ? '' : number(each.needed),
            number(each.available),
          ],
          fits:
            each.portsPerNode !== null &&
            (each.needed ?? 0) <= each.available &&
            (wish === null || each.portsPerNode >= wish.connections),
        }))}
      />
      {input.allocated > 0 && now !== undefined && last !== undefined && (
        <PortBars
          bars={[
            {
              name: `Ports of ${addressesText(input.addresses)}`,
              used: now.needed ?? 0,
              waiting: (last.needed ?? 0) - (now.needed ?? 0),
              limit: now.available,
            },
          ]}
          used="nodes"
          waiting="nodes to come and surge"
        />
      )}
    </>
  );
}

function Table({ input, plan }: PartProps) {
  return (
    <Grid
      caption={`Azure's table with ${addressesText(input.addresses)}`}
      head={['Nodes', 'Ports of each', 'These nodes']}
      rows={plan.table.map((each) =>
        row(`${number(each.from)} to ${number(each.to)}`, number(each.ports), here(each, plan)),
      )}
    />
  );
}

/** Which sizes of the cluster are in this row. */
function here({ from, to }: TableRow, { moments }: SnatPorts): string {
  const sizes = moments.filter((each) => from <= each.nodes && each.nodes <= to);
  if (sizes.length === 0) return 'none';
  return sizes.map((each) => `${number(each.nodes)} ${SHORT[each.kind]}`).join(', ');
}

const SHORT: Readonly<Record<SnatPorts['moments'][number]['kind'], string>> = {
  now: 'now',
  autoscaled: 'autoscaled',
  upgrade: 'with surge',
};
