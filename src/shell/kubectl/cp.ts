/** `kubectl cp`: one file to or from a container, by the tar of its image (k8s.io/kubectl/pkg/cmd/cp). */
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, Place } from '../command.ts';
import type { KubectlCommand, KubectlResult, Target } from './command.ts';
import { clientError, notSimulated, type KubectlFailure } from './failure.ts';
import { execOutOfReach } from './kubelet-call.ts';
import { containerNote, notRunning, podNamed } from './pod-of.ts';
import { missingProgram } from './run-in-pod.ts';

export const CP: KubectlCommand = {
  path: ['cp'],
  summary: 'Copy files and directories to and from containers.',
  usage: '<file-spec-src> <file-spec-dest> [options]',
  examples: [
    { does: 'Copy a file to a pod', line: 'kubectl cp ca.crt web:/tmp/ca.crt' },
    { does: 'Copy a file from a pod', line: 'kubectl cp default/web:/etc/resolv.conf resolv.conf' },
  ],
  needs: 'cluster',
  flags: [
    { name: 'container', shorthand: 'c', type: { kind: 'string' }, help: 'Container name.' },
    {
      name: 'no-preserve',
      type: { kind: 'flag' },
      help: "The copied file's ownership and permissions are not modelled.",
    },
    { name: 'retries', type: { kind: 'integer' }, shown: '0', help: 'Nothing breaks off here.' },
  ],
  run: async ({ flags, args }, target, context) => {
    const [from, to, ...more] = args.map((arg) => readSpec(arg, target.namespace));
    if (from === undefined || to === undefined || more.length > 0)
      return err(clientError('source and destination are required'));
    if (from.kind === 'local' && to.kind === 'local')
      return err(clientError('one of src or dest must be a remote file specification'));
    if (from.kind === 'remote' && to.kind === 'remote')
      return err(clientError('one of src or dest must be a local file specification'));
    if (from.path === '' || to.path === '') return err(clientError('filepath can not be empty'));
    const remote = from.kind === 'remote' ? from : to.kind === 'remote' ? to : null;
    if (remote === null) throw new Error('one of them is remote');
    const place = placeOf(remote, flags.text('container'), target, context);
    if (!place.ok) return place;
    const { note } = place.value;
    const silent = execOutOfReach(context.cloud, target, place.value.pod);
    if (silent !== null) return ok(silent);
    const missing = missingProgram(context.cloud, place.value.place, ['tar']);
    if (missing !== null) return ok({ stderr: note + missing, exitCode: 1 });
    return from.kind === 'local'
      ? upload(from.path, to.path, place.value.place, note, context)
      : download(from.path, to.path, place.value.place, note, context);
  },
};

type Spec =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'remote'; readonly namespace: string; readonly pod: string; readonly path: string };

/** `POD:PATH`, `NAMESPACE/POD:PATH`, or a path of this machine. */
function readSpec(text: string, namespace: string): Spec {
  const at = text.indexOf(':');
  if (at < 0 || /^[./]/.test(text)) return { kind: 'local', path: text };
  const [first = '', second] = text.slice(0, at).split('/');
  const path = text.slice(at + 1);
  return second === undefined
    ? { kind: 'remote', namespace, pod: first, path }
    : { kind: 'remote', namespace: first, pod: second, path };
}

function placeOf(
  { namespace, pod: name }: Extract<Spec, { kind: 'remote' }>,
  container: string | null,
  target: Target,
  _context: CommandContext,
): Result<
  {
    readonly place: Place;
    readonly pod: Parameters<typeof notRunning>[0];
    readonly note: string;
  },
  KubectlFailure
> {
  const pod = podNamed(name, { ...target, namespace });
  if (!pod.ok) return pod;
  const refused = notRunning(pod.value);
  if (refused !== null) return err(refused);
  const note = containerNote(pod.value, container);
  if (!note.ok) return note;
  const [first] = pod.value.spec.containers;
  const image = pod.value.spec.containers.find((each) => each.name === container)?.image;
  return ok({
    pod: pod.value,
    note: note.value,
    place: {
      kind: 'pod',
      cluster: target.cluster,
      namespace,
      name: pod.value.metadata.name,
      ...(container === null || container === first?.name || image === undefined ? {} : { image, container }),
    },
  });
}

async function upload(
  from: string,
  to: string,
  place: Place,
  note: string,
  context: CommandContext,
): Promise<KubectlResult> {
  const text = await context.readFile(from);
  if (text === null) {
    const isFolder = ((await context.listFiles?.(from)) ?? []).length > 0;
    return err(
      isFolder ? notSimulated('copying a folder') : clientError(`${from} doesn't exist in local filesystem`),
    );
  }
  const name = from.split('/').at(-1) ?? from;
  const target = to.startsWith('/') ? to : `/${to}`;
  const script = 'if [ -d "$1" ]; then cat > "$1/$2"; else cat > "$1"; fi';
  const result = await context.runIn(
    place,
    ['sh', '-c', script, 'sh', target.replace(/\/$/, ''), name],
    text,
  );
  if (result.exitCode === 0) return ok({ stderr: note });
  return ok({
    stderr: `${note}${result.stderr}command terminated with exit code ${result.exitCode}\n`,
    exitCode: 1,
  });
}

async function download(
  from: string,
  to: string,
  place: Place,
  note: string,
  context: CommandContext,
): Promise<KubectlResult> {
  const kind = await context.runIn(place, ['sh', '-c', 'if [ -d "$1" ]; then echo d; fi', 'sh', from], '');
  if (kind.stdout.trim() === 'd') return err(notSimulated('copying a folder'));
  const result = await context.runIn(place, ['cat', from], '');
  if (result.exitCode !== 0) {
    const missing = `tar: ${from.replace(/^\/+/, '')}: Cannot stat: No such file or directory\n`;
    return ok({
      stderr: `${note}${missing}tar: Exiting with failure status due to previous errors\nerror: ${to} no such file or directory\n`,
      exitCode: 1,
    });
  }
  const isFolder = to.endsWith('/') || to === '.';
  await context.writeFile(
    isFolder ? `${to.replace(/\/$/, '')}/${from.split('/').at(-1) ?? ''}` : to,
    result.stdout,
  );
  return ok({
    stderr: `${note}${from.startsWith('/') ? "tar: Removing leading `/' from member names\n" : ''}`,
  });
}
