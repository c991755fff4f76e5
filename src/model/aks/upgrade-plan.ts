/**
 * How a pool's nodes are replaced: how many at a time, with how many extra ones, and when. Documented
 * order: extra nodes join, as many old ones as there are extra ones are cordoned and drained, they are
 * reimaged and become the buffer for the next ones, and the extra nodes go last
 * (https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling).
 */
import type { AzureError } from '../azure/error.ts';
import type { OperationAction, OperationStep } from '../cloud.ts';
import { DEFAULT_MAX_SURGE } from '../limits/aks.ts';
import { DRAIN_TIMEOUT_RANGE, NODE_SOAK_RANGE, SURGE_PERCENT_RANGE } from '../limits/aks-upgrade.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { invalidParameter } from './names.ts';
import type { AgentPool, AgentPoolUpgradeSettings } from './managed-cluster.ts';

/** Seconds that things take here. Azure promises none of them; these are of the usual order. */
export const CONTROL_PLANE_SECONDS = 300;
const MACHINE_SECONDS = 90;
/** Until the first thing that an accepted request does can be seen. */
export const ACCEPT_SECONDS = 10;
const CORDON_SECONDS = 5;
const DRAIN_SECONDS = 40;
const REIMAGE_SECONDS = 120;
const REMOVE_SECONDS = 30;

/** Returns `5` or `33%` as a number of nodes of a pool: a percentage rounds up. */
export function nodesOf(setting: string, poolSize: number): number {
  const number = Number.parseInt(setting, 10);
  return setting.trim().endsWith('%') ? Math.ceil((poolSize * number) / 100) : number;
}

/** Returns how many extra nodes a pool gets at most, whatever there is room for. */
export function surgeOf(settings: AgentPoolUpgradeSettings, poolSize: number, outdated: number): number {
  const wanted = nodesOf(settings.maxSurge ?? DEFAULT_MAX_SURGE.value, poolSize);
  return Math.min(Math.max(0, wanted), outdated);
}

/** Returns how many nodes may be gone at a time where no extra ones are made. */
export function unavailableOf(
  settings: AgentPoolUpgradeSettings,
  poolSize: number,
  outdated: number,
): number {
  return Math.min(Math.max(0, nodesOf(settings.maxUnavailable ?? '0', poolSize)), outdated);
}

/**
 * Checks how a pool wants to be upgraded. Error: `InvalidParameter` where no node could ever be replaced,
 * for a percentage above 100, where nodes of a system pool would be missing, or for a time out of range.
 */
export function checkUpgradeSettings(
  settings: AgentPoolUpgradeSettings,
  mode: AgentPool['mode'],
): Result<AgentPoolUpgradeSettings, AzureError> {
  const share = checkShare('maxSurge', settings) ?? checkShare('maxUnavailable', settings);
  if (share !== null) return err(share);
  const surge = Number.parseInt(settings.maxSurge ?? DEFAULT_MAX_SURGE.value, 10);
  const unavailable = Number.parseInt(settings.maxUnavailable ?? '0', 10);
  const ranges = [
    ['drainTimeoutInMinutes', DRAIN_TIMEOUT_RANGE.value],
    ['nodeSoakDurationInMinutes', NODE_SOAK_RANGE.value],
  ] as const;
  for (const [name, { lowest, highest }] of ranges) {
    const value = settings[name];
    if (value === null || (value >= lowest && value <= highest)) continue;
    return err(
      invalidParameter(
        `agentPoolProfile.upgradeSettings.${name}`,
        `The value must be between ${lowest} and ${highest} minutes. The value given is ${value}.`,
      ),
    );
  }
  if (unavailable > 0 && mode === 'System') {
    return err(
      invalidParameter(
        'agentPoolProfile.upgradeSettings.maxUnavailable',
        'maxUnavailable cannot be set on a system node pool.',
      ),
    );
  }
  if (surge > 0 || unavailable > 0) return ok(settings);
  return err(
    invalidParameter(
      'agentPoolProfile.upgradeSettings.maxSurge',
      'maxSurge and maxUnavailable cannot both be 0: at least one node must be added or be missing during an upgrade.',
    ),
  );
}

/** A number of nodes or a share of the pool; the command line lets `33 %` and `101%` through. */
function checkShare(
  name: 'maxSurge' | 'maxUnavailable',
  settings: AgentPoolUpgradeSettings,
): AzureError | null {
  const value = settings[name];
  const { highest } = SURGE_PERCENT_RANGE.value;
  if (value === null) return null;
  const [, digits, percent] = /^(\d+)(%?)$/.exec(value) ?? [];
  if (digits !== undefined && (percent === '' || Number(digits) <= highest)) return null;
  return invalidParameter(
    `agentPoolProfile.upgradeSettings.${name}`,
    `The value must be a number of nodes such as 5, or a percentage of the pool up to ${highest}% such as 33%. The value given is '${value}'.`,
  );
}

export interface PoolPlan {
  readonly pool: Pick<AgentPool, 'name' | 'upgradeSettings'>;
  /** The nodes to replace, in order. */
  readonly outdated: readonly string[];
  /** The extra nodes, present until the end; empty for an upgrade in place. */
  readonly surge: readonly string[];
  /** How many nodes go at a time. */
  readonly batch: number;
}

/** Returns the steps after the extra nodes were made, from `start` on. */
export function planPool(
  { pool, outdated, surge, batch }: PoolPlan,
  start: number,
): readonly OperationStep[] {
  const steps: OperationStep[] = [];
  const name = pool.name;
  let at = start;
  const then = (action: OperationAction, seconds: number): void => {
    at += seconds;
    steps.push({ at, action });
  };
  if (surge.length > 0) then({ kind: 'join', pool: name, nodes: surge, as: 'surge' }, MACHINE_SECONDS);
  const soakSeconds = (pool.upgradeSettings.nodeSoakDurationInMinutes ?? 0) * 60;
  for (let from = 0; from < outdated.length; from += Math.max(1, batch)) {
    const nodes = outdated.slice(from, from + Math.max(1, batch));
    then({ kind: 'cordon', pool: name, nodes }, CORDON_SECONDS);
    then({ kind: 'drain', pool: name, nodes }, CORDON_SECONDS);
    if (soakSeconds > 0) then({ kind: 'soak', pool: name, nodes }, soakSeconds);
    then({ kind: 'reimage', pool: name, nodes }, DRAIN_SECONDS);
    then({ kind: 'join', pool: name, nodes, as: 'upgraded' }, REIMAGE_SECONDS);
  }
  if (surge.length > 0) {
    then({ kind: 'cordon', pool: name, nodes: surge }, CORDON_SECONDS);
    then({ kind: 'drain', pool: name, nodes: surge }, CORDON_SECONDS);
    then({ kind: 'remove-nodes', pool: name, nodes: surge }, REMOVE_SECONDS);
  }
  then({ kind: 'finish-pool', pool: name }, CORDON_SECONDS);
  return steps;
}
