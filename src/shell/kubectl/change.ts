/** What commands that change objects share: dry runs, `-o`, and the line that reports the change. */
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { createObject } from '../../model/kubernetes/apply.ts';
import type { KubernetesError } from '../../model/kubernetes/kubernetes-error.ts';
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import type { Flags, KubectlResult } from './command.ts';
import { clientManifest } from './client-manifest.ts';
import { allFailures, clientError, failed, type KubectlFailure } from './failure.ts';
import { printObjects, readOutputFormat } from './output-format.ts';
import { typeOfKind, typeWithGroup, type ApiObject } from './resource-types.ts';

export type DryRun = 'none' | 'client' | 'server';

export function readDryRun(flags: Flags): Result<DryRun, KubectlFailure> {
  const value = flags.text('dry-run') ?? 'none';
  switch (value) {
    case 'none':
    case 'client':
    case 'server':
      return ok(value);
  }
  return err(clientError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`));
}

export interface Change {
  readonly object: ApiObject;
  /** `created`, `configured`, `labeled` ... */
  readonly done: string;
  /** What was sent, for `--dry-run=client`, which asks no server. */
  readonly manifest?: Manifest;
}

/** Creates an object; with `--dry-run=client` it is only written down, whatever the server has. */
export function create(
  cloud: Cloud,
  cluster: ArmKey,
  manifest: Manifest,
  flags: Flags,
): Result<{ readonly cloud: Cloud; readonly change: Change }, KubernetesError> {
  const change = { done: 'created', manifest };
  if (flags.text('dry-run') === 'client') {
    return ok({ cloud, change: { ...change, object: clientManifest(manifest, 'kept') } });
  }
  const created = createObject(cloud, cluster, manifest);
  return created.ok
    ? ok({ cloud: created.value.cloud, change: { ...change, object: created.value.object } })
    : created;
}

/**
 * Returns the outcome of a change: what is printed, and the new cloud unless it was a dry run. `failures`
 * are those of other objects: kubectl goes on after an error, keeps what it did, and fails at the end.
 */
export async function reportChanges(
  cloud: Cloud,
  changes: readonly Change[],
  flags: Flags,
  context: CommandContext,
  failures: readonly KubectlFailure[] = [],
): Promise<KubectlResult> {
  const dryRun = readDryRun(flags);
  if (!dryRun.ok) return dryRun;
  const format = await readOutputFormat(flags.text('output'), context);
  if (!format.ok) return format;
  if (changes.length === 0 && failures.length > 0) return err(allFailures(failures));
  const kept = {
    ...(dryRun.value === 'none' ? { cloud } : {}),
    ...failed(failures),
  };
  if (format.value.kind === 'table') {
    const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun.value];
    const lines = changes.map(
      ({ object, done }) =>
        `${typeWithGroup(typeOfKind(object.kind))}/${object.metadata.name} ${done}${suffix}\n`,
    );
    return ok({ ...kept, stdout: lines.join('') });
  }
  const printed = printObjects(
    format.value,
    changes.map(({ object, manifest }) =>
      dryRun.value === 'client' && manifest !== undefined
        ? clientManifest(manifest, flags.has('namespace') ? 'kept' : 'dropped')
        : object,
    ),
    changes.length === 1 ? 'single' : 'list',
  );
  return printed.ok ? ok({ ...kept, stdout: printed.value }) : printed;
}
