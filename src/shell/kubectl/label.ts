import {
  changeAnnotations,
  changeLabels,
  findObject,
  type StoredKind,
} from '../../model/kubernetes/apply.ts';
import { kubernetesOf, objectKey } from '../../model/kubernetes/cluster-state.ts';
import { labelProblems } from '../../model/kubernetes/label-validation.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { reportChanges, type Change } from './change.ts';
import { chooseObjects, existing, type Chosen } from './choose-objects.ts';
import {
  ALL_NAMESPACES_FLAG,
  DRY_RUN_FLAG,
  FILENAME_FLAG,
  OUTPUT_FLAG,
  SELECTOR_FLAG,
  type KubectlCommand,
  type KubectlInput,
  type KubectlResult,
  type Target,
} from './command.ts';
import { clientError, failed, serverError, type KubectlFailure } from './failure.ts';
import { findTypes } from './resource-types.ts';

type Field = 'labels' | 'annotations';

export const LABEL = metadataCommand('label', 'labels', 'Update the labels on a resource.');
export const ANNOTATE = metadataCommand(
  'annotate',
  'annotations',
  'Update the annotations on one or more resources.',
);

function metadataCommand(word: 'label' | 'annotate', field: Field, summary: string): KubectlCommand {
  return {
    path: [word],
    summary,
    usage: '[--overwrite] TYPE NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
    examples: [
      { does: `Set key tier to front on pod web`, line: `kubectl ${word} pods web tier=front` },
      { does: `Remove the key tier from pod web`, line: `kubectl ${word} pods web tier-` },
    ],
    needs: 'cluster',
    flags: [
      { ...FILENAME_FLAG, notSimulated: 'name the objects' },
      ALL_NAMESPACES_FLAG,
      DRY_RUN_FLAG,
      OUTPUT_FLAG,
      SELECTOR_FLAG,
      { name: 'field-selector', type: { kind: 'string' }, help: 'Selector (field query) to filter on.' },
      { name: 'overwrite', type: { kind: 'flag' }, help: 'If true, allow values to be overwritten.' },
      {
        name: 'all',
        type: { kind: 'flag' },
        help: 'Select all resources, in the namespace of the specified resource types.',
      },
      { name: 'list', type: { kind: 'flag' }, help: 'If true, display the values of a given resource.' },
    ],
    run: (input, target, context) => changeMetadata(word, field, input, target, context),
  };
}

async function changeMetadata(
  word: 'label' | 'annotate',
  field: Field,
  input: KubectlInput,
  target: Target,
  context: CommandContext,
): Promise<KubectlResult> {
  const { flags } = input;
  const isChange = (arg: string) => arg.includes('=') || (arg.endsWith('-') && arg.length > 1);
  const start = input.args.findIndex(isChange);
  const resources = start < 0 ? input.args : input.args.slice(0, start);
  const specs = start < 0 ? [] : input.args.slice(start);
  const stray = specs.find((arg) => !isChange(arg));
  if (stray !== undefined) {
    return err(
      clientError(
        `all resources must be specified before ${word === 'label' ? 'label' : 'annotation'} changes: ${stray}`,
      ),
    );
  }
  if (resources.length === 0)
    return err(
      clientError('one or more resources must be specified as <resource> <name> or <resource>/<name>'),
    );
  if (specs.length === 0 && !flags.isOn('list')) {
    return err(clientError(`at least one ${word === 'label' ? 'label' : 'annotation'} update is required`));
  }
  const [first = ''] = resources;
  if (
    resources.length === 1 &&
    !first.includes('/') &&
    !flags.isOn('all') &&
    !flags.has('selector') &&
    !flags.has('field-selector')
  ) {
    const types = findTypes(first, target.state);
    return types.ok ? err(clientError('resource(s) were provided, but no name was specified')) : types;
  }
  const changes = readChanges(specs, word);
  if (!changes.ok) return changes;
  const chosen = chooseObjects(resources, flags, target);
  if (!chosen.ok) return chosen;
  const objects = existing(chosen.value);
  if (flags.isOn('list')) {
    const lines = objects.flatMap((object) =>
      Object.entries(object.metadata[field] ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${value}\n`),
    );
    return ok({ stdout: lines.join(''), ...failed(chosen.value.failures) });
  }
  return changeAll(chosen.value, changes.value, word, field, input, target, context);
}

async function changeAll(
  chosen: Chosen,
  changes: Readonly<Record<string, string | null>>,
  word: 'label' | 'annotate',
  field: Field,
  input: KubectlInput,
  target: Target,
  context: CommandContext,
): Promise<KubectlResult> {
  let cloud = context.cloud;
  const done: Change[] = [];
  const failures = [...chosen.failures];
  let notices = '';
  for (const object of existing(chosen)) {
    if (
      object.kind === 'Event' ||
      object.kind === 'Endpoints' ||
      object.kind === 'EndpointSlice' ||
      object.kind === 'MutatingWebhookConfiguration'
    ) {
      failures.push(clientError(`${object.kind} objects follow from others here and cannot be changed`));
      continue;
    }
    const present = object.metadata[field] ?? {};
    if (!input.flags.isOn('overwrite')) {
      const clash = Object.entries(changes).find(
        ([key, value]) => value !== null && present[key] !== undefined && present[key] !== value,
      );
      if (clash !== undefined) {
        const [key] = clash;
        failures.push(
          clientError(
            word === 'label'
              ? `'${key}' already has a value (${present[key] ?? ''}), and --overwrite is false`
              : `--overwrite is false but found the following declared annotation(s): '${key}' already has a value (${present[key] ?? ''})`,
          ),
        );
        continue;
      }
    }
    const missing = Object.entries(changes).filter(
      ([key, value]) => value === null && present[key] === undefined,
    );
    if (word === 'label') notices += missing.map(([key]) => `label "${key}" not found.\n`).join('');
    const changed = Object.entries(changes).some(([key, value]) => (present[key] ?? null) !== value);
    const kind: StoredKind = object.kind;
    const key = objectKey(object.metadata);
    if (changed) {
      const next = (field === 'labels' ? changeLabels : changeAnnotations)(
        cloud,
        target.cluster,
        kind,
        key,
        changes,
      );
      if (!next.ok) {
        failures.push(serverError(next.error));
        continue;
      }
      cloud = next.value;
    }
    const after = findObject(kubernetesOf(cloud, target.cluster), kind, key) ?? object;
    done.push({ object: after, done: outcome(word, changes, changed) });
  }
  const reported = await reportChanges(cloud, done, input.flags, context, failures);
  return reported.ok
    ? ok({ ...reported.value, stderr: notices + (reported.value.stderr ?? '') })
    : err({ ...reported.error, stderr: notices + reported.error.stderr });
}

function outcome(
  word: 'label' | 'annotate',
  changes: Readonly<Record<string, string | null>>,
  changed: boolean,
): string {
  if (word === 'annotate') return 'annotated';
  if (!changed) return 'not labeled';
  return Object.values(changes).every((value) => value === null) ? 'unlabeled' : 'labeled';
}

function readChanges(
  specs: readonly string[],
  word: 'label' | 'annotate',
): Result<Readonly<Record<string, string | null>>, KubectlFailure> {
  const changes: Record<string, string | null> = {};
  for (const spec of specs) {
    const [key = '', value] = spec.includes('=') ? spec.split(/=(.*)/s) : [spec.slice(0, -1)];
    if (changes[key] !== undefined) {
      return err(
        clientError(
          `can not both modify and remove ${word === 'label' ? 'a label' : 'an annotation'} in the same command`,
        ),
      );
    }
    if (key === '')
      return err(clientError(`invalid ${word === 'label' ? 'label' : 'annotation'} spec: ${spec}`));
    if (value !== undefined && word === 'label') {
      const [problem] = labelProblems('metadata.labels', { [key]: value });
      if (problem !== undefined)
        return err(
          clientError(
            `invalid label value: "${spec}": ${problem.problem.replace(/^Invalid value: ".*?": /, '')}`,
          ),
        );
    }
    changes[key] = value ?? null;
  }
  return ok(changes);
}
