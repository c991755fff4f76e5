/** `--ids`: one run per resource id, whose parts stand in for the group and name options. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { parseResourceId } from '../../model/azure/resource-store.ts';
import type { ResourceIdParts } from '../../model/azure/resource-store.ts';
import { findSubscription } from '../../model/azure/subscription-choice.ts';
import type { Cloud, Subscription } from '../../model/cloud.ts';
import type { AzArguments, AzCommand, AzOption, AzUsageError } from './command.ts';

function usage(message: string): AzUsageError {
  return { kind: 'usage', message, exitCode: 1 };
}

/** One run of a command. */
export interface AzRun {
  readonly args: AzArguments;
  /** The subscription that the id of this run names; null where no id does. */
  readonly subscription: Subscription | null;
}

/** Returns each run: one, or one per id. Errors: in the words of the command's generation. */
export function expandIds(
  command: AzCommand,
  args: AzArguments,
  cloud: Cloud,
): Result<readonly AzRun[], AzUsageError> {
  const once: readonly AzRun[] = [{ args, subscription: null }];
  const parts = command.options.filter((option) => option.idPart !== undefined);
  if (parts.length === 0) return ok(once);
  const ids = args['ids'];
  if (!Array.isArray(ids)) {
    const missing = parts.filter((option) => args[option.dest] === undefined);
    return missing.length === 0 ? ok(once) : err(usage(missingParts(command, missing)));
  }
  const { ids: _ids, ...others } = args;
  const runs: AzRun[] = [];
  for (const id of pipedIds(ids.map(String))) {
    const parsed = parseResourceId(id.trim());
    if (parsed === null) return err(usage(`invalid resource ID: ${id}`));
    const subscription = findSubscription(cloud, parsed.subscription);
    if (subscription === null) {
      return err(usage(`The subscription of '${parsed.subscription}' doesn't exist in cloud 'AzureCloud'.`));
    }
    const run: Record<string, AzArguments[string]> = { ...others };
    for (const option of parts) {
      const value = partOf(option, parsed);
      if (value === null) return err(usage(`invalid resource ID: ${id}`));
      run[option.dest] = value;
    }
    runs.push({ args: run, subscription });
  }
  return ok(runs);
}

/**
 * Returns the ids in the values of `--ids`: as azure-cli does, a value may be lines of ids or the JSON of
 * resources, which is what `--ids @-` gets from another command.
 */
export function pipedIds(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      return value.trim().split('\n');
    }
    const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    return items.flatMap((item) =>
      typeof item === 'object' && item !== null && 'id' in item ? [String(item.id)] : [],
    );
  });
}

function partOf(option: AzOption, id: ResourceIdParts): string | null {
  if (option.idPart === 'resource-group') return id.resourceGroup;
  if (option.idPart === 'name') return id.name;
  return id.children[option.idPart === 'grandchild-name' ? 1 : 0]?.name ?? null;
}

/** The parts of a firewall have commands that were written by hand, before the generator. */
function isOlder([, group, part]: readonly string[]): boolean {
  return group === 'firewall' && part !== undefined && /^(management-)?ip-config$|-rule$/.test(part);
}

/** Network commands come from azure-cli's newer generator, which names the first missing option only. */
function missingParts(command: AzCommand, missing: readonly AzOption[]): string {
  if (command.path[0] === 'network' && !isOlder(command.path)) {
    return `InvalidArgumentValue: Missing required field: ${missing[0]?.names[0] ?? ''}`;
  }
  const names = missing.map((option) => option.names[0] ?? '').join(' ');
  return `(${names} | --ids) are required`;
}
