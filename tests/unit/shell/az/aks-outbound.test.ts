/** Outbound types in the words of az: every type, VNet and plugin, what is refused, and what a migration leaves. */
import { describe, expect, it } from 'vitest';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';
import { stateOf } from '../../../support/kubenet-cluster.ts';

const NODES = 'MC_rg_aks_westeurope';
const BASE = [
  'group create -n rg -l westeurope',
  'identity create -g rg -n owner',
  'network public-ip create -g rg -n gwip --sku Standard',
  'network public-ip create -g rg -n own1 --sku Standard',
  'network public-ip create -g rg -n own2 --sku Standard',
  'network public-ip create -g rg -n v2 --sku StandardV2',
  'network public-ip prefix create -g rg -n block --length 30',
  'network nat gateway create -g rg -n gw --public-ip-addresses gwip',
  'network nat gateway create -g rg -n bare',
  'network route-table create -g rg -n rt',
  'network route-table route create -g rg --route-table-name rt -n out --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.10.0.4',
  'network route-table create -g rg -n web',
  'network route-table route create -g rg --route-table-name web -n out --address-prefix 0.0.0.0/0 --next-hop-type Internet',
  'network vnet create -g rg -n vnet --address-prefixes 10.10.0.0/16',
  'network vnet subnet create -g rg --vnet-name vnet -n appliance --address-prefixes 10.10.0.0/24',
  'network nic create -g rg -n appliance --vnet-name vnet --subnet appliance --ip-forwarding true',
  'network vnet subnet create -g rg --vnet-name vnet -n plain --address-prefixes 10.10.1.0/24',
  'network vnet subnet create -g rg --vnet-name vnet -n gated --address-prefixes 10.10.2.0/24 --nat-gateway gw',
  'network vnet subnet create -g rg --vnet-name vnet -n bare --address-prefixes 10.10.3.0/24 --nat-gateway bare',
  'network vnet subnet create -g rg --vnet-name vnet -n routed --address-prefixes 10.10.4.0/24 --route-table rt',
  'network vnet subnet create -g rg --vnet-name vnet -n web --address-prefixes 10.10.5.0/24 --route-table web',
  'network vnet subnet create -g rg --vnet-name vnet -n pods --address-prefixes 10.10.8.0/22',
  'network vnet subnet create -g rg --vnet-name vnet -n gatedpods --address-prefixes 10.10.12.0/22 --nat-gateway gw',
];

async function built(): Promise<Cloud> {
  const terminal = azTerminal();
  for (const line of BASE) {
    const ran = await terminal.line(line);
    if (ran.exitCode !== 0) throw new Error(`az ${line}: ${ran.stderr}`);
  }
  return terminal.cloud();
}

const WORLD = built();

async function terminal(...lines: readonly string[]): Promise<AzTerminal> {
  const made = azTerminal({ cloud: await WORLD });
  for (const line of lines) {
    const ran = await made.line(expand(made.cloud(), line));
    if (ran.exitCode !== 0) throw new Error(`az ${line}: ${ran.stderr}`);
  }
  return made;
}

/** `@subnet/NAME`, `@ip/NAME`, `@prefix/NAME` and `@identity` stand for ids. */
function expand(cloud: Cloud, line: string): string {
  const group = `/subscriptions/${cloud.subscription.id}/resourceGroups/rg/providers`;
  return line
    .replaceAll('@subnet/', `${group}/Microsoft.Network/virtualNetworks/vnet/subnets/`)
    .replaceAll('@ip/', `${group}/Microsoft.Network/publicIPAddresses/`)
    .replaceAll('@prefix/', `${group}/Microsoft.Network/publicIPPrefixes/`)
    .replaceAll('@identity', `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/owner`);
}

const create = (flags: string): string =>
  `aks create -g rg -n aks --node-count 2 --generate-ssh-keys ${flags}`.trim();

/** Address by which the internet sees a node, or null. */
function seen(cloud: Cloud): string | null {
  const [node = ''] = Object.keys(stateOf(cloud).nodes);
  const { trace } = unwrap(ask(cloud, { from: `node/${node}`, to: 'internet' }));
  return trace.seenSource === null ? null : formatAddress(trace.seenSource.address);
}

interface Profile {
  readonly outboundType: string;
  readonly loadBalancerProfile: { readonly effectiveOutboundIPs: readonly { readonly id: string }[] } | null;
  readonly natGatewayProfile: {
    readonly sku: string;
    readonly effectiveOutboundIPs: readonly { readonly id: string }[];
  } | null;
}

async function profile(made: AzTerminal): Promise<Profile> {
  return (await made.json('aks', 'show', '-g', 'rg', '-n', 'aks', '--query', 'networkProfile')) as Profile;
}

/** Public addresses of the ids, or `block` for the prefix. */
function addresses(cloud: Cloud, ids: readonly { readonly id: string }[]): readonly (string | null)[] {
  return ids.map(
    ({ id }) =>
      listResources(cloud, 'Microsoft.Network/publicIPAddresses').find((one) => one.id === id)?.ipAddress ??
      null,
  );
}

describe('az aks create --outbound-type', () => {
  it.each([
    ['the default', '', 'balancer'],
    ['kubenet', '--network-plugin kubenet', 'balancer'],
    ['node subnet', '--network-plugin azure', 'balancer'],
    ['own addresses', '--load-balancer-outbound-ips @ip/own1,@ip/own2', 'balancer'],
    ['Overlay in a brought subnet', '--vnet-subnet-id @subnet/plain', 'balancer'],
    ['a managed gateway', '--outbound-type managedNATGateway', 'gateway'],
    [
      'kubenet with a managed gateway',
      '--network-plugin kubenet --outbound-type managedNATGateway',
      'gateway',
    ],
    [
      'node subnet with a managed gateway',
      '--network-plugin azure --outbound-type managedNATGateway',
      'gateway',
    ],
    [
      'a managed gateway with an address of one’s own',
      '--outbound-type managedNATGateway --outbound-type-sku StandardV2 --nat-gateway-outbound-ips @ip/v2',
      'gateway',
    ],
  ] as const)('%s: the internet sees an effective address', async (_label, flags, kind) => {
    const made = await terminal(create(flags));
    const { loadBalancerProfile, natGatewayProfile } = await profile(made);
    expect([loadBalancerProfile !== null, natGatewayProfile !== null]).toEqual([
      kind === 'balancer',
      kind === 'gateway',
    ]);
    const ids = (loadBalancerProfile ?? natGatewayProfile)?.effectiveOutboundIPs ?? [];
    expect(addresses(made.cloud(), ids)).toContain(seen(made.cloud()));
  });

  it.each([
    ['Overlay', '--network-plugin azure --network-plugin-mode overlay --vnet-subnet-id @subnet/gated'],
    ['node subnet', '--network-plugin azure --vnet-subnet-id @subnet/gated'],
    ['kubenet', '--network-plugin kubenet --vnet-subnet-id @subnet/gated'],
    ['pod subnet', '--network-plugin azure --vnet-subnet-id @subnet/gated --pod-subnet-id @subnet/gatedpods'],
  ])('%s leaves by a gateway of one’s own', async (_label, flags) => {
    const made = await terminal(create(`${flags} --outbound-type userAssignedNATGateway`));
    expect(await profile(made)).toMatchObject({
      outboundType: 'userAssignedNATGateway',
      loadBalancerProfile: null,
      natGatewayProfile: null,
    });
    const own = listResources(made.cloud(), 'Microsoft.Network/publicIPAddresses').find(
      ({ name }) => name === 'gwip',
    );
    expect(seen(made.cloud())).toBe(own?.ipAddress);
    const all = listResources(made.cloud(), 'Microsoft.Network/natGateways').map(({ name }) => name);
    expect(all).toEqual(['gw', 'bare']);
  });

  it.each([
    ['Overlay', '--network-plugin azure --network-plugin-mode overlay'],
    ['node subnet', '--network-plugin azure'],
    ['kubenet, with the same table for its routes', '--network-plugin kubenet --assign-identity @identity'],
  ])('%s with routes of one’s own gets no load balancer', async (_label, flags) => {
    const made = await terminal(
      create(`${flags} --vnet-subnet-id @subnet/routed --outbound-type userDefinedRouting`),
    );
    expect(listResources(made.cloud(), 'Microsoft.Network/loadBalancers')).toEqual([]);
    expect(seen(made.cloud())).toBeNull();
  });

  it('makes as many addresses as asked for, and the gateway’s idle timeout', async () => {
    const made = await terminal(
      create(
        '--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 3 --nat-gateway-idle-timeout 20',
      ),
    );
    const [gateway] = (await made.json('network', 'nat', 'gateway', 'list', '-g', NODES)) as {
      readonly idleTimeoutInMinutes: number;
      readonly publicIpAddresses: readonly unknown[];
      readonly subnets: readonly { readonly id: string }[];
    }[];
    expect(gateway).toMatchObject({ idleTimeoutInMinutes: 20 });
    expect(gateway?.publicIpAddresses).toHaveLength(3);
    expect(gateway?.subnets.map(({ id }) => id.split('/').at(-1))).toEqual(['aks-subnet']);
  });

  // The words are azure-cli's (acs/_validators.py, acs/managed_cluster_decorator.py; aks-preview for the former type) ...
  it.each([
    [
      '--outbound-type managedNATGatewayV2',
      'no longer supported. Use --outbound-type managedNATGateway --outbound-type-sku StandardV2 instead.',
    ],
    [
      '--outbound-type managedNATGateway --vnet-subnet-id @subnet/plain',
      '--vnet-subnet-id cannot be specified for managedNATGateway',
    ],
    [
      '--outbound-type userAssignedNATGateway',
      '--vnet-subnet-id must be specified for userAssignedNATGateway',
    ],
    ['--outbound-type userDefinedRouting', '--vnet-subnet-id must be specified for userDefinedRouting'],
    [
      '--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 17',
      '--nat-gateway-managed-outbound-ip-count must be in the range [1,16]',
    ],
    [
      '--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 0',
      '--nat-gateway-managed-outbound-ip-count must be in the range [1,16]',
    ],
    [
      '--outbound-type managedNATGateway --nat-gateway-idle-timeout 121',
      '--nat-gateway-idle-timeout must be in the range [4,120]',
    ],
    ['--load-balancer-idle-timeout 121', '--load-balancer-idle-timeout must be in the range [4,120]'],
    ['--load-balancer-outbound-ports 12', '--load-balancer-allocated-ports must be a multiple of 8'],
    [
      '--nat-gateway-managed-outbound-ip-count 2',
      "loadBalancer type doesn't support customizing the standard nat gateway ips",
    ],
    [
      '--outbound-type none --load-balancer-outbound-ips @ip/own1',
      "none type doesn't support customizing the standard load balancer ips",
    ],
    [
      '--outbound-type managedNATGateway --load-balancer-idle-timeout 5',
      "managedNATGateway type doesn't support customizing the standard load balancer config",
    ],
    ['--outbound-type-sku StandardV2', 'can only be used with --outbound-type managedNATGateway'],
    [
      '--outbound-type loadBalancer --nat-gateway-outbound-ips @ip/v2',
      'can only be used with --outbound-type managedNATGateway',
    ],
    [
      '--outbound-type managedNATGateway --outbound-type-sku Standard --nat-gateway-outbound-ips @ip/v2',
      'requires --outbound-type-sku StandardV2',
    ],
    [
      '--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 1 --nat-gateway-outbound-ips @ip/v2',
      'cannot be used together',
    ],
    [
      '--outbound-type managedNATGateway --nat-gateway-managed-outbound-ipv6-count 1',
      '(NotSimulated) The option --nat-gateway-managed-outbound-ipv6-count',
    ],
    // ... and the service's codes.
    ['--load-balancer-managed-outbound-ip-count 101', '(InvalidLoadBalancerProfileManagedOutboundIPCount)'],
    [
      '--load-balancer-managed-outbound-ip-count 2 --load-balancer-outbound-ips @ip/own1',
      '(InvalidLoadBalancerProfile)',
    ],
    [
      '--load-balancer-outbound-ips @ip/gone',
      '(InvalidLoadBalancerProfileOutboundIPs) Error in validating load balancer profile outbound IPs, error details: LoadBalancerProfileOutboundIPNotExist',
    ],
    ['--load-balancer-outbound-ips @ip/v2', 'LoadBalancerProfileOutboundIPNotStandardSKU'],
    [
      '--load-balancer-outbound-ips @ip/gwip',
      'LoadBalancerProfileOutboundIPAttachedToAnotherIPConfiguration',
    ],
    ['--load-balancer-outbound-ip-prefixes @prefix/gone', '(InvalidLoadBalancerProfileOutboundIPPrefixes)'],
    [
      '--load-balancer-outbound-ips @ip/own1 --assign-identity @identity',
      '(LinkedAuthorizationFailed) The client',
    ],
    ['--load-balancer-outbound-ports 32000', '(InvalidLoadBalancerProfileAllocatedOutboundPorts)'],
    ['--vnet-subnet-id @subnet/gated', '(UnsupportedOutboundType)'],
    [
      '--outbound-type userAssignedNATGateway --vnet-subnet-id @subnet/plain',
      '(SubnetNotAssociatedWithNATGateway) Subnet',
    ],
    [
      '--outbound-type userAssignedNATGateway --vnet-subnet-id @subnet/bare',
      '(NATGatewayNotAssociatedWithPublicIPOrIPPrefix) NAT gateway',
    ],
    [
      '--network-plugin azure --outbound-type userAssignedNATGateway --vnet-subnet-id @subnet/gated --pod-subnet-id @subnet/pods',
      '(SubnetNotAssociatedWithNATGateway) Subnet',
    ],
    [
      '--outbound-type userDefinedRouting --vnet-subnet-id @subnet/plain',
      '(ExistingRouteTableNotAssociatedWithSubnet)',
    ],
    ['--outbound-type userDefinedRouting --vnet-subnet-id @subnet/web', '(RouteTableInvalidNextHop)'],
    ['--outbound-type block --vnet-subnet-id @subnet/plain', '(UnsupportedOutboundType)'],
    ['--outbound-type managedNATGateway --outbound-type-sku Standard', '(UnsupportedOutboundType)'],
    [
      '-l canadaeast --outbound-type managedNATGateway --outbound-type-sku StandardV2',
      '(UnsupportedOutboundType)',
    ],
    [
      '--outbound-type none',
      "(VMExtensionProvisioningError) CSE failed with 'VMExtensionError_OutboundConnFail'.",
    ],
  ])('%s is refused: %s', async (flags, expected) => {
    const made = await terminal();
    const before = made.cloud();
    const ran = await made.line(expand(before, create(flags)));
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(expected);
    expect(made.cloud().resources).toBe(before.resources);
  });

  it.each(['none', 'block'])('%s starts nodes from a cache, and they get nowhere', async (type) => {
    const made = await terminal(create(`--outbound-type ${type} --bootstrap-artifact-source Cache`));
    expect(Object.keys(stateOf(made.cloud()).nodes)).toHaveLength(2);
    expect(seen(made.cloud())).toBeNull();
    expect(await made.json('aks', 'show', '-g', 'rg', '-n', 'aks', '--query', 'bootstrapProfile')).toEqual({
      artifactSource: 'Cache',
      containerRegistryId: null,
    });
  });

  it.each([
    ['2026-09-28T12:00:00Z', 'westeurope', 'Standard'],
    ['2026-09-29T12:00:00Z', 'westeurope', 'StandardV2'],
    ['2026-09-29T12:00:00Z', 'canadaeast', 'Standard'],
  ])('at %s in %s a managed gateway is %s if nobody says', async (time, location, sku) => {
    const cloud = await WORLD;
    const made = azTerminal({ cloud: { ...cloud, now: Date.parse(time) / 1000 } });
    await made.line(create(`--outbound-type managedNATGateway -l ${location}`));
    const { natGatewayProfile } = await profile(made);
    expect(natGatewayProfile?.sku).toBe(sku);
    // azure-cli names it after its SDK's attribute, count_ipv6, as in the load balancer's profile.
    expect(natGatewayProfile).toMatchObject({ managedOutboundIpProfile: { count: 1, countIpv6: null } });
  });
});

describe('az aks update, the way out', () => {
  const own = create('--vnet-subnet-id @subnet/plain');
  const gated = 'network vnet subnet update -g rg --vnet-name vnet -n plain --nat-gateway gw';
  const routed = 'network vnet subnet update -g rg --vnet-name vnet -n plain --route-table rt';

  it.each([
    ['managed', create(''), [], 'managedNATGateway'],
    ['managed', create(''), [], 'none'],
    ['managed', create(''), [], 'block'],
    ['managed', create('--outbound-type managedNATGateway'), [], 'none'],
    ['managed', create('--outbound-type managedNATGateway'), [], 'block'],
    [
      'managed, StandardV2',
      create('--outbound-type managedNATGateway --outbound-type-sku StandardV2'),
      [],
      'none',
    ],
    ['managed', create('--outbound-type none --bootstrap-artifact-source Cache'), [], 'loadBalancer'],
    ['managed', create('--outbound-type block --bootstrap-artifact-source Cache'), [], 'managedNATGateway'],
    ['brought', own, [gated], 'userAssignedNATGateway'],
    ['brought', own, [routed], 'userDefinedRouting'],
    ['brought', own, [], 'none'],
  ])('%s: %s goes to another type', async (_network, start, between, type) => {
    const made = await terminal(start);
    const former = seen(made.cloud());
    const after = await terminalFrom(made, ...between, `aks update -g rg -n aks --outbound-type ${type}`);
    expect((await profile(after)).outboundType).toBe(type);
    if (former !== null) expect(seen(after.cloud())).not.toBe(former);
    if (['none', 'block', 'userDefinedRouting'].includes(type) && _network !== 'brought') {
      expect(seen(after.cloud())).toBeNull();
    }
  });

  async function terminalFrom(made: AzTerminal, ...lines: readonly string[]): Promise<AzTerminal> {
    for (const line of lines) {
      const ran = await made.line(expand(made.cloud(), line));
      if (ran.exitCode !== 0) throw new Error(`az ${line}: ${ran.stderr}`);
    }
    return made;
  }

  it.each([
    [
      'managed',
      create('--outbound-type managedNATGateway'),
      '--outbound-type loadBalancer',
      '(UpdatingOutboundTypeNotAllowed)',
    ],
    [
      'managed',
      create(''),
      '--outbound-type userDefinedRouting',
      '--vnet-subnet-id must be specified for userDefinedRouting',
    ],
    [
      'managed',
      create(''),
      '--outbound-type userAssignedNATGateway',
      '--vnet-subnet-id must be specified for userAssignedNATGateway',
    ],
    [
      'brought',
      own,
      '--outbound-type managedNATGateway',
      '--vnet-subnet-id cannot be specified for managedNATGateway',
    ],
    ['brought', own, '--outbound-type block', '(UpdatingOutboundTypeNotAllowed)'],
    ['brought', own, '--outbound-type userAssignedNATGateway', '(SubnetNotAssociatedWithNATGateway)'],
    ['brought', own, '--outbound-type userDefinedRouting', '(ExistingRouteTableNotAssociatedWithSubnet)'],
    [
      'managed',
      create('--outbound-type managedNATGateway'),
      '--load-balancer-managed-outbound-ip-count 2',
      "managedNATGateway type doesn't support customizing the standard load balancer ips",
    ],
    [
      'managed',
      create(''),
      '--nat-gateway-idle-timeout 9',
      "loadBalancer type doesn't support customizing the standard nat gateway ips",
    ],
    [
      'managed',
      create(''),
      '--outbound-type-sku StandardV2',
      '--outbound-type-sku can only be used with outbound type managedNATGateway',
    ],
    [
      'StandardV2',
      create('--outbound-type managedNATGateway --outbound-type-sku StandardV2'),
      '--outbound-type-sku Standard',
      '(UnsupportedOutboundType)',
    ],
    [
      'StandardV2',
      create('--outbound-type managedNATGateway --outbound-type-sku StandardV2'),
      '--nat-gateway-outbound-ips @ip/v2',
      '(InvalidNATGatewayProfile)',
    ],
    [
      'managed',
      create('--load-balancer-outbound-ports 8000'),
      '--load-balancer-outbound-ports 40000',
      '(InvalidLoadBalancerProfileAllocatedOutboundPorts)',
    ],
  ])('%s: %s with %s is refused: %s', async (_network, start, flags, expected) => {
    const made = await terminal(start);
    const before = made.cloud();
    const ran = await made.line(expand(before, `aks update -g rg -n aks ${flags}`));
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(expected);
    expect(made.cloud().resources).toBe(before.resources);
  });

  it('moves a gateway to StandardV2 under its name, with other addresses', async () => {
    const made = await terminal(
      create('--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2'),
    );
    const before = await profile(made);
    const [name] = listResources(made.cloud(), 'Microsoft.Network/natGateways')
      .filter((one) => one.resourceGroup === NODES)
      .map((one) => one.name);
    const after = await terminalFrom(made, 'aks update -g rg -n aks --outbound-type-sku StandardV2');
    const now = await profile(after);
    const gateways = listResources(after.cloud(), 'Microsoft.Network/natGateways').filter(
      (one) => one.resourceGroup === NODES,
    );
    expect(gateways.map((one) => [one.name, one.sku.name])).toEqual([[name, 'StandardV2']]);
    const ids = now.natGatewayProfile?.effectiveOutboundIPs ?? [];
    expect(ids).toHaveLength(2);
    expect(
      before.natGatewayProfile?.effectiveOutboundIPs.filter(({ id }) => ids.some((one) => one.id === id)),
    ).toEqual([]);
    expect(addresses(after.cloud(), ids)).toContain(seen(after.cloud()));
  });

  it.each([
    ['nodepool update -g rg --cluster-name aks -n nodepool1 --max-surge 3', 4],
    ['nodepool update -g rg --cluster-name aks -n nodepool1 --max-surge 100%', 4],
    [
      'nodepool upgrade -g rg --cluster-name aks -n nodepool1 --max-surge 3 --kubernetes-version 1.35.3 -y',
      4,
    ],
    ['nodepool scale -g rg --cluster-name aks -n nodepool1 --node-count 3', 4],
    ['nodepool add -g rg --cluster-name aks -n second --node-count 1', 5],
  ])('explicit ports that %s would overdraw are counted for %i nodes', async (line, nodes) => {
    const made = await terminal(create('--load-balancer-outbound-ports 21328'));
    const before = made.cloud();
    const ran = await made.line(`aks ${line}`);
    expect(ran.stderr).toContain(`Total node count ${nodes} requires ${nodes * 21_328} ports`);
    expect(made.cloud().resources).toBe(before.resources);
  });

  it('does not let nodes join that cannot get out, and leaves the others as they are', async () => {
    const made = await terminal(create(''), 'aks update -g rg -n aks --outbound-type none');
    expect(Object.keys(stateOf(made.cloud()).nodes)).toHaveLength(2);
    const scale = 'aks nodepool scale -g rg --cluster-name aks -n nodepool1 --node-count 3';
    const refused = await made.line(scale);
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringContaining('VMExtensionError_OutboundConnFail') as string,
    ]);
    await terminalFrom(made, 'aks update -g rg -n aks --outbound-type managedNATGateway', scale);
    expect(Object.keys(stateOf(made.cloud()).nodes)).toHaveLength(3);
  });
});
