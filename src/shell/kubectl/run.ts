import type { PodManifest } from '../../model/kubernetes/manifest.ts';
import { deleteObject } from '../../model/kubernetes/apply.ts';
import { startedCommand } from '../../model/kubernetes/images.ts';
import { isImageReference } from '../../model/kubernetes/image-reference.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, Place } from '../command.ts';
import { create, reportChanges } from './change.ts';
import {
  DRY_RUN_FLAG,
  OUTPUT_FLAG,
  type Flags,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { TERMINAL_FLAGS } from './exec.ts';
import { readPairs } from './expose.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { attachOutOfReach } from './kubelet-call.ts';
import { OVERRIDE_FLAGS, overridden } from './overrides.ts';
import { PULL_POLICY_FLAG, readPullPolicy } from './pull-policy.ts';
import { missingProgram, placeToEnter, runAttached, type Attached } from './run-in-pod.ts';
import { endPod, startPod } from './short-lived-pod.ts';

export const RUN: KubectlCommand = {
  path: ['run'],
  summary: 'Create and run a particular image in a pod.',
  usage:
    'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--command] -- [COMMAND] [args...] [options]',
  examples: [
    { does: 'Start a nginx pod', line: 'kubectl run nginx --image=nginx' },
    {
      does: 'Run one command in a pod and remove the pod afterwards',
      line: 'kubectl run probe -it --rm --restart=Never --image=nicolaka/netshoot -- curl -s http://web',
    },
    {
      does: 'Start a pod on a node of your choice',
      line: `kubectl run probe --image=nginx --overrides='{"spec":{"nodeName":"aks-nodepool1-12345678-vmss000000"}}'`,
    },
  ],
  needs: 'cluster',
  flags: [
    ...TERMINAL_FLAGS,
    OUTPUT_FLAG,
    DRY_RUN_FLAG,
    { name: 'image', type: { kind: 'string' }, help: 'The image for the container to run.' },
    {
      name: 'labels',
      shorthand: 'l',
      type: { kind: 'string' },
      help: 'Comma separated labels to apply to the pod.',
    },
    { name: 'annotations', type: { kind: 'list', split: 'none' }, help: 'Annotations to apply to the pod.' },
    {
      name: 'env',
      type: { kind: 'list', split: 'none' },
      help: 'Environment variables to set in the container.',
    },
    { name: 'port', type: { kind: 'integer' }, help: 'The port that this container exposes.' },
    {
      name: 'restart',
      type: { kind: 'string' },
      shown: "'Always'",
      help: 'The restart policy for this Pod. Legal values [Always, OnFailure, Never].',
    },
    {
      name: 'rm',
      type: { kind: 'flag' },
      help: 'If true, delete the pod after it exits. Only valid when attaching to the container.',
    },
    {
      name: 'command',
      type: { kind: 'flag' },
      help: "If true and extra arguments are present, use them as the 'command' field.",
    },
    {
      name: 'attach',
      type: { kind: 'flag' },
      help: 'If true, wait for the Pod to start running, and then attach to the Pod.',
    },
    { name: 'quiet', shorthand: 'q', type: { kind: 'flag' }, help: 'If true, suppress prompt messages.' },
    PULL_POLICY_FLAG,
    {
      name: 'pod-running-timeout',
      type: { kind: 'string' },
      shown: '1m0s',
      help: 'There is nothing to wait for here.',
    },
    {
      name: 'expose',
      type: { kind: 'flag' },
      help: 'If true, create a ClusterIP service associated with the pod.',
      notSimulated: 'use kubectl expose pod',
    },
    ...OVERRIDE_FLAGS,
    {
      name: 'privileged',
      type: { kind: 'flag' },
      help: 'Run in privileged mode.',
      notSimulated: 'privileges are not modelled',
    },
    { name: 'leave-stdin-open', type: { kind: 'flag' }, help: 'It has no effect here.' },
  ],
  run: async (input, target, context) => {
    const { flags, args } = input;
    const [name, ...words] = args;
    if (name === undefined) {
      return err({
        stderr: "error: NAME is required for run\nSee 'kubectl run -h' for help and examples\n",
        exitCode: 1,
      });
    }
    const image = flags.text('image');
    if (image === null || image === '') return err(clientError('required flag(s) "image" not set'));
    if (!isImageReference(image)) {
      return err(clientError(`Invalid image name "${image}": invalid reference format`));
    }
    const command = [...words, ...(input.afterDash ?? [])];
    const generated = podManifest(name, image, command, flags, target.namespace);
    if (!generated.ok) return generated;
    const manifest = overridden(generated.value, flags);
    if (!manifest.ok) return manifest;
    const attached = flags.isOn('attach') || flags.isOn('stdin') || flags.isOn('tty');
    if (flags.isOn('rm') && !attached) {
      return err(clientError('--rm should only be used for attached containers'));
    }
    if (flags.isOn('tty') && !flags.isOn('stdin')) {
      return err(clientError('-i/--stdin is required for containers with -t/--tty=true'));
    }
    const dryRun = flags.text('dry-run') ?? 'none';
    if (!attached || dryRun !== 'none') {
      const created = create(context.cloud, target.cluster, manifest.value, flags);
      if (!created.ok) return err(serverError(created.error));
      return reportChanges(created.value.cloud, [created.value.change], flags, context);
    }
    return runAndAttach(manifest.value, command, input, target, context);
  },
};

async function runAndAttach(
  manifest: PodManifest,
  command: readonly string[],
  input: KubectlInput,
  target: Target,
  context: CommandContext,
): Promise<KubectlResult> {
  const { flags } = input;
  const { name } = manifest.metadata;
  const started = startPod(context.cloud, target, manifest);
  if (!started.ok) return started;
  if (started.value.pod.simulation?.pull !== undefined) {
    // The pod stays, and says why it does not run.
    return ok({
      cloud: started.value.cloud,
      stderr: 'error: timed out waiting for the condition\n',
      exitCode: 1,
    });
  }
  if (started.value.pod.status.podIP === undefined) {
    return err(
      clientError(
        `timed out waiting for the condition: the pod ${name} is ${started.value.pod.status.phase}`,
      ),
    );
  }
  const place: Place = { kind: 'pod', cluster: target.cluster, namespace: target.namespace, name };
  const attached: Attached = {
    context,
    place,
    argv: command.length === 0 ? ['sh'] : programOf(manifest, command),
    terminal: flags.isOn('tty') ? 'asked' : 'not-asked',
    stdin: flags.isOn('stdin') ? 'passed' : 'closed',
  };
  const silent = attachOutOfReach(started.value.cloud, target, started.value.pod, name);
  if (silent !== null) {
    if (!flags.isOn('rm')) return ok({ ...silent, cloud: started.value.cloud });
    const gone = deleteObject(started.value.cloud, target.cluster, 'Pod', `${target.namespace}/${name}`);
    if (!gone.ok) return err(serverError(gone.error));
    const stdout = flags.isOn('quiet') ? '' : `pod "${name}" deleted from ${target.namespace} namespace\n`;
    return ok({ ...silent, cloud: gone.value, stdout });
  }
  const missing = missingProgram(started.value.cloud, place, attached.argv);
  if (missing !== null) return ok({ stderr: missing, exitCode: 1 });
  const enter = placeToEnter(attached);
  if (enter !== null) {
    const hint = "If you don't see a command prompt, try pressing enter.\n";
    return ok({ cloud: started.value.cloud, enter, stderr: flags.isOn('quiet') ? '' : hint });
  }
  const result = await runAttached(attached, started.value.cloud);
  const after = endPod(result.cloud ?? started.value.cloud, target, manifest, result.exitCode);
  const note = result.exitCode === 0 ? '' : `pod ${target.namespace}/${name} terminated (Error)\n`;
  if (!flags.isOn('rm')) {
    return ok({
      cloud: after,
      stdout: result.stdout,
      stderr: result.stderr + note,
      exitCode: result.exitCode,
    });
  }
  const removed = deleteObject(after, target.cluster, 'Pod', `${target.namespace}/${name}`);
  if (!removed.ok) return err(serverError(removed.error));
  // Running it has made the pod real; removing it must hold even if the command failed.
  if (result.exitCode !== 0) await context.runIn({ kind: 'workstation' }, ['true'], '', removed.value);
  const goodbye = flags.isOn('quiet') ? '' : `pod "${name}" deleted from ${target.namespace} namespace\n`;
  return ok({
    cloud: removed.value,
    stdout: result.stdout + goodbye,
    stderr: result.stderr + note,
    exitCode: result.exitCode,
  });
}

/** Arguments alone go to the entrypoint of the image, which may put a program before them. */
function programOf({ spec }: PodManifest, words: readonly string[]): readonly string[] {
  const [container] = spec.containers;
  return container === undefined || container.command !== undefined
    ? words
    : startedCommand(container.image, words);
}

function podManifest(
  name: string,
  image: string,
  command: readonly string[],
  flags: Flags,
  namespace: string,
): Result<PodManifest, KubectlFailure> {
  const restart = flags.text('restart') ?? 'Always';
  if (restart !== 'Always' && restart !== 'OnFailure' && restart !== 'Never') {
    return err(clientError(`invalid restart policy: ${restart}`));
  }
  const policy = readPullPolicy(flags);
  if (!policy.ok) return policy;
  const env = [];
  for (const text of flags.list('env')) {
    const at = text.indexOf('=');
    if (at < 1) return err(clientError(`invalid env: ${text}`));
    env.push({ name: text.slice(0, at), value: text.slice(at + 1) });
  }
  const port = flags.number('port');
  const annotations = readPairs(flags.list('annotations').join(',') || null);
  const asCommand = flags.isOn('command') || command.length === 0 ? 'command' : 'args';
  return ok({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: readPairs(flags.text('labels')) ?? { run: name },
      ...(annotations === null ? {} : { annotations }),
    },
    spec: {
      containers: [
        {
          name,
          image,
          ...(command.length === 0 ? {} : { [asCommand]: command }),
          ...(policy.value === null ? {} : { imagePullPolicy: policy.value }),
          ...(env.length === 0 ? {} : { env }),
          ...(port === null ? {} : { ports: [{ containerPort: port }] }),
          ...(flags.isOn('stdin') ? { stdin: true as const } : {}),
          ...(flags.isOn('tty') ? { tty: true as const } : {}),
        },
      ],
      restartPolicy: restart,
    },
  });
}
