/** Names what resources refer to and nobody pasted, with the command that prints it. */
import { armKey, listResources } from '../../model/azure/resource-store.ts';
import type { ArmKey, SubResource } from '../../model/azure/resources.ts';
import type { Cloud, Resource } from '../../model/cloud.ts';
import { groupOf, labelOf, nameOf, typeOfId } from './arm-object.ts';
import { idsIn, rawObject, textOf } from './bag.ts';
import type { Gathered } from './gather.ts';
import { backendsOf, commandFor } from './import-resources.ts';
import type { ImportLog, Weight } from './left-out.ts';
import { announcedKey } from './read-gateway.ts';

interface Reference {
  readonly id: string;
  /** Whose flows it concerns. */
  readonly by: string;
  readonly why: string;
  readonly weight: Weight;
  readonly only?: 'internet';
}

/** Adds an entry for each reference that leads nowhere. */
export function nameMissing(cloud: Cloud, gathered: Gathered, log: ImportLog): void {
  const known = new Set([
    ...knownKeys(cloud),
    // What is there and not modelled is named already.
    ...gathered.objects.map(({ key }) => key),
  ]);
  const told = new Map<ArmKey, { reference: Reference; near: ArmKey[] }>();
  for (const reference of Object.values(cloud.resources).flatMap(referencesOf)) {
    const key = armKey(reference.id);
    if (reference.id === '' || known.has(key)) continue;
    const entry = told.get(key) ?? { reference, near: [] };
    entry.near.push(armKey(reference.by));
    told.set(key, entry);
  }
  for (const { id, subnet } of usersOfSubnets(gathered)) {
    const key = armKey(id);
    if (known.has(key) || partOfKnown(key, known)) continue;
    const top = topOf(id);
    const before = told.get(armKey(top));
    if (before !== undefined) before.near.push(armKey(subnet));
    if (known.has(armKey(top)) || before !== undefined) continue;
    const isGateway = typeOfId(top) === 'microsoft.network/virtualnetworkgateways';
    told.set(armKey(top), {
      reference: {
        id: top,
        by: '',
        why: isGateway
          ? 'it is the gateway of a VNet, and what it announces there is not known'
          : 'it has an address in a subnet, and flows to and from it cannot be asked',
        weight: isGateway ? 'decides' : 'may-matter',
      },
      near: [isGateway ? announcedKey(armKey(subnet).split('/subnets/')[0] ?? '') : armKey(subnet)],
    });
  }
  nameMissingMembers(cloud, gathered, known, log);
  nameMissingGroups(cloud, gathered, log);
  for (const { reference, near } of told.values()) {
    const type = typeOfId(topOf(reference.id)) ?? '';
    const isOfInstance = /\/virtualMachineScaleSets\/.*\/publicIPAddresses\//i.test(reference.id);
    log.add({
      kind: 'missing',
      name: labelOf(reference.id),
      what: type,
      effect: `${reference.by === '' ? '' : `${labelOf(reference.by)} names it: `}${reference.why}. ${isOfInstance ? 'Public addresses of instances of a scale set are not modelled.' : `Paste ${commandFor(type)}.`}`,
      weight: reference.weight,
      on: armKey(reference.id),
      near,
      ...(reference.only === undefined ? {} : { only: reference.only }),
    });
  }
}

function topOf(id: string): string {
  if (/\/virtualMachineScaleSets\//i.test(id)) return id.split('/').slice(0, 11).join('/');
  return id.split('/').slice(0, 9).join('/');
}

function partOfKnown(key: ArmKey, known: ReadonlySet<ArmKey>): boolean {
  const parts = key.split('/');
  for (let length = parts.length - 2; length >= 9; length -= 2) {
    if (known.has(parts.slice(0, length).join('/'))) return true;
  }
  return false;
}

/** Groups of rules that a firewall policy lists: az network firewall policy list has their ids alone. */
function nameMissingGroups(cloud: Cloud, gathered: Gathered, log: ImportLog): void {
  const known = new Set(
    listResources(cloud, 'Microsoft.Network/firewallPolicies').flatMap((policy) =>
      policy.ruleCollectionGroups.map(({ id }) => armKey(id)),
    ),
  );
  for (const { type, key, id, raw } of gathered.objects) {
    if (type !== 'microsoft.network/firewallpolicies') continue;
    const listed = idsIn((rawObject(raw['properties']) ?? raw)['ruleCollectionGroups']);
    const missing = listed.filter((each) => !known.has(each));
    const [first] = missing;
    if (first === undefined) continue;
    const more = missing.length === 1 ? '' : ` and ${missing.length - 1} more`;
    log.add({
      kind: 'missing',
      name: labelOf(id),
      what: 'groups of rules',
      effect: `What its group ${nameOf(first)}${more} allows is not known. Paste az network firewall policy rule-collection-group list -g ${groupOf(id)} --policy-name ${nameOf(id)} -o json.`,
      weight: 'decides',
      on: key,
    });
  }
}

/** Members of backend pools that load balancers list, and whose NICs nobody pasted. */
function nameMissingMembers(
  cloud: Cloud,
  gathered: Gathered,
  known: ReadonlySet<ArmKey>,
  log: ImportLog,
): void {
  const backends = backendsOf(gathered);
  const balancers = listResources(cloud, 'Microsoft.Network/loadBalancers');
  for (const { id: pool } of balancers.flatMap((each) => each.backendAddressPools)) {
    const members = backends.get(armKey(pool)) ?? [];
    const missing = members.filter((id) => {
      const parts = armKey(id).split('/');
      return ![11, 9].some((length) => parts.length > length && isMachineOrNic(parts, length, known));
    });
    const [first] = missing;
    if (first === undefined) continue;
    const more = missing.length === 1 ? '' : ` and ${missing.length - 1} more`;
    const whole = missing.length === members.length;
    log.add({
      kind: 'missing',
      name: labelOf(pool),
      what: 'members',
      effect: `${labelOf(first)}${more} ${missing.length === 1 ? 'is' : 'are'} in the pool and not in the text${whole ? ': where it leads is not known' : ': it leads there too'}. Paste ${commandFor(memberType(first))}.`,
      weight: whole ? 'decides' : 'may-matter',
      on: armKey(pool),
    });
  }
}

function isMachineOrNic(parts: readonly string[], length: number, known: ReadonlySet<ArmKey>): boolean {
  const key = parts.slice(0, length).join('/');
  return known.has(key) && !/\/virtualmachinescalesets\/[^/]+$/.test(key);
}

function memberType(id: string): string {
  return /\/virtualMachineScaleSets\//i.test(id)
    ? 'microsoft.compute/virtualmachinescalesets/virtualmachines'
    : 'microsoft.network/networkinterfaces';
}

/** IP configurations that the JSON of subnets lists. */
function usersOfSubnets(gathered: Gathered): readonly { readonly id: string; readonly subnet: string }[] {
  const found = new Map<string, string>();
  for (const { type, raw } of gathered.objects) {
    if (type !== 'microsoft.network/virtualnetworks') continue;
    const subnets = (rawObject(raw['properties']) ?? raw)['subnets'];
    for (const each of Array.isArray(subnets) ? (subnets as readonly unknown[]) : []) {
      const subnet = rawObject(each);
      const users = (rawObject(subnet?.['properties']) ?? subnet)?.['ipConfigurations'];
      for (const user of Array.isArray(users) ? (users as readonly unknown[]) : []) {
        const id = rawObject(user)?.['id'];
        if (typeof id === 'string' && idsIn(id).length === 1) found.set(id, textOf(subnet?.['id']));
      }
    }
  }
  return Array.from(found, ([id, subnet]) => ({ id, subnet }));
}

function knownKeys(cloud: Cloud): ReadonlySet<ArmKey> {
  const keys = new Set<ArmKey>(Object.keys(cloud.resources));
  const add = (...lists: readonly (readonly SubResource[])[]): void => {
    for (const { id } of lists.flat()) keys.add(armKey(id));
  };
  for (const resource of Object.values(cloud.resources)) {
    if (resource.type === 'Microsoft.Network/virtualNetworks') add(resource.subnets);
    else if (resource.type === 'Microsoft.Network/loadBalancers') {
      add(resource.frontendIPConfigurations, resource.backendAddressPools, resource.probes);
    } else if (resource.type === 'Microsoft.Network/networkInterfaces') add(resource.ipConfigurations);
    else if (resource.type === 'Microsoft.Compute/virtualMachineScaleSets') {
      for (const { networkInterface } of resource.instances) {
        add([networkInterface], networkInterface.ipConfigurations);
        keys.add(armKey(networkInterface.id.split('/').slice(0, 11).join('/')));
      }
    }
  }
  return keys;
}

function referencesOf(resource: Resource): readonly Reference[] {
  const to = (
    targets: readonly (SubResource | null | undefined)[],
    why: string,
    weight: Weight,
    by: string = resource.id,
  ): readonly Reference[] =>
    targets.flatMap((each) =>
      each === null || each === undefined ? [] : [{ id: each.id, by, why, weight }],
    );
  switch (resource.type) {
    case 'Microsoft.Network/virtualNetworks':
      return [
        ...resource.subnets.flatMap((subnet) => [
          ...to([subnet.networkSecurityGroup], 'what its rules allow is not known', 'decides', subnet.id),
          ...to([subnet.routeTable], 'where its routes lead is not known', 'decides', subnet.id),
          ...to(
            [subnet.natGateway],
            'by which address the subnet goes out is not known',
            'decides',
            subnet.id,
          ).map(onlyInternet),
        ]),
        ...resource.virtualNetworkPeerings.flatMap((peering) =>
          to(
            [peering.remoteVirtualNetwork],
            'nothing is known of the VNet at the other end',
            'decides',
            peering.id,
          ),
        ),
      ];
    case 'Microsoft.Network/networkInterfaces':
      return nicReferences(resource, to);
    case 'Microsoft.Compute/virtualMachineScaleSets':
      return resource.instances.flatMap(({ networkInterface }) => nicReferences(networkInterface, to));
    case 'Microsoft.Compute/virtualMachines':
      return to(
        resource.networkProfile.networkInterfaces,
        'where the machine is in the network is not known',
        'decides',
      );
    case 'Microsoft.Network/loadBalancers':
      return [
        ...resource.frontendIPConfigurations.flatMap((each) => [
          ...to([each.publicIPAddress], 'which address the frontend has is not known', 'decides').map(
            onlyInternet,
          ),
          ...to([each.publicIPPrefix], 'which addresses the frontend has is not known', 'decides').map(
            onlyInternet,
          ),
          ...to([each.subnet], 'where the frontend is is not known', 'decides'),
        ]),
      ];
    case 'Microsoft.Network/natGateways':
      return [
        ...to(resource.publicIpAddresses, 'which address it gives is not known', 'decides').map(onlyInternet),
        ...to(resource.publicIpPrefixes, 'which addresses it gives are not known', 'decides').map(
          onlyInternet,
        ),
      ];
    case 'Microsoft.Network/azureFirewalls':
      return [
        ...to([resource.firewallPolicy], 'what the firewall allows is not known', 'decides'),
        ...resource.ipConfigurations.flatMap((each) => [
          ...to([each.subnet], 'where the firewall is is not known', 'decides'),
          ...to([each.publicIPAddress], 'which public address the firewall has is not known', 'decides'),
        ]),
        ...groupsNamed(resource, to),
      ];
    case 'Microsoft.Network/firewallPolicies':
      return [
        ...to([resource.basePolicy], 'what the parent policy allows is not known', 'decides'),
        ...groupsNamed(resource.ruleCollectionGroups, to),
      ];
    case 'Microsoft.Network/virtualNetworkGateways':
      return resource.ipConfigurations.flatMap((each) => [
        ...to([each.subnet], 'where the gateway is is not known', 'decides'),
        ...to([each.publicIPAddress], 'which public address the gateway has is not known', 'may-matter'),
      ]);
    case 'Microsoft.Network/connections':
      return [
        ...to([resource.virtualNetworkGateway1], 'where the tunnel ends is not known', 'decides'),
        ...to([resource.localNetworkGateway2], 'which ranges are behind the tunnel is not known', 'decides'),
      ];
    case 'Microsoft.Network/privateLinkServices':
      return [
        ...to(
          resource.loadBalancerFrontendIpConfigurations,
          'where the service leads is not known',
          'decides',
        ),
        ...to(
          resource.ipConfigurations.map((each) => each.subnet),
          'where its addresses are is not known',
          'decides',
        ),
      ];
    case 'Microsoft.Network/privateEndpoints':
      return [
        ...to([resource.subnet], 'where the endpoint is is not known', 'decides'),
        ...to(resource.networkInterfaces, 'which address the endpoint has is not known', 'decides'),
        ...[
          ...resource.privateLinkServiceConnections,
          ...resource.manualPrivateLinkServiceConnections,
        ].flatMap((each) =>
          /\/privateLinkServices\//i.test(each.privateLinkServiceId)
            ? to([{ id: each.privateLinkServiceId }], 'where the endpoint leads is not known', 'decides')
            : [],
        ),
      ];
    case 'Microsoft.ContainerService/ManagedClusters':
      return [
        ...to(
          [
            ...(resource.networkProfile.loadBalancerProfile?.effectiveOutboundIPs ?? []),
            ...(resource.networkProfile.natGatewayProfile?.effectiveOutboundIPs ?? []),
          ],
          'by which address the cluster goes out is not known; its load balancer or NAT gateway is needed too',
          'decides',
        ).map(onlyInternet),
        ...resource.agentPoolProfiles.flatMap((pool) => [
          ...to(
            [pool.vnetSubnetId, pool.podSubnetId].map((id) => (id === null ? null : { id })),
            'where the pool is in the network is not known',
            'decides',
          ),
        ]),
      ];
    case 'Microsoft.Network/networkSecurityGroups':
      return resource.securityRules.flatMap((rule) =>
        to(
          [
            ...(rule.sourceApplicationSecurityGroups ?? []),
            ...(rule.destinationApplicationSecurityGroups ?? []),
          ],
          'a rule names this group of NICs',
          'may-matter',
        ),
      );
    case 'Microsoft.Network/routeTables':
    case 'Microsoft.Network/applicationSecurityGroups':
    case 'Microsoft.Network/publicIPAddresses':
    case 'Microsoft.Network/publicIPPrefixes':
    case 'Microsoft.Network/ipGroups':
    case 'Microsoft.Network/localNetworkGateways':
    case 'Microsoft.ManagedIdentity/userAssignedIdentities':
    case 'Microsoft.Authorization/roleAssignments':
    case 'Microsoft.Authorization/roleDefinitions':
      return [];
  }
}

type To = (
  targets: readonly (SubResource | null | undefined)[],
  why: string,
  weight: Weight,
  by?: string,
) => readonly Reference[];

function nicReferences(
  nic: Extract<
    Resource,
    { type: 'Microsoft.Compute/virtualMachineScaleSets' }
  >['instances'][number]['networkInterface'],
  to: To,
): readonly Reference[] {
  return [
    ...to([nic.networkSecurityGroup], 'what its rules allow is not known', 'decides', nic.id),
    ...nic.ipConfigurations.flatMap((each) => [
      ...to([each.subnet], 'the NIC cannot be placed without it', 'decides', nic.id),
      ...to([each.publicIPAddress], 'which public address the NIC has is not known', 'decides', nic.id).map(
        onlyInternet,
      ),
      ...to(
        each.loadBalancerBackendAddressPools,
        'the NIC is in a backend pool: how it goes out, and what comes in by it, is not known',
        'decides',
        nic.id,
      ).map(onlyInternet),
    ]),
  ];
}

/** IP groups stand deep in the rules. */
function groupsNamed(value: unknown, to: To): readonly Reference[] {
  return idsIn(value)
    .filter((id) => id.includes('/ipgroups/'))
    .flatMap((id) => to([{ id }], 'which addresses a rule names is not known', 'decides'));
}

function onlyInternet(reference: Reference): Reference {
  return { ...reference, only: 'internet' };
}
