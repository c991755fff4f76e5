/** The NAT gateway calculator's page: what the load takes, what the gateway has, and what else would carry it. */
import {
  eachDestination,
  floored,
  natGatewayCalculator,
  runNatGateway,
  waitingText,
} from '../../planner/calculators/nat-gateway.ts';
import {
  addressesText,
  METHODS,
  needText,
  number,
  otherFits,
  takenText,
} from '../../planner/calculators/nat-gateway-words.ts';
import { NAT_GATEWAY_ADDRESSES } from '../../model/limits/nat-gateway.ts';
import { NAT_GATEWAY_CONNECTIONS } from '../../model/limits/snat.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Commands } from './Commands.tsx';
import { Grid, row } from './Grid.tsx';
import { PortBars } from './PortBars.tsx';
import { useCalculator } from './use-calculator.ts';

/** Short connections to one API: nearly all ports wait to be used again. */
const START = { 'per-second': '1000', duration: '2', nodes: '20' };

export default function NatGatewayPage() {
  const state = useCalculator(natGatewayCalculator, runNatGateway, START, (answer) => answer.verdict);
  const { plan, input, verdict, commands, advice, warnings } = state.plan;
  const { taken } = plan;
  const { destinations, openFor } = input.load;
  return (
    <CalculatorFrame
      calculator={natGatewayCalculator}
      state={state}
      verdict={verdict}
      outcome={plan.shortage === null ? 'fits' : 'does-not-fit'}
      warnings={[...advice, ...warnings]}
    >
      <PortBars
        bars={[
          {
            name: `Ports towards ${eachDestination(destinations)}`,
            used: taken.open,
            waiting: taken.waiting,
            limit: plan.ports,
          },
          {
            name: `Open to ${eachDestination(destinations)}`,
            used: taken.open,
            waiting: 0,
            limit: plan.connectionsToOneDestination,
          },
          { name: 'Open in all', used: plan.connections, waiting: 0, limit: NAT_GATEWAY_CONNECTIONS.value },
        ]}
        used="open"
        waiting="waiting to be used again"
      />
      <Grid
        caption={`With ${addressesText(plan.addresses)}`}
        head={['What', 'Answer']}
        cells="prose"
        rows={[
          row('Waiting', waitingText(taken)),
          {
            cells: [
              'Addresses at least',
              plan.addressesNeeded > NAT_GATEWAY_ADDRESSES.value
                ? `${number(plan.addressesNeeded)}, and a gateway has at most ${NAT_GATEWAY_ADDRESSES.value}`
                : number(plan.addressesNeeded),
            ],
            fits: plan.addressesNeeded <= plan.addresses,
          },
          ...(plan.mostPerSecond === null
            ? []
            : [
                row(
                  'New connections',
                  `at most ${number(floored(plan.mostPerSecond))} per second, ${number(openFor)} s each`,
                ),
              ]),
        ]}
      />
      <Grid
        caption="The same load elsewhere"
        head={['Way out', 'Ports to one destination', 'What it needs']}
        cells="prose"
        rows={plan.others.map((other) => ({
          cells: [METHODS[other.method], takenText(other.taken.ports), needText(other)],
          fits: otherFits(other),
        }))}
      />
      <Commands title="Managed by AKS, or your own" commands={commands} />
    </CalculatorFrame>
  );
}
