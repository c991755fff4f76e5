/** Which objects a flow passes, under the keys that the import names what it left out by. */
import type { Answer } from '../model/compile/ask.ts';
import type { Compiled } from '../model/compile/compile.ts';
import type { Place } from '../model/compile/directory.ts';
import { fabricId } from '../model/compile/fabric-interfaces.ts';
import { gatewayPeer } from '../model/compile/peering.ts';
import { namesOfResource } from '../model/compile/host-names.ts';
import { hostBehind } from '../model/compile/inventory.ts';
import type { NetworkPart, Port } from '../model/compile/inventory.ts';
import { armKey, getResource, listResources } from '../model/azure/resource-store.ts';
import type { ArmKey, IpConfiguration } from '../model/azure/resources.ts';
import { networkOfGateway } from '../model/azure/virtual-network-gateway-presence.ts';
import { connectionsOf } from '../model/azure/vpn-connection.ts';
import { siteOf } from '../model/azure/vpn-connection-routes.ts';
import { formatAddress, parseAddress, sameAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { parsePrefix, prefixContains } from '../model/ip/prefix.ts';
import type { HostId } from '../model/network/network.ts';
import type { Hop, Trace } from '../model/trace/trace.ts';
import type { LeftOut } from './import/left-out.ts';
import { announcedKey } from './import/read-gateway.ts';
import { namespaceKeyOf, objectKeyOf } from './import/read-kubernetes.ts';
import { servicesMeant } from './packet-tracer-services.ts';

type KeysOfHosts = ReadonlyMap<HostId, ReadonlySet<ArmKey>>;

const keysOfCompiled = new WeakMap<Compiled, KeysOfHosts>();

/** Where the parts of a network come from whose names start so. */
const TYPE_OF_HOST: Readonly<Record<string, string>> = {
  lb: 'Microsoft.Network/loadBalancers',
  natgw: 'Microsoft.Network/natGateways',
  firewall: 'Microsoft.Network/azureFirewalls',
  pe: 'Microsoft.Network/privateEndpoints',
};

/** Returns the keys of everything that the trace passes, and of what leads or filters there. */
export function touchedBy(compiled: Compiled, answer: Answer): ReadonlySet<ArmKey> {
  const keys = keysOf(compiled);
  const touched = new Set<ArmKey>();
  const add = (found: Iterable<ArmKey> | undefined): void => {
    for (const each of found ?? []) touched.add(each);
  };
  const { trace, from, to } = answer;
  for (const { place } of [...trace.hops, ...(trace.reverse?.hops ?? [])]) {
    add(keys.get(place));
    const slash = place.indexOf('/');
    const type = TYPE_OF_HOST[place.slice(0, slash)];
    if (type !== undefined) add(resourcesNamed(compiled, type, place.slice(slash + 1)));
  }
  for (const place of [from, to.place]) if (place !== null) add(keysOfPlace(place, keys));
  if (to.place?.kind === 'vm') {
    for (const { id } of to.place.vm.networkProfile.networkInterfaces) {
      const nic = getResource(compiled.inventory.cloud, id, 'Microsoft.Network/networkInterfaces');
      add(nic?.ipConfigurations.flatMap((each) => publicAddressKey(each)));
    }
  }
  add(servicesMeant(compiled, answer));
  add(deniedAt(compiled, trace));
  for (const { hops } of [trace, ...(trace.reverse === null ? [] : [trace.reverse])]) {
    for (const hop of hops) add(balancerParts(compiled, hop));
    add(gatewaysAsked(compiled, hops));
  }
  add(crossedPeerings(compiled, trace));
  add(missingPeers(compiled, touched, [to.address, from.address, ...addressesNamed(trace)]));
  return touched;
}

/** Public addresses that one of the ends is, and what holds them: flows to them are meant for that. */
export function publicEnds({ inventory }: Compiled, ends: readonly string[]): ReadonlySet<ArmKey> {
  const keys = new Set<ArmKey>();
  for (const [key, each] of Object.entries(inventory.cloud.resources)) {
    if (each.type !== 'Microsoft.Network/publicIPAddresses' || !ends.includes(each.ipAddress ?? '')) continue;
    keys.add(key);
    const holder = each.ipConfiguration?.id.split('/').slice(0, 9).join('/');
    if (holder !== undefined) keys.add(armKey(holder));
  }
  return keys;
}

/** Reports whether a flow leaves the VNets, or would if it had a way out, or comes from outside them. */
export function passesInternet(compiled: Compiled, { trace }: Answer): boolean {
  if (trace.disposition === 'no-outbound-path') return true;
  return [...trace.hops, ...(trace.reverse?.hops ?? [])].some(({ place }) => {
    const role = compiled.network.hosts.get(place)?.role;
    return role === 'outside' || place === 'edge/internet' || place.startsWith('natgw/');
  });
}

/** Whether what was left out makes the answer uncertain, is worth a remark, or does not concern this flow. */
export function concernOf(
  entry: LeftOut,
  touched: ReadonlySet<ArmKey>,
  ends: readonly string[],
  meant: ReadonlySet<ArmKey>,
  internet: boolean,
): 'decides' | 'remark' | null {
  if (entry.weight === 'no-packets') return null;
  if (entry.only === 'internet' && !internet) return null;
  const isOn = entry.on !== null && (touched.has(entry.on) || meant.has(entry.on));
  const isNear = entry.near.some((key) => touched.has(key));
  const isEnd =
    entry.addresses.some((each) => ends.includes(each)) ||
    (entry.kind === 'resource' && entry.near.some((key) => meant.has(key)));
  if (!isOn && !isNear && !isEnd) return null;
  if (entry.weight === 'decides' && (isOn || isEnd || entry.kind === 'missing' || entry.on === null)) {
    return 'decides';
  }
  return isEnd ? 'decides' : 'remark';
}

function keysOf(compiled: Compiled): KeysOfHosts {
  const known = keysOfCompiled.get(compiled);
  if (known !== undefined) return known;
  const keys = new Map<HostId, Set<ArmKey>>();
  const add = (host: HostId, ...found: readonly (ArmKey | undefined)[]): void => {
    const set = keys.get(host) ?? new Set();
    keys.set(host, set);
    for (const each of found) if (each !== undefined) set.add(each);
  };
  for (const network of compiled.inventory.networks) {
    add(fabricId(network), network.key);
    for (const port of network.ports) {
      const host = hostBehind(port);
      if (host !== null) add(host, ...keysOfPort(port), ...publicOf(compiled, port));
      if (host !== null && port.owner.kind === 'vm') add(host, armKey(port.owner.vm.id));
      if (host !== null && port.owner.kind === 'node' && port.owner.cluster !== null) {
        const { key } = port.owner.cluster;
        add(host, key, objectKeyOf(key, 'Node', undefined, port.owner.name));
      }
    }
  }
  keysOfCompiled.set(compiled, keys);
  return keys;
}

function keysOfPort({ nic, subnet }: Port): readonly ArmKey[] {
  return [
    nic.id,
    ...nic.ipConfigurations.map(({ id }) => id),
    nic.networkSecurityGroup?.id,
    ...nic.ipConfigurations.flatMap((each) => (each.applicationSecurityGroups ?? []).map(({ id }) => id)),
    subnet.subnet.id,
    subnet.subnet.networkSecurityGroup?.id,
    subnet.subnet.routeTable?.id,
    subnet.subnet.natGateway?.id,
    subnet.network.key,
  ].flatMap((id) => (id === undefined ? [] : [armKey(id)]));
}

function publicAddressKey({ publicIPAddress: found }: IpConfiguration): readonly ArmKey[] {
  return found === null ? [] : [armKey(found.id)];
}

/** The public addresses by which a NIC goes out: its own, and those of its NAT gateway and its load balancers. */
function publicOf({ inventory: { cloud } }: Compiled, { nic, subnet }: Port): readonly ArmKey[] {
  const pools = nic.ipConfigurations.flatMap((each) => each.loadBalancerBackendAddressPools);
  const balancers = new Set(pools.map(({ id }) => id.split('/').slice(0, 9).join('/')));
  return [
    ...nic.ipConfigurations.map((each) => each.publicIPAddress),
    ...(subnet.natGateway?.publicIpAddresses ?? []),
    ...[...balancers].flatMap((id) =>
      (getResource(cloud, id, 'Microsoft.Network/loadBalancers')?.frontendIPConfigurations ?? []).map(
        (each) => each.publicIPAddress,
      ),
    ),
  ].flatMap((each) => (each === null ? [] : [armKey(each.id)]));
}

function keysOfPlace(place: Place, keys: KeysOfHosts): readonly ArmKey[] {
  switch (place.kind) {
    case 'pod': {
      const { name, namespace } = place.pod.metadata;
      const { key } = place.cluster;
      return [
        key,
        objectKeyOf(key, 'Pod', namespace, name),
        namespaceKeyOf(key, namespace),
        namespaceKeyOf(key, undefined),
        ...(keys.get(`node/${place.pod.spec.nodeName ?? ''}`) ?? []),
      ];
    }
    case 'node':
      return [place.cluster.key, objectKeyOf(place.cluster.key, 'Node', undefined, place.node.metadata.name)];
    case 'vm':
      return [armKey(place.vm.id), ...place.vm.networkProfile.networkInterfaces.map(({ id }) => armKey(id))];
    case 'outside':
      return [];
  }
}

function resourcesNamed({ inventory }: Compiled, type: string, name: string): readonly ArmKey[] {
  const wanted = name.toLowerCase();
  return Object.entries(inventory.cloud.resources).flatMap(([key, each]) => {
    if (each.type !== type) return [];
    const names = 'resourceGroup' in each ? namesOfResource(each) : [each.name];
    if (!names.some((one) => one.toLowerCase() === wanted)) return [];
    return each.type === 'Microsoft.Network/azureFirewalls' && each.firewallPolicy !== null
      ? [key, ...policies(inventory.cloud.resources, armKey(each.firewallPolicy.id))]
      : [key];
  });
}

/** NICs that a packet was for when a fabric denied it to come in: what filters there may say otherwise. */
function deniedAt({ inventory }: Compiled, trace: Trace): readonly ArmKey[] {
  const last = trace.hops.at(-1);
  const network = inventory.networks.find((each) => fabricId(each) === last?.place);
  if (trace.disposition !== 'denied-inbound' || last === undefined || network === undefined) return [];
  const wanted = addressesIn(last.steps.map(({ by, action }) => `${by} ${action}`));
  const header = last.steps.at(-1)?.before.destination.address;
  return network.ports
    .filter(({ addresses }) =>
      addresses.some((one) =>
        [...wanted, ...(header === undefined ? [] : [header])].some((each) => sameAddress(each, one)),
      ),
    )
    .flatMap(keysOfPort);
}

/** The rules of a load balancer that the steps in it name, with what each is made of. */
function balancerParts({ balancers }: Compiled, { place, steps }: Hop): readonly ArmKey[] {
  const resource = balancers.find(({ host }) => host === place)?.inbound?.resource;
  return (resource?.loadBalancingRules ?? []).flatMap((rule) =>
    steps.some(({ by }) => by.startsWith(`rule ${rule.name} of load balancer `))
      ? [rule, rule.frontendIPConfiguration, rule.backendAddressPool, rule.probe].flatMap((each) =>
          each === null ? [] : [armKey(each.id)],
        )
      : [],
  );
}

/**
 * Gateways and tunnels that packets enter, and gateways that could have announced a better route: one of
 * the system's own that leads to the internet or nowhere gives way to all that they announce.
 */
function gatewaysAsked({ inventory }: Compiled, hops: readonly Hop[]): readonly ArmKey[] {
  const { cloud, networks } = inventory;
  const all = listResources(cloud, 'Microsoft.Network/virtualNetworkGateways');
  const of = (network: NetworkPart): typeof all => all.filter((one) => networkOfGateway(one) === network.key);
  return hops.flatMap(({ place, steps }, index): readonly ArmKey[] => {
    if (place.startsWith('gateway/')) {
      const entered = networks.filter(({ name }) => place === `gateway/${name}`).flatMap(of);
      return entered.flatMap((gateway) => {
        const key = armKey(gateway.id);
        const tunnels = connectionsOf(cloud, gateway).filter(({ name }) =>
          steps.some(({ by }) => by.startsWith(`connection ${name} to `)),
        );
        const sites = tunnels.map((each) => armKey(each.localNetworkGateway2.id));
        const ends = steps.some(({ kind }) => kind === 'drop') ? [announcedKey(key)] : [];
        return [key, ...ends, ...tunnels.map(({ id }) => armKey(id)), ...sites];
      });
    }
    const network = networks.find((each) => fabricId(each) === place);
    if (network === undefined) return [];
    if (!steps.some(({ kind, by }) => kind === 'route' && /^system route .*\((Internet|None)\)/.test(by)))
      return [];
    const sender = network.ports.find((port) => hostBehind(port) === hops[index - 1]?.place);
    if (sender?.subnet.routeTable?.disableBgpRoutePropagation === true) return [];
    const peer = gatewayPeer(network);
    const having = [network, ...(peer === null ? [] : [peer.network])];
    return [
      ...having.map(({ key }) => announcedKey(key)),
      // The gateway of a VNet that nobody pasted, or of a Virtual WAN hub.
      ...network.virtualNetwork.virtualNetworkPeerings.flatMap((each) =>
        each.useRemoteGateways && each.peeringState === 'Connected' ? [armKey(each.id)] : [],
      ),
      ...having
        .flatMap(of)
        .flatMap((gateway) => [
          announcedKey(armKey(gateway.id)),
          ...connectionsOf(cloud, gateway).flatMap((each) =>
            siteOf(cloud, each) === null ? [armKey(each.id)] : [],
          ),
        ]),
    ];
  });
}

/** A policy and its parents. */
function policies(resources: Compiled['inventory']['cloud']['resources'], first: ArmKey): readonly ArmKey[] {
  const found: ArmKey[] = [];
  for (let key: ArmKey | null = first; key !== null && !found.includes(key);) {
    found.push(key);
    const policy: (typeof resources)[string] | undefined = resources[key];
    key =
      policy?.type === 'Microsoft.Network/firewallPolicies' && policy.basePolicy !== null
        ? armKey(policy.basePolicy.id)
        : null;
  }
  return found;
}

/** Both links of each peering that a packet crosses, from one fabric to the next. */
function crossedPeerings({ inventory }: Compiled, trace: Trace): readonly ArmKey[] {
  const networks = new Map(inventory.networks.map((network) => [fabricId(network), network]));
  return [trace.hops, trace.reverse?.hops ?? []].flatMap((hops) =>
    hops.flatMap((hop, index) => {
      const [here, next] = [networks.get(hop.place), networks.get(hops[index + 1]?.place ?? '')];
      if (here === undefined || next === undefined) return [];
      return here.peers
        .filter(({ network }) => network === next)
        .flatMap(({ peering, back }) => [armKey(peering.id), armKey(back.id)]);
    }),
  );
}

/** Addresses that the steps name, next hops among them. */
function addressesNamed(trace: Trace): readonly Address[] {
  if (trace.disposition === 'delivered') return [];
  const texts = [
    trace.reason,
    ...trace.hops.flatMap((hop) => hop.steps.map(({ by, action }) => `${by} ${action}`)),
  ];
  return addressesIn(texts);
}

function addressesIn(texts: readonly string[]): readonly Address[] {
  return [...new Set(texts.join(' ').match(/\d{1,3}(?:\.\d{1,3}){3}(?![\d/.])/g) ?? [])].flatMap((text) => {
    const address = parseAddress(text);
    return address.ok ? [address.value] : [];
  });
}

/** Peerings to VNets that are not there, where one of the addresses would be on their far side. */
function missingPeers(
  compiled: Compiled,
  touched: ReadonlySet<ArmKey>,
  addresses: readonly (Address | null)[],
): readonly ArmKey[] {
  const there = new Set(compiled.inventory.networks.map(({ key }) => key));
  const passed = compiled.inventory.networks.filter(({ key }: NetworkPart) => touched.has(key));
  return passed.flatMap(({ virtualNetwork }) =>
    virtualNetwork.virtualNetworkPeerings.flatMap((peering) => {
      if (there.has(armKey(peering.remoteVirtualNetwork.id))) return [];
      const holds = peering.remoteAddressSpace.addressPrefixes.some((text) => {
        const prefix = parsePrefix(text);
        return prefix.ok && addresses.some((each) => each !== null && prefixContains(prefix.value, each));
      });
      return holds ? [armKey(peering.id)] : [];
    }),
  );
}

/** Subnets that an address lies in which nobody known has: that of the destination, or of a next hop. */
export function subnetsHolding({ inventory }: Compiled, { to, trace }: Answer): readonly ArmKey[] {
  const wanted = [
    ...(to.place === null ? [to.address] : []),
    ...(trace.disposition === 'next-hop-unreachable' ? addressesIn([trace.reason]) : []),
  ];
  return inventory.networks.flatMap(({ subnets }) =>
    subnets
      .filter(({ prefix }) => wanted.some((address) => prefixContains(prefix, address)))
      .map(({ key }) => key),
  );
}

/** The ends of a flow as text, to compare with addresses of what was left out. */
export function endAddresses({ from, to }: Answer): readonly string[] {
  return [from.address, to.address].flatMap((each) => (each === null ? [] : [formatAddress(each)]));
}
