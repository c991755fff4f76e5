/** `az ... wait`: everything is done at once here, so a condition holds now or never. */
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, Json } from './command.ts';
import { isQuery, search } from './query.ts';
import { optionalNumber, optionalText, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';

const CONDITIONS = ['created', 'updated', 'deleted', 'exists', 'custom'];

/** The outcome of waiting for a resource, given as it would be shown, or null if it does not exist. */
export function waitFor(cloud: Cloud, args: AzArguments, resource: Json): Ran {
  const wanted = CONDITIONS.filter((condition) => args[condition] !== undefined);
  if (wanted.length === 0) {
    return usageFailure('incorrect usage: --created | --updated | --deleted | --exists | --custom JMESPATH');
  }
  const custom = optionalText(args, 'custom');
  if (custom !== undefined && !isQuery(custom)) {
    return usageFailure(`argument --custom: invalid jmespath_type value: '${custom}'`, 2);
  }
  if (holds(args, resource)) return ok({ cloud, durationSeconds: 0 });
  const timeout = optionalNumber(args, 'timeout') ?? 3600;
  return usageFailure(`Wait operation timed-out after ${timeout} seconds`);
}

function holds(args: AzArguments, resource: Json): boolean {
  if (args['deleted'] === true) return resource === null;
  if (resource === null) return false;
  const custom = optionalText(args, 'custom');
  if (custom === undefined) return true;
  const found = search(resource, custom);
  return found.ok && found.value !== null && found.value !== false && found.value !== '';
}
