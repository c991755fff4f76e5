/** A hub with spokes in the JSON of `az`: to look around in, and as large as anybody wants to measure. */

export interface ExampleSize {
  /** VNets around the hub. */
  readonly spokes: number;
  /** User-defined routes of each spoke's table. */
  readonly routesEach: number;
  /** Whether spokes are peered with each other too, besides the hub. */
  readonly peered: 'with-hub' | 'with-each-other';
}

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const GROUP = 'rg-example';
const ROOT = `${SUBSCRIPTION}/resourceGroups/${GROUP}/providers`;
const NETWORK = `${ROOT}/Microsoft.Network`;

const HUB_ADDRESS = '10.0.0.4';

/** Returns the answers of `az network vnet list`, `route-table list`, `nsg list`, `nic list` and `vm list`. */
export function exampleTexts({ spokes, routesEach, peered }: ExampleSize): readonly string[] {
  const names = ['hub', ...Array.from({ length: spokes }, (_, index) => `spoke-${index + 1}`)];
  const prefixOf = (index: number): string => `10.${index}.0.0/16`;
  const addressOf = (index: number): string => (index === 0 ? HUB_ADDRESS : `10.${index}.0.4`);
  const vnetId = (name: string): string => `${NETWORK}/virtualNetworks/${name}`;
  const peeringsOf = (name: string, index: number): readonly object[] =>
    names.flatMap((other, at) =>
      at === index || (peered === 'with-hub' && index !== 0 && at !== 0)
        ? []
        : [
            {
              id: `${vnetId(name)}/virtualNetworkPeerings/to-${other}`,
              name: `to-${other}`,
              remoteVirtualNetwork: { id: vnetId(other) },
              allowVirtualNetworkAccess: true,
              allowForwardedTraffic: true,
              allowGatewayTransit: false,
              useRemoteGateways: false,
              peeringState: 'Connected',
              peeringSyncLevel: 'FullyInSync',
              remoteAddressSpace: { addressPrefixes: [prefixOf(at)] },
            },
          ],
    );
  const resource = (type: string, name: string, rest: object): object => ({
    id: `${ROOT}/${type}/${name}`,
    name,
    type,
    resourceGroup: GROUP,
    location: 'westeurope',
    provisioningState: 'Succeeded',
    ...rest,
  });
  const vnets = names.map((name, index) =>
    resource('Microsoft.Network/virtualNetworks', name, {
      addressSpace: { addressPrefixes: [prefixOf(index)] },
      subnets: [
        {
          id: `${vnetId(name)}/subnets/apps`,
          name: 'apps',
          addressPrefix: `10.${index}.0.0/24`,
          networkSecurityGroup: { id: `${NETWORK}/networkSecurityGroups/nsg-${name}` },
          ...(index === 0 ? {} : { routeTable: { id: `${NETWORK}/routeTables/rt-${name}` } }),
        },
      ],
      virtualNetworkPeerings: peeringsOf(name, index),
    }),
  );
  const tables = names.slice(1).map((name, at) =>
    resource('Microsoft.Network/routeTables', `rt-${name}`, {
      disableBgpRoutePropagation: false,
      routes: Array.from({ length: routesEach }, (_, index) => ({
        name: index === 0 ? 'by-the-hub' : `route-${index}`,
        addressPrefix: index === 0 ? '10.0.0.0/8' : `172.${16 + (at % 16)}.${index % 256}.0/24`,
        nextHopType: 'VirtualAppliance',
        nextHopIpAddress: HUB_ADDRESS,
      })),
    }),
  );
  const groups = names.map((name) =>
    resource('Microsoft.Network/networkSecurityGroups', `nsg-${name}`, {
      securityRules: [
        {
          name: 'AllowWeb',
          priority: 100,
          direction: 'Inbound',
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefix: '10.0.0.0/8',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '443',
        },
        {
          name: 'DenyRest',
          priority: 200,
          direction: 'Inbound',
          access: name === 'hub' ? 'Allow' : 'Deny',
          protocol: '*',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '*',
        },
      ],
    }),
  );
  const machineOf = (name: string): string =>
    name === 'hub' ? 'router' : `web-${name.slice('spoke-'.length)}`;
  const nics = names.map((name, index) =>
    resource('Microsoft.Network/networkInterfaces', `nic-${machineOf(name)}`, {
      enableIPForwarding: name === 'hub',
      primary: true,
      ipConfigurations: [
        {
          name: 'ipconfig1',
          primary: true,
          privateIPAddress: addressOf(index),
          privateIPAllocationMethod: 'Dynamic',
          subnet: { id: `${vnetId(name)}/subnets/apps` },
        },
      ],
      virtualMachine: { id: `${ROOT}/Microsoft.Compute/virtualMachines/${machineOf(name)}` },
    }),
  );
  const machines = names.map((name) =>
    resource('Microsoft.Compute/virtualMachines', machineOf(name), {
      powerState: 'VM running',
      networkProfile: { networkInterfaces: [{ id: `${NETWORK}/networkInterfaces/nic-${machineOf(name)}` }] },
    }),
  );
  return [vnets, tables, groups, nics, machines].map((list) => JSON.stringify(list));
}

export const SMALL_EXAMPLE: ExampleSize = { spokes: 2, routesEach: 1, peered: 'with-hub' };
