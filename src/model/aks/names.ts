/** The names that AKS gives to what it makes. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import type { Cloud } from '../cloud.ts';
import { drawDigits, drawHex } from '../chance.ts';
import {
  CLUSTER_NAME_LENGTH,
  LINUX_POOL_NAME_LENGTH,
  NODE_RESOURCE_GROUP_NAME_LENGTH,
} from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

const DIGITS = 8;
const INSTANCE_CHARACTERS = 6;
const NAMING_RULES = 'Please see https://aka.ms/aks-naming-rules for more details.';

/** Returns `MC_GROUP_CLUSTER_REGION`. */
export function nodeResourceGroupName(resourceGroup: string, cluster: string, location: string): string {
  return `MC_${resourceGroup}_${cluster}_${location}`;
}

export function invalidParameter(parameter: string, details: string): AzureError {
  return azureError(
    'InvalidParameter',
    `The value of parameter ${parameter} is invalid. Error details: ${details}`,
    parameter,
  );
}

/** Checks a cluster's name: letters, digits, `_` and `-`, with a letter or digit at each end. */
export function checkClusterName(name: string): Result<string, AzureError> {
  if (name.length <= CLUSTER_NAME_LENGTH.value && /^[A-Za-z0-9]([-_A-Za-z0-9]*[A-Za-z0-9])?$/.test(name)) {
    return ok(name);
  }
  return err(
    azureError(
      'InvalidParameter',
      `The value of parameter managedCluster.name is invalid. The resource name must be 1 to ${CLUSTER_NAME_LENGTH.value} characters of letters, numbers, underscores and hyphens, and start and end with a letter or number. ${NAMING_RULES}`,
      'managedCluster.name',
    ),
  );
}

/** Checks a node resource group's name. The made-up one is the usual culprit: three names in 80 characters. */
export function checkNodeResourceGroupName(name: string): Result<string, AzureError> {
  if (name.length <= NODE_RESOURCE_GROUP_NAME_LENGTH.value) return ok(name);
  return err(
    invalidParameter(
      'nodeResourceGroup',
      `The length of the node resource group name is too long. The maximum length is ${NODE_RESOURCE_GROUP_NAME_LENGTH.value} and the length of the value provided is ${name.length}. ${NAMING_RULES}`,
    ),
  );
}

/** Checks a Linux pool's name: lower-case letters and digits, a letter first. */
export function checkPoolName(name: string): Result<string, AzureError> {
  if (name.length <= LINUX_POOL_NAME_LENGTH.value && /^[a-z][a-z0-9]*$/.test(name)) return ok(name);
  return err(
    invalidParameter(
      'agentPoolProfile.name',
      `Agent pool name '${name}' is invalid: the name of a Linux node pool must be 1 to ${LINUX_POOL_NAME_LENGTH.value} characters of lowercase letters and numbers and must start with a letter. ${NAMING_RULES}`,
    ),
  );
}

type Chance = Pick<Cloud, 'seed' | 'pins'>;

/** Returns the digits that the cluster's VNet, security group and route table share. */
export function drawAgentPoolDigits(chance: Chance, cluster: string): string {
  return drawDigits(chance, `agentpool-digits/${cluster}`, DIGITS);
}

/** Returns `aks-nodepool1-11743156-vmss`. */
export function scaleSetName(chance: Chance, cluster: string, pool: string): string {
  return `aks-${pool}-${drawDigits(chance, `pool-digits/${cluster}/${pool}`, DIGITS)}-vmss`;
}

/** Returns a node's name: the scale set's, and the instance number in six characters of base 36. */
export function nodeName(scaleSet: string, instanceId: number): string {
  return `${scaleSet}${instanceId.toString(36).padStart(INSTANCE_CHARACTERS, '0')}`;
}

/** Returns the prefix azure-cli makes up: parts of the cluster's and the group's name, and the subscription. */
export function defaultDnsPrefix(name: string, resourceGroup: string, subscription: string): string {
  const part = name.replace(/[^A-Za-z0-9-]/g, '').slice(0, 10);
  const group = resourceGroup.replace(/[^A-Za-z0-9-]/g, '').slice(0, 16);
  return `${/^[A-Za-z]/.test(part) ? part : `a${part}`.slice(0, 10)}-${group}-${subscription.slice(0, 6)}`;
}

/** Returns the API server's public name. */
export function drawFqdn(chance: Chance, cluster: string, dnsPrefix: string, location: string): string {
  return `${dnsPrefix.toLowerCase()}-${drawHex(chance, `fqdn/${cluster}`, DIGITS)}.hcp.${location}.azmk8s.io`;
}
