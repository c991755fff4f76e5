/** The way of a node over its proxy, told from resources and told by the tracer: they agree. */
import { describe, expect, it } from 'vitest';
import { nodeEnd, proxyOfNode, requestThroughProxy } from '../../../../src/model/aks/node-proxy.ts';
import { nodeProxyOf } from '../../../../src/model/aks/http-proxy.ts';
import type { ProxyAnswer } from '../../../../src/model/aks/proxy-path.ts';
import { armKey, listResources } from '../../../../src/model/azure/resource-store.ts';
import { findSubnet } from '../../../../src/model/azure/subnet.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { address } from '../../../../src/model/ip/address.ts';
import { kubernetesOf } from '../../../../src/model/kubernetes/cluster-state.ts';
import { internalAddress } from '../../../../src/model/kubernetes/pods.ts';
import type { ForwardProxy } from '../../../../src/model/proxy/forward-proxy.ts';
import {
  CREATE,
  MITMDUMP,
  PROXY_URL,
  proxiedSession,
  run,
  withProxy,
} from '../../../support/proxied-network.ts';
import { putFirewall } from '../../../support/firewall.ts';
import type { FirewallText } from '../../../support/firewall.ts';

const HOST = 'mcr.microsoft.com';
const RULE = 'az network nsg rule create -g rg -o none';
const NSG = `${RULE} --nsg-name nsg-proxy`;
const ROUTE = 'az network route-table route create -g rg --route-table-name';
const table = (name: string, vnet: string, subnet: string): string =>
  `az network route-table create -g rg -n ${name} -o none
az network vnet subnet update -g rg --vnet-name ${vnet} -n ${subnet} --route-table ${name} -o none`;
const NODES_TABLE = table('rt-nodes', 'vnet', 'nodes');
const PROXY_TABLE = table('rt-proxy', 'vnet-proxy', 'proxy');
const NODES_NSG = `az network nsg create -g rg -n nsg-nodes -o none
az network vnet subnet update -g rg --vnet-name vnet -n nodes --network-security-group nsg-nodes -o none`;
const SUBNET_NSG = `az network nsg create -g rg -n nsg-subnet -o none
az network vnet subnet update -g rg --vnet-name vnet-proxy -n proxy --network-security-group nsg-subnet -o none`;
const PEER = 'az network vnet peering';
const FIREWALL_SUBNET =
  'az network vnet subnet create -g rg --vnet-name vnet -n AzureFirewallSubnet --address-prefixes 10.42.2.0/24 -o none\naz network public-ip create -g rg -n fw-ip --sku Standard -o none';
const TO_FIREWALL = `${NODES_TABLE}
${ROUTE} rt-nodes -n proxy --address-prefix 10.20.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none`;
const BACK_TO_FIREWALL = `${PROXY_TABLE}
${ROUTE} rt-proxy -n nodes --address-prefix 10.42.1.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none`;
const allow = (...ports: readonly string[]): FirewallText => ({
  vnet: 'vnet',
  privateIPAddress: '10.42.2.4',
  network: [
    {
      name: 'n',
      priority: 100,
      rules: [
        {
          name: 'proxy',
          sourceAddresses: ['*'],
          destinationAddresses: ['10.20.0.0/16'],
          destinationPorts: ports,
        },
      ],
    },
  ],
});
const NO_ADDRESS =
  'az network nic ip-config update -g rg --nic-name $(az network nic list -g rg --query "[?contains(name, \'proxy\')].name | [0]" -o tsv) -n $(az network nic list -g rg --query "[?contains(name, \'proxy\')].ipConfigurations[0].name | [0]" -o tsv) --remove publicIpAddress -o none';
const PRIVATE =
  'az network vnet subnet update -g rg --vnet-name vnet-proxy -n proxy --default-outbound-access false -o none';

type Kind = 'passes' | 'timeout' | 'refused' | 'denied' | 'unknown';

interface Row {
  readonly name: string;
  readonly expected: Kind;
  readonly script?: string;
  readonly proxy?: Partial<ForwardProxy> | null;
  readonly port?: number;
  readonly firewall?: FirewallText;
}

const rows: readonly Row[] = [
  { name: 'as it is', expected: 'passes' },
  { name: 'nothing listens', expected: 'refused', proxy: null },
  { name: 'it listens on another port', expected: 'refused', port: 8081 },
  { name: 'the VM is stopped', expected: 'timeout', script: 'az vm stop -g rg -n vm-proxy' },
  { name: 'the VM is deallocated', expected: 'timeout', script: 'az vm deallocate -g rg -n vm-proxy' },
  {
    name: 'the VM is started again without it',
    expected: 'refused',
    script: 'az vm stop -g rg -n vm-proxy\naz vm start -g rg -n vm-proxy',
  },
  {
    name: 'no peering',
    expected: 'timeout',
    script: `${PEER} delete -g rg --vnet-name vnet -n to-proxy\n${PEER} delete -g rg --vnet-name vnet-proxy -n to-nodes`,
  },
  {
    name: 'a peering on one side',
    expected: 'timeout',
    script: `${PEER} delete -g rg --vnet-name vnet-proxy -n to-nodes`,
  },
  {
    name: 'a peering on the other side',
    expected: 'timeout',
    script: `${PEER} delete -g rg --vnet-name vnet -n to-proxy`,
  },
  {
    name: 'no access to the proxy',
    expected: 'timeout',
    script: `${PEER} update -g rg --vnet-name vnet -n to-proxy --set allowVirtualNetworkAccess=false -o none`,
  },
  {
    name: 'no access to the nodes',
    expected: 'timeout',
    script: `${PEER} update -g rg --vnet-name vnet-proxy -n to-nodes --set allowVirtualNetworkAccess=false -o none`,
  },
  {
    name: 'a rule denies the VNet',
    expected: 'timeout',
    script: `${NSG} -n d --priority 100 --access Deny --protocol '*' --source-address-prefixes VirtualNetwork --destination-port-ranges '*'`,
  },
  {
    name: 'a rule denies another port',
    expected: 'passes',
    script: `${NSG} -n d --priority 100 --access Deny --protocol Tcp --destination-port-ranges 8081-9000`,
  },
  {
    name: 'a rule denies a range of ports',
    expected: 'timeout',
    script: `${NSG} -n d --priority 100 --access Deny --protocol Tcp --destination-port-ranges 8000-9000`,
  },
  {
    name: 'a rule denies UDP',
    expected: 'passes',
    script: `${NSG} -n d --priority 100 --access Deny --protocol Udp --destination-port-ranges '*'`,
  },
  {
    name: 'the nodes are let in before all is denied',
    expected: 'passes',
    script: `${NSG} -n a --priority 100 --access Allow --protocol Tcp --source-address-prefixes 10.42.1.0/24 --destination-port-ranges 8080\n${NSG} -n d --priority 200 --access Deny --protocol '*' --destination-port-ranges '*'`,
  },
  {
    name: 'another subnet is let in before all is denied',
    expected: 'timeout',
    script: `${NSG} -n a --priority 100 --access Allow --protocol Tcp --source-address-prefixes 10.42.9.0/24 --destination-port-ranges 8080\n${NSG} -n d --priority 200 --access Deny --protocol '*' --destination-port-ranges '*'`,
  },
  {
    name: 'all is denied before the nodes are let in',
    expected: 'timeout',
    script: `${NSG} -n a --priority 300 --access Allow --protocol Tcp --source-address-prefixes 10.42.1.0/24 --destination-port-ranges 8080\n${NSG} -n d --priority 200 --access Deny --protocol '*' --destination-port-ranges '*'`,
  },
  {
    name: 'the subnet of the proxy denies',
    expected: 'timeout',
    script: `${SUBNET_NSG}\n${RULE} --nsg-name nsg-subnet -n d --priority 100 --access Deny --protocol Tcp --destination-port-ranges 8080`,
  },
  { name: 'the subnet of the proxy has default rules', expected: 'passes', script: SUBNET_NSG },
  {
    name: 'the subnet of the nodes denies the proxy',
    expected: 'timeout',
    script: `${NODES_NSG}\n${RULE} --nsg-name nsg-nodes -n d --priority 100 --direction Outbound --access Deny --protocol Tcp --destination-address-prefixes 10.20.0.0/24 --destination-port-ranges '*'`,
  },
  {
    name: 'the subnet of the nodes denies the internet',
    expected: 'passes',
    script: `${NODES_NSG}\n${RULE} --nsg-name nsg-nodes -n d --priority 100 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes Internet --destination-port-ranges '*'`,
  },
  {
    name: 'the subnet of the nodes allows nothing but the proxy',
    expected: 'passes',
    script: `${NODES_NSG}\n${RULE} --nsg-name nsg-nodes -n a --priority 100 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes 10.20.0.4 --destination-port-ranges 8080\n${RULE} --nsg-name nsg-nodes -n d --priority 200 --direction Outbound --access Deny --protocol '*' --destination-port-ranges '*'`,
  },
  {
    name: 'a rule by service tag denies storage',
    expected: 'passes',
    script: `${NODES_NSG}\n${RULE} --nsg-name nsg-nodes -n d --priority 100 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes Storage --destination-port-ranges '*'`,
  },
  {
    name: 'a route drops what is for the proxy',
    expected: 'timeout',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 10.20.0.4/32 --next-hop-type None -o none`,
  },
  {
    name: 'a route drops the internet',
    expected: 'passes',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 0.0.0.0/0 --next-hop-type None -o none`,
  },
  {
    name: 'a wider route drops private ranges',
    expected: 'passes',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 10.0.0.0/8 --next-hop-type None -o none`,
  },
  {
    name: 'a route of equal length drops',
    expected: 'timeout',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 10.20.0.0/16 --next-hop-type None -o none`,
  },
  {
    name: 'a route leads to nobody',
    expected: 'timeout',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 10.20.0.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.8.8 -o none`,
  },
  {
    name: 'a route leads to an address outside',
    expected: 'timeout',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 10.20.0.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 172.16.0.4 -o none`,
  },
  {
    name: 'a route sends the proxy to the internet',
    expected: 'timeout',
    script: `${NODES_TABLE}\n${ROUTE} rt-nodes -n d --address-prefix 10.20.0.0/24 --next-hop-type Internet -o none`,
  },
  {
    name: 'the answers are dropped',
    expected: 'timeout',
    script: `${PROXY_TABLE}\n${ROUTE} rt-proxy -n d --address-prefix 10.42.1.0/24 --next-hop-type None -o none`,
  },
  {
    name: 'both ways go through a firewall that allows it',
    expected: 'passes',
    script: `${FIREWALL_SUBNET}\n${TO_FIREWALL}\n${BACK_TO_FIREWALL}`,
    firewall: allow('8080'),
  },
  {
    name: 'both ways go through a firewall that allows another port',
    expected: 'timeout',
    script: `${FIREWALL_SUBNET}\n${TO_FIREWALL}\n${BACK_TO_FIREWALL}`,
    firewall: allow('3128'),
  },
  {
    name: 'only the answers go through a firewall',
    expected: 'timeout',
    script: `${FIREWALL_SUBNET}\n${BACK_TO_FIREWALL}`,
    firewall: allow('8080'),
  },
  {
    name: 'only the requests go through a firewall',
    expected: 'timeout',
    script: `${FIREWALL_SUBNET}\n${TO_FIREWALL}`,
    firewall: allow('8080'),
  },
  { name: 'the proxy has no way out', expected: 'denied', script: `${NO_ADDRESS}\n${PRIVATE}` },
  {
    name: 'the proxy leaves by default outbound access',
    expected: 'passes',
    script: `${NO_ADDRESS}\naz network vnet subnet update -g rg --vnet-name vnet-proxy -n proxy --default-outbound-access true -o none`,
  },
  {
    name: 'the proxy leaves by a NAT gateway',
    expected: 'passes',
    script: `${NO_ADDRESS}\n${PRIVATE}\naz network public-ip create -g rg -n nat-ip --sku Standard -o none\naz network nat gateway create -g rg -n nat --public-ip-addresses nat-ip -o none\naz network vnet subnet update -g rg --vnet-name vnet-proxy -n proxy --nat-gateway nat -o none`,
  },
  {
    name: 'the proxy may not leave',
    expected: 'denied',
    script: `${NSG} -n d --priority 100 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes Internet --destination-port-ranges '*'`,
  },
  {
    name: 'the proxy may leave by port 443 only',
    expected: 'passes',
    script: `${NSG} -n a --priority 100 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes Internet --destination-port-ranges 443\n${NSG} -n d --priority 200 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes Internet --destination-port-ranges '*'`,
  },
  {
    name: 'a route drops what the proxy sends out',
    expected: 'denied',
    script: `${PROXY_TABLE}\n${ROUTE} rt-proxy -n d --address-prefix 0.0.0.0/0 --next-hop-type None -o none`,
  },
  { name: 'the proxy lets only public clients in', expected: 'denied', proxy: { blockPrivate: 'on' } },
  { name: 'the proxy lets everybody in', expected: 'passes', proxy: { blockGlobal: 'off' } },
  {
    name: 'the proxy blocks the name',
    expected: 'denied',
    proxy: { blockList: [{ filter: '~d mcr.microsoft.com', status: 403 }] },
  },
  {
    name: 'the proxy closes on the name',
    expected: 'denied',
    proxy: { blockList: [{ filter: '~d mcr.microsoft.com', status: 444 }] },
  },
  {
    name: 'the proxy blocks another name',
    expected: 'passes',
    proxy: { blockList: [{ filter: '~d docker.io', status: 403 }] },
  },
  {
    name: 'the proxy does not read the name that it blocks',
    expected: 'passes',
    proxy: {
      ignoreHosts: ['mcr\\.microsoft\\.com'],
      blockList: [{ filter: '~d mcr.microsoft.com', status: 403 }],
    },
  },
  { name: 'the proxy asks for a password', expected: 'denied', proxy: { proxyAuth: 'u:p' } },
];

let world: Promise<Cloud> | null = null;
function cluster(): Promise<Cloud> {
  return (world ??= proxiedSession({ httpProxy: PROXY_URL }).then(async (session) => {
    await run(session, `${CREATE} --http-proxy-config proxy.json`);
    return session.cloud;
  }));
}

function kindOf(answer: ProxyAnswer): Kind {
  switch (answer.kind) {
    case 'unknown':
      return 'unknown';
    case 'unreachable':
      return answer.how === 'refused' ? 'refused' : 'timeout';
    case 'refuses':
    case 'closes':
      return 'denied';
    case 'passes':
      return answer.inside.kind === 'server' ? 'passes' : 'denied';
  }
}

/** What the tracer says. */
function tracedKind(cloud: Cloud, node: string): { readonly kind: Kind; readonly reason: string } {
  const asked = ask(cloud, { from: `node/${node}`, to: `https://${HOST}/v2/`, client: 'go' });
  if (!asked.ok) throw new Error(JSON.stringify(asked.error));
  const { trace, over } = asked.value;
  const reason = `${trace.disposition}: ${trace.reason}`;
  if (trace.disposition === 'delivered') return { kind: 'passes', reason };
  if (trace.disposition === 'undetermined') return { kind: 'unknown', reason };
  if (over !== null && over.proxies.length > 0) return { kind: 'denied', reason };
  return { kind: trace.disposition === 'refused' ? 'refused' : 'timeout', reason };
}

describe('a node behind a proxy, where', () => {
  it.each(rows)('$name: $expected', async ({ expected, script, proxy, port, firewall }) => {
    const session = await proxiedSession(null, await cluster());
    if (script !== undefined) await run(session, script);
    let cloud = session.cloud;
    if (firewall !== undefined) cloud = putFirewall(cloud, firewall);
    if (proxy !== undefined || port !== undefined) {
      cloud = withProxy(cloud, proxy === null ? null : { ...MITMDUMP, ...proxy }, port);
    }
    const [owner] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
    if (owner === undefined) throw new Error('no cluster');
    const node = Object.values(kubernetesOf(cloud, armKey(owner.id)).nodes)[0];
    const settings = node === undefined ? null : nodeProxyOf(node);
    const place = findSubnet(cloud, owner.agentPoolProfiles[0]?.vnetSubnetId ?? '');
    if (node === undefined || settings === null || place === null) throw new Error('no node');
    const server = proxyOfNode(settings, HOST);
    if (server === null) throw new Error('no proxy');
    const from = nodeEnd(cloud, owner, place, address(internalAddress(node)));
    const { answer } = requestThroughProxy(cloud, from, server, HOST, { method: 'GET', path: '/v2/' });
    const traced = tracedKind(cloud, node.metadata.name);
    expect(
      { told: kindOf(answer), traced: traced.kind },
      `${JSON.stringify({ ...answer, chain: null })}\n${traced.reason}`,
    ).toEqual({
      told: expected,
      traced: expected,
    });
  });
});
