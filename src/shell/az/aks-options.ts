/** Options that several `az aks` commands share. */
import type { Cloud } from '../../model/cloud.ts';
import type { AzArguments, AzOption, Json } from './command.ts';
import { ignored, list, resourceGroup, since, text } from './option.ts';

export const clusterName: AzOption = text('--name -n', 'Name of the managed cluster.', { required: true });

export const clusterKey: readonly AzOption[] = [clusterName, resourceGroup];

export const poolClusterName: AzOption = text('--cluster-name', 'The cluster name.', { required: true });

export const poolName: AzOption = text('--nodepool-name --name -n', 'The node pool name.', {
  required: true,
});

export const poolKey: readonly AzOption[] = [poolClusterName, poolName, resourceGroup];

/** A list that `""` or nothing empties, as azure-cli's nargs='*'. */
export function possiblyEmpty(names: string, help: string): AzOption {
  return { ...list(names, help), type: { kind: 'list', empty: 'allowed' } };
}

/** Conditions on the etag of what is changed. */
export const matchOptions: readonly AzOption[] = since(
  '2.69.0',
  ...ignored('nothing else changes the cluster meanwhile', '--if-match', '--if-none-match'),
);

/** Why options on what nodes are made of are refused. */
export const NODE_DETAIL = 'disks, accelerators and kernel settings of nodes carry no packets';
export const NODE_PLACEMENT =
  'all nodes stand in one place here, without zones, host groups or public addresses';
export const WINDOWS = 'Windows nodes are not part of this course';
export const ADD_ONS = 'add-ons and integrations bring workloads that are not modelled';
export const API_SERVER = 'a private API server is not part of this chapter';
export const MONITORING = 'what is measured and stored carries no packets of yours';
export const STORAGE = 'storage carries no packets of yours';
export const CARRIES_NOTHING = 'encryption, identity tokens, secrets and upgrade channels carry no packets';

/** Returns what a change prints: nothing with `--no-wait`, since azure-cli does not wait to see it. */
export function waited(
  args: AzArguments,
  print: (cloud: Cloud) => Json,
): ((cloud: Cloud) => Json) | undefined {
  return args['noWait'] === true ? undefined : print;
}
