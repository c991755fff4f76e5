import type { Cloud } from '../../model/cloud.ts';
import { putObject } from '../../model/kubernetes/apply.ts';
import { kubernetesOf } from '../../model/kubernetes/cluster-state.ts';
import { withSchedulable } from '../../model/kubernetes/node-maintenance.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import { reconcileKubernetes } from '../../model/kubernetes/reconcile.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { readDryRun, type DryRun } from './change.ts';
import { allExist, chooseObjects } from './choose-objects.ts';
import {
  DRY_RUN_FLAG,
  SELECTOR_FLAG,
  type Flag,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';
import { pluralWithGroup, typeOfKind } from './resource-types.ts';

export type Schedulable = 'cordoned' | 'uncordoned';

export const CHUNK_SIZE_FLAG: Flag = {
  name: 'chunk-size',
  type: { kind: 'integer' },
  shown: '500',
  help: 'Answers come whole; the number has no effect.',
};

export const CORDON: KubectlCommand = {
  path: ['cordon'],
  summary: 'Mark node as unschedulable.',
  usage: 'NODE [options]',
  examples: [{ does: 'Mark node "foo" as unschedulable', line: 'kubectl cordon foo' }],
  needs: 'cluster',
  flags: [DRY_RUN_FLAG, SELECTOR_FLAG, CHUNK_SIZE_FLAG],
  run: (input, target, context) => setSchedulable('cordoned', 'cordon', input, target, context.cloud),
};

export const UNCORDON: KubectlCommand = {
  path: ['uncordon'],
  summary: 'Mark node as schedulable.',
  usage: 'NODE [options]',
  examples: [{ does: 'Mark node "foo" as schedulable', line: 'kubectl uncordon foo' }],
  needs: 'cluster',
  flags: [DRY_RUN_FLAG, SELECTOR_FLAG, CHUNK_SIZE_FLAG],
  run: (input, target, context) => setSchedulable('uncordoned', 'uncordon', input, target, context.cloud),
};

function setSchedulable(
  done: Schedulable,
  command: string,
  input: KubectlInput,
  target: Target,
  before: Cloud,
): KubectlResult {
  const dryRun = readDryRun(input.flags);
  if (!dryRun.ok) return dryRun;
  const nodes = chosenNodes(command, input, target);
  if (!nodes.ok) return nodes;
  const { cloud, stdout } = markNodes(done, nodes.value, target, before, dryRun.value);
  return ok({ stdout, ...(dryRun.value === 'none' ? { cloud } : {}) });
}

/** Returns the nodes that a line names; fails if any of them is missing. */
export function chosenNodes(
  command: string,
  input: KubectlInput,
  target: Target,
): Result<readonly Node[], KubectlFailure> {
  const usageError = (message: string) =>
    err({
      stderr: `error: ${message}\nSee 'kubectl ${command} -h' for help and examples\n`,
      exitCode: 1,
    });
  const bySelector = input.flags.has('selector');
  if (input.args.length === 0 && !bySelector) return usageError(`USAGE: ${command} NODE [flags]`);
  if (input.args.length > 0 && bySelector)
    return usageError('cannot specify both a node name and a --selector option');
  const args = input.args.map((arg) => (arg.includes('/') ? arg : `node/${arg}`));
  const chosen = chooseObjects(bySelector ? ['nodes'] : args, input.flags, target);
  if (!chosen.ok) return chosen;
  const objects = allExist(chosen.value);
  if (!objects.ok) return objects;
  const nodes: Node[] = [];
  for (const object of objects.value) {
    if (object.kind !== 'Node') {
      const got = pluralWithGroup(typeOfKind(object.kind));
      return err(clientError(`expected resource of type node, got "${got}"`));
    }
    nodes.push(object);
  }
  return ok(nodes);
}

export interface Marked {
  readonly cloud: Cloud;
  readonly stdout: string;
}

/** Marks nodes and says so, one line each. */
export function markNodes(
  done: Schedulable,
  nodes: readonly Node[],
  target: Target,
  before: Cloud,
  dryRun: DryRun,
): Marked {
  let cloud = before;
  let stdout = '';
  for (const node of nodes) {
    const already = (node.spec.unschedulable === true) === (done === 'cordoned');
    stdout += `node/${node.metadata.name} ${already ? `already ${done}` : done}${DRY_RUN_SUFFIX[dryRun]}\n`;
    if (!already) cloud = marked(cloud, target, node, done);
  }
  return { cloud, stdout };
}

export const DRY_RUN_SUFFIX: Readonly<Record<DryRun, string>> = {
  none: '',
  client: ' (dry run)',
  server: ' (server dry run)',
};

function marked(cloud: Cloud, { cluster }: Target, node: Node, done: Schedulable): Cloud {
  const current = kubernetesOf(cloud, cluster).nodes[node.metadata.name] ?? node;
  return reconcileKubernetes(putObject(cloud, cluster, withSchedulable(current, done)), cluster);
}
