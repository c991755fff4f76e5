import type { Cloud } from '../../model/cloud.ts';
import { deleteObject, putObject } from '../../model/kubernetes/apply.ts';
import { kubernetesOf, objectKey } from '../../model/kubernetes/cluster-state.ts';
import type { Node, Pod, Taint } from '../../model/kubernetes/objects.ts';
import { reconcileKubernetes } from '../../model/kubernetes/reconcile.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { allExist, chooseObjects } from './choose-objects.ts';
import {
  DRY_RUN_FLAG,
  SELECTOR_FLAG,
  type KubectlCommand,
  type KubectlInput,
  type Target,
} from './command.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';

const TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export const CORDON: KubectlCommand = {
  path: ['cordon'],
  summary: 'Mark node as unschedulable.',
  usage: 'NODE [options]',
  examples: [{ does: 'Mark node "foo" as unschedulable', line: 'kubectl cordon foo' }],
  needs: 'cluster',
  flags: [DRY_RUN_FLAG, SELECTOR_FLAG],
  run: (input, target, context) => setSchedulable('cordoned', input, target, context.cloud),
};

export const UNCORDON: KubectlCommand = {
  path: ['uncordon'],
  summary: 'Mark node as schedulable.',
  usage: 'NODE [options]',
  examples: [{ does: 'Mark node "foo" as schedulable', line: 'kubectl uncordon foo' }],
  needs: 'cluster',
  flags: [DRY_RUN_FLAG, SELECTOR_FLAG],
  run: (input, target, context) => setSchedulable('uncordoned', input, target, context.cloud),
};

export const DRAIN: KubectlCommand = {
  path: ['drain'],
  summary: 'Drain node in preparation for maintenance.',
  usage: 'NODE [options]',
  examples: [
    {
      does: 'Drain node "foo", leaving the pods of DaemonSets',
      line: 'kubectl drain foo --ignore-daemonsets',
    },
  ],
  needs: 'cluster',
  flags: [
    DRY_RUN_FLAG,
    SELECTOR_FLAG,
    { name: 'ignore-daemonsets', type: { kind: 'flag' }, help: 'Ignore DaemonSet-managed pods.' },
    {
      name: 'force',
      type: { kind: 'flag' },
      help: 'Continue even if there are pods that do not declare a controller.',
    },
    {
      name: 'delete-emptydir-data',
      type: { kind: 'flag' },
      help: 'Volumes are not modelled; it has no effect.',
    },
    { name: 'grace-period', type: { kind: 'integer' }, shown: '-1', help: 'Eviction is immediate here.' },
    { name: 'timeout', type: { kind: 'string' }, shown: '0s', help: 'Eviction is immediate here.' },
    { name: 'disable-eviction', type: { kind: 'flag' }, help: 'There are no disruption budgets here.' },
    {
      name: 'pod-selector',
      type: { kind: 'string' },
      help: 'Label selector to filter pods on the node.',
      notSimulated: 'delete the pods by label instead',
    },
  ],
  run: (input, target, context) => {
    const nodes = chosenNodes(input, target);
    if (!nodes.ok) return nodes;
    let cloud = context.cloud;
    let stdout = '';
    let stderr = '';
    for (const node of nodes.value) {
      const pods = Object.values(target.state.pods).filter((pod) => pod.spec.nodeName === node.metadata.name);
      const daemons = pods.filter((pod) => ownerKind(pod) === 'DaemonSet');
      const bare = pods.filter((pod) => ownerKind(pod) === null);
      const problems = [
        ...(daemons.length > 0 && !input.flags.isOn('ignore-daemonsets')
          ? [`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${names(daemons)}`]
          : []),
        ...(bare.length > 0 && !input.flags.isOn('force')
          ? [`cannot delete Pods that declare no controller (use --force to override): ${names(bare)}`]
          : []),
      ];
      if (problems.length > 0) {
        const list = problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
        return err({
          stderr:
            `error: unable to drain node "${node.metadata.name}" due to error: ${list}, continuing command...\n` +
            `There are pending nodes to be drained:\n ${node.metadata.name}\n${problems.join('\n')}\n`,
          exitCode: 1,
        });
      }
      const already = node.spec.unschedulable === true;
      stdout += `node/${node.metadata.name} ${already ? 'already cordoned' : 'cordoned'}\n`;
      if (!already) cloud = withSchedulable(cloud, target, node, 'cordoned');
      if (daemons.length > 0) stderr += `Warning: ignoring DaemonSet-managed Pods: ${names(daemons)}\n`;
      for (const pod of pods.filter((each) => ownerKind(each) !== 'DaemonSet')) {
        const key = objectKey(pod.metadata);
        const gone = deleteObject(cloud, target.cluster, 'Pod', key);
        if (!gone.ok) return err(serverError(gone.error));
        cloud = gone.value;
        stdout += `evicting pod ${key}\n`;
      }
      for (const pod of pods.filter((each) => ownerKind(each) !== 'DaemonSet'))
        stdout += `pod/${pod.metadata.name} evicted\n`;
      stdout += `node/${node.metadata.name} drained\n`;
    }
    return ok({
      stdout,
      stderr,
      ...(input.flags.has('dry-run') && input.flags.text('dry-run') !== 'none' ? {} : { cloud }),
    });
  },
};

function ownerKind(pod: Pod): string | null {
  return pod.metadata.ownerReferences?.[0]?.kind ?? null;
}

function names(pods: readonly Pod[]): string {
  return pods.map((pod) => `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`).join(', ');
}

function chosenNodes(input: KubectlInput, target: Target): Result<readonly Node[], KubectlFailure> {
  if (input.args.length === 0 && !input.flags.has('selector')) {
    return err({ stderr: 'error: must provide one or more node names, or use --selector\n', exitCode: 1 });
  }
  const args = input.args.some((arg) => arg.includes('/')) ? input.args : ['nodes', ...input.args];
  const chosen = chooseObjects(args, input.flags, target);
  if (!chosen.ok) return chosen;
  const objects = allExist(chosen.value);
  if (!objects.ok) return objects;
  const nodes = objects.value.filter((object): object is Node => object.kind === 'Node');
  return nodes.length === objects.value.length ? ok(nodes) : err(clientError('only nodes can be cordoned'));
}

function setSchedulable(
  done: 'cordoned' | 'uncordoned',
  input: KubectlInput,
  target: Target,
  before: Cloud,
): ReturnType<KubectlCommand['run']> {
  const nodes = chosenNodes(input, target);
  if (!nodes.ok) return nodes;
  let cloud = before;
  let stdout = '';
  for (const node of nodes.value) {
    const already = (node.spec.unschedulable === true) === (done === 'cordoned');
    stdout += `node/${node.metadata.name} ${already ? 'already ' : ''}${done}\n`;
    if (!already) cloud = withSchedulable(cloud, target, node, done);
  }
  return ok({
    stdout,
    ...(input.flags.has('dry-run') && input.flags.text('dry-run') !== 'none' ? {} : { cloud }),
  });
}

/** The node lifecycle controller adds the taint that keeps new pods away. */
function withSchedulable(cloud: Cloud, target: Target, node: Node, done: 'cordoned' | 'uncordoned'): Cloud {
  const current = kubernetesOf(cloud, target.cluster).nodes[node.metadata.name] ?? node;
  const { unschedulable: _was, taints = [], ...spec } = current.spec;
  const others = taints.filter((taint) => taint.key !== TAINT.key);
  const kept = done === 'cordoned' ? [...others, TAINT] : others;
  const changed: Node = {
    ...current,
    spec: {
      ...spec,
      ...(kept.length === 0 ? {} : { taints: kept }),
      ...(done === 'cordoned' ? { unschedulable: true } : {}),
    },
  };
  return reconcileKubernetes(putObject(cloud, target.cluster, changed), target.cluster);
}
