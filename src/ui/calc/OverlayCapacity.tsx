/** The Overlay calculator's page: what bounds the cluster, and what a wider pod range changes. */
import {
  OVERLAY_RESOURCES,
  overlayCapacityCalculator,
  runOverlayCapacity,
} from '../../planner/calculators/overlay-capacity.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { useCalculator } from './use-calculator.ts';

/** A pod range that is too small by an upgrade. */
const START = { 'pod-cidr': '10.244.0.0/18', nodes: '60', 'max-pods': '110', 'expand-to': '10.244.0.0/16' };

export default function OverlayCapacity() {
  const state = useCalculator(overlayCapacityCalculator, runOverlayCapacity, START, (plan) => plan.verdict);
  const { plan } = state;
  const ways = [
    { podCidr: plan.podCidr, capacity: plan.now },
    ...(plan.expanded === null ? [] : [plan.expanded]),
  ];
  return (
    <CalculatorFrame
      calculator={overlayCapacityCalculator}
      state={state}
      verdict={plan.verdict}
      outcome={plan.now.fits ? 'fits' : 'does-not-fit'}
      warnings={plan.warnings}
    >
      <Grid
        caption="What the cluster can be"
        head={['Pod CIDR', 'Nodes at once', 'Pods', 'Cannot join']}
        rows={ways.map(({ podCidr, capacity }) => ({
          cells: [
            podCidr,
            number(capacity.nodesAtOnce),
            number(capacity.podsAtOnce),
            `node ${number(capacity.failsAtNode)}`,
          ],
          fits: capacity.fits,
        }))}
      />
      <Grid
        caption="In the order in which they run out"
        head={['Resource', 'Nodes at once']}
        rows={plan.now.bounds.map(({ resource, nodesAtOnce }) => ({
          cells: [capitalised(OVERLAY_RESOURCES[resource]), number(nodesAtOnce)],
          fits: plan.now.peakNodes === null || plan.now.peakNodes <= nodesAtOnce,
        }))}
      />
    </CalculatorFrame>
  );
}

const number = (value: number): string => value.toLocaleString('en');

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
