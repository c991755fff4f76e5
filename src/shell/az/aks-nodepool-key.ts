/** Which pool a line of `az aks nodepool` is about, and how it prints. */
import { requireAgentPool } from '../../model/aks/change-agent-pools.ts';
import type { PoolName } from '../../model/aks/change-agent-pools.ts';
import type { Cloud } from '../../model/cloud.ts';
import { agentPoolJson } from './aks-json.ts';
import type { AzArguments, Json } from './command.ts';
import { textArgument } from './outcome.ts';

export function poolNameOf(args: AzArguments): PoolName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    cluster: textArgument(args, 'clusterName'),
    name: textArgument(args, 'nodepoolName'),
  };
}

/** Returns null for a pool that is not there. */
export function printPool(cloud: Cloud, name: PoolName): Json {
  const found = requireAgentPool(cloud, name);
  return found.ok ? agentPoolJson(found.value.pool) : null;
}
