import { err, ok } from '../../model/result.ts';
import { chooseObjects } from './choose-objects.ts';
import {
  ALL_NAMESPACES_FLAG,
  FILENAME_FLAG,
  SELECTOR_FLAG,
  type KubectlCommand,
  type Target,
} from './command.ts';
import { describeCustomResource } from './describe-custom-resource.ts';
import { describeNetworkPolicy } from './describe-network-policy.ts';
import { describeNode } from './describe-node.ts';
import { describeOther } from './describe-other.ts';
import { describePod } from './describe-pod.ts';
import { describeService } from './describe-service.ts';
import { describeDaemonSet, describeDeployment, describeReplicaSet } from './describe-workload.ts';
import { humanSince } from './describe-parts.ts';
import { elasticTabs } from './elastic-tabs.ts';
import { allFailures } from './failure.ts';
import type { ApiObject, Kind } from './resource-types.ts';

export const DESCRIBE: KubectlCommand = {
  path: ['describe'],
  summary: 'Show details of a specific resource or group of resources.',
  usage: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]',
  examples: [
    { does: 'Describe a node', line: 'kubectl describe nodes aks-nodepool1-11743156-vmss000000' },
    { does: 'Describe a pod', line: 'kubectl describe pods/nginx' },
  ],
  needs: 'cluster',
  flags: [
    ALL_NAMESPACES_FLAG,
    SELECTOR_FLAG,
    { ...FILENAME_FLAG, notSimulated: 'name the objects' },
    {
      name: 'show-events',
      type: { kind: 'flag' },
      shown: 'true',
      help: 'If true, display events related to the described object.',
    },
    {
      name: 'chunk-size',
      type: { kind: 'integer' },
      shown: '500',
      help: 'Answers come whole; the number has no effect.',
    },
  ],
  run: (input, target, context) => {
    const { flags, args } = input;
    const chosen = chooseObjects(args, flags, target);
    if (!chosen.ok) return chosen;
    let objects = chosen.value.groups.flatMap((group) => group.objects);
    let failures = chosen.value.failures;
    // A name that no object has may be the beginning of several.
    const [first, prefix] = args;
    if (failures.length === 1 && args.length === 2 && first !== undefined && prefix !== undefined) {
      const all = chooseObjects([first], flags, target);
      if (!all.ok) return all;
      objects = all.value.groups
        .flatMap((group) => group.objects)
        .filter((object) => object.metadata.name.startsWith(prefix));
      if (objects.length > 0) failures = [];
    }
    const texts = objects.map((object) =>
      elasticTabs(describe(object, target, context.cloud.now, flags.text('show-events') !== 'false')),
    );
    if (texts.length === 0 && failures.length === 0) {
      const where = chosen.value.namespace;
      return ok({
        stderr:
          where === null || chosen.value.groups.every((group) => group.type.scope === 'cluster')
            ? 'No resources found\n'
            : `No resources found in ${where} namespace.\n`,
      });
    }
    if (texts.length === 0) return err(allFailures(failures));
    const stdout = texts.join('\n\n');
    return failures.length === 0
      ? ok({ stdout })
      : ok({ stdout, stderr: failures.map((failure) => failure.stderr).join(''), exitCode: 1 });
  },
};

/** Kinds whose description has no events, whatever there are. */
const WITHOUT_EVENTS: readonly Kind[] = ['Event', 'Namespace', 'NetworkPolicy', 'Secret'];

/** Tab-separated lines; `elasticTabs` aligns them. */
function describe(object: ApiObject, target: Target, now: number, events: boolean): string {
  const lines = describeLines(object, target, now);
  if (events && !WITHOUT_EVENTS.includes(object.kind)) lines.push(...eventLines(object, target, now));
  return `${lines.join('\n')}\n`;
}

function describeLines(object: ApiObject, target: Target, now: number): string[] {
  switch (object.kind) {
    case 'Node':
      return describeNode(object, target.state, now);
    case 'Pod':
      return describePod(object);
    case 'Service':
      return describeService(object, target.state);
    case 'Deployment':
      return describeDeployment(object, target.state);
    case 'ReplicaSet':
      return describeReplicaSet(object, target.state);
    case 'DaemonSet':
      return describeDaemonSet(object, target.state);
    case 'NetworkPolicy':
      return describeNetworkPolicy(object);
    case 'MutatingWebhookConfiguration':
    case 'NodeNetworkConfig':
      return describeCustomResource(object);
    case 'ConfigMap':
    case 'Endpoints':
    case 'EndpointSlice':
    case 'Event':
    case 'Namespace':
    case 'Secret':
      return describeOther(object);
  }
}

/** Lists the events of this very object: those of an earlier one of its name have another uid. */
function eventLines(object: ApiObject, target: Target, now: number): readonly string[] {
  const { name, namespace, uid } = object.metadata;
  const events = Object.values(target.state.events).filter(
    ({ involvedObject }) =>
      involvedObject.kind === object.kind &&
      involvedObject.name === name &&
      involvedObject.namespace === namespace &&
      involvedObject.uid === uid,
  );
  if (events.length === 0) return ['Events:\t<none>'];
  return [
    'Events:',
    '  Type\tReason\tAge\tFrom\tMessage',
    '  ----\t------\t----\t----\t-------',
    ...events.map((event) => {
      const seen = humanSince(event.lastTimestamp, now);
      const age =
        event.count > 1
          ? `${seen} (x${event.count} over ${humanSince(event.metadata.creationTimestamp, now)})`
          : seen;
      return `  ${event.type}\t${event.reason}\t${age}\t${event.source.component}\t${event.message}`;
    }),
  ];
}
