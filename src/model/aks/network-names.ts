/** The length of network names, which some plugins write into node labels. */
import type { AzureError } from '../azure/error.ts';
import { parseResourceId } from '../azure/resource-store.ts';
import { NETWORK_NAME_LENGTH } from '../limits/aks-pod-subnet.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { invalidParameter } from './names.ts';

/** Checks the names of a subnet, its VNet and its resource group. Error: `InvalidParameter`. */
export function checkNetworkNames(subnetId: string, parameter: string): Result<null, AzureError> {
  const parts = parseResourceId(subnetId);
  const names: readonly (readonly [string, string])[] = [
    ['resource group', parts?.resourceGroup ?? ''],
    ['virtual network', parts?.name ?? ''],
    ['subnet', parts?.children[0]?.name ?? ''],
  ];
  const most = NETWORK_NAME_LENGTH.value;
  const long = names.find(([, name]) => name.length > most);
  if (long === undefined) return ok(null);
  const [what, name] = long;
  return err(
    invalidParameter(
      parameter,
      `The name of the ${what} '${name}' has ${name.length} characters. With Azure CNI Overlay and with pod subnets, the names of resource group, virtual network and subnet must have ${most} characters or less.`,
    ),
  );
}
