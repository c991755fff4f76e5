import type { Cloud, OutsideHost } from './cloud.ts';

/** Returns the on-premises host with this name or address, or null. */
export function findOnPremisesHost(
  cloud: Cloud,
  nameOrAddress: string,
): Extract<OutsideHost, { kind: 'on-premises' }> | null {
  for (const host of cloud.outsideHosts) {
    if (host.kind === 'on-premises' && [host.name, host.address].includes(nameOrAddress)) return host;
  }
  return null;
}
