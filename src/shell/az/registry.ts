/** Every `az` command of the workbook, and what its groups are about. One file per group beside this one. */
import { accountCommands } from './account.ts';
import { aksAddOnCommands } from './aks-addons.ts';
import { aksMachineCommands } from './aks-machine.ts';
import { aksNodepoolCommands } from './aks-nodepool.ts';
import { aksCommands } from './aks.ts';
import type { AzCommand } from './command.ts';
import { configureCommands } from './configure.ts';
import { configCommands } from './config.ts';
import { extensionCommands } from './extension.ts';
import { groupCommands } from './group.ts';
import { identityCommands } from './identity.ts';
import { metricsCommands } from './monitor-metrics.ts';
import { loginCommands } from './login.ts';
import { applicationSecurityGroupCommands } from './network-asg.ts';
import { loadBalancerCommands } from './network-lb.ts';
import { localNetworkGatewayCommands } from './network-local-gateway.ts';
import { natGatewayCommands } from './network-nat-gateway.ts';
import { firewallPolicyCommands } from './network-firewall-policy.ts';
import { firewallCommands } from './network-firewall.ts';
import { effectiveCommands } from './network-nic-effective.ts';
import { ipConfigurationCommands } from './network-nic-ip-config.ts';
import { networkInterfaceCommands } from './network-nic.ts';
import { securityRuleCommands } from './network-nsg-rule.ts';
import { networkSecurityGroupCommands } from './network-nsg.ts';
import { networkWatcherCommands } from './network-watcher.ts';
import { ipGroupCommands } from './network-ip-group.ts';
import { publicIpPrefixCommands } from './network-public-ip-prefix.ts';
import { privateEndpointConnectionCommands } from './network-private-endpoint-connection.ts';
import { privateEndpointCommands } from './network-private-endpoint.ts';
import { privateLinkConnectionCommands } from './network-private-link-service-connection.ts';
import { privateLinkServiceCommands } from './network-private-link-service.ts';
import { publicIpAddressCommands } from './network-public-ip.ts';
import { routeTableCommands } from './network-route-table.ts';
import { routeCommands } from './network-route.ts';
import { virtualNetworkGatewayRouteCommands } from './network-vnet-gateway-routes.ts';
import { virtualNetworkGatewayCommands } from './network-vnet-gateway.ts';
import { peeringCommands } from './network-vnet-peering.ts';
import { subnetCommands } from './network-vnet-subnet.ts';
import { virtualNetworkCommands } from './network-vnet.ts';
import { vpnConnectionCommands } from './network-vpn-connection.ts';
import { providerCommands } from './provider.ts';
import { resourceCommands } from './resource.ts';
import { roleAssignmentCommands } from './role-assignment.ts';
import { roleDefinitionCommands } from './role-definition.ts';
import { sshCommands } from './ssh.ts';
import { versionCommands } from './version.ts';
import { virtualMachineCommands } from './vm.ts';
import { vmssCommands } from './vmss.ts';

export const azCommands: readonly AzCommand[] = [
  ...accountCommands,
  ...aksAddOnCommands,
  ...aksCommands,
  ...aksMachineCommands,
  ...aksNodepoolCommands,
  ...applicationSecurityGroupCommands,
  ...configCommands,
  ...configureCommands,
  ...effectiveCommands,
  ...extensionCommands,
  ...firewallCommands,
  ...firewallPolicyCommands,
  ...groupCommands,
  ...identityCommands,
  ...ipConfigurationCommands,
  ...ipGroupCommands,
  ...loadBalancerCommands,
  ...localNetworkGatewayCommands,
  ...loginCommands,
  ...metricsCommands,
  ...natGatewayCommands,
  ...networkInterfaceCommands,
  ...networkSecurityGroupCommands,
  ...networkWatcherCommands,
  ...peeringCommands,
  ...privateEndpointCommands,
  ...privateEndpointConnectionCommands,
  ...privateLinkConnectionCommands,
  ...privateLinkServiceCommands,
  ...providerCommands,
  ...publicIpAddressCommands,
  ...publicIpPrefixCommands,
  ...resourceCommands,
  ...roleAssignmentCommands,
  ...roleDefinitionCommands,
  ...routeCommands,
  ...routeTableCommands,
  ...securityRuleCommands,
  ...subnetCommands,
  ...sshCommands,
  ...versionCommands,
  ...virtualMachineCommands,
  ...virtualNetworkCommands,
  ...virtualNetworkGatewayCommands,
  ...virtualNetworkGatewayRouteCommands,
  ...vmssCommands,
  ...vpnConnectionCommands,
];

export const groupSummaries: Readonly<Record<string, string>> = {
  account: 'Manage Azure subscription information.',
  aks: 'Manage Azure Kubernetes Services.',
  'aks egress-endpoints': 'Commands to manage egress endpoints in managed Kubernetes cluster.',
  'aks machine': 'Get information about machines in a nodepool of a managed clusters.',
  'aks operation': 'Commands to manage and view operations on managed cluster.',
  'aks nodepool': 'Commands to manage node pools in Kubernetes kubernetes cluster.',
  config: 'Manage Azure CLI configuration.',
  extension: 'Manage and update CLI extensions.',
  ssh: 'SSH into resources (Azure VMs, Arc servers, etc) using AAD issued openssh certificates.',
  group: 'Manage resource groups and template deployments.',
  identity: 'Managed Identities.',
  network: 'Manage Azure Network resources.',
  'network asg': 'Manage application security groups (ASGs).',
  'network firewall': 'Manage and configure Azure Firewalls.',
  'network firewall application-rule': 'Manage and configure Azure Firewall application rules.',
  'network firewall application-rule collection':
    'Manage and configure Azure Firewall application rule collections.',
  'network firewall threat-intel-allowlist':
    'Manage and configure Azure Firewall Threat Intelligence Allow List.',
  'network firewall ip-config': 'Manage and configure Azure Firewall IP configurations.',
  'network firewall management-ip-config':
    'Manage and configure Azure Firewall Management IP configurations.',
  'network firewall nat-rule': 'Manage and configure Azure Firewall NAT rules.',
  'network firewall nat-rule collection': 'Manage and configure Azure Firewall NAT rules.',
  'network firewall policy': 'Manage and configure Azure firewall policy.',
  'network firewall policy rule-collection-group':
    'Manage and configure Azure firewall policy rule collection group.',
  'network firewall policy rule-collection-group collection':
    'Manage and configure Azure firewall policy rule collections in the rule collection group.',
  'network firewall policy rule-collection-group collection rule':
    'Manage and configure the rule of a filter collection in the rule collection group of Azure firewall policy.',
  'network firewall network-rule': 'Manage and configure Azure Firewall network rules.',
  'network firewall network-rule collection': 'Manage and configure Azure Firewall network rule collections.',
  'network ip-group': 'Commands to manage IP group.',
  'network lb': 'Manage and configure load balancers.',
  monitor: 'Manage the Azure Monitor Service.',
  'monitor metrics': 'View Azure resource metrics.',
  'network lb address-pool address': 'Manage backend addresses of the load balance backend address pool.',
  'network lb inbound-nat-pool': 'Manage inbound NAT address pools of a load balancer.',
  'network lb inbound-nat-rule': 'Manage inbound NAT rules of a load balancer.',
  'network nic ip-config address-pool': 'Manage address pools in an IP configuration.',
  'network public-ip prefix': 'Manage public IP prefix resources.',
  'network lb address-pool': 'Manage address pools of a load balancer.',
  'network lb frontend-ip': 'Manage frontend IP addresses of a load balancer.',
  'network lb outbound-rule': 'Manage outbound rules of a load balancer.',
  'network lb probe': 'Evaluate probe information and define routing rules.',
  'network lb rule': 'Manage load balancing rules.',
  'network nat': 'Commands to manage NAT resources.',
  'network nat gateway': 'Commands to manage NAT gateways.',
  'network nic': 'Manage network interfaces.',
  'network nic ip-config': 'Manage IP configurations of a network interface.',
  'network nsg': 'Manage Azure Network Security Groups (NSGs).',
  'network nsg rule': 'Manage network security group rules.',
  'network private-endpoint': 'Manage private endpoints.',
  'network private-endpoint-connection': 'Manage private endpoint connections.',
  'network private-link-service': 'Manage private link services.',
  'network private-link-service connection': 'Manage private link service endpoint connections.',
  'network public-ip': 'Manage public IP addresses.',
  'network route-table': 'Manage route tables.',
  'network route-table route': 'Manage routes in a route table.',
  'network watcher': 'Manage the Azure Network Watcher.',
  'network vnet': 'Manage Azure Virtual Networks.',
  'network vnet peering': 'Manage peering connections between Azure Virtual Networks.',
  'network local-gateway': 'Manage local gateways.',
  'network vnet-gateway':
    'Use an Azure Virtual Network Gateway to establish secure, cross-premises connectivity.',
  'network vpn-connection': 'Manage VPN connections.',
  'network vpn-connection shared-key': 'Manage VPN shared keys.',
  'network vnet subnet': 'Manage subnets in an Azure Virtual Network.',
  provider: 'Manage resource providers.',
  resource: 'Manage Azure resources.',
  role: 'Manage user roles for access control with Azure Active Directory and service principals.',
  'role assignment': 'Manage role assignments.',
  'role definition': 'Manage role definitions.',
  vm: 'Manage Linux or Windows virtual machines.',
  vmss: 'Manage groupings of virtual machines in an Azure Virtual Machine Scale Set (VMSS).',
  'vmss run-command': 'Manage run commands on a Virtual Machine Scale Set.',
  'vmss nic': 'Manage network interfaces of a VMSS.',
  'vm run-command': 'Manage run commands on a Virtual Machine.',
};
