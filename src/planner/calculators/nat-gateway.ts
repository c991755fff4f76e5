/** `calc nat-gateway`: how many addresses a load needs on a NAT gateway, and what else would carry it. */
import { NAT_GATEWAY_ADDRESSES } from '../../model/limits/nat-gateway.ts';
import {
  NAT_GATEWAY_CONNECTIONS,
  NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
  NAT_GATEWAY_PORTS_PER_ADDRESS,
} from '../../model/limits/snat.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { natGatewayPlan } from '../nat-gateway-load.ts';
import type { NatGatewayPlan, OtherMethod } from '../nat-gateway-load.ts';
import { NAT_GATEWAY_FLAGS, readNatGateway } from './nat-gateway-flags.ts';
import type { NatGatewayQuestion } from './nat-gateway-flags.ts';
import {
  addressesText,
  commandsOf,
  METHODS,
  natGatewayAdvice,
  natGatewayVerdict,
  natGatewayWarnings,
  needText,
  number,
  otherFits,
  takenText,
} from './nat-gateway-words.ts';

export interface NatGatewayAnswer extends NatGatewayQuestion {
  readonly plan: NatGatewayPlan;
  readonly verdict: string;
  readonly commands: readonly string[];
  readonly advice: readonly string[];
  readonly warnings: readonly string[];
}

export const natGatewayCalculator: Calculator = {
  name: 'nat-gateway',
  title: 'NAT gateway sizing',
  summary:
    'Says how many addresses a NAT gateway needs for a load, ports that wait to be used again included, and what else would carry it.',
  positional: null,
  flags: NAT_GATEWAY_FLAGS,
  examples: [
    { does: 'Short connections to one API', line: '--per-second 1000 --duration 2' },
    { does: 'Pools that stay open to 20 databases', line: '--connections 60000 --destinations 20' },
    {
      does: 'Are two addresses enough?',
      line: '--per-second 1500 --duration 5 --outbound-ips 2 --check',
    },
  ],
  notes: [
    `An address has ${number(NAT_GATEWAY_PORTS_PER_ADDRESS.value)} ports for each of TCP and UDP, and at most ${number(NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value)} connections to one destination; a gateway has up to ${NAT_GATEWAY_ADDRESSES.value} addresses and ${number(NAT_GATEWAY_CONNECTIONS.value)} connections in all.`,
    'Ports are shared by all nodes and, towards different destinations, by several connections: only the busiest destination counts.',
    'Counted for a steady load, evenly spread. Azure calls its timers subject to change; leave room.',
    'Exit code 0 also where the gateway is too small ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runNatGateway(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const fails = value.outcome === 'check' && value.plan.shortage !== null;
    return ok({ json: toJson(value), text: toText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the plan as data; the page draws it. */
export function runNatGateway(values: FlagValues): Result<NatGatewayAnswer, readonly InputIssue[]> {
  const question = readNatGateway(values);
  if (!question.ok) return question;
  const { input } = question.value;
  const plan = natGatewayPlan(input);
  return ok({
    ...question.value,
    plan,
    verdict: natGatewayVerdict(input, plan),
    commands: commandsOf(input, plan),
    advice: natGatewayAdvice(input, plan),
    warnings: natGatewayWarnings(input, plan),
  });
}

function toJson({
  plan,
  input,
  verdict,
  commands,
  advice,
  warnings,
}: NatGatewayAnswer): CalculatorAnswer['json'] {
  return {
    fits: plan.shortage === null,
    verdict,
    shortage: plan.shortage,
    destinations: input.load.destinations,
    openPerDestination: plan.taken.open,
    waitingPerDestination: plan.taken.waiting,
    portsPerDestination: plan.taken.ports,
    reuseTimerSeconds: plan.taken.hold,
    connections: plan.connections,
    outboundIps: plan.addresses,
    portsAvailable: plan.ports,
    maxConnectionsToOneDestination: plan.connectionsToOneDestination,
    maxConnections: NAT_GATEWAY_CONNECTIONS.value,
    minOutboundIps: plan.addressesNeeded <= NAT_GATEWAY_ADDRESSES.value ? plan.addressesNeeded : null,
    gatewaysNeeded: plan.gatewaysNeeded,
    maxPerSecond: plan.mostPerSecond === null ? null : floored(plan.mostPerSecond),
    idleTimeoutInMinutes: input.idleTimeoutInMinutes,
    otherMethods: plan.others.map(otherJson),
    commands,
    advice,
    warnings,
  };
}

function otherJson(other: OtherMethod): Json {
  const ports = other.taken.ports === Infinity ? null : other.taken.ports;
  const common = { method: other.method, fits: otherFits(other), portsTaken: ports, needs: needText(other) };
  switch (other.method) {
    case 'load-balancer':
      return {
        ...common,
        countedNodes: other.counted,
        defaultPortsPerNode: other.defaultPorts,
        allocatedOutboundPorts: other.settings?.allocated ?? null,
        outboundIps: other.settings?.addresses ?? null,
      };
    case 'firewall':
      return { ...common, instances: other.instances, publicIps: other.addresses };
    case 'instance-public-ip':
      return { ...common, portsAvailable: other.ports };
  }
}

function toText({ plan, input, verdict, commands, advice, warnings }: NatGatewayAnswer): readonly string[] {
  const { taken } = plan;
  return [
    verdict,
    '',
    `Open at once           ${number(taken.open)} towards ${eachDestination(input.load.destinations)} (at most ${number(plan.connectionsToOneDestination)}), ${number(plan.connections)} in all`,
    `Waiting                ${waitingText(taken)}`,
    `Taken                  ${number(taken.ports)} of ${number(plan.ports)} ports of ${addressesText(plan.addresses)}`,
    `Addresses at least     ${number(plan.addressesNeeded)}${plan.addressesNeeded > NAT_GATEWAY_ADDRESSES.value ? `, and a gateway has at most ${NAT_GATEWAY_ADDRESSES.value}` : ''}`,
    ...(plan.mostPerSecond === null
      ? []
      : [
          `New connections        at most ${number(floored(plan.mostPerSecond))} per second with ${addressesText(plan.addresses)}, ${number(input.load.openFor)} s each`,
        ]),
    '',
    'The same load elsewhere:',
    ...plan.others.map(
      (other) =>
        `  ${METHODS[other.method].padEnd(30)} ${takenText(other.taken.ports)} ${other.taken.ports === 1 ? 'port' : 'ports'}: ${needText(other)}`,
    ),
    ...(advice.length + warnings.length === 0 ? [] : ['']),
    ...advice.map((each) => `Advice: ${each}`),
    ...warnings.map((each) => `Warning: ${each}`),
    ...(commands.length === 0 ? [] : ['', ...commands]),
  ];
}

export function eachDestination(destinations: number): string {
  return destinations === 1 ? 'the destination' : `each of ${number(destinations)} destinations`;
}

export function waitingText({ waiting, hold }: NatGatewayPlan['taken']): string {
  if (waiting === 0) return 'none';
  return `${number(waiting)} ports, ${hold} seconds each, for the same destination only`;
}

export function floored(value: number): number {
  return Math.floor(value * 100) / 100;
}
