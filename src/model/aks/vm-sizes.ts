/** Virtual machine sizes that a learner is likely to name: cores and memory (Azure VM size pages). */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import { SYSTEM_POOL_NODE } from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

export interface VmSize {
  readonly name: string;
  readonly cores: number;
  readonly memoryGiB: number;
}

/** `[name, cores, GiB]` */
const SIZES: readonly (readonly [string, number, number])[] = [
  ['Standard_B1s', 1, 1],
  ['Standard_B1ms', 1, 2],
  ['Standard_B2s', 2, 4],
  ['Standard_B2ms', 2, 8],
  ['Standard_B4ms', 4, 16],
  ['Standard_B8ms', 8, 32],
  ['Standard_B2s_v2', 2, 8],
  ['Standard_B2ls_v2', 2, 4],
  ['Standard_B2als_v2', 2, 4],
  ['Standard_B2as_v2', 2, 8],
  ['Standard_B4s_v2', 4, 16],
  ['Standard_B4als_v2', 4, 8],
  ['Standard_B4as_v2', 4, 16],
  ['Standard_A2_v2', 2, 4],
  ['Standard_A4_v2', 4, 8],
  ['Standard_DS1_v2', 1, 3.5],
  ['Standard_DS2_v2', 2, 7],
  ['Standard_DS3_v2', 4, 14],
  ['Standard_DS4_v2', 8, 28],
  ['Standard_DS5_v2', 16, 56],
  ['Standard_D2_v2', 2, 7],
  ['Standard_D3_v2', 4, 14],
  ['Standard_D2_v3', 2, 8],
  ['Standard_D4_v3', 4, 16],
  ...(['v3', 'v4', 'v5'] as const).flatMap((version) => generalPurpose('s', version)),
  ...(['v4', 'v5', 'v6'] as const).flatMap((version) => generalPurpose('ds', version)),
  ...(['v4', 'v5', 'v6'] as const).flatMap((version) => generalPurpose('as', version)),
  ...(['v4', 'v5', 'v6'] as const).flatMap((version) => generalPurpose('ads', version)),
  ...generalPurpose('s', 'v6'),
  ...(['v3', 'v4', 'v5'] as const).flatMap((version) => memoryOptimised('s', version)),
  ...(['v4', 'v5'] as const).flatMap((version) => memoryOptimised('ds', version)),
  ['Standard_F2s_v2', 2, 4],
  ['Standard_F4s_v2', 4, 8],
  ['Standard_F8s_v2', 8, 16],
  ['Standard_F16s_v2', 16, 32],
];

/** D-series: four GiB for each core. */
function generalPurpose(letters: string, version: string): [string, number, number][] {
  return [2, 4, 8, 16, 32, 48, 64].map((cores) => [
    `Standard_D${cores}${letters}_${version}`,
    cores,
    cores * 4,
  ]);
}

/** E-series: eight GiB for each core. */
function memoryOptimised(letters: string, version: string): [string, number, number][] {
  return [2, 4, 8, 16, 32].map((cores) => [`Standard_E${cores}${letters}_${version}`, cores, cores * 8]);
}

const BY_NAME: ReadonlyMap<string, VmSize> = new Map(
  SIZES.map(([name, cores, memoryGiB]) => [name.toLowerCase(), { name, cores, memoryGiB }]),
);

/** Returns a size by name, without regard to case; null if it is not in the list. */
export function findVmSize(name: string): VmSize | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/** Returns the size of a pool's nodes. Errors: `BadRequest`, `SystemPoolSkuTooLow`, `NotSimulated`. */
export function requireVmSize(
  name: string,
  location: string,
  pool: string,
  mode: 'System' | 'User',
): Result<VmSize, AzureError> {
  const size = findVmSize(name);
  if (size === null) {
    return err(
      /^(Standard|Basic)_[A-Z]+\d+/i.test(name)
        ? notSimulated(`The VM size ${name}`)
        : azureError(
            'BadRequest',
            `The VM size of ${name} is not allowed in your subscription in location '${location}'. The available VM sizes are '${[...BY_NAME.keys()].slice(0, 40).join(',')}'. For more details, please visit https://aka.ms/cpu-quota`,
          ),
    );
  }
  if (
    mode === 'System' &&
    (size.cores < SYSTEM_POOL_NODE.value.cores || size.memoryGiB < SYSTEM_POOL_NODE.value.memoryGiB)
  ) {
    return err(
      azureError(
        'SystemPoolSkuTooLow',
        `System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: ${pool}.`,
        'agentPoolProfile.vmSize',
      ),
    );
  }
  return ok(size);
}

/** When the service began to pick a newer size for requests that name none. */
const NEWER_DEFAULT_FROM = Date.UTC(2025, 5, 1) / 1000;

/** Returns the size of nodes that are created without one. */
export function defaultVmSize(now: number): string {
  return now >= NEWER_DEFAULT_FROM ? 'Standard_D4ds_v5' : 'Standard_DS2_v2';
}
