/** Which Kubernetes versions a control plane or a node pool may go to, and the refusals of the others. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import type { Cloud } from '../cloud.ts';
import { NODE_POOL_VERSION_SKEW } from '../limits/aks-upgrade.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { newestPatchWithin, nodeSoftware, offeredVersions, resolveVersion } from './kubernetes-versions.ts';
import type { ManagedCluster } from './managed-cluster.ts';

/** Returns a negative number, 0 or a positive number, as `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? '0');
}

/** Versions in community support at this time, oldest first. */
function supportedPatches(now: number): readonly string[] {
  return offeredVersions(now)
    .filter((each) => each.support.includes('KubernetesOfficial'))
    .flatMap((each) => each.patches);
}

/**
 * Returns the versions that a control plane may go to, oldest first: newer patches of its minor version
 * and those of the next one. From an unsupported version the oldest supported minor version is the next
 * (https://learn.microsoft.com/azure/aks/upgrade-aks-cluster).
 */
export function controlPlaneUpgrades(now: number, current: string): readonly string[] {
  const supported = supportedPatches(now);
  const newer = supported.filter((each) => compareVersions(each, current) > 0);
  const minor = minorOf(current);
  const near = newer.filter((each) => minorOf(each) <= minor + 1);
  if (near.length > 0) return near;
  const oldest = minorOf(newer[0] ?? '');
  return newer.filter((each) => minorOf(each) === oldest);
}

/** Returns the versions that a node pool may go to, oldest first: none is newer than the control plane's. */
export function agentPoolUpgrades(now: number, current: string, controlPlane: string): readonly string[] {
  const supported = supportedPatches(now);
  const known = supported.includes(controlPlane) ? supported : [...supported, controlPlane];
  return known
    .filter(
      (each) =>
        compareVersions(each, current) > 0 &&
        compareVersions(each, controlPlane) <= 0 &&
        minorOf(controlPlane) - minorOf(each) <= NODE_POOL_VERSION_SKEW.value,
    )
    .sort(compareVersions);
}

/**
 * Returns the full version that an upgrade request means: `1.35` is its newest patch. Errors:
 * `K8sVersionNotSupported`, `OperationNotAllowed` (a minor version skipped, or a step back).
 */
export function resolveUpgrade(
  cloud: Cloud,
  cluster: ManagedCluster,
  wanted: string,
): Result<string, AzureError> {
  const current = cluster.currentKubernetesVersion;
  if (wanted === current) return ok(current);
  // `1.35` on a cluster of 1.35 means the newest patch, which may be the one it runs.
  const target = resolveVersion(cloud, cluster.name, wanted);
  if (!target.ok) return target;
  if (target.value === current) return ok(current);
  const available = controlPlaneUpgrades(cloud.now, current);
  return available.includes(target.value) ? target : err(notAnUpgrade(current, target.value, available));
}

/**
 * Returns the full version that a node pool's upgrade request means. Errors: `K8sVersionNotSupported`,
 * `NodePoolMcVersionIncompatible` (newer than the control plane, or too far behind it),
 * `OperationNotAllowed` (a step back).
 */
export function resolvePoolUpgrade(
  cloud: Cloud,
  cluster: ManagedCluster,
  current: string,
  wanted: string,
): Result<string, AzureError> {
  const controlPlane = cluster.currentKubernetesVersion;
  if (wanted === current) return ok(current);
  if (wanted === controlPlane) {
    return compareVersions(wanted, current) >= 0
      ? ok(wanted)
      : err(notAnUpgrade(current, wanted, agentPoolUpgrades(cloud.now, current, controlPlane)));
  }
  const within = newestPatchWithin(wanted, controlPlane);
  const target = resolveVersion(cloud, cluster.name, within ?? wanted);
  if (!target.ok) return target;
  const skew = checkSkew(target.value, controlPlane);
  if (!skew.ok) return skew;
  if (compareVersions(target.value, current) >= 0) return target;
  return err(notAnUpgrade(current, target.value, agentPoolUpgrades(cloud.now, current, controlPlane)));
}

/** Checks that a control plane of this version may have a pool of that one. Error: `NodePoolMcVersionIncompatible`. */
export function checkSkew(pool: string, controlPlane: string): Result<null, AzureError> {
  const [poolMinor, minor] = [minorOf(pool), minorOf(controlPlane)];
  const between = `Node pool version ${pool} and control plane version ${controlPlane} are incompatible.`;
  if (compareVersions(pool, controlPlane) > 0) {
    const what =
      poolMinor > minor
        ? `Minor version of node pool version ${poolMinor} is bigger than control plane version ${minor}.`
        : `Node pool version ${pool} is bigger than control plane version ${controlPlane}.`;
    return err(
      azureError(
        'NodePoolMcVersionIncompatible',
        `${between} ${what} For more information, please check https://aka.ms/aks/UpgradeVersionRules`,
      ),
    );
  }
  if (minor - poolMinor <= NODE_POOL_VERSION_SKEW.value) return ok(null);
  return err(
    azureError(
      'NodePoolMcVersionIncompatible',
      `${between} Minor version of node pool cannot be more than ${NODE_POOL_VERSION_SKEW.value} versions less than control plane's version. Minor version of node pool is ${poolMinor} and control plane is ${minor}. For more information, please check https://aka.ms/aks/UpgradeVersionRules`,
    ),
  );
}

function notAnUpgrade(current: string, target: string, available: readonly string[]): AzureError {
  return azureError(
    'OperationNotAllowed',
    `Upgrading Kubernetes version ${current} to ${target} is not allowed. Available upgrades: [${[...available].reverse().join(' ')}]. Please see https://aka.ms/aks-supported-k8s-ver for version details.`,
  );
}

const DAY_SECONDS = 86_400;

/**
 * Returns the newest node image for a Kubernetes version at this time. AKS releases images weekly; here
 * they carry the date of a Monday and reach every region a week later. Never older than the image that
 * new pools of the version get.
 */
export function latestNodeImage(version: string, now: number): string {
  const shipped = nodeSoftware(version)?.nodeImageVersion ?? '';
  const [, family, date] = /^(.*)-(\d{6}\.\d{2})\.\d+$/.exec(shipped) ?? [];
  if (family === undefined || date === undefined) return shipped;
  const day = Math.floor(now / DAY_SECONDS);
  // 1 January 1970 was a Thursday, so day 4 was a Monday.
  const monday = day - 7 - ((((day - 4) % 7) + 7) % 7);
  const released = new Date(monday * DAY_SECONDS * 1000).toISOString();
  const latest = `${released.slice(0, 4)}${released.slice(5, 7)}.${released.slice(8, 10)}`;
  return latest > date ? `${family}-${latest}.0` : shipped;
}
