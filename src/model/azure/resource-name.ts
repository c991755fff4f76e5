import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';

/** Length and characters that a resource type allows in its name. */
interface NameRule {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Lengths of names per type; the characters are the same for all of Microsoft.Network.
 * Source: Naming rules and restrictions for Azure resources,
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (read 2026-09-01).
 */
const NAME_RULES: Readonly<Record<string, NameRule>> = {
  // The page says 2, but a refusal of one character is nowhere recorded, so it is let through here.
  'Microsoft.Network/virtualNetworks': { shortest: 1, longest: 64 },
  'Microsoft.Network/virtualNetworks/subnets': { shortest: 1, longest: 80 },
  'Microsoft.Network/routeTables': { shortest: 1, longest: 80 },
  'Microsoft.Network/routeTables/routes': { shortest: 1, longest: 80 },
  'Microsoft.Network/networkSecurityGroups': { shortest: 1, longest: 80 },
  'Microsoft.Network/networkSecurityGroups/securityRules': { shortest: 1, longest: 80 },
  'Microsoft.Network/networkInterfaces': { shortest: 1, longest: 80 },
  'Microsoft.Network/networkInterfaces/ipConfigurations': { shortest: 1, longest: 80 },
  'Microsoft.Network/publicIPAddresses': { shortest: 1, longest: 80 },
};

const NETWORK_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;

/** Returns the name of a Microsoft.Network resource if Azure takes it. Error: `InvalidResourceName`. */
export function checkNetworkName(type: string, name: string): Result<string, AzureError> {
  const rule = NAME_RULES[type] ?? { shortest: 1, longest: 80 };
  if (name.length >= rule.shortest && name.length <= rule.longest && NETWORK_NAME.test(name)) return ok(name);
  return err(
    azureError(
      'InvalidResourceName',
      `Resource name ${name} is invalid. The name can be up to ${rule.longest} characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
    ),
  );
}

/** Returns the name of a resource group if Azure takes it: 1 to 90 of letters, digits and `_-().`, no dot at the end. */
export function checkResourceGroupName(name: string): Result<string, AzureError> {
  if (name.length > 90) {
    return err(
      azureError(
        'InvalidResourceGroupName',
        `The provided resource group name '${name}' has these invalid characteristics: 'The name length ${name.length} exceeds the limit of 90 characters.'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
      ),
    );
  }
  const bad = [...new Set([...name].filter((character) => !/[\p{L}\p{N}_().-]/u.test(character)))];
  if (bad.length > 0) {
    return err(
      azureError(
        'InvalidResourceGroupName',
        `The provided resource group name '${name}' has these invalid characters: '${bad.join('')}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
      ),
    );
  }
  if (name === '' || name.endsWith('.')) {
    return err(
      azureError(
        'InvalidResourceGroupName',
        `The provided resource group name '${name}' has these invalid characteristics: 'The name cannot end with '.' or be empty.'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
      ),
    );
  }
  return ok(name);
}
