/** What a new node meets on its way to the internet, to names and to its API server, in the words of az. */
import { describe, expect, it } from 'vitest';
import { behind, create, IN_HUB, names, OWN, REQUIRED } from '../../../support/closed-cluster.ts';
import type { FirewallText } from '../../../support/firewall.ts';

const TAG: FirewallText = {
  ...OWN,
  application: [
    { name: 'tag', priority: 100, rules: [{ name: 'aks', fqdnTags: ['AzureKubernetesService'] }] },
  ],
};
const ROUTE = 'az network route-table route update -g rg --route-table-name rt -n out';
const TAG_ROUTE = 'az network route-table route create -g rg --route-table-name rt -n tag';
const FIREWALL_ROUTE =
  'az network route-table route create -g rg --route-table-name rt-firewall -n r -o none';
const FIREWALL_TABLE =
  'az network vnet subnet update -g rg --vnet-name vnet -n AzureFirewallSubnet --route-table rt-firewall -o none';
const peer = (from: string, to: string): string =>
  `az network vnet peering create -g rg -n ${from}-${to} --vnet-name ${from} --remote-vnet ${to} --allow-vnet-access --allow-forwarded-traffic -o none`;
const TO_HUB = `${ROUTE} --next-hop-ip-address 10.43.2.4 -o none`;

// Exit codes: cse_helpers.sh of Azure/AgentBaker, ERR_OUTBOUND_CONN_FAIL, ERR_K8S_API_SERVER_CONN_FAIL and ERR_K8S_API_SERVER_DNS_LOOKUP_FAIL.
describe('a cluster whose default route leads to a firewall', () => {
  it.each<[string, FirewallText | null, string, string, string]>([
    ['is made with the FQDN tag', TAG, '', '', ''],
    ['is made with a rule for each required name', { ...OWN, application: names(...REQUIRED) }, '', '', ''],
    [
      'is made with a network rule for everything on port 443',
      {
        ...OWN,
        network: [
          {
            name: 'n',
            priority: 100,
            rules: [{ name: 'all', destinationAddresses: ['*'], destinationPorts: ['443'] }],
          },
        ],
      },
      '',
      '',
      '',
    ],
    [
      'is made behind a firewall in a peered hub',
      { ...TAG, ...IN_HUB },
      `${peer('vnet', 'hub')}\n${peer('hub', 'vnet')}\n${TO_HUB}`,
      '',
      '',
    ],
    [
      'is not made by a firewall without rules',
      OWN,
      '',
      '',
      "VMExtensionError_OutboundConnFail'. Agents are unable to establish outbound connection: mcr.microsoft.com:443 (https; system images: the registry), where route out of subnet nodes leads to firewall fw: no rule allows it",
    ],
    [
      'names the rule that denies',
      {
        ...OWN,
        application: [
          {
            name: 'no',
            priority: 100,
            action: 'Deny',
            rules: [{ name: 'registry', targetFqdns: ['mcr.microsoft.com'] }],
          },
          ...(TAG.application ?? []).map((each) => ({ ...each, priority: 300 })),
        ],
      },
      '',
      '',
      'firewall fw: application rule no/registry denies it',
    ],
    [
      'is not made where one peering is missing',
      { ...TAG, ...IN_HUB },
      `${peer('vnet', 'hub')}\n${TO_HUB}`,
      '',
      'leads to 10.43.2.4, which is neither in VNet vnet nor in one that is peered with it and Connected',
    ],
    [
      'is not made where nothing has the address of the next hop',
      TAG,
      `${ROUTE} --next-hop-ip-address 10.42.2.9 -o none`,
      '',
      'route out of subnet nodes leads to 10.42.2.9, where nothing is that could take the packets',
    ],
    [
      'is judged as ever beside a route to a service tag that no name which it needs is in',
      OWN,
      `${TAG_ROUTE} --address-prefix Storage.WestEurope --next-hop-type Internet -o none`,
      '',
      'firewall fw: no rule allows it',
    ],
    [
      'may reach the registry by a route to its service tag, and then its API server is what is missing',
      OWN,
      `${TAG_ROUTE} --address-prefix MicrosoftContainerRegistry --next-hop-type Internet -o none`,
      '',
      'VMExtensionError_K8SAPIServerConnFail',
    ],
    [
      'is made where a route to the cloud’s own addresses goes round a firewall without rules',
      OWN,
      `${TAG_ROUTE} --address-prefix AzureCloud --next-hop-type Internet -o none`,
      '',
      '',
    ],
    [
      'is not made by a firewall that is not deployed',
      { ...TAG, place: 'none' },
      '',
      '',
      'leads to 10.42.2.4, where nothing is that could take the packets',
    ],
    [
      'is not made by a firewall without a public address',
      { ...TAG, publicIps: [] },
      '',
      '',
      'firewall fw has no public address',
    ],
    [
      'is not made where answers do not come back',
      TAG,
      `${FIREWALL_TABLE}\n${FIREWALL_ROUTE} --address-prefix 10.42.1.0/24 --next-hop-type None`,
      '',
      'the answers do not come back, route r of AzureFirewallSubnet drops them',
    ],
    [
      'is not made where the API server’s name is not allowed',
      { ...OWN, application: names(...REQUIRED.filter((each) => !each.includes('.hcp.'))) },
      '',
      '',
      "VMExtensionError_K8SAPIServerConnFail'. Agents are unable to establish connection to Kubernetes API server",
    ],
    [
      'is made where a network rule allows the API server by its tag instead',
      {
        ...OWN,
        network: [
          {
            name: 'n',
            priority: 100,
            rules: [
              {
                name: 'api',
                destinationAddresses: ['AzureCloud.westeurope'],
                destinationPorts: ['443'],
              },
            ],
          },
        ],
        application: names(...REQUIRED.filter((each) => !each.includes('.hcp.'))),
      },
      '',
      '',
      '',
    ],
    [
      'is not made where only the addresses of its region are allowed: the registry is behind Front Door',
      {
        ...OWN,
        network: [
          {
            name: 'n',
            priority: 100,
            rules: [
              { name: 'azure', destinationAddresses: ['AzureCloud.westeurope'], destinationPorts: ['443'] },
            ],
          },
        ],
        application: [],
      },
      '',
      '',
      'mcr.microsoft.com:443 (https; system images: the registry), where route out of subnet nodes leads to firewall fw: no rule allows it; the same goes for *.data.mcr.microsoft.com, packages.microsoft.com, packages.aks.azure.com.',
    ],
    [
      'is not made where the API server does not let the firewall in',
      TAG,
      '',
      '--api-server-authorized-ip-ranges 198.51.100.0/24',
      '192.0.2.10, which firewall fw makes the nodes leave by, is not among the authorized IP ranges',
    ],
    ['is made where it does', TAG, '', '--api-server-authorized-ip-ranges 198.51.100.0/24,192.0.2.10', ''],
    [
      'is not made where nothing has the address of the VNet’s DNS server',
      TAG,
      'az network vnet update -g rg -n vnet --dns-servers 10.42.9.9 -o none',
      '',
      "VMExtensionError_K8SAPIServerDNSLookupFail'. Agents are unable to resolve Kubernetes API server name. DNS server 10.42.9.9 of VNet vnet does not answer",
    ],
    [
      'is not made where the firewall’s DNS proxy is off',
      TAG,
      'az network vnet update -g rg -n vnet --dns-servers 10.42.2.4 -o none',
      '',
      'the DNS proxy of firewall fw is off',
    ],
    [
      'is made where it is on',
      { ...TAG, settings: { 'Network.DNS.EnableProxy': 'true' } },
      'az network vnet update -g rg -n vnet --dns-servers 10.42.2.4 -o none',
      '',
      '',
    ],
    [
      'is not made where the proxy asks a server that is not there',
      { ...TAG, settings: { 'Network.DNS.EnableProxy': 'true', 'Network.DNS.Servers': '10.42.9.9' } },
      'az network vnet update -g rg -n vnet --dns-servers 10.42.2.4 -o none',
      '',
      'DNS server 10.42.9.9 of firewall fw does not answer: nothing in VNet vnet has the address. Exit status 52',
    ],
    [
      'is not made where the proxy asks itself',
      { ...TAG, settings: { 'Network.DNS.EnableProxy': 'true', 'Network.DNS.Servers': '10.42.2.4' } },
      'az network vnet update -g rg -n vnet --dns-servers 10.42.2.4 -o none',
      '',
      'DNS servers ask each other in a circle, 10.42.2.4',
    ],
    [
      'is made where one of the proxy’s servers answers',
      {
        ...TAG,
        settings: { 'Network.DNS.EnableProxy': 'true', 'Network.DNS.Servers': '10.42.9.9,168.63.129.16' },
      },
      'az network vnet update -g rg -n vnet --dns-servers 10.42.2.4 -o none',
      '',
      '',
    ],
    [
      'is not made where the firewall denies the way to a DNS server on the internet',
      TAG,
      'az network vnet update -g rg -n vnet --dns-servers 203.0.113.53 -o none',
      '',
      'DNS server 203.0.113.53 of VNet vnet does not answer',
    ],
    [
      'is made with two routes for the halves of the internet',
      TAG,
      `az network route-table route create -g rg --route-table-name rt -n low --address-prefix 0.0.0.0/1 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none
az network route-table route create -g rg --route-table-name rt -n high --address-prefix 128.0.0.0/1 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none`,
      '',
      '',
    ],
  ])('%s', async (_, firewall, script, options, expected) => {
    const said = await create(await behind(firewall, script), options);
    if (expected === '') expect(said).toBe('');
    else {
      expect(said).toContain('(VMExtensionProvisioningError) CSE failed with ');
      expect(said).toContain(expected);
    }
  });
});
