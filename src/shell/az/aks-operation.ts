/** Commands that start something long on a cluster: they wait for its end, or not. */
import type { Later } from '../../model/aks/coming-nodes.ts';
import { runToEnd } from '../../model/aks/operations.ts';
import type { AzureError } from '../../model/azure/error.ts';
import { resourceId } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, Json } from './command.ts';
import { refusedByAzure } from './outcome.ts';
import type { Ran } from './outcome.ts';

/** Seconds until Azure has accepted a request. */
export const ACCEPT_SECONDS = 5;

/** Returns for a command that takes long what happens later, with `--no-wait`. */
export function laterIf(args: AzArguments, seconds: number, busy: Later['busy']): Later | null {
  return args['noWait'] === true ? { seconds, busy } : null;
}

/** Returns how long the caller of a command waits that takes long. */
export function waitingSeconds(args: AzArguments, seconds: number): number {
  return args['noWait'] === true ? ACCEPT_SECONDS : seconds;
}

export interface LongCommand {
  readonly before: Cloud;
  readonly resourceGroup: string;
  readonly cluster: string;
  readonly print: (cloud: Cloud) => Json;
  readonly warnings?: readonly string[];
  /** How long a request takes that starts no operation. */
  readonly seconds?: number;
}

/**
 * The outcome of a request that started an operation: with `--no-wait` as it is now, else after its
 * end. An operation that fails leaves behind what it did. A request that started nothing is done at once.
 */
export function longOutcome(
  started: Result<Cloud, AzureError>,
  args: AzArguments,
  command: LongCommand,
): Ran {
  if (!started.ok) return refusedByAzure(started.error);
  const warnings = command.warnings === undefined ? {} : { warnings: command.warnings };
  const idle = started.value.operations.length === command.before.operations.length;
  if (args['noWait'] === true) {
    return ok({ cloud: started.value, durationSeconds: ACCEPT_SECONDS, ...warnings });
  }
  if (idle) {
    return ok({
      cloud: started.value,
      output: command.print(started.value),
      durationSeconds: command.seconds ?? ACCEPT_SECONDS,
      ...warnings,
    });
  }
  const id = resourceId(
    started.value,
    command.resourceGroup,
    'Microsoft.ContainerService/managedClusters',
    command.cluster,
  );
  const ended = runToEnd(started.value, id);
  if (ended.failure !== null) {
    return err({ kind: 'azure', ...ended.failure, exitCode: 1, cloud: ended.cloud });
  }
  return ok({ cloud: ended.cloud, output: command.print(ended.cloud), durationSeconds: 0, ...warnings });
}
