/** Sums that public documentation does in full, as lines of `calc` with what they must answer. */
import type { Json } from './calculator.ts';

export interface DocumentedExample {
  /** The sum as the source puts it. */
  readonly says: string;
  /** What follows `calc`. */
  readonly line: string;
  /** What the JSON of the answer holds. */
  readonly answer: Readonly<Record<string, Json>>;
  /** Where the documentation shows what does not work. */
  readonly exitCode?: 1;
  readonly source: string;
  /** The date that the source bears. */
  readonly read: string;
}

const PLANNING =
  'IP address planning for AKS, https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning';
const KUBENET = 'Use kubenet with AKS, https://learn.microsoft.com/azure/aks/configure-kubenet';
const OVERLAY = 'Azure CNI Overlay, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay';
const POD_SUBNET =
  'Azure CNI Pod Subnet, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet';
const ROLLING =
  'Configure rolling upgrades for AKS node pools, https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling';
const LARGE =
  'Best practices for large AKS clusters, https://learn.microsoft.com/azure/aks/best-practices-performance-scale-large';
const MULTIPLE =
  'Use multiple load balancers in AKS, https://learn.microsoft.com/azure/aks/use-multiple-standard-load-balancer';
const STANDARD_LOAD_BALANCER =
  'Configure a Standard load balancer in AKS, https://learn.microsoft.com/azure/aks/configure-load-balancer-standard';
const ALLOCATED_PORTS =
  'InvalidLoadBalancerProfileAllocatedOutboundPorts, https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/invalidloadbalancerprofileallocatedoutboundports-error';
const OUTBOUND =
  'Use SNAT for outbound connections, https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections';
const OUTBOUND_RULES = 'Outbound rules, https://learn.microsoft.com/azure/load-balancer/outbound-rules';
const NAT_GATEWAY =
  'Azure NAT Gateway resource, https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource';
const FIREWALL =
  'Azure Firewall known issues, https://learn.microsoft.com/azure/firewall/firewall-known-issues';
const SCALING = 'azure-container-networking, docs/feature/ipammath';

const ASG =
  'Application security groups, https://learn.microsoft.com/azure/virtual-network/application-security-groups';
const ASG_RULES =
  'nsg-evaluator --rules NSG1:Allow-HTTP-Inbound-Internet:100:Inbound:Allow:Tcp:Internet:any:asg/AsgWeb:80 NSG1:Allow-Database-BusinessLogic:110:Inbound:Allow:Tcp:asg/AsgLogic:any:asg/AsgDb:1433 NSG1:Deny-Database-All:120:Inbound:Deny:any:any:any:asg/AsgDb:1433 --asg AsgWeb=10.0.1.4 AsgWeb=10.0.1.5 AsgLogic=10.0.1.6 AsgDb=10.0.2.4 --vnet 10.0.0.0/16';
const NSG_ORDER =
  'How network security groups filter network traffic, https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works';
const CUSTOM_NSG =
  'Custom NSG blocks traffic, https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/custom-nsg-blocks-traffic';
const AKS_RULE =
  'aks-agentpool-12345678-nsg:k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77:500:Inbound:Allow:Tcp:Internet:any:203.0.113.10:80';
const UDR =
  'Virtual network traffic routing, https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview';
const UDR_SUBNET_1 =
  'effective-routes --routes Within-VNet1:10.0.0.0/16:VirtualAppliance:10.0.100.4 Within-Subnet1:10.0.0.0/24:VnetLocal ToVNet2-1-Drop:10.1.0.0/16:None ToVNet2-2-Drop:10.2.0.0/16:None To-On-Prem:10.10.0.0/16:VirtualAppliance:10.0.100.4 Default-NVA:0.0.0.0/0:VirtualAppliance:10.0.100.4 --vnet 10.0.0.0/16 --peer Virtual-network-2=10.1.0.0/16 Virtual-network-2=10.2.0.0/16 --on-premises 10.10.0.0/16';

const FIREWALL_RULES =
  'Azure Firewall rule processing logic, https://learn.microsoft.com/azure/firewall/rule-processing';
const FIREWALL_FAQ = 'Azure Firewall FAQ, https://learn.microsoft.com/azure/firewall/firewall-faq';
const FIREWALL_SNAT =
  'Azure Firewall SNAT private IP address ranges, https://learn.microsoft.com/azure/firewall/snat-private-range';
/** The policy of the page, each collection with one rule for another port. */
const FIREWALL_POLICY =
  'firewall-rules --rules nat:Parent/BaseRCG1@200/DNATRC1:600:Dnat:TCP:any:203.0.113.10:81:10.0.1.4:81 nat:Parent/BaseRCG1@200/DNATRC3:610:Dnat:TCP:any:203.0.113.10:83:10.0.1.4:83 net:Parent/BaseRCG1@200/NetworkRC1:800:Allow:TCP:any:any:101 app:Parent/BaseRCG2@300/AppRC2:1200:Allow:any:https=443:a.example net:Parent/BaseRCG2@300/NetworkRC2:1300:Allow:TCP:any:any:102 net:Child/ChildRCG1@300/ChNetRC1:700:Allow:TCP:any:any:201 app:Child/ChildRCG1@300/ChAppRC1:900:Allow:any:https=443:b.example net:Child/ChildRCG2@650/ChNetRC2:1100:Allow:TCP:any:any:202 app:Child/ChildRCG2@650/ChAppRC2:2000:Allow:any:https=443:c.example nat:Child/ChildRCG2@650/ChDNATRC3:3000:Dnat:TCP:any:203.0.113.10:84:10.0.1.4:84 --parent Parent';
const WILDCARDS = 'firewall-rules --rules app:c:100:Allow:any:https=443:';

export const DOCUMENTED_EXAMPLES: readonly DocumentedExample[] = [
  {
    says: '50 nodes and one for an upgrade, 30 pods each: 51 + 51 x 30 = 1,581 addresses, a /21 or larger',
    line: 'ip-plan --ipam node-subnet --nodes 50 --surge 1 --max-pods 30',
    answer: { addressesNeeded: 1581, smallestPrefix: 21 },
    source: PLANNING,
    read: '2026-04-16',
  },
  {
    says: 'Grown by ten nodes: 61 + 61 x 30 = 1,891 addresses, still a /21',
    line: 'ip-plan --ipam node-subnet --nodes 60 --surge 1 --max-pods 30',
    answer: { addressesNeeded: 1891, smallestPrefix: 21 },
    source: PLANNING,
    read: '2026-04-16',
  },
  {
    says: 'kubenet in a /24: 251 nodes, and 27,610 pods with 110 each',
    line: 'ip-plan --ipam kubenet --nodes 3 --subnet /24 --max-pods 110',
    answer: { nodesAtOnce: 251, podsAtOnce: 27_610 },
    source: KUBENET,
    read: '2026-04-16',
  },
  {
    says: 'Azure CNI in a /24: 8 nodes, and 240 pods with 30 each',
    line: 'ip-plan --ipam node-subnet --nodes 3 --subnet /24 --max-pods 30',
    answer: { nodesAtOnce: 8, podsAtOnce: 240 },
    source: KUBENET,
    read: '2026-04-16',
  },
  {
    says: 'kubenet in a /27: 20 to 25 nodes with room for upgrades, 2,750 pods at most',
    line: 'ip-plan --ipam kubenet --nodes 25 --surge 1 --subnet /27 --max-pods 110',
    answer: { fits: true, pods: 2750 },
    source: KUBENET,
    read: '2026-04-16',
  },
  {
    says: 'Five pools of four nodes that surge by half: ten nodes more',
    line: 'ip-plan --ipam overlay --nodes 4,4,4,4,4 --surge 50%',
    answer: { surgeNodes: 10, peakNodes: 30 },
    source: ROLLING,
    read: '2026-05-29',
  },
  {
    says: 'Static blocks, 31 pods a node: two blocks, and nothing wasted',
    line: 'pod-subnet --mode static --max-pods 31',
    answer: { static: { blocks: 2, usable: 31, wasted: 0 } },
    source: POD_SUBNET,
    read: '2024-05-21',
  },
  {
    says: 'A dynamic node with 110 pods holds 128 addresses',
    line: 'pod-subnet --mode dynamic --max-pods 110',
    answer: { dynamic: { addressesPerFullNode: 128 } },
    source: SCALING,
    read: '2026-08-20',
  },
  {
    says: 'Overlay with a /16 for pods: 256 nodes',
    line: 'overlay-capacity --pod-cidr 10.244.0.0/16',
    answer: { nodesByPodCidr: 256 },
    source: OVERLAY,
    read: '2026-07-31',
  },
  {
    says: 'Five ports on one Service reach the 10,000 backend IP configurations of a frontend with 2,000 nodes',
    line: 'lb-budget --services 1 --ports 5 --nodes 2000',
    answer: {
      fits: true,
      backendsPerFrontend: { kubernetes: 10_000, 'kubernetes-internal': 0 },
      maxNodesInPool: 2000,
    },
    source: LARGE,
    read: '2026-06-05',
  },
  {
    says: 'One load balancer carries about 300 pairs of address and port for a cluster',
    line: 'lb-budget --services 300 --ports 1 --nodes 30',
    answer: { fits: true, rulesPerNic: 300, maxServices: 300 },
    source: MULTIPLE,
    read: '2025-05-13',
  },
  {
    says: '50 nodes or fewer: 1,024 ports each; 51 to 100: 512',
    line: 'snat-ports --nodes 50 --surge 1',
    answer: {
      portsPerNode: 1024,
      portsPerNodeAtMost: 512,
      nextBoundary: { nodes: 51, before: 1024, after: 512 },
    },
    source: OUTBOUND,
    read: '2023-03-06',
  },
  {
    says: 'With several addresses a node has the row times the addresses, but at most 1,024',
    line: 'snat-ports --nodes 100 --surge 0 --outbound-ips 3',
    answer: { portsPerNode: 1024 },
    source: OUTBOUND,
    read: '2023-03-06',
  },
  {
    says: '7 addresses with 4,000 ports for each node: 448,000 ports, enough for 100 nodes and an upgrade',
    line: 'snat-ports --nodes 100 --outbound-ips 7 --ports 4000',
    answer: { fits: true, portsAvailable: 448_000, maxNodes: 112 },
    source: STANDARD_LOAD_BALANCER,
    read: '2024-01-23',
  },
  {
    says: '64,000 / 3,400 is 18.8: 18 nodes, since the service refuses the 600 ports too many of a 19th',
    line: 'snat-ports --nodes 18 --surge 0 --ports 3400',
    answer: { fits: true, maxNodes: 18 },
    source: STANDARD_LOAD_BALANCER,
    read: '2024-01-23',
  },
  {
    says: '3 nodes with 21,000 ports each: AKS counts 4 nodes, which need 84,000 of 64,000',
    line: 'snat-ports --nodes 3 --ports 21000',
    answer: { fits: false, countedNodes: 4, portsNeeded: 84_000, portsAvailable: 64_000 },
    source: 'Azure/azure-cli issue 22374, https://github.com/Azure/azure-cli/issues/22374',
    read: '2022-05-12',
  },
  {
    says: '22 nodes in three pools with 3,200 ports each: AKS counts 25, which need 80,000',
    line: 'snat-ports --nodes 2,10,10 --ports 3200',
    answer: { fits: false, countedNodes: 25, portsNeeded: 80_000 },
    source: 'jenkins-infra/azure pull request 580, https://github.com/jenkins-infra/azure/pull/580',
    read: '2024-01-17',
  },
  {
    says: '9 nodes with 8,000 ports each need 72,000: a second address makes them fit',
    line: 'snat-ports --nodes 9 --surge 0 --ports 8000',
    answer: { fits: false, portsNeeded: 72_000, minOutboundIps: 2 },
    source: ALLOCATED_PORTS,
    read: '2024-05-06',
  },
  {
    says: '7 machines with 10,000 ports each are too many for one address',
    line: 'snat-ports --nodes 7 --surge 0 --ports 10000',
    answer: { fits: false, portsNeeded: 70_000 },
    source: OUTBOUND_RULES,
    read: '2024-04-11',
  },
  {
    says: '16 addresses of a NAT gateway: 16 x 64,512 = 1,032,192 ports',
    line: 'nat-gateway --connections 800000 --outbound-ips 16',
    answer: { fits: true, portsAvailable: 1_032_192, maxConnectionsToOneDestination: 800_000 },
    source: NAT_GATEWAY,
    read: '2023-07-10',
  },
  {
    says: '50,000 connections of an address to one destination; one more needs a second address',
    line: 'nat-gateway --connections 50001',
    answer: { minOutboundIps: 2 },
    source: NAT_GATEWAY,
    read: '2023-07-10',
  },
  {
    says: 'A port closed by FIN serves the same destination again after 65 seconds',
    line: 'nat-gateway --per-second 100 --duration 0',
    answer: { reuseTimerSeconds: 65, portsPerDestination: 6_500 },
    source: NAT_GATEWAY,
    read: '2023-07-10',
  },
  {
    says: 'One address and two instances of Azure Firewall: 4,992 connections to one destination',
    line: 'nat-gateway --connections 4992',
    answer: { fits: true, otherMethods: [{}, { instances: 2, publicIps: 1, portsTaken: 4992 }, {}] },
    source: FIREWALL,
    read: '2023-10-25',
  },
  {
    says: 'Three application security groups: the internet reaches the web servers on port 80',
    line: `${ASG_RULES} --from 203.0.113.9:50000 --to 10.0.1.4:80`,
    answer: { access: 'Allow', rule: 'Allow-HTTP-Inbound-Internet' },
    source: ASG,
    read: '2025-07-25',
  },
  {
    says: 'The business logic reaches the database on port 1433',
    line: `${ASG_RULES} --from 10.0.1.6:50000 --to 10.0.2.4:1433`,
    answer: { access: 'Allow', rule: 'Allow-Database-BusinessLogic' },
    source: ASG,
    read: '2025-07-25',
  },
  {
    says: 'The web servers do not, although AllowVNetInBound would let them',
    line: `${ASG_RULES} --from 10.0.1.4:50000 --to 10.0.2.4:1433`,
    answer: { access: 'Deny', rule: 'Deny-Database-All' },
    exitCode: 1,
    source: ASG,
    read: '2025-07-25',
  },
  {
    says: 'VM1: NSG1 on the subnet has no rule for port 80, so that NSG2 on the NIC never sees the packet',
    line: 'nsg-evaluator --rules NSG1: NSG2:AllowWeb:100:Inbound:Allow:Tcp:Internet:any:any:80 --on-subnet NSG1 --on-nic NSG2 --vnet 10.0.0.0/16 --from 203.0.113.9:50000 --to 10.0.1.4:80',
    answer: { access: 'Deny', rule: 'DenyAllInBound', group: 'NSG1' },
    exitCode: 1,
    source: NSG_ORDER,
    read: '2025-03-31',
  },
  {
    says: 'Port 80 reaches VM1 once both NSG1 and NSG2 allow it',
    line: 'nsg-evaluator --rules NSG1:AllowWeb:100:Inbound:Allow:Tcp:Internet:any:any:80 NSG2:AllowWeb:100:Inbound:Allow:Tcp:Internet:any:any:80 --on-subnet NSG1 --on-nic NSG2 --vnet 10.0.0.0/16 --from 203.0.113.9:50000 --to 10.0.1.4:80',
    answer: { access: 'Allow', groups: [{ name: 'NSG1' }, { name: 'NSG2' }] },
    source: NSG_ORDER,
    read: '2025-03-31',
  },
  {
    says: 'A group of your own on the subnet of an AKS cluster stops a public Service that the managed group allows',
    line: `nsg-evaluator --rules nsg-aks: ${AKS_RULE} --vnet 10.224.0.0/12 --from 198.51.100.7:50000 --to 203.0.113.10:80`,
    answer: { access: 'Deny', rule: 'DenyAllInBound', group: 'nsg-aks' },
    exitCode: 1,
    source: CUSTOM_NSG,
    read: '2022-08-23',
  },
  {
    says: 'The same rule in the group of the subnet lets it through',
    line: `nsg-evaluator --rules nsg-aks:AllowWeb:1000:Inbound:Allow:Tcp:Internet:any:203.0.113.10:80 ${AKS_RULE} --vnet 10.224.0.0/12 --from 198.51.100.7:50000 --to 203.0.113.10:80`,
    answer: { access: 'Allow' },
    source: CUSTOM_NSG,
    read: '2022-08-23',
  },
  {
    says: 'Subnet1: traffic within the subnet stays there, by the longer user-defined route',
    line: `${UDR_SUBNET_1} --to 10.0.0.9`,
    answer: { nextHopType: 'VnetLocal', route: 'Within-Subnet1', addressPrefix: '10.0.0.0/24' },
    source: UDR,
    read: '2023-05-27',
  },
  {
    says: 'Subnet1: traffic to the other virtual network is dropped, though the peering has routes of the same prefixes',
    line: `${UDR_SUBNET_1} --to 10.2.0.4`,
    answer: { nextHopType: 'None', route: 'ToVNet2-2-Drop' },
    exitCode: 1,
    source: UDR,
    read: '2023-05-27',
  },
  {
    says: 'Subnet1: traffic to on-premises goes through the appliance, not straight to the gateway',
    line: `${UDR_SUBNET_1} --to 10.10.0.9`,
    answer: { nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.100.4', route: 'To-On-Prem' },
    source: UDR,
    read: '2023-05-27',
  },
  {
    says: '10.0.0.0/24 is longer than 10.0.0.0/16, which has 10.0.1.5',
    line: 'effective-routes --routes r:10.0.0.0/24:None --vnet 10.0.0.0/16 --to 10.0.1.5',
    answer: { nextHopType: 'VnetLocal', addressPrefix: '10.0.0.0/16' },
    source: UDR,
    read: '2023-05-27',
  },
  {
    says: "System routes of peerings are preferred even if a gateway's route is more specific",
    line: 'effective-routes --routes r:0.0.0.0/0:VirtualNetworkGateway --vnet 10.0.0.0/16 --peer 10.1.0.0/16 --on-premises 10.1.3.0/24 --to 10.1.3.9',
    answer: { nextHopType: 'VNetPeering', addressPrefix: '10.1.0.0/16' },
    source: UDR,
    read: '2023-05-27',
  },
  {
    says: 'Four groups of a policy and its parent: DNATRC1, DNATRC3, ChDNATRC3, NetworkRC1, NetworkRC2, ChNetRC1, ChNetRC2, AppRC2, ChAppRC1, ChAppRC2',
    line: `${FIREWALL_POLICY} --from 10.0.0.4 --to c.example:443`,
    answer: {
      access: 'Allow',
      rule: 'ChAppRC2',
      order: [
        { collection: 'DNATRC1' },
        { collection: 'DNATRC3' },
        { collection: 'ChDNATRC3' },
        { collection: 'NetworkRC1' },
        { collection: 'NetworkRC2' },
        { collection: 'ChNetRC1' },
        { collection: 'ChNetRC2' },
        { collection: 'AppRC2' },
        { collection: 'ChAppRC1' },
        { collection: 'ChAppRC2' },
      ],
    },
    source: FIREWALL_RULES,
    read: '2026-03-23',
  },
  {
    says: 'google.com is allowed because the packet matches the network rule Allow-web; the application rule that denies it is not asked',
    line: 'firewall-rules --rules net:network/Allow-web:200:Allow:TCP:any:any:80,443 app:application/Deny-google:100:Deny:any:http=80,https=443:google.com --from 10.0.0.4 --to google.com:443',
    answer: { access: 'Allow', stage: 'network', rule: 'Allow-web', shadowed: [{ rule: 'Deny-google' }] },
    source: FIREWALL_RULES,
    read: '2026-03-23',
  },
  {
    says: 'SSH is denied, since the collection that denies has the higher priority (100) than the one that allows (200)',
    line: 'firewall-rules --rules net:Allow-collection/Allow-SSH:200:Allow:TCP:any:any:22 net:Deny-collection/Deny-SSH:100:Deny:TCP:any:any:22 --from 10.0.0.4 --to 203.0.113.5:22',
    answer: { access: 'Deny', stage: 'network', rule: 'Deny-SSH' },
    exitCode: 1,
    source: FIREWALL_RULES,
    read: '2026-03-23',
  },
  {
    says: '*.contoso.com is for any.contoso.com and not for contoso.com',
    line: `${WILDCARDS}*.contoso.com --from 10.0.0.4 --to any.contoso.com:443 contoso.com:443`,
    answer: { access: 'mixed', results: [{ access: 'Allow' }, { access: 'Deny' }] },
    exitCode: 1,
    source: FIREWALL_FAQ,
    read: '2022-09-12',
  },
  {
    says: '*contoso.com is for both, and for th3re4lcontoso.com',
    line: `${WILDCARDS}*contoso.com --from 10.0.0.4 --to contoso.com:443 example.anycontoso.com:443 th3re4lcontoso.com:443`,
    answer: { access: 'Allow' },
    source: FIREWALL_FAQ,
    read: '2022-09-12',
  },
  {
    says: 'A network rule leaves the source as it is to RFC 1918 and RFC 6598, and translates it to public addresses',
    line: 'firewall-rules --rules net:all:100:Allow:TCP:any:any:any --from 10.0.0.4 --to 10.1.0.4:443 100.64.0.4:443 203.0.113.5:443',
    answer: {
      access: 'Allow',
      results: [{ source: 'unchanged' }, { source: 'unchanged' }, { source: 'public' }],
    },
    source: FIREWALL_SNAT,
    read: '2023-08-02',
  },
  {
    says: 'Application rules always translate it, whatever the destination; 255.255.255.255/32 makes network rules do so too',
    line: 'firewall-rules --rules app:web:100:Allow:any:https=443:* net:ssh:100:Allow:TCP:any:any:22 --private-ranges 255.255.255.255/32 --from 10.0.0.4 --to www.contoso.com@10.1.0.4:443 10.1.0.4:22',
    answer: { access: 'Allow', results: [{ source: 'private' }, { source: 'private' }] },
    source: FIREWALL_SNAT,
    read: '2023-08-02',
  },
];

/** Returns the examples of one calculator. */
export function examplesOf(calculator: string): readonly DocumentedExample[] {
  return DOCUMENTED_EXAMPLES.filter((each) => each.line.startsWith(`${calculator} `));
}
