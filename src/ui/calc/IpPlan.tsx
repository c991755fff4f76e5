/** The IP plan's page: every network plugin side by side, and the ranges of each. */
import { IPAM_NAMES, number, rangeText } from '../../planner/calculators/ip-plan-words.ts';
import { ipPlan, runIpPlan } from '../../planner/calculators/ip-plan.ts';
import type { IpPlanAnswer } from '../../planner/calculators/ip-plan.ts';
import { RANGE_NAMES } from '../../planner/ip-plan.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { UpgradeTimelines } from './UpgradeTimeline.tsx';
import { useCalculator } from './use-calculator.ts';
import { VnetPictures } from './VnetPicture.tsx';

/** The worked example of the documentation, for every plugin. */
const START = { nodes: '50', surge: '1', 'max-pods': '30' };

export default function IpPlan() {
  const state = useCalculator(ipPlan, runIpPlan, START, (plan) => plan.verdict);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={ipPlan}
      state={state}
      verdict={plan.verdict}
      outcome={plan.fits ? 'fits' : 'does-not-fit'}
      warnings={plan.warnings}
    >
      <Summary plan={plan} />
      <Ranges plan={plan} />
      <VnetPictures views={plan.views} />
      <UpgradeTimelines views={plan.views} />
    </CalculatorFrame>
  );
}

const length = (value: number | null): string => (value === null ? 'none' : `/${value}`);

function Summary({ plan }: { readonly plan: IpPlanAnswer }) {
  const grows = plan.views.some((each) => each.plan.grown.nodes !== each.plan.now.nodes);
  return (
    <Grid
      caption="Addresses of the VNet"
      head={[
        'Pods get addresses from',
        'Nodes at once',
        'Pods',
        'Addresses',
        'Smallest range',
        ...(grows ? ['After growth'] : []),
      ]}
      rows={plan.views.map(({ plan: { ipam, now, grown }, fits }) => ({
        cells: [
          IPAM_NAMES[ipam],
          number(now.peakNodes),
          number(now.pods),
          number(now.addressesNeeded),
          length(now.smallestPrefix),
          ...(grows ? [`${number(grown.addressesNeeded)}, ${length(grown.smallestPrefix)}`] : []),
        ],
        fits,
      }))}
    />
  );
}

function Ranges({ plan }: { readonly plan: IpPlanAnswer }) {
  const rows = plan.views.flatMap(({ plan: { ipam, now } }) => [
    ...now.ranges.map((each) => ({
      cells: [IPAM_NAMES[ipam], RANGE_NAMES[each.range], rangeText(each)],
      fits: each.fits,
    })),
    ...(now.addressesReserved === null
      ? []
      : [
          {
            cells: [
              IPAM_NAMES[ipam],
              'observed',
              `${number(now.addressesReserved)} addresses are what the service reserves: ${length(now.smallestPrefixReserved)}`,
            ],
            fits: true,
          },
        ]),
  ]);
  return (
    <details class="calc-fold" open={plan.views.length === 1}>
      <summary>Range by range</summary>
      <Grid caption="Range by range" head={['Plugin', 'Range', 'Needs']} rows={rows} />
    </details>
  );
}
