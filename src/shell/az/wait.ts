/**
 * `az ... wait`: asks again and again until a condition holds. Most things are done at once here, so a
 * condition holds now or never; where an operation is under way, virtual time passes meanwhile.
 */
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { AzArguments, Json } from './command.ts';
import { isObject } from './output-format.ts';
import { isQuery, search } from './query.ts';
import { optionalNumber, optionalText, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';

const CONDITIONS = ['created', 'updated', 'deleted', 'exists', 'custom'];
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_TIMEOUT_SECONDS = 3600;

/** How the world goes on while a command waits. */
export interface Passing {
  readonly show: (cloud: Cloud) => Json;
  /** Returns the cloud after so many seconds, or null where nothing is under way any more. */
  readonly pass: (cloud: Cloud, seconds: number) => Cloud | null;
}

/**
 * The outcome of waiting for a resource, given as it would be shown now, or null if it does not exist.
 */
export function waitFor(cloud: Cloud, args: AzArguments, resource: Json, passing?: Passing): Ran {
  const wanted = CONDITIONS.filter((condition) => args[condition] !== undefined);
  if (wanted.length === 0) {
    return usageFailure('incorrect usage: --created | --updated | --deleted | --exists | --custom JMESPATH');
  }
  const custom = optionalText(args, 'custom');
  if (custom !== undefined && !isQuery(custom)) {
    return usageFailure(`argument --custom: invalid jmespath_type value: '${custom}'`, 2);
  }
  const timeout = optionalNumber(args, 'timeout') ?? DEFAULT_TIMEOUT_SECONDS;
  const interval = Math.max(1, optionalNumber(args, 'interval') ?? DEFAULT_INTERVAL_SECONDS);
  let now = cloud;
  let shown = resource;
  for (let waited = 0; ; waited += interval) {
    switch (verdict(args, shown)) {
      case 'holds':
        return ok({ cloud: now, durationSeconds: 0 });
      case 'failed':
        return inVain('The operation failed');
      case 'not-yet':
    }
    const later = waited + interval > timeout ? null : (passing?.pass(now, interval) ?? null);
    if (later === null || passing === undefined) {
      return inVain(`Wait operation timed-out after ${timeout} seconds`);
    }
    now = later;
    shown = passing.show(now);
  }

  // Whatever comes of it, time has passed.
  function inVain(message: string): Ran {
    return err({ kind: 'usage', message, exitCode: 1, ...(now === cloud ? {} : { cloud: now }) });
  }
}

/** As azure-cli's generic wait: whoever waits for success gives up at a failure (core/commands/arm.py). */
function verdict(args: AzArguments, resource: Json): 'holds' | 'failed' | 'not-yet' {
  if (args['deleted'] === true) return resource === null ? 'holds' : 'not-yet';
  if (resource === null) return 'not-yet';
  if (args['exists'] === true) return 'holds';
  const state = isObject(resource) ? resource['provisioningState'] : undefined;
  if (state === 'Failed') return 'failed';
  const custom = optionalText(args, 'custom');
  if (custom === undefined) return state === undefined || state === 'Succeeded' ? 'holds' : 'not-yet';
  const found = search(resource, custom);
  return found.ok && found.value !== null && found.value !== false && found.value !== ''
    ? 'holds'
    : 'not-yet';
}
