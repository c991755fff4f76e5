import type {
  DaemonSet,
  Deployment,
  DeploymentStrategy,
  KubernetesState,
  ReplicaSet,
} from '../../model/kubernetes/objects.ts';
import { rolloutBounds } from '../../model/kubernetes/rollouts.ts';
import { isPresent } from '../../model/kubernetes/workloads.ts';
import { longTime, pairLines, templateLines } from './describe-parts.ts';
import { pairs } from './rows.ts';

export function describeDeployment(deployment: Deployment, state: KubernetesState): string[] {
  const { metadata, spec, status } = deployment;
  const sets = Object.values(state.replicaSets).filter(
    (set) => set.metadata.ownerReferences?.[0]?.uid === metadata.uid,
  );
  const current = sets.filter((set) => isPresent(set, deployment));
  const older = sets.filter((set) => !current.includes(set));
  const listed = (list: readonly ReplicaSet[]) =>
    list.length === 0
      ? '<none>'
      : list
          .map((set) => `${set.metadata.name} (${set.status.replicas}/${set.spec.replicas} replicas created)`)
          .join(', ');
  const available = status.availableReplicas >= rolloutBounds(spec).least;
  const isOver = status.updatedReplicas >= spec.replicas && status.replicas <= status.updatedReplicas;
  const progress =
    isOver && status.availableReplicas >= status.updatedReplicas
      ? 'NewReplicaSetAvailable'
      : 'ReplicaSetUpdated';
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    `Selector:\t${pairs(spec.selector.matchLabels)}`,
    `Replicas:\t${spec.replicas} desired | ${status.updatedReplicas} updated | ${status.replicas} total | ${status.availableReplicas} available | ${Math.max(0, spec.replicas - status.availableReplicas)} unavailable`,
    `StrategyType:\t${spec.strategy?.type ?? 'RollingUpdate'}`,
    'MinReadySeconds:\t0',
    ...rollingUpdateLine(spec.strategy),
    ...templateLines(spec.template),
    'Conditions:',
    '  Type\tStatus\tReason',
    '  ----\t------\t------',
    `  Available \t${available ? 'True' : 'False'}\t${available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable'}`,
    `  Progressing \tTrue\t${progress}`,
    `OldReplicaSets:\t${listed(older)}`,
    `NewReplicaSet:\t${listed(current)}`,
  ];
}

function rollingUpdateLine(strategy: DeploymentStrategy | undefined): string[] {
  if (strategy?.type === 'Recreate') return [];
  const { maxUnavailable = '25%', maxSurge = '25%' } = strategy?.rollingUpdate ?? {};
  return [`RollingUpdateStrategy:\t${maxUnavailable} max unavailable, ${maxSurge} max surge`];
}

export function describeReplicaSet(set: ReplicaSet, state: KubernetesState): string[] {
  const { metadata, spec, status } = set;
  const owner = metadata.ownerReferences?.[0];
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    `Selector:\t${pairs(spec.selector.matchLabels)}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    ...(owner === undefined ? [] : [`Controlled By:\t${owner.kind}/${owner.name}`]),
    `Replicas:\t${status.replicas} current / ${spec.replicas} desired`,
    `Pods Status:\t${podsStatus(state, metadata.uid)}`,
    ...templateLines(spec.template),
  ];
}

export function describeDaemonSet(set: DaemonSet, state: KubernetesState): string[] {
  const { metadata, spec, status } = set;
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    `Selector:\t${pairs(spec.selector.matchLabels)}`,
    `Node-Selector:\t${pairs(spec.template.spec.nodeSelector)}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}`,
    `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}`,
    `Number of Nodes Scheduled with Up-to-date Pods: ${status.currentNumberScheduled}`,
    `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable}`,
    'Number of Nodes Misscheduled: 0',
    `Pods Status:\t${podsStatus(state, metadata.uid)}`,
    ...templateLines(spec.template),
  ];
}

function podsStatus(state: KubernetesState, owner: string): string {
  const phases = Object.values(state.pods)
    .filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === owner)
    .map((pod) => pod.status.phase);
  const count = (phase: string) => phases.filter((each) => each === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}
