import { err, ok } from '../../model/result.ts';
import { FILENAME_FLAG, type Flag, type KubectlCommand } from './command.ts';
import { clientError } from './failure.ts';
import { execOutOfReach } from './kubelet-call.ts';
import { containerNote, notRunning, podNamed } from './pod-of.ts';
import { execute } from './run-in-pod.ts';

export const TERMINAL_FLAGS: readonly Flag[] = [
  { name: 'stdin', shorthand: 'i', type: { kind: 'flag' }, help: 'Pass stdin to the container.' },
  { name: 'tty', shorthand: 't', type: { kind: 'flag' }, help: 'Stdin is a TTY.' },
];

export const EXEC: KubectlCommand = {
  path: ['exec'],
  summary: 'Execute a command in a container.',
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...] [options]',
  examples: [
    { does: "Get output from running 'date' in the pod web", line: 'kubectl exec web -- date' },
    {
      does: 'Open a shell in the first pod of the deployment web',
      line: 'kubectl exec -it deploy/web -- sh',
    },
  ],
  needs: 'cluster',
  flags: [
    ...TERMINAL_FLAGS,
    { ...FILENAME_FLAG, notSimulated: 'name the pod' },
    { name: 'container', shorthand: 'c', type: { kind: 'string' }, help: 'Container name.' },
    {
      name: 'quiet',
      shorthand: 'q',
      type: { kind: 'flag' },
      help: 'Only print output from the remote session.',
    },
    {
      name: 'pod-running-timeout',
      type: { kind: 'string' },
      shown: '1m0s',
      help: 'There is nothing to wait for here.',
    },
  ],
  run: async (input, target, context) => {
    const { flags, args, afterDash } = input;
    const [name, ...words] = args;
    if (name === undefined) return err(clientError('pod, type/name or --filename must be specified'));
    if (words.length > 0) {
      return err({
        stderr:
          "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n",
        exitCode: 1,
      });
    }
    if (afterDash === null || afterDash.length === 0) {
      return err(clientError('you must specify at least one command for the container'));
    }
    const pod = podNamed(name, target);
    if (!pod.ok) return pod;
    const refused = notRunning(pod.value);
    if (refused !== null) return err(refused);
    const note = containerNote(pod.value, flags.text('container'));
    if (!note.ok) return note;
    const silent = execOutOfReach(context.cloud, target, pod.value);
    if (silent !== null) return ok(silent);
    const container = flags.text('container') ?? pod.value.spec.containers[0]?.name;
    const first = pod.value.spec.containers[0]?.name;
    const image = pod.value.spec.containers.find((each) => each.name === container)?.image;
    return execute(
      {
        context,
        place: {
          kind: 'pod',
          cluster: target.cluster,
          namespace: target.namespace,
          name: pod.value.metadata.name,
          ...(container === first || container === undefined || image === undefined
            ? {}
            : { image, container }),
        },
        argv: afterDash,
        terminal: flags.isOn('tty') ? 'asked' : 'not-asked',
        stdin: flags.isOn('stdin') ? 'passed' : 'closed',
      },
      flags.isOn('quiet') ? '' : note.value,
    );
  },
};
