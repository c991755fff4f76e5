/** `kubectl set env` (k8s.io/kubectl/pkg/cmd/set, set_env.go). */
import type { EnvVar } from '../../model/kubernetes/volume.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { chooseObjects, existing } from './choose-objects.ts';
import { Flags, type KubectlCommand, type KubectlInput, type KubectlResult, type Target } from './command.ts';
import { clientError, failed, type KubectlFailure } from './failure.ts';
import { changeContainers, chosenBy, SET_FLAGS, templateSpec } from './set-template.ts';

export const SET_ENV: KubectlCommand = {
  path: ['set', 'env'],
  summary: 'Update environment variables on a pod template.',
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
  examples: [
    { does: 'Set a variable of a deployment', line: 'kubectl set env deployment/web STORAGE_DIR=/local' },
    { does: 'Remove a variable of a deployment', line: 'kubectl set env deployment/web STORAGE_DIR-' },
    { does: 'List the variables of a deployment', line: 'kubectl set env deployment/web --list' },
  ],
  needs: 'cluster',
  flags: [
    ...SET_FLAGS,
    {
      name: 'containers',
      shorthand: 'c',
      type: { kind: 'string' },
      shown: "'*'",
      help: 'The names of containers in the selected pod templates to change, may use wildcards.',
    },
    {
      name: 'env',
      shorthand: 'e',
      type: { kind: 'list', split: 'none' },
      help: 'Specify a key-value pair for an environment variable to set into each container.',
    },
    {
      name: 'from',
      type: { kind: 'string' },
      help: 'The name of a resource from which to inject environment variables.',
    },
    { name: 'prefix', type: { kind: 'string' }, help: 'Prefix to append to variable names.' },
    {
      name: 'keys',
      type: { kind: 'list', split: 'comma' },
      help: 'Comma-separated list of keys to import from specified resource.',
    },
    { name: 'list', type: { kind: 'flag' }, help: 'If true, display the environment.' },
    {
      name: 'overwrite',
      type: { kind: 'flag' },
      shown: 'true',
      help: 'If true, allow environment to be overwritten, otherwise reject updates that overwrite.',
    },
    {
      name: 'resolve',
      type: { kind: 'flag' },
      help: 'If true, show secret or configmap references when listing variables.',
      notSimulated: 'kubectl exec POD -- env shows what they are',
    },
  ],
  run: async (input, target, context) => {
    const { flags } = input;
    const isChange = (arg: string) => /^[^/=]+=/.test(arg) || /^[^/=]+-$/.test(arg);
    const split = input.args.findIndex(isChange);
    const resources = split < 0 ? input.args : input.args.slice(0, split);
    const specs = [...(split < 0 ? [] : input.args.slice(split)), ...flags.list('env')];
    if (resources.length === 0)
      return err(
        clientError('one or more resources must be specified as <resource> <name> or <resource>/<name>'),
      );
    const stray = specs.find((arg) => !isChange(arg));
    if (stray !== undefined)
      return err(clientError(`all resources must be specified before environment changes: ${stray}`));
    const wanted = readSpecs(
      specs,
      flags.text('from'),
      flags.text('prefix') ?? '',
      flags.list('keys'),
      target,
    );
    if (!wanted.ok) return wanted;
    const { set, removed } = wanted.value;
    if (!flags.isOn('list') && set.length === 0 && removed.size === 0)
      return err(clientError('at least one environment variable must be provided'));
    const pattern = flags.text('containers') ?? '*';
    if (flags.isOn('list')) return list(input, resources, pattern, target);
    return changeContainers(input, resources, target, context, 'env updated', 'env', (container, where) => {
      if (!matches(pattern, container.name)) return ok(container);
      const before = container.env ?? [];
      const clash = set.find(({ name }) => before.some((each) => each.name === name));
      if (flags.text('overwrite') === 'false' && clash !== undefined) {
        const value = before.find(({ name }) => name === clash.name)?.value ?? '';
        return err(
          clientError(`${where} '${clash.name}' already has a value (${value}), and --overwrite is false`),
        );
      }
      const kept = before
        .filter(({ name }) => !removed.has(name))
        .map((each) => set.find(({ name }) => name === each.name) ?? each);
      const added = set.filter(({ name }) => !before.some((each) => each.name === name));
      const env = [...kept, ...added];
      const { env: _before, ...bare } = container;
      return ok(env.length === 0 ? bare : { ...container, env });
    });
  },
};

/** `*` stands for any characters. */
function matches(pattern: string, name: string): boolean {
  const expression = pattern
    .split('*')
    .map((each) => each.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${expression}$`).test(name);
}

interface Wanted {
  readonly set: readonly EnvVar[];
  readonly removed: ReadonlySet<string>;
}

function readSpecs(
  specs: readonly string[],
  from: string | null,
  prefix: string,
  keys: readonly string[],
  target: Target,
): Result<Wanted, KubectlFailure> {
  const set: EnvVar[] = [];
  const removed = new Set<string>();
  if (from !== null) {
    const source = fromObject(from, prefix, keys, target);
    if (!source.ok) return source;
    set.push(...source.value);
  }
  for (const spec of specs) {
    if (/^[^/=]+-$/.test(spec)) {
      removed.add(spec.slice(0, -1));
      continue;
    }
    const [name = '', value = ''] = spec.split(/=(.*)/s);
    const at = set.findIndex((each) => each.name === name);
    if (at < 0) set.push({ name, value });
    else set[at] = { name, value };
  }
  const both = set.map(({ name }) => name).filter((name) => removed.has(name));
  return both.length === 0
    ? ok({ set, removed })
    : err(
        clientError(
          `can not both modify and remove the following environment variable in the same command: ${both.join(', ')}`,
        ),
      );
}

/** `--from=configmap/NAME`: a variable for each key, in capitals, that refers to it. */
function fromObject(
  from: string,
  prefix: string,
  keys: readonly string[],
  target: Target,
): Result<readonly EnvVar[], KubectlFailure> {
  const chosen = chooseObjects([from], new Flags(new Map()), target);
  if (!chosen.ok) return chosen;
  const [failure] = chosen.value.failures;
  if (failure !== undefined) return err(failure);
  const [object] = existing(chosen.value);
  if (object?.kind !== 'ConfigMap' && object?.kind !== 'Secret')
    return err(clientError(`unsupported resource specified in --from`));
  const { name } = object.metadata;
  return ok(
    Object.keys(object.data)
      .filter((key) => keys.length === 0 || keys.includes(key))
      .sort()
      .map((key): EnvVar => {
        const reference = { name, key };
        return {
          name: `${prefix}${key.replaceAll(/[^a-zA-Z0-9_]/g, '_').toUpperCase()}`,
          valueFrom:
            object.kind === 'ConfigMap' ? { configMapKeyRef: reference } : { secretKeyRef: reference },
        };
      }),
  );
}

function list(
  input: KubectlInput,
  resources: readonly string[],
  pattern: string,
  target: Target,
): KubectlResult {
  const chosen = chosenBy(resources, input, target);
  if (!chosen.ok) return chosen;
  const lines = existing(chosen.value).flatMap((object) =>
    (templateSpec(object)?.containers ?? [])
      .filter(({ name }) => matches(pattern, name))
      .flatMap(({ name, env }) => [
        `# ${object.kind} ${object.metadata.name}, container ${name}\n`,
        ...(env ?? []).map((variable) => `${listed(variable)}\n`),
      ]),
  );
  return ok({ stdout: lines.join(''), ...failed(chosen.value.failures) });
}

function listed({ name, value = '', valueFrom }: EnvVar): string {
  if (valueFrom === undefined) return `${name}=${value}`;
  const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom;
  if (configMapKeyRef !== undefined)
    return `# ${name} from configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`;
  if (secretKeyRef !== undefined)
    return `# ${name} from secret ${secretKeyRef.name}, key ${secretKeyRef.key}`;
  return `# ${name} from field path ${fieldRef?.fieldPath ?? ''}`;
}
