/**
 * The one bridge from Azure and Kubernetes to packets: builds the neutral network that a cloud
 * amounts to. What cannot be shown faithfully is in `diagnostics`, and ends a trace as undetermined.
 */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { InterfaceName, Network } from '../network/network.ts';
import { hostsOutside } from '../outside-host.ts';
import { addCluster } from './cluster.ts';
import type { Diagnostic } from './diagnostics.ts';
import { finish, newDraft } from './draft.ts';
import { addEdge } from './edge.ts';
import { effectiveRoutes } from './effective-routes.ts';
import { EDGE_INTERFACE } from './fabric-interfaces.ts';
import { withLoad } from './exhaustion.ts';
import { addFabric } from './fabric.ts';
import type { FabricPlan, FabricUplink } from './fabric.ts';
import { planFirewalls } from './firewall.ts';
import type { FirewallPlan } from './firewall.ts';
import { addFirewall } from './firewall-host.ts';
import { addApiServers, addInternet, addInternetHosts, newInternet } from './internet.ts';
import { takeInventory } from './inventory.ts';
import type { Inventory, NetworkPart } from './inventory.ts';
import { addBalancer } from './load-balancer-host.ts';
import { fabricBalancing, planBalancers } from './load-balancer-plan.ts';
import type { BalancerPlan } from './load-balancer-plan.ts';
import { balancerHosts, balancerParts } from './load-balancers.ts';
import { addMachines } from './machine.ts';
import { addNatGateway } from './nat-gateway.ts';
import { addDeviceHosts, addGateway, addUnconnectedHosts, gatewayOfNetwork } from './on-premises.ts';
import type { DeviceNetworks } from './on-premises.ts';
import { onPremisesOf } from './on-premises-site.ts';
import { planOutbound } from './outbound.ts';
import type { OutboundPlan } from './outbound.ts';
import { overlayDomains } from './overlay.ts';
import { addPlatform } from './platform.ts';
import { podNames } from './pod-names.ts';
import { addPrivateEndpoints } from './private-link.ts';
import { instanceAddress } from './public-address.ts';
import { publicAddressesOfName } from './public-names.ts';
import type { PodNames } from './pod-names.ts';
import { HealthProbes } from './probe-health.ts';

export interface Compiled {
  readonly network: Network;
  readonly diagnostics: readonly Diagnostic[];
  /** What is plugged in where, under the network's names. */
  readonly inventory: Inventory;
  readonly podNames: PodNames;
  /** The load balancers that packets can meet. */
  readonly balancers: readonly BalancerPlan[];
  /** The firewalls that packets can meet. */
  readonly firewalls: readonly FirewallPlan[];
  /** How each NIC reaches the internet. */
  readonly outbound: OutboundPlan;
  /** What the probes of the load balancers find. */
  readonly probes: HealthProbes;
  /** What the gateway of each VNet announces to it, by the VNet's key. */
  readonly learned: ReadonlyMap<ArmKey, readonly Prefix[]>;
}

const compiledClouds = new WeakMap<Cloud, Compiled>();
/** What was compiled last of clouds with these resources. */
const compiledResources = new WeakMap<Cloud['resources'], Compiled>();

const loadedClouds = new WeakMap<Cloud, Compiled>();

/**
 * Returns the network of a cloud at its time, with what programs that open connections have left of the
 * source ports.
 */
export function compile(cloud: Cloud): Compiled {
  let loaded = loadedClouds.get(cloud);
  if (loaded === undefined) {
    loaded = withLoad(compileUnloaded(cloud), cloud);
    loadedClouds.set(cloud, loaded);
  }
  return loaded;
}

/**
 * Returns the network of a cloud as if nobody used it. Clouds never change, so each is compiled once; and
 * not even that where only time has passed since another one.
 */
export function compileUnloaded(cloud: Cloud): Compiled {
  const known = compiledClouds.get(cloud);
  if (known !== undefined) return known;
  const last = compiledResources.get(cloud.resources);
  const compiled = last !== undefined && makesSameNetwork(last.inventory.cloud, cloud) ? last : build(cloud);
  compiledClouds.set(cloud, compiled);
  compiledResources.set(cloud.resources, compiled);
  return compiled;
}

/** Compares all that a network is made of: time, groups and operations under way are no part of it. */
function makesSameNetwork(one: Cloud, other: Cloud): boolean {
  return (
    one.resources === other.resources &&
    one.kubernetes === other.kubernetes &&
    one.outsideHosts === other.outsideHosts &&
    one.pins === other.pins &&
    one.seed === other.seed
  );
}

function build(cloud: Cloud): Compiled {
  const diagnostics: Diagnostic[] = [];
  const said = new Set<string>();
  const report = (about: string, message: string): void => {
    const key = `${about} ${message}`;
    if (said.has(key)) return;
    said.add(key);
    diagnostics.push({ about, message });
  };
  const inventory = takeInventory(cloud, report);
  const balancerHostOf = balancerHosts(inventory);
  const outbound = planOutbound(inventory, balancerHostOf, report);
  const parts = balancerParts(inventory, balancerHostOf, report);
  const balancers = planBalancers(inventory, parts, outbound);
  const firewalls = planFirewalls(inventory, outbound.gateways, report);
  const onPremises = onPremisesOf(inventory, report);
  const devices: DeviceNetworks = new Map();
  const names = podNames(inventory.clusters);
  const overlays = overlayDomains(inventory);
  const draft = newDraft();
  const internet = newInternet();
  const probes = new HealthProbes();
  const balancerUplinks = new Map<BalancerPlan, readonly FabricUplink[]>();
  for (const each of balancers) balancerUplinks.set(each, addBalancer(draft, internet, each, probes));
  for (const each of outbound.gateways) if (each.network === null) addNatGateway(draft, internet, each);

  const links = addPrivateEndpoints(draft, inventory, parts);
  const learned = new Map<ArmKey, readonly Prefix[]>();
  for (const network of inventory.networks) {
    const gateway = gatewayOfNetwork(network, onPremises.gateways);
    const ends = links.uplinksOf(network);
    const uplinks = [
      addPlatform(draft, network),
      addEdge(draft, internet, inventory, network, outbound),
      ...outbound.gateways.flatMap((each) =>
        each.network === network ? addNatGateway(draft, internet, each) : [],
      ),
      ...balancers.flatMap((each) => (each.network === network ? (balancerUplinks.get(each) ?? []) : [])),
      ...ends,
      ...firewalls.flatMap((each) =>
        each.network === network
          ? addFirewall(
              draft,
              internet,
              each,
              effectiveRoutes(each.subnet, gateway?.learned ?? [], inventory.text, report),
              (name) => publicAddressesOfName(inventory, name),
            )
          : [],
      ),
      ...addGateway(draft, network, onPremises.gateways.get(network.key), devices),
    ];
    if (gateway !== null) learned.set(network.key, gateway.learned);
    const plan: FabricPlan = {
      network,
      learned: gateway?.learned ?? [],
      gateway,
      uplinks,
      outbound,
      balancing: fabricBalancing(
        network,
        balancers,
        ends.map(({ name }) => name),
        answersByEdge(inventory, network, outbound),
      ),
      overlays,
    };
    addFabric(draft, inventory, plan, report);
  }
  addMachines(draft, inventory);
  for (const cluster of inventory.clusters) addCluster(draft, inventory, cluster, names, report);
  addDeviceHosts(draft, devices);
  addUnconnectedHosts(draft, onPremises);
  addInternetHosts(draft, internet, hostsOutside(cloud), inventory.text, report);
  addApiServers(draft, internet, inventory.cloud, inventory.clusters, inventory.text);
  addInternet(draft, internet);
  const nodeOf = (id: string): string | null => {
    const node = names.find(id)?.spec.nodeName;
    return node === undefined ? null : `node/${node}`;
  };
  const network = finish(draft, nodeOf);
  probes.cross(network);
  return {
    network,
    diagnostics,
    inventory,
    podNames: names,
    balancers,
    firewalls,
    outbound,
    probes,
    learned,
  };
}

/** Behind a NAT gateway, what came in for a NIC's own public address is answered by that address. */
function answersByEdge(
  inventory: Inventory,
  network: NetworkPart,
  outbound: OutboundPlan,
): readonly InterfaceName[] {
  const both = network.ports.some(
    (port) => outbound.of(port).kind !== 'instance-public-ip' && instanceAddress(inventory, port) !== null,
  );
  return both ? [EDGE_INTERFACE] : [];
}
