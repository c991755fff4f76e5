/** How many pods a Deployment may have while its template changes (kubernetes pkg/controller/deployment/util). */
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';
import type { Deployment, DeploymentStrategy } from './objects.ts';

/** What the API server fills in (pkg/apis/apps/v1/defaults.go). */
const DEFAULT_PART = '25%';
const PATH = 'spec.strategy';

interface RolloutBounds {
  /** Pods that have to be available all the time. */
  readonly least: number;
  /** Pods of all templates together. */
  readonly most: number;
}

/** Returns the bounds of a rolling update: of parts, the surge is rounded up and what may be missing down. */
export function rolloutBounds({ replicas, strategy }: Deployment['spec']): RolloutBounds {
  const surge = Math.ceil(amount(strategy?.rollingUpdate?.maxSurge ?? DEFAULT_PART, replicas));
  const missing = Math.floor(amount(strategy?.rollingUpdate?.maxUnavailable ?? DEFAULT_PART, replicas));
  // With neither nothing would ever move (ResolveFenceposts).
  const unavailable = surge === 0 && missing === 0 ? 1 : Math.min(missing, replicas);
  return { least: replicas - unavailable, most: replicas + surge };
}

function amount(value: number | string, replicas: number): number {
  return typeof value === 'number' ? value : (Number.parseInt(value, 10) * replicas) / 100;
}

export function strategyProblems(strategy: DeploymentStrategy | undefined): FieldError[] {
  if (strategy === undefined) return [];
  const type: string = strategy.type || 'RollingUpdate';
  const { rollingUpdate } = strategy;
  if (type !== 'Recreate' && type !== 'RollingUpdate') {
    const supported = 'supported values: "Recreate", "RollingUpdate"';
    return [{ path: `${PATH}.type`, problem: `Unsupported value: ${JSON.stringify(type)}: ${supported}` }];
  }
  if (rollingUpdate === undefined) return [];
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return [{ path: `${PATH}.rollingUpdate`, problem: `Forbidden: ${why}` }];
  }
  const problems = (['maxUnavailable', 'maxSurge'] as const).flatMap((field) => {
    const value = rollingUpdate[field] ?? DEFAULT_PART;
    const path = `${PATH}.rollingUpdate.${field}`;
    if (typeof value === 'number') {
      return value >= 0 ? [] : [wrong(path, value, 'must be greater than or equal to 0')];
    }
    if (!/^\d+%$/.test(value)) {
      const why =
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
      return [wrong(path, value, why)];
    }
    return field === 'maxSurge' || Number.parseInt(value, 10) <= 100
      ? []
      : [wrong(path, value, 'must not be greater than 100%')];
  });
  if (problems.length > 0) return problems;
  const none = (value: number | string = DEFAULT_PART): boolean => Number.parseInt(`${value}`, 10) === 0;
  return none(rollingUpdate.maxUnavailable) && none(rollingUpdate.maxSurge)
    ? [
        wrong(
          `${PATH}.rollingUpdate.maxUnavailable`,
          rollingUpdate.maxUnavailable,
          'may not be 0 when `maxSurge` is 0',
        ),
      ]
    : [];
}
