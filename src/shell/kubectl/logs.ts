import { containerLoads } from '../../model/kubernetes/container-load.ts';
import { staysUp } from '../../model/kubernetes/load-generators.ts';
import { readWrkArguments, wrkStart } from '../../model/kubernetes/wrk-arguments.ts';
import { imageRepository } from '../../model/kubernetes/images.ts';
import type { Container, Pod } from '../../model/kubernetes/objects.ts';
import { err, ok } from '../../model/result.ts';
import { SELECTOR_FLAG, type KubectlCommand } from './command.ts';
import { clientError, notSimulated, serverError, type KubectlFailure } from './failure.ts';
import { logsOutOfReach } from './kubelet-call.ts';
import { loadLog } from './load-log.ts';
import { containerNote, podNamed } from './pod-of.ts';

export const LOGS: KubectlCommand = {
  path: ['logs'],
  aliases: ['log'],
  summary: 'Print the logs for a container in a pod or specified resource.',
  details: 'Simulated programs log their start; requests are not logged.',
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]',
  examples: [{ does: 'Return the logs of the pod nginx', line: 'kubectl logs nginx' }],
  needs: 'cluster',
  flags: [
    { ...SELECTOR_FLAG, notSimulated: 'name the pod' },
    {
      name: 'container',
      shorthand: 'c',
      type: { kind: 'string' },
      help: 'Print the logs of this container.',
    },
    { name: 'all-containers', type: { kind: 'flag' }, help: "Get all containers' logs in the pod(s)." },
    {
      name: 'follow',
      shorthand: 'f',
      type: { kind: 'flag' },
      help: 'Specify if the logs should be streamed.',
      notSimulated: 'nothing changes here while a command runs',
    },
    {
      name: 'previous',
      shorthand: 'p',
      type: { kind: 'flag' },
      help: 'Print the logs for the previous instance of the container.',
      notSimulated: 'earlier instances are not kept',
    },
    { name: 'tail', type: { kind: 'integer' }, shown: '-1', help: 'Lines of recent log file to display.' },
    {
      name: 'timestamps',
      type: { kind: 'flag' },
      help: 'Include timestamps on each line.',
      notSimulated: 'lines have no times',
    },
    {
      name: 'since',
      type: { kind: 'string' },
      shown: '0s',
      help: 'Only return logs newer than a relative duration.',
      notSimulated: 'lines have no times',
    },
    { name: 'prefix', type: { kind: 'flag' }, help: 'Prefix each log line with the log source.' },
  ],
  run: async (input, target, context) => {
    const { cloud } = context;
    const [name, container] = input.args;
    if (name === undefined) {
      return err({
        stderr:
          "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n",
        exitCode: 1,
      });
    }
    const pod = podNamed(name, target);
    if (!pod.ok) return pod;
    if (pod.value.spec.nodeName === undefined) return ok({});
    const asked = input.flags.text('container') ?? container ?? null;
    const note = containerNote(pod.value, asked);
    if (!note.ok) return note;
    const chosen = input.flags.isOn('all-containers')
      ? pod.value.spec.containers
      : pod.value.spec.containers.filter((each, at) => (asked === null ? at === 0 : each.name === asked));
    const lines: string[] = [];
    for (const each of chosen) {
      const waiting = neverStarted(pod.value, each);
      if (waiting !== null) return err(waiting);
      const silent = logsOutOfReach(cloud, target, pod.value, each.name);
      if (silent !== null) return ok(silent);
      const report = await loadLog(context, target.cluster, pod.value, each);
      const logged = report === null ? logOf(pod.value, each) : report.replace(/\n$/, '').split('\n');
      if (logged === null) return err(logNotSimulated(each));
      const prefix = input.flags.isOn('prefix') ? `[pod/${pod.value.metadata.name}/${each.name}] ` : '';
      lines.push(...logged.map((line) => `${prefix}${line}\n`));
    }
    const tail = input.flags.number('tail') ?? -1;
    if (tail < -1) return err(clientError('--tail must be greater than or equal to -1'));
    const shown = tail < 0 ? lines : lines.slice(Math.max(0, lines.length - tail));
    return ok({ stdout: shown.join(''), stderr: input.flags.isOn('all-containers') ? '' : note.value });
  },
};

/** kubelet's words for containers without their image (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus). */
const IMAGE_WAITS: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

function neverStarted(pod: Pod, container: Container): KubectlFailure | null {
  const status = pod.status.containerStatuses?.find((each) => each.name === container.name);
  const reason = status?.state !== undefined && 'waiting' in status.state ? status.state.waiting.reason : '';
  const image = IMAGE_WAITS[reason];
  if ((pod.status.podIP !== undefined && image === undefined) || reason === '') return null;
  const message = `container "${container.name}" in pod "${pod.metadata.name}" is waiting to start: ${image ?? reason}`;
  return serverError({ reason: 'BadRequest', message });
}

function logNotSimulated({ image, command = [], args = [] }: Container): KubectlFailure {
  const line = [...command, ...args].join(' ');
  if (line === '') return notSimulated(`the log of ${image}`);
  return clientError(
    `the log of ${image} with the command "${line}" is not simulated in this workbook; kubectl run -i --rm and kubectl exec show what a command writes`,
  );
}

/** What the container wrote when it started; null if we do not know what it would write. */
function logOf(pod: Pod, container: Container): readonly string[] | null {
  const loads = containerLoads(container);
  // They report at their end.
  const underWay =
    pod.status.phase === 'Running' &&
    loads.every(({ load, then }) => load.againAfter === undefined && then === 'ends' && staysUp(load));
  if (loads.length > 0 && underWay) {
    const starts = loads.map(({ load, command }) => {
      if (load.program === 'hey') return [];
      const read = readWrkArguments(command.split(' ').slice(1));
      return read.ok ? wrkStart(read.value) : null;
    });
    return starts.includes(null) ? null : starts.flatMap((each) => each ?? []);
  }
  const argv = [...(container.command ?? []), ...(container.args ?? [])];
  if (argv.length > 0 && !/^(nginx|(\/\S*)?\/nginx)$/.test(argv[0] ?? '')) return outputOf(argv, pod);
  const started = `${pod.metadata.creationTimestamp.slice(0, 10).replaceAll('-', '/')} ${pod.metadata.creationTimestamp.slice(11, 19)}`;
  switch (imageRepository(container.image)) {
    case 'nginx':
      return [
        '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
        '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
        '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
        '/docker-entrypoint.sh: Configuration complete; ready for start up',
        `${started} [notice] 1#1: using the "epoll" event method`,
        `${started} [notice] 1#1: start worker processes`,
      ];
    case 'busybox':
    case 'alpine':
    case 'nicolaka/netshoot':
      return [];
  }
  return null;
}

/** Programs that write nothing by themselves. */
const SILENT = new Set(['sleep', 'pause', 'true', 'false', 'tail', ':', 'wait', 'trap']);

/** What a command line writes; null if that is not known without running it. */
function outputOf(argv: readonly string[], pod: Pod): readonly string[] | null {
  const [path = '', ...args] = argv;
  const program = path.split('/').at(-1) ?? '';
  if (SILENT.has(program)) return program === 'tail' && !args.includes('/dev/null') ? null : [];
  if (program === 'echo') return args[0]?.startsWith('-') === true ? null : [args.join(' ')];
  if (program === 'hostname' && args.length === 0) return [pod.metadata.name];
  if (!/^(sh|bash|ash)$/.test(program)) return null;
  if (args.length === 0) return [];
  const [flag = '', script = ''] = args;
  if (!/^-[a-z]*c$/.test(flag)) return null;
  const words = script
    .split(/[;&\n]+|\b(?:while|until|do|done|exec)\b/)
    .map((each) => each.trim().split(/\s+/)[0] ?? '');
  return words.every((word) => word === '' || (word !== 'tail' && SILENT.has(word))) ? [] : null;
}
