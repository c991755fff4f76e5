/** The Pod Subnet calculator's page: what a node takes in batches and in blocks. */
import { podSubnet, runPodSubnet } from '../../planner/calculators/pod-subnet.ts';
import type { PodSubnetAnswer } from '../../planner/calculators/pod-subnet.ts';
import type { PodSubnetRoom } from '../../planner/pod-subnet.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid, row } from './Grid.tsx';
import { useCalculator } from './use-calculator.ts';

/** One node more than a /24 lets start. */
const START = { nodes: '16', 'max-pods': '30', subnet: '/24' };

export default function PodSubnet() {
  const state = useCalculator(podSubnet, runPodSubnet, START, (plan) => plan.verdict);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={podSubnet}
      state={state}
      verdict={plan.verdict}
      outcome={plan.fits ? 'fits' : 'does-not-fit'}
      warnings={plan.warnings}
    >
      <Dynamic plan={plan} />
      <Static plan={plan} />
    </CalculatorFrame>
  );
}

const number = (value: number): string => value.toLocaleString('en');
const length = (value: number | null): string => (value === null ? 'none is large enough' : `/${value}`);

function Dynamic({ plan: { input, dynamic } }: { readonly plan: PodSubnetAnswer }) {
  if (dynamic === null) return null;
  return (
    <>
      <Grid
        caption="Dynamic allocation"
        head={['What', 'Addresses']}
        rows={[
          row('Each node at first', number(dynamic.perNodeAtFirst)),
          row(`Each node with ${input.pods} pods`, number(dynamic.perNodeNow)),
          row('Each full node', number(dynamic.perNodeFull)),
          row('All nodes, full', number(dynamic.addressesNeeded)),
          row('Smallest pod subnet', length(dynamic.smallestPrefix)),
          ...roomRows(dynamic.room),
        ]}
      />
      <Grid
        caption="Batches while a node fills"
        head={['Pods with an address', 'Addresses held']}
        rows={dynamic.steps.map((step) => row(`${step.fromPods} to ${step.toPods}`, number(step.addresses)))}
      />
    </>
  );
}

function Static({ plan: { staticBlocks } }: { readonly plan: PodSubnetAnswer }) {
  if (staticBlocks === null) return null;
  const { node } = staticBlocks;
  return (
    <Grid
      caption="Static blocks"
      head={['What', 'Amount']}
      rows={[
        row('Blocks of each node', `${node.blocks} (${node.addresses} addresses)`),
        row('Addresses for its pods', number(node.usable)),
        row('Unused on a full node', number(node.wasted)),
        row('Blocks of all nodes', number(staticBlocks.blocksNeeded)),
        row('Smallest pod subnet', length(staticBlocks.smallestPrefix)),
        ...roomRows(staticBlocks.room),
      ]}
    />
  );
}

function roomRows(room: PodSubnetRoom | null) {
  if (room === null) return [];
  return [
    row('Nodes that can start', number(room.nodesThatStart)),
    { cells: ['Nodes that can be full', number(room.fullNodes)], fits: room.fits },
    row('Addresses left over', number(room.stranded)),
  ];
}
