/** Which Python a place has, and how it words what depends on that. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { CommandContext } from '../command.ts';
import { releaseOf } from './machine-release.ts';

export interface PythonRuntime {
  readonly version: string;
  /** Where in _ssl.c a handshake fails. */
  readonly sslLine: number;
  /** The version of the package requests; null where it is not installed. */
  readonly requests: string | null;
  /** What its urllib3 says of a proxy that it does not reach. */
  readonly toProxy: string;
}

/** The package requests of a release, whose urllib3 is 1.26 or 2: cloud-init needs it, so each machine has it. */
const REQUESTS: Readonly<Record<string, string>> = {
  focal: '2.22.0',
  jammy: '2.25.1',
  bookworm: '2.28.1',
  noble: '2.31.0',
};

/** Of Python's own images, by the version in the tag. */
const IMAGES: Readonly<Record<string, readonly [version: string, sslLine: number]>> = {
  '3.9': ['3.9.25', 1133],
  '3.10': ['3.10.19', 1017],
  '3.11': ['3.11.14', 1006],
  '3.12': ['3.12.12', 1000],
};
const SSL_LINES: Readonly<Record<string, number>> = {
  '3.8.10': 1131,
  '3.10.12': 1007,
  '3.11.2': 992,
  '3.12.3': 1000,
};

/**
 * Returns the Python of a place; null where it is not known: from 3.13 on it checks certificates more strictly
 * (VERIFY_X509_STRICT), which is not simulated.
 */
export function pythonRuntime({ place, cloud }: CommandContext): PythonRuntime | null {
  if (place.kind === 'vm') {
    if (getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines') === null) return null;
    const { python, codename } = releaseOf(cloud, place.id);
    return {
      version: python,
      sslLine: SSL_LINES[python] ?? 1000,
      requests: REQUESTS[codename] ?? null,
      toProxy: codename === 'noble' ? 'Unable to connect to proxy' : 'Cannot connect to proxy.',
    };
  }
  if (place.kind !== 'pod') return null;
  const pod = cloud.kubernetes[place.cluster]?.pods[`${place.namespace}/${place.name}`];
  const containers = pod?.spec.containers ?? [];
  const own = containers.find(({ name }) => name === place.container) ?? containers[0];
  const image = place.image ?? own?.image ?? '';
  const tag = /(?:^|\/)python:(\d+\.\d+)/.exec(image)?.[1];
  const known = tag === undefined ? undefined : IMAGES[tag];
  if (known === undefined) return null;
  return { version: known[0], sslLine: known[1], requests: null, toProxy: '' };
}
