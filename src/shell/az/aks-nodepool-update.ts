/** `az aks nodepool update`. */
import { requireAgentPool } from '../../model/aks/change-agent-pools.ts';
import { updateAgentPool } from '../../model/aks/update-agent-pool.ts';
import { upgradeAgentPool } from '../../model/aks/upgrade-managed-cluster.ts';
import { ok } from '../../model/result.ts';
import { poolNameOf, printPool } from './aks-nodepool-key.ts';
import { longOutcome } from './aks-operation.ts';
import { poolKey } from './aks-options.ts';
import {
  AUTOSCALER_WARNING,
  readAutoscalerChange,
  readMode,
  readUpgradeSettings,
} from './aks-pool-arguments.ts';
import {
  changeAutoscalerOptions,
  labels,
  mode,
  poolChangeOptions,
  upgradeSettingOptions,
} from './aks-pool-options.ts';
import { checkNodeCounts, readLabels, readTaints } from './aks-validation.ts';
import type { AzCommand } from './command.ts';
import { noWaitFlag, tags, text } from './option.ts';
import { given, optionalTags, optionalText, refusedByAzure } from './outcome.ts';

export const aksNodepoolUpdate: AzCommand = {
  path: ['aks', 'nodepool', 'update'],
  summary:
    'Update a node pool properties. When called with no optional arguments this attempts to move the node pool to its goal state without changing the current configuration.',
  options: [
    ...poolKey,
    labels,
    ...upgradeSettingOptions,
    mode,
    noWaitFlag,
    text(
      '--node-taints',
      'The node taints for the node pool. You can update the existing node taint of a nodepool or create a new node taint for a nodepool. Pass the empty string `""` to remove all taints.',
    ),
    tags,
    ...changeAutoscalerOptions,
    ...poolChangeOptions,
  ],
  examples: [
    {
      does: 'Replace a third of the nodes at a time when the pool is upgraded.',
      line: 'az aks nodepool update -g MyResourceGroup --cluster-name MyManagedCluster -n nodepool1 --max-surge 33%',
    },
  ],
  run: (cloud, args) => {
    const name = poolNameOf(args);
    const limits = checkNodeCounts(args);
    if (!limits.ok) return limits;
    const marks = readLabels(args, 'labels');
    if (!marks.ok) return marks;
    const taints = readTaints(optionalText(args, 'nodeTaints'));
    if (!taints.ok) return taints;
    const upgrade = readUpgradeSettings(args);
    if (!upgrade.ok) return upgrade;
    const found = requireAgentPool(cloud, name);
    if (!found.ok) return refusedByAzure(found.error);
    const autoscaler = readAutoscalerChange(args, found.value.pool);
    if (!autoscaler.ok) return autoscaler;
    // azure-cli stops here with a warning and changes nothing else either.
    if (autoscaler.value.kind === 'already') return ok({ cloud, warnings: [autoscaler.value.warning] });
    const scaling = autoscaler.value.kind === 'change' ? autoscaler.value.change : {};
    const wanted = readMode(args);
    if (!wanted.ok) return wanted;
    const result = updateAgentPool(cloud, name, {
      ...given({
        mode: args['mode'] === undefined ? undefined : wanted.value,
        nodeLabels: marks.value,
        nodeTaints: taints.value,
        tags: optionalTags(args),
      }),
      ...upgrade.value,
      ...scaling,
    });
    // Any update goes on with an upgrade that failed.
    const failed = found.value.pool.provisioningState === 'Failed';
    const resumed =
      result.ok && failed
        ? upgradeAgentPool(result.value, name, { kubernetesVersion: null, scope: 'version' })
        : result;
    const updated = longOutcome(resumed, args, {
      before: cloud,
      resourceGroup: name.resourceGroup,
      cluster: name.cluster,
      print: (after) => printPool(after, name),
      seconds: 1,
    });
    if (!updated.ok || scaling.enableAutoScaling !== true) return updated;
    return ok({ ...updated.value, warnings: [AUTOSCALER_WARNING] });
  },
};
