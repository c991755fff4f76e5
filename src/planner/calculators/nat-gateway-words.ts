/** What the NAT gateway calculator says about its numbers. */
import { ALLOCATED_OUTBOUND_PORTS, MANAGED_OUTBOUND_ADDRESSES } from '../../model/limits/aks.ts';
import { NAT_GATEWAY_ADDRESSES, NAT_GATEWAY_IDLE_TIMEOUT } from '../../model/limits/nat-gateway.ts';
import { FIREWALL_ADDRESSES, NAT_GATEWAY_CONNECTIONS } from '../../model/limits/snat.ts';
import type { NatGatewayInput, NatGatewayPlan, OtherMethod } from '../nat-gateway-load.ts';
import { addressesText, nodesText, number } from './snat-ports-words.ts';

export { addressesText, number };

/** The answer in one sentence. */
export function natGatewayVerdict(input: NatGatewayInput, plan: NatGatewayPlan): string {
  const { shortage, taken, addresses, addressesNeeded } = plan;
  const where = input.load.destinations === 1 ? 'the destination' : 'each destination';
  if (shortage === null) {
    return `${input.addresses === null ? 'One NAT gateway carries it with' : 'Enough:'} ${addressesText(addresses)}${input.addresses === null ? '' : addresses === 1 ? ' carries it' : ' carry it'}. Towards ${where} ${number(taken.ports)} of ${number(plan.ports)} ports are taken.`;
  }
  const gateway = input.addresses === null ? 'One NAT gateway is not enough' : 'Too few';
  const needs =
    addressesNeeded <= NAT_GATEWAY_ADDRESSES.value && shortage !== 'connections'
      ? `${addressesText(addressesNeeded)} would be enough`
      : `${number(plan.gatewaysNeeded)} gateways would be needed, each with subnets of its own`;
  switch (shortage) {
    case 'ports':
      return `${gateway}: ${number(taken.ports)} ports are taken towards ${where}, and ${addressesText(addresses)} ${has(addresses)} ${number(plan.ports)}. ${needs}.`;
    case 'connections-to-one-destination':
      return `${gateway}: ${number(taken.open)} connections are open to ${where}, and ${addressesText(addresses)} may have ${number(plan.connectionsToOneDestination)}. ${needs}.`;
    case 'connections':
      return `${gateway}: ${number(plan.connections)} connections are open, and a gateway has ${number(NAT_GATEWAY_CONNECTIONS.value)} in all, however many addresses. ${needs}.`;
  }
}

function has(count: number): string {
  return count === 1 ? 'has' : 'have';
}

export function natGatewayAdvice(input: NatGatewayInput, plan: NatGatewayPlan): readonly string[] {
  const { taken } = plan;
  const { load } = input;
  const advice: string[] = [];
  if (taken.waiting > taken.open) {
    advice.push(
      `${number(taken.waiting)} of the ${number(taken.ports)} ports are not in use: they wait ${taken.hold} seconds before they serve the same destination again. Connections that are kept and used again need none of these.`,
    );
  }
  if (load.end === 'idle' && load.protocol === 'tcp' && load.perSecond > 0) {
    const lowest = NAT_GATEWAY_IDLE_TIMEOUT.value.lowest;
    advice.push(
      input.idleTimeoutInMinutes > lowest
        ? `Every silent connection keeps its port for ${input.idleTimeoutInMinutes} minutes: an idle timeout of ${lowest} needs fewer, and closing them fewer still.`
        : `Every silent connection keeps its port for ${lowest} minutes, and no idle timeout is shorter: close them.`,
    );
  }
  if (plan.shortage !== null && plan.shortage !== 'connections' && load.destinations === 1) {
    advice.push(
      'Ports are counted for each destination: with two addresses behind the same name half of them are enough. Services of Azure need none through a private endpoint.',
    );
  }
  const balancer = plan.others.find((each) => each.method === 'load-balancer');
  if (balancer?.defaultPorts !== undefined && (balancer.defaultPorts ?? 0) >= balancer.taken.ports) {
    advice.push(
      `The load balancer carries it too: each of ${nodesText(input.nodes)} needs ${number(balancer.taken.ports)} of its ${number(balancer.defaultPorts ?? 0)} ports by default, if the nodes share the load evenly.`,
    );
  }
  return advice;
}

export function natGatewayWarnings(input: NatGatewayInput, plan: NatGatewayPlan): readonly string[] {
  const { load } = input;
  const warnings: string[] = [];
  if (load.protocol === 'udp' && load.end !== 'fin') {
    warnings.push('UDP has no end that the gateway could see: each flow keeps its port until it times out.');
  }
  if (input.idleTimeoutInMinutes > NAT_GATEWAY_IDLE_TIMEOUT.value.default && load.protocol === 'tcp') {
    warnings.push(
      `Azure advises against an idle timeout above ${NAT_GATEWAY_IDLE_TIMEOUT.value.default} minutes: silent connections keep their ports for as long.`,
    );
  }
  if (plan.shortage === null && input.addresses !== null && input.addresses > plan.addressesNeeded) {
    warnings.push(`${addressesText(plan.addressesNeeded)} would be enough for this.`);
  }
  if (load.perSecond === 0 && load.kept > 0) {
    warnings.push(
      'Nothing is counted for connections that break and are opened again: leave room for a restart of all clients.',
    );
  }
  return warnings;
}

/** Commands that make it; none where one gateway does not do. */
export function commandsOf(input: NatGatewayInput, plan: NatGatewayPlan): readonly string[] {
  if (plan.shortage !== null) {
    if (plan.addressesNeeded > NAT_GATEWAY_ADDRESSES.value || plan.shortage === 'connections') return [];
    return commandsFor(plan.addressesNeeded, input.idleTimeoutInMinutes);
  }
  return commandsFor(plan.addresses, input.idleTimeoutInMinutes);
}

function commandsFor(addresses: number, idleTimeout: number): readonly string[] {
  const managed = `--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count ${addresses} --nat-gateway-idle-timeout ${idleTimeout}`;
  const length = [31, 30, 29, 28].find((each) => 2 ** (32 - each) >= addresses) ?? 28;
  const own =
    addresses === 1
      ? [
          'az network public-ip create --resource-group GROUP --name ADDRESS --sku Standard',
          `az network nat gateway create --resource-group GROUP --name GATEWAY --public-ip-addresses ADDRESS --idle-timeout ${idleTimeout}`,
        ]
      : [
          `az network public-ip prefix create --resource-group GROUP --name PREFIX --length ${length}`,
          `az network nat gateway create --resource-group GROUP --name GATEWAY --public-ip-prefixes PREFIX --idle-timeout ${idleTimeout}`,
        ];
  return [`az aks update --resource-group GROUP --name CLUSTER ${managed}`, ...own];
}

export const METHODS: Readonly<Record<OtherMethod['method'], string>> = {
  'load-balancer': 'Load balancer, each node',
  firewall: 'Azure Firewall',
  'instance-public-ip': 'Address of its own, each node',
};

export function takenText(ports: number): string {
  return ports === Infinity ? 'ever more' : number(ports);
}

/** What the other way out would need for the same load. */
export function needText(other: OtherMethod): string {
  switch (other.method) {
    case 'load-balancer': {
      const { counted, defaultPorts, settings, taken } = other;
      if (defaultPorts !== null && taken.ports <= defaultPorts) {
        return `the default of ${number(defaultPorts)} ports is enough`;
      }
      return settings === null
        ? `not possible: at most ${number(ALLOCATED_OUTBOUND_PORTS.value.highest)} ports for a node and ${MANAGED_OUTBOUND_ADDRESSES.value.highest} addresses`
        : `${number(settings.allocated)} ports for each of ${number(counted)} nodes (surge counted), ${addressesText(settings.addresses)}`;
    }
    case 'firewall':
      return other.addresses === null
        ? `not possible: at most ${FIREWALL_ADDRESSES.value.highest} addresses, with ${other.instances} instances`
        : `${addressesText(other.addresses)} with ${other.instances} instances`;
    case 'instance-public-ip':
      if (other.taken.ports === Infinity) return 'not possible: silent sockets stay until their program ends';
      return other.fits
        ? `fits in ${number(other.ports)} ephemeral ports`
        : `not possible: Linux gives out ${number(other.ports)} ports`;
  }
}

export function otherFits(other: OtherMethod): boolean {
  switch (other.method) {
    case 'load-balancer':
      return other.settings !== null;
    case 'firewall':
      return other.addresses !== null;
    case 'instance-public-ip':
      return other.fits;
  }
}
