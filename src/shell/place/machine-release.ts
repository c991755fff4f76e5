/** Which distribution a VM runs, by its marketplace image, and what its archive has. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';

export interface MachineRelease {
  readonly id: 'ubuntu' | 'debian';
  readonly version: string;
  readonly codename: string;
  /** As os-release calls it. */
  readonly pretty: string;
  /** What `uname -r` says. */
  readonly kernel: string;
  /** The version of its C library. */
  readonly glibc: string;
  readonly python: string;
  readonly archive: { readonly host: string; readonly url: string };
  /** The package mitmproxy: what apt calls it, and what the program says; null where it is not known. */
  readonly mitmproxy: { readonly package: string; readonly version: string } | null;
}

const UBUNTU = { host: 'azure.archive.ubuntu.com', url: 'http://azure.archive.ubuntu.com/ubuntu' };
const DEBIAN = { host: 'deb.debian.org', url: 'http://deb.debian.org/debian' };

const JAMMY: MachineRelease = {
  id: 'ubuntu',
  version: '22.04',
  codename: 'jammy',
  pretty: 'Ubuntu 22.04.3 LTS',
  kernel: '5.15.0-1053-azure',
  glibc: '2.35',
  python: '3.10.12',
  archive: UBUNTU,
  mitmproxy: { package: '7.0.2-2', version: '7.0.2' },
};
const RELEASES: readonly (readonly [RegExp, MachineRelease])[] = [
  [/22[_.]04/, JAMMY],
  [
    /24[_.]04/,
    {
      id: 'ubuntu',
      version: '24.04',
      codename: 'noble',
      pretty: 'Ubuntu 24.04.2 LTS',
      kernel: '6.8.0-1021-azure',
      glibc: '2.39',
      python: '3.12.3',
      archive: UBUNTU,
      mitmproxy: { package: '8.1.1-3', version: '8.1.1' },
    },
  ],
  [
    /debian-12/i,
    {
      id: 'debian',
      version: '12',
      codename: 'bookworm',
      pretty: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-31-cloud-amd64',
      glibc: '2.36',
      python: '3.11.2',
      archive: DEBIAN,
      mitmproxy: { package: '8.1.1-2', version: '8.1.1' },
    },
  ],
  [
    /20[_.]04/,
    {
      id: 'ubuntu',
      version: '20.04',
      codename: 'focal',
      pretty: 'Ubuntu 20.04.6 LTS',
      kernel: '5.15.0-1053-azure',
      glibc: '2.31',
      python: '3.8.10',
      archive: UBUNTU,
      mitmproxy: null,
    },
  ],
];

/** Returns the release of a VM; Ubuntu 22.04 where its image is none of the known ones. */
export function releaseOf(cloud: Cloud, vmId: string): MachineRelease {
  const vm = getResource(cloud, vmId, 'Microsoft.Compute/virtualMachines');
  const image = vm?.storageProfile.imageReference ?? '';
  return RELEASES.find(([pattern]) => pattern.test(image))?.[1] ?? JAMMY;
}

/** Returns `/etc/os-release`. */
export function releaseFile({ id, version, codename, pretty }: MachineRelease): string {
  const name = id === 'ubuntu' ? 'Ubuntu' : 'Debian GNU/Linux';
  return `PRETTY_NAME="${pretty}"\nNAME="${name}"\nVERSION_ID="${version}"\nVERSION_CODENAME=${codename}\nID=${id}\n`;
}
