import type { Host, HostId, InterfaceName, Network } from '../../../src/model/network/network.ts';

/** The kernel takes at most 15 characters, and no slash or space. */
const DEVICE = /^[A-Za-z0-9_.-]{1,15}$/;

/** The device that swallows what the model drops by route; `routes.ts` says why. */
export const VOID = 'void';

/** What hosts and interfaces are called in the kernel. */
export interface KernelNames {
  readonly namespaceOf: (host: HostId) => string;
  /** An address to send ARP requests from, for hosts without one: from RFC 2544, void next hops have 198.18. */
  readonly arpSenderOf: (host: HostId) => string;
  readonly deviceOf: (host: Host, face: InterfaceName) => string;
}

/** Returns names for a network; `tag` keeps the namespaces of two witnesses on one machine apart. */
export function kernelNames(network: Network, tag: string): KernelNames {
  const numbers = new Map([...network.hosts.keys()].map((id, i) => [id, i]));
  return {
    namespaceOf: (host) => `${tag}-${numbers.get(host) ?? 'none'}`,
    arpSenderOf: (host) => {
      const number = numbers.get(host) ?? 0;
      return `198.19.${number >> 8}.${number & 255}`;
    },
    deviceOf: (host, face) => {
      if (DEVICE.test(face) && face !== VOID) return face;
      const at = host.interfaces.findIndex((each) => each.name === face);
      return at < 0 ? 'absent' : `if${at}`;
    },
  };
}
