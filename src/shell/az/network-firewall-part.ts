/** What the commands on parts of a firewall have alike: which firewall is meant. */

import type { AzureError } from '../../model/azure/error.ts';
import type { AzureFirewall } from '../../model/azure/firewall-resources.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments } from './command.ts';
import { nameOfId, text } from './option.ts';
import { textArgument } from './outcome.ts';

export const FIREWALL = 'Microsoft.Network/azureFirewalls';
export const PUBLIC_ADDRESS = 'Microsoft.Network/publicIPAddresses';

/** Virtual seconds of a change: real ones take minutes. */
export const CHANGE_SECONDS = 60;

export const firewallName = text('--firewall-name -f', 'Azure Firewall name.', { required: true });
export const firewallNameOfId = nameOfId('--firewall-name -f', 'Azure Firewall name.');

/** Returns the firewall that `--firewall-name` names. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function requireFirewall(cloud: Cloud, args: AzArguments): Result<AzureFirewall, AzureError> {
  return requireResource(
    cloud,
    FIREWALL,
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'firewallName'),
  );
}

/** The firewall after a change that went well. */
export function firewallOf(cloud: Cloud, args: AzArguments): AzureFirewall {
  const found = requireFirewall(cloud, args);
  if (!found.ok) throw new Error('a firewall went away while it was changed');
  return found.value;
}
