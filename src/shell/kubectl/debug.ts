import { drawSuffix } from '../../model/chance.ts';
import type { PodManifest } from '../../model/kubernetes/manifest.ts';
import { err, ok } from '../../model/result.ts';
import type { CommandContext, Place } from '../command.ts';
import { notFoundFailure } from './choose-objects.ts';
import {
  FILENAME_FLAG,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { TERMINAL_FLAGS } from './exec.ts';
import { clientError, notSimulated } from './failure.ts';
import { attachOutOfReach } from './kubelet-call.ts';
import { notRunning, podNamed } from './pod-of.ts';
import { findType, typeOfKind } from './resource-types.ts';
import { execute, missingProgram, placeToEnter, runAttached, type Attached } from './run-in-pod.ts';
import { PULL_POLICY_FLAG, readPullPolicy } from './pull-policy.ts';
import { endPod, startPod } from './short-lived-pod.ts';

const PROFILES = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'];

export const DEBUG: KubectlCommand = {
  path: ['debug'],
  summary: 'Debug cluster resources using interactive debugging containers.',
  usage: '(POD | TYPE[[.VERSION].GROUP]/NAME) --image=image [-- COMMAND [args...]] [options]',
  examples: [
    {
      does: 'Show the routes of a node',
      line: 'kubectl debug node/mynode -it --image=busybox -- ip route show',
    },
    {
      does: 'A shell on a node; "chroot /host" gives the node\'s own programs',
      line: 'kubectl debug node/mynode -it --image=ubuntu',
    },
    {
      does: 'Look from inside the network of a pod whose image has no tools',
      line: 'kubectl debug web -it --image=nicolaka/netshoot -- ip addr',
    },
  ],
  needs: 'cluster',
  flags: [
    ...TERMINAL_FLAGS,
    { name: 'image', type: { kind: 'string' }, help: 'Container image to use for debug container.' },
    {
      name: 'container',
      shorthand: 'c',
      type: { kind: 'string' },
      help: 'Container name to use for debug container.',
    },
    {
      name: 'quiet',
      shorthand: 'q',
      type: { kind: 'flag' },
      help: 'If true, suppress informational messages.',
    },
    {
      name: 'attach',
      type: { kind: 'flag' },
      help: 'If true, wait for the container to start running, and then attach.',
    },
    {
      name: 'profile',
      type: { kind: 'string' },
      shown: "'general'",
      help: `Options are ${PROFILES.join(', ')}; every profile may look at the network here.`,
    },
    {
      name: 'target',
      type: { kind: 'string' },
      help: 'Target processes in this container name; processes are not modelled.',
    },
    PULL_POLICY_FLAG,
    {
      name: 'env',
      type: { kind: 'list', split: 'none' },
      help: 'Environment variables to set in the container.',
      notSimulated: 'set them in the command',
    },
    { name: 'share-processes', type: { kind: 'flag' }, shown: 'true', help: 'Processes are not modelled.' },
    {
      name: 'arguments-only',
      type: { kind: 'flag' },
      help: 'Pass everything after -- as Args.',
      notSimulated: 'the entrypoints of images are not modelled',
    },
    {
      name: 'copy-to',
      type: { kind: 'string' },
      help: 'Create a copy of the target Pod with this name.',
      notSimulated: 'debug the pod itself, or a node',
    },
    { name: 'same-node', type: { kind: 'flag' }, help: 'Schedule the copy on the same node.' },
    {
      name: 'replace',
      type: { kind: 'flag' },
      help: 'Delete the original Pod.',
      notSimulated: 'debug the pod itself, or a node',
    },
    {
      name: 'set-image',
      type: { kind: 'list', split: 'comma' },
      help: 'New images for the copy.',
      notSimulated: 'debug the pod itself, or a node',
    },
    {
      name: 'custom',
      type: { kind: 'string' },
      help: 'Custom profile.',
      notSimulated: 'use one of the profiles',
    },
    { ...FILENAME_FLAG, notSimulated: 'name the resource' },
  ],
  run: async (input, target, context) => {
    const { flags, args } = input;
    const [resource, ...more] = args;
    if (resource === undefined) {
      return err({
        stderr:
          "error: NAME or filename is required for debug\nSee 'kubectl debug -h' for help and examples\n",
        exitCode: 1,
      });
    }
    const profile = flags.text('profile');
    if (profile !== null && !PROFILES.includes(profile))
      return err(clientError(`unknown profile: ${profile}`));
    if (more.length > 0) {
      return err(
        clientError(`debug takes one resource, got ${args.length}; the command to run goes after --`),
      );
    }
    const slash = resource.indexOf('/');
    const type = slash < 0 ? ok(typeOfKind('Pod')) : findType(resource.slice(0, slash), target.state);
    if (!type.ok) return type;
    const name = resource.slice(slash + 1);
    const image = flags.text('image') ?? '';
    if (type.value.kind === 'Node') {
      if (image !== '') return debugNode(name, image, input, target, context);
      const result = await debugNode(name, NODE_IMAGE, input, target, context);
      return result.ok
        ? ok({ ...result.value, stderr: `${WITHOUT_IMAGE}${result.value.stderr ?? ''}` })
        : result;
    }
    if (type.value.kind === 'Pod') {
      if (image === '') return err(clientError('you must specify --image or --set-image'));
      return debugPod(name, image, input, target, context);
    }
    return err(clientError(`"${type.value.kind}" not supported by debug`));
  },
};

/** The image of Azure's own guide to a shell on a node. */
const NODE_IMAGE = 'mcr.microsoft.com/azurelinux/busybox:1.36';
/** Guides often leave the image out when they write of a node's shell; real kubectl insists on it. */
const WITHOUT_IMAGE = `Warning: real kubectl asks for --image here; this workbook takes --image=${NODE_IMAGE}\n`;

function attachment(
  input: KubectlInput,
  context: CommandContext,
  place: Place,
  fallback: readonly string[],
): Attached {
  const { flags, afterDash } = input;
  return {
    context,
    place,
    argv: afterDash === null || afterDash.length === 0 ? fallback : afterDash,
    terminal: flags.isOn('tty') ? 'asked' : 'not-asked',
    stdin: flags.isOn('stdin') ? 'passed' : 'closed',
  };
}

async function debugNode(
  nodeName: string,
  image: string,
  input: KubectlInput,
  target: Target,
  context: CommandContext,
): Promise<KubectlResult> {
  const { flags } = input;
  if (target.state.nodes[nodeName] === undefined) return err(notFoundFailure(typeOfKind('Node'), nodeName));
  const policy = readPullPolicy(flags);
  if (!policy.ok) return policy;
  const name = debuggerName(nodeName, target, context);
  const container = flags.text('container') ?? 'debugger';
  const command = input.afterDash ?? [];
  const manifest: PodManifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: target.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' },
    },
    spec: {
      containers: [
        {
          name: container,
          image,
          ...(policy.value === null ? {} : { imagePullPolicy: policy.value }),
          ...(command.length === 0 ? {} : { command }),
          ...(flags.isOn('stdin') ? { stdin: true as const } : {}),
          ...(flags.isOn('tty') ? { tty: true as const } : {}),
          volumeMounts: [{ name: 'host-root', mountPath: '/host' }],
        },
      ],
      volumes: [{ name: 'host-root', hostPath: { path: '/' } }],
      hostNetwork: true,
      nodeName,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  };
  const started = startPod(context.cloud, target, manifest);
  if (!started.ok) return started;
  const said = flags.isOn('quiet')
    ? ''
    : `Creating debugging pod ${name} with container ${container} on node ${nodeName}.\n`;
  const place: Place = { kind: 'pod', cluster: target.cluster, namespace: target.namespace, name };
  if (started.value.pod.simulation?.pull !== undefined) {
    const stderr = `${said}error: timed out waiting for the condition\n`;
    return ok({ cloud: started.value.cloud, stderr, exitCode: 1 });
  }
  const attached = attachment(input, context, place, ['sh']);
  const silent = attachOutOfReach(started.value.cloud, target, started.value.pod, container);
  if (silent !== null)
    return ok({ ...silent, cloud: started.value.cloud, stderr: said + (silent.stderr ?? '') });
  const missing = missingProgram(started.value.cloud, place, attached.argv);
  if (missing !== null) return ok({ stderr: said + missing, exitCode: 1 });
  const enter = placeToEnter(attached);
  if (enter !== null) {
    const hint = "If you don't see a command prompt, try pressing enter.\n";
    return ok({ cloud: started.value.cloud, enter, stderr: flags.isOn('quiet') ? '' : said + hint });
  }
  if (command.length === 0 && (context.stdin === '' || !flags.isOn('stdin'))) {
    // A shell whose input is closed leaves at once.
    return ok({ cloud: endPod(started.value.cloud, target, manifest, 0), stderr: said });
  }
  const result = await runAttached(attached, started.value.cloud);
  return ok({
    cloud: endPod(result.cloud ?? started.value.cloud, target, manifest, result.exitCode),
    stdout: result.stdout,
    stderr: said + result.stderr,
  });
}

/** `node-debugger-NODE-kx2c9`; the next one if a debugger of that name is still there. */
function debuggerName(nodeName: string, target: Target, context: CommandContext): string {
  for (let count = 0; ; count++) {
    const suffix = drawSuffix(context.cloud, `node-debugger/${target.cluster}/${nodeName}/${count}`, 5);
    const name = `node-debugger-${nodeName}-${suffix}`;
    if (target.state.pods[`${target.namespace}/${name}`] === undefined) return name;
  }
}

/** An ephemeral container: other programs, the pod's own network. */
async function debugPod(
  podName: string,
  image: string,
  input: KubectlInput,
  target: Target,
  context: CommandContext,
): Promise<KubectlResult> {
  const pod = podNamed(podName, target);
  if (!pod.ok) return pod;
  const refused = notRunning(pod.value);
  if (refused !== null) return err(refused);
  const { flags } = input;
  const suffix = drawSuffix(
    context.cloud,
    `debugger/${target.cluster}/${pod.value.metadata.uid}/${image}`,
    5,
  );
  const container = flags.text('container') ?? `debugger-${suffix}`;
  if (pod.value.spec.containers.some(({ name }) => name === container)) {
    const stderr = `The Pod "${pod.value.metadata.name}" is invalid: spec.ephemeralContainers[0].name: Duplicate value: "${container}"\n`;
    return err({ stderr, exitCode: 1 });
  }
  const place: Place = {
    kind: 'pod',
    cluster: target.cluster,
    namespace: target.namespace,
    name: pod.value.metadata.name,
    image,
    container,
  };
  const said =
    flags.isOn('quiet') || flags.has('container')
      ? ''
      : `Defaulting debug container name to debugger-${suffix}.\n`;
  if ((input.afterDash ?? []).length === 0 && !flags.isOn('stdin')) {
    return err(notSimulated('an ephemeral container that nothing is attached to (add -it or a command)'));
  }
  const silent = attachOutOfReach(context.cloud, target, pod.value, container);
  if (silent !== null) return ok({ ...silent, stderr: said + (silent.stderr ?? '') });
  return execute(attachment(input, context, place, ['sh']), said);
}
