/** Numbers and ranges that Azure documents for virtual networks, routes, security groups and addresses. */
import type { Limit } from './limit.ts';

const VNET_FAQ =
  'Azure Virtual Network FAQ, https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq';
const NETWORK_LIMITS =
  'Azure networking limits, https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-resource-manager-virtual-networking-limits';
const NSG_OVERVIEW =
  'Network security groups, https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview';
const AKS_IP_PLANNING =
  'IP address planning for AKS, https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning';
const UDR_OVERVIEW =
  'Virtual network traffic routing, https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview';

/** Addresses at the start of each subnet that no NIC gets: network, gateway and two for Azure DNS. */
export const RESERVED_AT_SUBNET_START: Limit = {
  value: 4,
  unit: 'addresses',
  source: VNET_FAQ,
  read: '2019-02-12',
};

/** Addresses at the end of each subnet that no NIC gets: the broadcast address. */
export const RESERVED_AT_SUBNET_END: Limit = {
  value: 1,
  unit: 'addresses',
  source: VNET_FAQ,
  read: '2019-02-12',
};

/** Addresses per subnet that Azure keeps for itself. */
export const RESERVED_ADDRESSES_PER_SUBNET: Limit = {
  value: RESERVED_AT_SUBNET_START.value + RESERVED_AT_SUBNET_END.value,
  unit: 'addresses',
  source: VNET_FAQ,
  read: '2019-02-12',
};

export const LONGEST_SUBNET_PREFIX: Limit = {
  value: 29,
  unit: 'bits',
  source: VNET_FAQ,
  read: '2019-02-12',
  note: 'A /29 leaves three usable addresses.',
};

export const SHORTEST_VIRTUAL_NETWORK_PREFIX: Limit = {
  value: 8,
  unit: 'bits',
  source: AKS_IP_PLANNING,
  read: '2026-04-16',
  note: 'The VNet FAQ of 2019 names /8 for a VNet and /2 for a subnet of an IPv4 network; the newer AKS page and the service agree on /8.',
};

export const PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK: Limit = {
  value: 65_536,
  unit: 'addresses in use',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const PRIVATE_ADDRESSES_PER_NETWORK_INTERFACE: Limit = {
  value: 256,
  unit: 'addresses',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const SUBNETS_PER_VIRTUAL_NETWORK: Limit = {
  value: 3_000,
  unit: 'subnets',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const VIRTUAL_NETWORKS_PER_REGION: Limit = {
  value: 1_000,
  unit: 'virtual networks',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const DNS_SERVERS_PER_VIRTUAL_NETWORK: Limit = {
  value: 20,
  unit: 'servers',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const ROUTES_PER_ROUTE_TABLE: Limit = {
  value: 400,
  unit: 'routes',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
  note: 'Later public tables say 600, and 1,000 for tables that Virtual Network Manager manages. Decided for 400: the AKS kubenet page (2026-04-16) still derives its 400-node limit from it, and AKS refuses the 401st node.',
};

export const ROUTE_TABLES_PER_REGION: Limit = {
  value: 200,
  unit: 'route tables',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const SERVICE_TAG_ROUTES_PER_ROUTE_TABLE: Limit = {
  value: 25,
  unit: 'routes',
  source: UDR_OVERVIEW,
  read: '2023-05-27',
};

export const NETWORK_SECURITY_GROUPS_PER_REGION: Limit = {
  value: 5_000,
  unit: 'network security groups',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const RULES_PER_NETWORK_SECURITY_GROUP: Limit = {
  value: 1_000,
  unit: 'rules',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const ADDRESSES_PER_NETWORK_SECURITY_GROUP_SIDE: Limit = {
  value: 4_000,
  unit: 'address prefixes, for sources and again for destinations',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

/** Groups of machines that rules may name. */
export const APPLICATION_SECURITY_GROUPS_PER_REGION: Limit = {
  value: 3_000,
  unit: 'application security groups',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const APPLICATION_SECURITY_GROUPS_PER_IP_CONFIGURATION: Limit = {
  value: 20,
  unit: 'application security groups',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const APPLICATION_SECURITY_GROUPS_PER_NETWORK_SECURITY_GROUP: Limit = {
  value: 100,
  unit: 'application security groups, in all rules of a network security group',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

export const APPLICATION_SECURITY_GROUPS_PER_SECURITY_RULE_SIDE: Limit = {
  value: 10,
  unit: 'application security groups, as the source and again as the destination of a rule',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
  note: "The help of az network nsg rule still says one, which was so until 2021; the overview of application security groups dropped that sentence in MicrosoftDocs/azure-docs pull request 77426 (2021-08-04). NSG overview's sentence about one group in a rule is as old. So ten here.",
};

export const SECURITY_RULE_PRIORITIES: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 100, highest: 4096 },
  source: NSG_OVERVIEW,
  read: '2025-07-15',
  note: 'Default rules use 65000, 65001 and 65500, so a rule of your own always comes first.',
};

export const SECURITY_RULE_DESCRIPTION_LENGTH: Limit = {
  value: 140,
  unit: 'characters',
  source: 'azure-rest-api-specs, Microsoft.Network/networkSecurityGroup.json, SecurityRulePropertiesFormat',
  read: '2024-05-01',
};

/** A regular expression. */
export const DOMAIN_NAME_LABEL: Limit<string> = {
  value: '^[a-z][a-z0-9-]{1,61}[a-z0-9]$',
  source:
    'Public IP Addresses - Create Or Update, REST, https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/create-or-update; wording of the refusal as Azure gives it',
  read: '2024-05-01',
};

export const PUBLIC_IP_IDLE_TIMEOUT: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 4, highest: 30 },
  unit: 'minutes',
  source:
    'TCP reset and idle timeout, https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset',
  read: '2023-01-19',
};

export const PUBLIC_IP_ADDRESSES_PER_REGION: Limit = {
  value: 1_000,
  unit: 'Standard public IP addresses',
  source: NETWORK_LIMITS,
  read: '2022-12-05',
};

/** Ranges that no address space of a VNet may touch. */
export const FORBIDDEN_ADDRESS_SPACES: Limit<readonly { readonly prefix: string; readonly why: string }[]> = {
  value: [
    { prefix: '224.0.0.0/4', why: 'multicast' },
    { prefix: '255.255.255.255/32', why: 'broadcast' },
    { prefix: '127.0.0.0/8', why: 'loopback' },
    { prefix: '169.254.0.0/16', why: 'link-local' },
    { prefix: '168.63.129.16/32', why: 'internal DNS, DHCP and load balancer probes' },
  ],
  source: VNET_FAQ,
  read: '2019-02-12',
};

/** Where the gateway of every subnet and Azure's own services answer, whatever the address space. */
export const AZURE_PLATFORM_ADDRESSES: Limit<{
  readonly wireServer: string;
  readonly instanceMetadata: string;
}> = {
  value: { wireServer: '168.63.129.16', instanceMetadata: '169.254.169.254' },
  source:
    'What is IP address 168.63.129.16, https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16',
  read: '2019-05-15',
};

/** System routes to nowhere, for private space that the VNet does not use. */
export const SYSTEM_ROUTES_TO_NONE: Limit<readonly string[]> = {
  value: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
  source: UDR_OVERVIEW,
  read: '2023-05-27',
  note: '172.16.0.0/12 is in the text of the page but missing from its own Subnet2 example and from captures of 2018. Decided for the text: the list of private ranges is RFC 1918 plus RFC 6598, and newer captures show it.',
};

/** Ranges of RFC 5737 that every public address of the workbook comes from, so that none is someone's. */
export const DOCUMENTATION_RANGES: Limit<readonly string[]> = {
  value: ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24'],
  source: 'RFC 5737, IPv4 Address Blocks Reserved for Documentation',
  read: '2010-01-31',
};

/** Lengths of prefixes of public IPv4 addresses that anyone may ask for. */
export const PUBLIC_IP_PREFIX_LENGTH: Limit<{ readonly shortest: number; readonly longest: number }> = {
  value: { shortest: 28, longest: 31 },
  unit: 'bits',
  source:
    'Public IP address prefix, https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-address-prefix',
  read: '2024-08-01',
  note: 'Sixteen addresses to two. Larger ones exist on request.',
};

/** Services that a subnet can be delegated to. */
export const DELEGATED_SERVICES: Limit<readonly string[]> = {
  value: [
    'GitHub.Network/networkSettings',
    'Informatica.DataManagement/organizations',
    'Microsoft.ApiManagement/service',
    'Microsoft.App/environments',
    'Microsoft.AVS/PrivateClouds',
    'Microsoft.AzureCosmosDB/clusters',
    'Microsoft.BareMetal/AzureHostedService',
    'Microsoft.BareMetal/AzureHPC',
    'Microsoft.BareMetal/AzurePaymentHSM',
    'Microsoft.BareMetal/AzureVMware',
    'Microsoft.BareMetal/CrayServers',
    'Microsoft.BareMetal/MonitoringServers',
    'Microsoft.Batch/batchAccounts',
    'Microsoft.CloudTest/hostedpools',
    'Microsoft.CloudTest/images',
    'Microsoft.CloudTest/pools',
    'Microsoft.Codespaces/plans',
    'Microsoft.ContainerInstance/containerGroups',
    'Microsoft.ContainerService/managedClusters',
    'Microsoft.Databricks/workspaces',
    'Microsoft.DBforMySQL/flexibleServers',
    'Microsoft.DBforMySQL/servers',
    'Microsoft.DBforMySQL/serversv2',
    'Microsoft.DBforPostgreSQL/flexibleServers',
    'Microsoft.DBforPostgreSQL/serversv2',
    'Microsoft.DBforPostgreSQL/singleServers',
    'Microsoft.DelegatedNetwork/controller',
    'Microsoft.DevCenter/networkConnection',
    'Microsoft.DevOpsInfrastructure/pools',
    'Microsoft.DocumentDB/cassandraClusters',
    'Microsoft.Fidalgo/networkSettings',
    'Microsoft.HardwareSecurityModules/dedicatedHSMs',
    'Microsoft.Kusto/clusters',
    'Microsoft.LabServices/labplans',
    'Microsoft.Logic/integrationServiceEnvironments',
    'Microsoft.MachineLearningServices/workspaces',
    'Microsoft.Netapp/volumes',
    'Microsoft.Network/applicationGateways',
    'Microsoft.Network/dnsResolvers',
    'Microsoft.Network/fpgaNetworkInterfaces',
    'Microsoft.Network/managedResolvers',
    'Microsoft.Network/virtualNetworkGateways',
    'Microsoft.Orbital/orbitalGateways',
    'Microsoft.PowerAutomate/hostedRpa',
    'Microsoft.PowerPlatform/enterprisePolicies',
    'Microsoft.PowerPlatform/vnetaccesslinks',
    'Microsoft.ServiceFabricMesh/networks',
    'Microsoft.ServiceNetworking/trafficControllers',
    'Microsoft.Singularity/accounts/networks',
    'Microsoft.Singularity/accounts/npu',
    'Microsoft.Sql/managedInstances',
    'Microsoft.Sql/servers',
    'Microsoft.StoragePool/diskPools',
    'Microsoft.StreamAnalytics/streamingJobs',
    'Microsoft.Synapse/workspaces',
    'Microsoft.Web/hostingEnvironments',
    'Microsoft.Web/serverFarms',
    'NGINX.NGINXPLUS/nginxDeployments',
    'Oracle.Database/networkAttachments',
    'PaloAltoNetworks.Cloudngfw/firewalls',
    'Qumulo.Storage/fileSystems',
  ],
  source:
    'Subnet delegation, https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview; all names that the API takes: subnet_resource.go of https://github.com/hashicorp/terraform-provider-azurerm',
  read: '2026-11-24',
  note: 'Names for tests and stages of a service are left out. Which region has which service differs; here every region has all.',
};
