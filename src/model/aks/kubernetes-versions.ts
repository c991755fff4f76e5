/**
 * Kubernetes versions on AKS: when each minor version was supported, and what its nodes ran. The
 * support windows are those of the AKS release calendar; patch, image and kernel versions are those
 * of one release in the window, not of every region and week.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

export interface NodeSoftware {
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly containerRuntimeVersion: string;
  readonly nodeImageVersion: string;
  /** Older nodes carry the label `kubernetes.io/role=agent`, which kubectl shows under ROLES. */
  readonly roleLabel: 'agent' | 'none';
}

interface MinorVersion {
  readonly minor: string;
  /** Patch versions on offer, oldest first. */
  readonly patches: readonly string[];
  /** Dates of general availability and of the end of community and of long-term support. */
  readonly available: string;
  readonly ends: string;
  readonly longTermEnds: string | null;
  readonly software: NodeSoftware;
}

const JAMMY = 'AKSUbuntu-2204gen2containerd';
const NOBLE = 'AKSUbuntu-2404gen2containerd';

/** Sources: AKS supported Kubernetes versions, read 2026-08-05, and its earlier states; AKS release notes for node images. */
const MINOR_VERSIONS: readonly MinorVersion[] = [
  {
    minor: '1.25',
    patches: ['1.25.11', '1.25.15'],
    available: '2022-12-01',
    ends: '2024-01-14',
    longTermEnds: null,
    software: {
      osImage: 'Ubuntu 22.04.3 LTS',
      kernelVersion: '5.15.0-1049-azure',
      containerRuntimeVersion: 'containerd://1.7.5-1',
      nodeImageVersion: `${JAMMY}-202310.26.0`,
      roleLabel: 'agent',
    },
  },
  {
    minor: '1.26',
    patches: ['1.26.6', '1.26.10'],
    available: '2023-04-01',
    ends: '2024-03-31',
    longTermEnds: null,
    software: {
      osImage: 'Ubuntu 22.04.3 LTS',
      kernelVersion: '5.15.0-1053-azure',
      containerRuntimeVersion: 'containerd://1.7.5-1',
      nodeImageVersion: `${JAMMY}-202401.09.0`,
      roleLabel: 'agent',
    },
  },
  {
    minor: '1.27',
    patches: ['1.27.3', '1.27.7'],
    available: '2023-08-01',
    ends: '2024-07-31',
    longTermEnds: '2025-07-31',
    software: {
      osImage: 'Ubuntu 22.04.3 LTS',
      kernelVersion: '5.15.0-1053-azure',
      containerRuntimeVersion: 'containerd://1.7.5-1',
      nodeImageVersion: `${JAMMY}-202401.09.0`,
      roleLabel: 'agent',
    },
  },
  {
    minor: '1.28',
    patches: ['1.28.3', '1.28.5'],
    available: '2023-11-01',
    ends: '2025-01-31',
    longTermEnds: '2026-02-28',
    software: {
      osImage: 'Ubuntu 22.04.4 LTS',
      kernelVersion: '5.15.0-1058-azure',
      containerRuntimeVersion: 'containerd://1.7.7-1',
      nodeImageVersion: `${JAMMY}-202403.25.0`,
      roleLabel: 'agent',
    },
  },
  {
    minor: '1.29',
    patches: ['1.29.7', '1.29.9'],
    available: '2024-03-31',
    ends: '2025-03-31',
    longTermEnds: '2026-04-30',
    software: {
      osImage: 'Ubuntu 22.04.5 LTS',
      kernelVersion: '5.15.0-1073-azure',
      containerRuntimeVersion: 'containerd://1.7.22-1',
      nodeImageVersion: `${JAMMY}-202410.15.0`,
      roleLabel: 'agent',
    },
  },
  {
    minor: '1.30',
    patches: ['1.30.9', '1.30.10'],
    available: '2024-07-31',
    ends: '2025-07-31',
    longTermEnds: '2026-07-31',
    software: {
      osImage: 'Ubuntu 22.04.5 LTS',
      kernelVersion: '5.15.0-1081-azure',
      containerRuntimeVersion: 'containerd://1.7.26-1',
      nodeImageVersion: `${JAMMY}-202503.13.0`,
      roleLabel: 'agent',
    },
  },
  {
    minor: '1.31',
    patches: ['1.31.7', '1.31.8'],
    available: '2024-11-30',
    ends: '2025-11-30',
    longTermEnds: '2026-11-30',
    software: {
      osImage: 'Ubuntu 22.04.5 LTS',
      kernelVersion: '5.15.0-1089-azure',
      containerRuntimeVersion: 'containerd://1.7.27-1',
      nodeImageVersion: `${JAMMY}-202506.16.0`,
      roleLabel: 'none',
    },
  },
  {
    minor: '1.32',
    patches: ['1.32.6', '1.32.7'],
    available: '2025-04-30',
    ends: '2026-03-31',
    longTermEnds: '2027-03-31',
    software: {
      osImage: 'Ubuntu 22.04.5 LTS',
      kernelVersion: '5.15.0-1092-azure',
      containerRuntimeVersion: 'containerd://1.7.28-1',
      nodeImageVersion: `${JAMMY}-202509.11.0`,
      roleLabel: 'none',
    },
  },
  {
    minor: '1.33',
    patches: ['1.33.3', '1.33.5'],
    available: '2025-06-30',
    ends: '2026-07-31',
    longTermEnds: '2027-06-30',
    software: {
      osImage: 'Ubuntu 22.04.5 LTS',
      kernelVersion: '5.15.0-1098-azure',
      containerRuntimeVersion: 'containerd://1.7.29-1',
      nodeImageVersion: `${JAMMY}-202512.06.0`,
      roleLabel: 'none',
    },
  },
  {
    minor: '1.34',
    patches: ['1.34.2', '1.34.4'],
    available: '2025-11-30',
    ends: '2026-11-30',
    longTermEnds: '2027-11-30',
    software: {
      osImage: 'Ubuntu 22.04.5 LTS',
      kernelVersion: '5.15.0-1102-azure',
      containerRuntimeVersion: 'containerd://1.7.30-1',
      nodeImageVersion: `${JAMMY}-202607.20.0`,
      roleLabel: 'none',
    },
  },
  {
    minor: '1.35',
    patches: ['1.35.1', '1.35.3'],
    available: '2026-03-31',
    ends: '2027-03-31',
    longTermEnds: '2028-03-31',
    software: {
      osImage: 'Ubuntu 24.04.4 LTS',
      kernelVersion: '6.8.0-1052-azure',
      containerRuntimeVersion: 'containerd://2.1.6-1',
      nodeImageVersion: `${NOBLE}-202607.20.0`,
      roleLabel: 'none',
    },
  },
  {
    minor: '1.36',
    patches: ['1.36.0', '1.36.1'],
    available: '2026-07-15',
    ends: '2027-07-31',
    longTermEnds: '2028-07-31',
    software: {
      osImage: 'Ubuntu 24.04.4 LTS',
      kernelVersion: '6.8.0-1052-azure',
      containerRuntimeVersion: 'containerd://2.1.6-1',
      nodeImageVersion: `${NOBLE}-202607.20.0`,
      roleLabel: 'none',
    },
  },
];

function secondsOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}

/** The last day of support counts as supported. */
const DAY = 86_400;

export interface OfferedVersion {
  readonly minor: string;
  readonly patches: readonly string[];
  readonly support: readonly ('KubernetesOfficial' | 'AKSLongTermSupport')[];
  readonly isDefault: boolean;
}

/** Returns the minor versions a cluster can be created with at this time, oldest first. */
export function offeredVersions(now: number): readonly OfferedVersion[] {
  const standard = MINOR_VERSIONS.filter((each) => isStandard(each, now));
  // AKS recommends the version before the newest one.
  const recommended = standard.at(-2) ?? standard.at(-1);
  return MINOR_VERSIONS.filter((each) => isStandard(each, now) || isLongTerm(each, now)).map((each) => ({
    minor: each.minor,
    patches: each.patches,
    support: [
      ...(isStandard(each, now) ? (['KubernetesOfficial'] as const) : []),
      ...(each.longTermEnds === null ? [] : (['AKSLongTermSupport'] as const)),
    ],
    isDefault: each === recommended,
  }));
}

function isStandard(version: MinorVersion, now: number): boolean {
  return now >= secondsOf(version.available) && now < secondsOf(version.ends) + DAY;
}

function isLongTerm(version: MinorVersion, now: number): boolean {
  if (version.longTermEnds === null || isStandard(version, now)) return false;
  return now >= secondsOf(version.available) && now < secondsOf(version.longTermEnds) + DAY;
}

/** Returns the patch version for a cluster created without one. */
export function defaultVersion(now: number): string | null {
  const minor = offeredVersions(now).find((each) => each.isDefault);
  return minor?.patches.at(-1) ?? null;
}

/** Returns the full version that a request means: `1.27` is the newest patch of that minor version. */
export function resolveVersion(
  cloud: Cloud,
  cluster: string,
  wanted: string | null,
): Result<string, AzureError> {
  const text = wanted ?? defaultVersion(cloud.now) ?? '';
  const minor = text.split('.').slice(0, 2).join('.');
  const known = MINOR_VERSIONS.find((each) => each.minor === minor);
  const patch = text === minor ? known?.patches.at(-1) : known?.patches.find((each) => each === text);
  if (known !== undefined && patch !== undefined) {
    if (isStandard(known, cloud.now)) return ok(patch);
    if (isLongTerm(known, cloud.now)) {
      return err(
        azureError(
          'K8sVersionNotSupported',
          `Managed cluster ${cluster} is on version ${patch}, which is only available for Long-Term Support (LTS). If you intend to onboard to LTS, please ensure the cluster is in Premium tier and LTS support plan. Otherwise, use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
        ),
      );
    }
  }
  const what =
    patch === undefined
      ? `has invalid version ${text}.`
      : `is on version ${patch}, which is not supported in this region.`;
  return err(
    azureError(
      'K8sVersionNotSupported',
      `Managed cluster ${cluster} ${what} Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
    ),
  );
}

/**
 * Returns a version as AKS repeats it in what a request sets: a minor version alone (`1.35`) stays one, and its patch
 * is found beside it, as in `currentKubernetesVersion`
 * (https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#alias-minor-version).
 */
export function versionAsAsked(asked: string | null, resolved: string): string {
  return asked !== null && resolved.startsWith(`${asked}.`) ? asked : resolved;
}

/** Returns the newest patch of a minor version (`1.34`) that is no newer than `limit`; null if there is none. */
export function newestPatchWithin(minor: string, limit: string): string | null {
  const known = MINOR_VERSIONS.find((each) => each.minor === minor);
  if (known === undefined) return null;
  const patchOf = (version: string): number => Number(version.split('.')[2] ?? '0');
  const bounded = limit.startsWith(`${minor}.`);
  return known.patches.findLast((each) => !bounded || patchOf(each) <= patchOf(limit)) ?? null;
}

/** Returns what a node of this Kubernetes version runs; null for a version that AKS never offered here. */
export function nodeSoftware(version: string): NodeSoftware | null {
  const minor = version.split('.').slice(0, 2).join('.');
  return MINOR_VERSIONS.find((each) => each.minor === minor)?.software ?? null;
}

/** Reports whether version `a` is `b` or newer, comparing minor versions only. */
export function atLeastMinor(a: string, b: string): boolean {
  const minor = (text: string): number => Number(text.split('.')[1] ?? '0');
  return minor(a) >= minor(b);
}
