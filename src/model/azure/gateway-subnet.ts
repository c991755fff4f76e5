/** The subnet whose name keeps it for gateways. */
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';

/** Reports whether a subnet is the one for gateways. */
export function isGatewaySubnet(name: string): boolean {
  return name.toLowerCase() === 'gatewaysubnet';
}

/** The refusal of an NSG on GatewaySubnet (https://github.com/Azure-Terraform/terraform-azurerm-virtual-network/issues/18, 2021-03-19). */
export function securityGroupOnGatewaySubnet(groupId: string): AzureError {
  const name = groupId.slice(groupId.lastIndexOf('/') + 1);
  return azureError(
    'NetworkSecurityGroupCannotBeAttachedToGatewaySubnet',
    `The operation failed because the network security group ${name} can not be associated to the GatewaySubnet. Please remove the network security group associated to the GatewaySubnet. No changes have occurred on the gateway at this time. See here for additional details: https://aka.ms/GatewaySubnet.`,
  );
}
