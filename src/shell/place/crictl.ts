/** `crictl` on a node: pull, images, ps and pods (kubernetes-sigs/cri-tools, cmd/crictl). */
import { drawHex } from '../../model/chance.ts';
import type { Cloud } from '../../model/cloud.ts';
import { epochSeconds } from '../../model/kubernetes/cluster-state.ts';
import { readImageReference } from '../../model/kubernetes/image-reference.ts';
import { imagesOn, pullByHand } from '../../model/kubernetes/node-images.ts';
import type { Node, Pod } from '../../model/kubernetes/objects.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { klog } from './node-journal.ts';
import { failed, notSimulatedHere, printed, readOptions } from './program.ts';

export function crictl(): SimulatedCommand {
  return { name: 'crictl', places: ['node'], run: runCrictl };
}

interface Asked {
  readonly context: CommandContext;
  readonly cluster: string;
  readonly node: Node;
}

function runCrictl(context: CommandContext): CommandResult {
  const { place, cloud } = context;
  const node = place.kind === 'node' ? cloud.kubernetes[place.cluster]?.nodes[place.name] : undefined;
  if (place.kind !== 'node' || node === undefined) return failed('crictl: the node is gone\n');
  const asked: Asked = { context, cluster: place.cluster, node };
  const words = withoutGlobalFlags(context.args);
  const [verb = '', ...args] = words;
  switch (verb) {
    case 'pull':
      return pull(asked, args);
    case 'images':
    case 'image':
    case 'img':
      return images(asked, args);
    case 'ps':
      return processes(asked, args);
    case 'pods':
      return pods(asked, args);
    case 'logs':
      return notSimulatedHere('crictl', '"crictl logs" (use kubectl logs)');
    case 'exec':
      return notSimulatedHere('crictl', '"crictl exec" (use kubectl exec)');
  }
  return notSimulatedHere('crictl', verb === '' ? 'its help' : `"crictl ${verb}"`);
}

/** The endpoint is that of /etc/crictl.yaml, whatever is said. */
function withoutGlobalFlags(args: readonly string[]): readonly string[] {
  const rest = [...args];
  while (/^(-r|--runtime-endpoint|-i|--image-endpoint|-t|--timeout)$/.test(rest[0] ?? '')) rest.splice(0, 2);
  while (/^(--runtime-endpoint|--image-endpoint|--timeout)=|^(-D|--debug)$/.test(rest[0] ?? '')) rest.shift();
  return rest;
}

function pull({ context, cluster, node }: Asked, args: readonly string[]): CommandResult {
  const options = readOptions(args, { switches: '', values: '' });
  if (!options.ok) return notSimulatedHere('crictl', `crictl pull with "${args[0] ?? ''}"`);
  const [image, ...more] = options.value.rest;
  if (image === undefined) return failed('FATA[0000] Image name cannot be empty\n');
  if (more.length > 0) return notSimulatedHere('crictl', 'pulling several images at once');
  const pulled = pullByHand(context.cloud, cluster, node, image);
  if (pulled.error === null)
    return {
      ...printed(`Image is up to date for sha256:${imageId(context.cloud, image)}\n`),
      cloud: pulled.cloud,
    };
  const error = `rpc error: code = Unknown desc = ${pulled.error}`;
  const line = klog(
    'E',
    context.cloud.now,
    4711,
    'log.go:32',
    `"PullImage from image service failed" err=${JSON.stringify(error)} image="${image}"`,
  );
  return failed(`${line}\nFATA[0000] pulling image: ${error}\n`);
}

function imageId(cloud: Cloud, image: string): string {
  return drawHex(cloud, `image-id/${readImageReference(image).full}`, 64);
}

function images({ context, cluster, node }: Asked, args: readonly string[]): CommandResult {
  const options = readOptions(args, { switches: 'q', values: '', longSwitches: ['quiet', 'no-trunc'] });
  if (!options.ok) return notSimulatedHere('crictl', `"crictl images ${args.join(' ')}"`);
  const { given, rest } = options.value;
  const [wanted] = rest;
  const found = imagesOn(context.cloud, cluster, node).filter(
    (full) =>
      wanted === undefined || full === readImageReference(wanted).full || full.startsWith(`${wanted}:`),
  );
  const id = (full: string) => imageId(context.cloud, full);
  if (given.has('q') || given.has('quiet'))
    return printed(found.map((full) => `sha256:${id(full)}\n`).join(''));
  const rows = found.map((full) => {
    const { registry, repository, tag } = readImageReference(full);
    return [
      `${registry}/${repository}`,
      tag ?? '<none>',
      given.has('no-trunc') ? `sha256:${id(full)}` : id(full).slice(0, 13),
      '<unknown>',
    ];
  });
  return {
    ...printed(table([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows])),
    stderr: 'crictl: of the images that came with the node only those in use are known here, and no sizes\n',
  };
}

function podsOf({ context, cluster, node }: Asked): readonly Pod[] {
  return Object.values(context.cloud.kubernetes[cluster]?.pods ?? {})
    .filter((pod) => pod.spec.nodeName === node.metadata.name && pod.status.podIP !== undefined)
    .toSorted((a, b) => (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : 1));
}

function sandboxId(cloud: Cloud, { metadata }: Pod): string {
  return drawHex(cloud, `sandbox/${metadata.uid}`, 64);
}

function processes(asked: Asked, args: readonly string[]): CommandResult {
  const options = readOptions(args, {
    switches: 'aq',
    values: '',
    longSwitches: ['all', 'quiet'],
    longValues: ['name', 'pod', 'image', 'state'],
  });
  if (!options.ok) return notSimulatedHere('crictl', `"crictl ps ${args.join(' ')}"`);
  const { given } = options.value;
  if (given.has('pod') || given.has('image') || given.has('state'))
    return notSimulatedHere('crictl', 'choosing containers by pod, image or state (use --name)');
  const { cloud } = asked.context;
  const everything = given.has('a') || given.has('all');
  const rows = podsOf(asked).flatMap((pod) =>
    (pod.status.containerStatuses ?? []).flatMap(({ name, image, state, restartCount }) => {
      const isRunning = state !== undefined && 'running' in state;
      const hasEnded =
        state !== undefined &&
        ('terminated' in state || ('waiting' in state && state.waiting.reason === 'CrashLoopBackOff'));
      if (!(isRunning || (everything && hasEnded)) || !name.includes(given.get('name') ?? '')) return [];
      const started = isRunning ? state.running.startedAt : pod.metadata.creationTimestamp;
      const id = drawHex(cloud, `container/${pod.metadata.uid}/${name}/${restartCount}`, 64);
      return [
        {
          id,
          cells: [
            id.slice(0, 13),
            imageId(cloud, image).slice(0, 13),
            ago(cloud.now - epochSeconds(started)),
            isRunning ? 'Running' : 'Exited',
            name,
            String(restartCount),
            sandboxId(cloud, pod).slice(0, 13),
            pod.metadata.name,
            pod.metadata.namespace ?? 'default',
          ],
        },
      ];
    }),
  );
  if (given.has('q') || given.has('quiet')) return printed(rows.map(({ id }) => `${id}\n`).join(''));
  const header = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'];
  return printed(table([header, ...rows.map(({ cells }) => cells)]));
}

function pods(asked: Asked, args: readonly string[]): CommandResult {
  const options = readOptions(args, {
    switches: 'q',
    values: '',
    longSwitches: ['quiet'],
    longValues: ['name', 'namespace'],
  });
  if (!options.ok) return notSimulatedHere('crictl', `"crictl pods ${args.join(' ')}"`);
  const { given } = options.value;
  const { cloud } = asked.context;
  const found = podsOf(asked).filter(
    ({ metadata }) =>
      metadata.name.includes(given.get('name') ?? '') &&
      (given.get('namespace') === undefined || metadata.namespace === given.get('namespace')),
  );
  if (given.has('q') || given.has('quiet'))
    return printed(found.map((pod) => `${sandboxId(cloud, pod)}\n`).join(''));
  const header = ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'];
  const rows = found.map((pod) => [
    sandboxId(cloud, pod).slice(0, 13),
    ago(cloud.now - epochSeconds(pod.metadata.creationTimestamp)),
    pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed' ? 'NotReady' : 'Ready',
    pod.metadata.name,
    pod.metadata.namespace ?? 'default',
    '0',
    '(default)',
  ]);
  return printed(table([header, ...rows]));
}

/** Columns at least 20 wide, three spaces apart, the last one as long as it is (Go's tabwriter, as crictl sets it). */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(20, ...rows.map((row) => (row[column] ?? '').length + 3)),
  );
  return rows
    .map(
      (row) =>
        `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('')}\n`,
    )
    .join('');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** As docker/go-units, HumanDuration. */
function ago(seconds: number): string {
  const hours = Math.round(seconds / HOUR);
  if (seconds < 1) return 'Less than a second ago';
  if (seconds === 1) return '1 second ago';
  if (seconds < MINUTE) return `${seconds} seconds ago`;
  if (seconds < 2 * MINUTE) return 'About a minute ago';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} minutes ago`;
  if (hours === 1) return 'About an hour ago';
  if (hours < 48) return `${hours} hours ago`;
  return `${Math.floor(seconds / DAY)} days ago`;
}
