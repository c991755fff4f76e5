/** The kubenet planner's page: what a cluster needs, resource by resource, and what ends first. */
import {
  formatShare,
  kubenetPlan,
  RESOURCE_NAMES,
  runKubenetPlan,
} from '../../planner/calculators/kubenet-plan.ts';
import type { KubenetAnswer } from '../../planner/calculators/kubenet-plan.ts';
import type { KubenetResource, ResourceUse } from '../../planner/kubenet-plan.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { useCalculator } from './use-calculator.ts';

/** A cluster that is alive and well until somebody upgrades it. */
export const KUBENET_START = { nodes: '240', surge: '10%', subnet: '10.224.0.0/22', 'custom-routes': '1' };

export default function KubenetPlan() {
  const state = useCalculator(kubenetPlan, runKubenetPlan, KUBENET_START, (plan) => plan.verdict);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={kubenetPlan}
      state={state}
      verdict={plan.verdict}
      outcome={plan.now.fits && plan.grown.fits ? 'fits' : 'does-not-fit'}
      warnings={plan.warnings}
    >
      <Needs plan={plan} />
      <Uses plan={plan} />
    </CalculatorFrame>
  );
}

const number = (value: number): string => value.toLocaleString('en');

function Needs({ plan }: { readonly plan: KubenetAnswer }) {
  const { now, grown, input } = plan;
  const sizes = grown.nodes === now.nodes ? [now] : [now, grown];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Nodes', sizes.map((size) => number(size.nodes))],
    [`Surge nodes (${formatShare(input.surge)})`, sizes.map((size) => number(size.surgeNodes))],
    ['Nodes at once', sizes.map((size) => number(size.peakNodes))],
    ['Pods at most', sizes.map((size) => number(size.pods))],
    ['Addresses of the subnet', sizes.map((size) => number(size.addressesNeeded))],
    [
      'Smallest subnet',
      sizes.map((size) =>
        size.smallestPrefix === null ? 'none is large enough' : `/${size.smallestPrefix}`,
      ),
    ],
    ['Ranges of the pod CIDR', sizes.map((size) => number(size.podRangesNeeded))],
    [
      'Smallest pod CIDR',
      sizes.map((size) =>
        size.smallestPodCidrPrefix === null ? 'none is large enough' : `/${size.smallestPodCidrPrefix}`,
      ),
    ],
    ['Routes', sizes.map((size) => number(size.routesNeeded))],
  ];
  return (
    <div class="calc-table">
      <table class="calc-grid">
        <caption>What the cluster needs</caption>
        {sizes.length > 1 && (
          <thead>
            <tr>
              <td />
              <th scope="col">Now</th>
              <th scope="col">After growth</th>
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(([name, values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={index}>{value}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Largest cluster with this surge</th>
            <td colSpan={sizes.length}>
              {number(plan.maxNodes)} nodes, {number(plan.maxPodsInCluster)} pods
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

const RANGE: Readonly<Record<KubenetResource, string>> = {
  subnetAddresses: 'N',
  podRanges: 'P',
  routes: 'none',
};

function Uses({ plan }: { readonly plan: KubenetAnswer }) {
  return (
    <>
      <div class="calc-table">
        <table class="calc-grid">
          <caption>In the order in which they run out</caption>
          <thead>
            <tr>
              <th scope="col">Resource</th>
              <th scope="col">Needed</th>
              <th scope="col">There are</th>
              <th scope="col">Cannot join</th>
            </tr>
          </thead>
          <tbody>
            {plan.order.map((use) => (
              <tr key={use.resource} data-fits={use.fits ? 'yes' : 'no'}>
                <th scope="row">{capitalised(RESOURCE_NAMES[use.resource])}</th>
                <td>{number(use.needed)}</td>
                <td>{number(use.available)}</td>
                <td>node {number(use.failsAtNode)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figure class="calc-bars" aria-label="The same as bars">
        {plan.order.map((use) => (
          <Bar key={use.resource} use={use} plan={plan} />
        ))}
        <figcaption>
          <span class="calc-key" data-part="other" /> already taken{' '}
          <span class="calc-key" data-part="nodes" /> nodes <span class="calc-key" data-part="surge" /> surge
          nodes <span class="calc-key" data-part="over" /> too many
        </figcaption>
      </figure>
    </>
  );
}

/** Segments of what is needed, on a scale that holds both the need and the supply. */
function Bar({ use, plan }: { readonly use: ResourceUse; readonly plan: KubenetAnswer }) {
  const { now } = plan;
  const scale = Math.max(use.available, use.needed);
  const share = (value: number): string => `${(100 * value) / scale}%`;
  const taken = use.needed - now.peakNodes;
  const parts = [
    { part: 'other', from: 0, to: taken },
    { part: 'nodes', from: taken, to: taken + now.nodes },
    { part: 'surge', from: taken + now.nodes, to: use.needed },
  ].map((each) => ({
    ...each,
    from: Math.min(each.from, use.available),
    to: Math.min(each.to, use.available),
  }));
  const over = use.needed - use.available;
  return (
    <div class="calc-bar" data-range={RANGE[use.resource]}>
      <p>
        {capitalised(RESOURCE_NAMES[use.resource])}: {number(use.needed)} of {number(use.available)}
        {over > 0 && <strong>, {number(over)} too many</strong>}
      </p>
      <div class="calc-track" aria-hidden="true">
        {parts
          .filter((each) => each.to > each.from)
          .map(({ part, from, to }) => (
            <span key={part} data-part={part} style={{ left: share(from), width: share(to - from) }} />
          ))}
        {over > 0 && <span data-part="over" style={{ left: share(use.available), width: share(over) }} />}
        <span class="calc-limit" style={{ left: share(use.available) }} />
      </div>
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
