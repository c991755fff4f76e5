/**
 * Connections that are open when new ones would take another way. Azure leaves them where they are: a
 * changed security rule is for new flows (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview),
 * and so is a NAT gateway that comes onto a subnet in use (https://learn.microsoft.com/azure/nat-gateway/nat-overview).
 * They end with their program, or when the device that translates them is gone. A firewall is another matter:
 * what it let through ends when its rules deny it (https://learn.microsoft.com/azure/firewall/rule-processing).
 */
import { getResource, listResources } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { compileUnloaded } from '../compile/compile.ts';
import type { TrafficRun, WayOut } from '../snat/load.ts';
import { heldConnections } from './held-run.ts';
import { placedLoads, withFewerWorkers } from './pod-loads.ts';
import type { PlacedLoad } from './pod-loads.ts';

/**
 * Returns what becomes of a run whose new connections go elsewhere from now on: the connections that are
 * open stay, if they may, and the rest of it ends.
 */
export function partAt(run: TrafficRun, open: number, now: number, mayStay: boolean): readonly TrafficRun[] {
  const stop = Math.max(run.start, now);
  if (!mayStay || open === 0) return [{ ...run, stop }];
  const { workers: _busy, ...kept } = run;
  const rest = withFewerWorkers(run, open);
  return [
    { ...kept, connections: open, perSecond: null },
    ...(rest === null ? [] : [{ ...run, ...rest, stop }]),
  ];
}

/** Reports whether connections made by `run` go on in `after`, where the same program's new ones are `still`. */
export function staysOpen(run: TrafficRun, still: TrafficRun, after: Cloud): boolean {
  const { through } = run;
  if (run.openFor !== null || run.workers === undefined || through === null) return false;
  const sameTarget =
    run.destination.address === still.destination.address && run.destination.port === still.destination.port;
  if (!sameTarget || !wayStands(after, through)) return false;
  if (still.through !== null) {
    return through.inventory.method !== 'nat-gateway' && still.through.inventory.method === 'nat-gateway';
  }
  const placed = placedLoads(after, compileUnloaded(after)).find(({ name }) => name === run.container);
  return placed !== undefined && isDeniedByGroup(placed);
}

function isDeniedByGroup({ reached: { trace } }: PlacedLoad): boolean {
  const isDenied = trace.disposition === 'denied-outbound' || trace.disposition === 'denied-inbound';
  return isDenied && / of NSG /.test(trace.hops.at(-1)?.steps.at(-1)?.by ?? '');
}

/** Reports whether what translates a connection is still there to do it. */
function wayStands(cloud: Cloud, { inventory, resource, by, addresses }: WayOut): boolean {
  switch (inventory.method) {
    case 'load-balancer': {
      const balancer = getResource(cloud, resource, 'Microsoft.Network/loadBalancers');
      const rules = [...(balancer?.outboundRules ?? []), ...(balancer?.loadBalancingRules ?? [])];
      return rules.some(({ name }) => by.includes(`rule ${name} of load balancer`));
    }
    case 'nat-gateway':
      return listResources(cloud, 'Microsoft.Network/virtualNetworks').some(({ subnets }) =>
        subnets.some(({ natGateway }) => natGateway?.id.toLowerCase() === resource.toLowerCase()),
      );
    case 'instance-public-ip':
      return listResources(cloud, 'Microsoft.Network/publicIPAddresses').some(
        ({ name, ipConfiguration }) => name === resource && ipConfiguration !== null,
      );
    case 'firewall': {
      const firewall = getResource(cloud, resource, 'Microsoft.Network/azureFirewalls');
      const held = (firewall?.ipConfigurations ?? []).map(({ publicIPAddress }) =>
        publicIPAddress === null
          ? null
          : getResource(cloud, publicIPAddress.id, 'Microsoft.Network/publicIPAddresses'),
      );
      return addresses.every((each) => held.some((one) => one?.ipAddress === each));
    }
  }
}

/** Returns the cloud in which held connections have ended whose program is gone, or whose way is. */
export function endHeldConnections(cloud: Cloud): Cloud {
  const { traffic } = cloud;
  const held = traffic?.filter((run) => heldConnections(run) > 0 && goesOn(run, cloud.now)) ?? [];
  if (traffic === undefined || held.length === 0) return cloud;
  const programs = new Set(placedLoads(cloud, compileUnloaded(cloud)).map(({ name }) => name));
  const over = new Set(
    held.filter(
      ({ container, through }) =>
        through === null || !programs.has(container ?? '') || !wayStands(cloud, through),
    ),
  );
  if (over.size === 0) return cloud;
  return {
    ...cloud,
    traffic: traffic.map((run) => (over.has(run) ? { ...run, stop: Math.max(run.start, cloud.now) } : run)),
  };
}

function goesOn({ stop }: TrafficRun, now: number): boolean {
  return stop === null || stop > now;
}
