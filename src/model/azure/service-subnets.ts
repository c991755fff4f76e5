/** Subnets whose name keeps them for one service of Azure. */
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';

const SERVICE_SUBNETS: readonly string[] = [
  'azurebastionsubnet',
  'azurefirewallmanagementsubnet',
  'azurefirewallsubnet',
  'gatewaysubnet',
  'routeserversubnet',
];

/** Returns why nothing else goes into a subnet of this name, or null; `what` begins the sentence. */
export function keptForService(what: string, subnet: string): AzureError | null {
  if (!SERVICE_SUBNETS.includes(subnet.toLowerCase())) return null;
  return refusedSubnet(what, `subnet ${subnet}, which Azure keeps for a service of its own`);
}

/** Azure refuses it too, with a code that is not documented. */
export function refusedSubnet(what: string, subnet: string): AzureError {
  return azureError(
    'NotSimulated',
    `${what} in ${subnet}, is not simulated in this workbook. Real Azure refuses it too.`,
  );
}
