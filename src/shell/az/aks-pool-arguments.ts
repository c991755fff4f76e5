/** What the flags of a node pool ask for, checked as azure-cli checks it (acs/agentpool_decorator.py). */
import type { AgentPoolInput } from '../../model/aks/agent-pool.ts';
import type { AgentPool } from '../../model/aks/managed-cluster.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { notEmpty } from './aks-network.ts';
import { checkMaxUnavailable, checkMaxSurge, checkNodeCounts } from './aks-validation.ts';
import type { AzArguments, AzFailure } from './command.ts';
import { given, optionalNumber, optionalText, refusedByAzure, usageFailure } from './outcome.ts';

type Autoscaler = Pick<AgentPoolInput, 'enableAutoScaling' | 'minCount' | 'maxCount'>;
type UpgradeSettings = Pick<
  AgentPoolInput,
  | 'maxSurge'
  | 'maxUnavailable'
  | 'drainTimeoutInMinutes'
  | 'nodeSoakDurationInMinutes'
  | 'undrainableNodeBehavior'
>;
type Subnets = Pick<AgentPoolInput, 'vnetSubnetId' | 'podSubnetId' | 'podIPAllocationMode'>;

/** azure-cli fills in 3 nodes before it compares. */
const DEFAULT_NODES = 3;

export const AUTOSCALER_WARNING =
  'The cluster autoscaler is simulated as far as its limits go: Azure checks room for the largest number of nodes. Nodes do not come and go by themselves in this workbook.';

/** Returns the autoscaler of a new pool. */
export function readAutoscaler(args: AzArguments, mode: 'System' | 'User'): Result<Autoscaler, AzFailure> {
  const min = optionalNumber(args, 'minCount');
  const max = optionalNumber(args, 'maxCount');
  const limits = checkNodeCounts(args);
  if (!limits.ok) return limits;
  if (args['enableClusterAutoscaler'] !== true) {
    if (min === undefined && max === undefined) return ok({});
    return usageFailure(
      'min-count and max-count are required for --enable-cluster-autoscaler, please use the flag',
    );
  }
  const checked = checkRange(min, max, mode);
  if (!checked.ok) return checked;
  const count = optionalNumber(args, 'nodeCount') ?? DEFAULT_NODES;
  if (count < checked.value.minCount || count > checked.value.maxCount) {
    return usageFailure('node-count is not in the range of min-count and max-count');
  }
  return ok({ enableAutoScaling: true, ...checked.value });
}

/** What an update does to a pool's autoscaler; a warning where there is nothing to do. */
export type AutoscalerChange =
  | { readonly kind: 'change'; readonly change: Autoscaler }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'already'; readonly warning: string };

/** Returns the change to a pool's autoscaler that `--enable-`, `--update-` and `--disable-cluster-autoscaler` ask for. */
export function readAutoscalerChange(
  args: AzArguments,
  pool: Pick<AgentPool, 'enableAutoScaling' | 'mode'>,
): Result<AutoscalerChange, AzFailure> {
  const [enable, update, disable] = ['enable', 'update', 'disable'].map(
    (verb) => args[`${verb}ClusterAutoscaler`] === true,
  );
  if ([enable, update, disable].filter(Boolean).length > 1) {
    return usageFailure(
      'Can only specify one of --enable-cluster-autoscaler, --update-cluster-autoscaler and --disable-cluster-autoscaler',
    );
  }
  const limits = checkNodeCounts(args);
  if (!limits.ok) return limits;
  const min = optionalNumber(args, 'minCount');
  const max = optionalNumber(args, 'maxCount');
  if (enable !== true && update !== true) {
    if (min !== undefined || max !== undefined) {
      return usageFailure(
        'min-count and max-count are required for --enable-cluster-autoscaler or --update-cluster-autoscaler, please use the flag',
      );
    }
    if (disable !== true) return ok({ kind: 'unchanged' });
    if (!pool.enableAutoScaling) {
      return ok({
        kind: 'already',
        warning: 'Cluster autoscaler is already disabled for this node pool.',
      });
    }
    return ok({ kind: 'change', change: { enableAutoScaling: false, minCount: null, maxCount: null } });
  }
  const checked = checkRange(min, max, pool.mode);
  if (!checked.ok) return checked;
  if (enable === true && pool.enableAutoScaling) {
    return ok({
      kind: 'already',
      warning:
        'Cluster autoscaler is already enabled for this node pool.\nPlease run "az aks --update-cluster-autoscaler" if you want to update min-count or max-count.',
    });
  }
  if (update === true && !pool.enableAutoScaling) {
    return usageFailure(
      'Cluster autoscaler is not enabled for this node pool.\nRun "az aks nodepool update --enable-cluster-autoscaler" to enable cluster with min-count and max-count.',
    );
  }
  return ok({ kind: 'change', change: { enableAutoScaling: true, ...checked.value } });
}

function checkRange(
  min: number | undefined,
  max: number | undefined,
  mode: 'System' | 'User',
): Result<{ readonly minCount: number; readonly maxCount: number }, AzFailure> {
  if (min === undefined || max === undefined) {
    return usageFailure(
      'Please specify both min-count and max-count when --enable-cluster-autoscaler enabled',
    );
  }
  if (min > max) {
    return usageFailure('Value of min-count should be less than or equal to value of max-count');
  }
  if (mode === 'System' && min < 1) {
    return usageFailure('Value of min-count should be greater than or equal to 1 for System node pools');
  }
  return ok({ minCount: min, maxCount: max });
}

/** Returns how nodes are replaced; an absent key is an option that is not given. */
export function readUpgradeSettings(args: AzArguments): Result<Partial<UpgradeSettings>, AzFailure> {
  const maxSurge = optionalText(args, 'maxSurge');
  const maxUnavailable = optionalText(args, 'maxUnavailable');
  const surge = checkMaxSurge(maxSurge);
  if (!surge.ok) return surge;
  const unavailable = checkMaxUnavailable(maxUnavailable);
  if (!unavailable.ok) return unavailable;
  const behavior = optionalText(args, 'undrainableNodeBehavior');
  return ok(
    given<UpgradeSettings>({
      maxSurge,
      maxUnavailable,
      drainTimeoutInMinutes: optionalNumber(args, 'drainTimeout'),
      nodeSoakDurationInMinutes: optionalNumber(args, 'nodeSoakDuration'),
      undrainableNodeBehavior: behavior === 'Cordon' || behavior === 'Schedule' ? behavior : undefined,
    }),
  );
}

/** Returns the subnets of nodes and pods; an empty id is none. */
export function readSubnets(args: AzArguments): Subnets {
  const mode = optionalText(args, 'podIpAllocationMode');
  return {
    vnetSubnetId: notEmpty(optionalText(args, 'vnetSubnetId')),
    podSubnetId: notEmpty(optionalText(args, 'podSubnetId')),
    podIPAllocationMode: mode === 'DynamicIndividual' || mode === 'StaticBlock' ? mode : null,
  };
}

/** azure-cli sends no number for 0. */
export function zeroIsDefault(value: number | undefined): number | null {
  return value === undefined || value === 0 ? null : value;
}

/** Returns the operating system an OS SKU stands for. Error: `NotSimulated` for one of a fixed release. */
export function readOsSku(args: AzArguments): Result<Pick<AgentPoolInput, 'osType' | 'osSku'>, AzFailure> {
  const sku = optionalText(args, 'osSku') ?? 'Ubuntu';
  if (sku.startsWith('Windows')) return ok({ osType: 'Windows' });
  if (sku === 'Ubuntu') return ok({});
  // Ubuntu of a fixed release has the images of that release.
  if (sku.startsWith('Ubuntu')) return refusedByAzure(notSimulated(`The OS SKU ${sku} (Ubuntu is)`));
  return ok({ osSku: 'AzureLinux' });
}

/** Returns the mode of a pool, User if none is given. Error: `NotSimulated` for a static egress gateway. */
export function readMode(args: AzArguments): Result<'System' | 'User', AzFailure> {
  const mode = optionalText(args, 'mode');
  if (mode === 'Gateway') return refusedByAzure(notSimulated('A node pool of mode Gateway'));
  return ok(mode === 'System' ? 'System' : 'User');
}
