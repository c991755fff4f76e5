/** `hostPort` of pods: by the CNI plugin portmap, or by Cilium where it stands in for kube-proxy. */
import type { Address } from '../ip/address.ts';
import { setOf, setOfAddresses } from '../ip/address-set.ts';
import { prefix } from '../ip/prefix.ts';
import type { PacketMatch, Protocol, TranslationRule } from '../network/network.ts';
import type { ParsedText } from './parsed-text.ts';
import type { NodePart } from './node-part.ts';

const LOOPBACK = prefix('127.0.0.0/8');

interface HostPort {
  readonly protocol: Protocol;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly pod: string;
  readonly address: Address;
}

function hostPortsOf(part: NodePart, text: ParsedText): readonly HostPort[] {
  return part.pods.flatMap((pod) => {
    if (pod.spec.hostNetwork === true || pod.status.podIP === undefined) return [];
    const ported = pod.spec.containers.flatMap((container) =>
      (container.ports ?? []).filter((port) => port.hostPort !== undefined && port.protocol !== 'SCTP'),
    );
    if (ported.length === 0) return [];
    const address = text.address(pod.status.podIP);
    return ported.flatMap(({ hostPort, containerPort, protocol }) =>
      hostPort === undefined || address === null
        ? []
        : [
            {
              protocol: protocol === 'UDP' ? 'udp' : 'tcp',
              hostPort,
              containerPort,
              pod: pod.metadata.name,
              address,
            },
          ],
    );
  });
}

/**
 * Returns portmap's translations on the pods' node. Whoever calls from the range of the pods, or from
 * the loopback, gets an address of the node, so that the answer comes back through the node (`-s` of
 * CNI-DN-* is the pod's address with the mask of its range:
 * https://github.com/containernetworking/plugins/blob/main/plugins/meta/portmap/portmap.go).
 */
export function portmapRules(part: NodePart, text: ParsedText): readonly TranslationRule[] {
  const near = setOf(LOOPBACK, ...(part.podRange === null ? [] : [part.podRange]));
  return hostPortsOf(part, text).flatMap((each): TranslationRule[] => {
    const match: PacketMatch = {
      protocols: [each.protocol],
      destinationPorts: [{ from: each.hostPort, to: each.hostPort }],
      destinationIsLocal: 'yes',
    };
    const backends = [{ address: each.address, port: each.containerPort, by: `pod ${each.pod}` }];
    const by = `CNI-HOSTPORT-DNAT: host port ${each.hostPort} of pod ${each.pod}`;
    return [
      {
        hook: 'prerouting',
        match: { ...match, source: near },
        action: { kind: 'destination', backends, masquerade: { when: 'always', by: 'CNI-HOSTPORT-MASQ' } },
        by,
      },
      { hook: 'prerouting', match, action: { kind: 'destination', backends }, by },
    ];
  });
}

/**
 * Returns Cilium's translations: for `node` what comes in from elsewhere, for `socket` what a process
 * on the same node asks its kernel for. Nobody's source changes.
 */
export function ciliumHostPorts(
  part: NodePart,
  text: ParsedText,
): { readonly node: readonly TranslationRule[]; readonly socket: readonly TranslationRule[] } {
  const own = setOfAddresses(part.port.addresses.slice(0, 1));
  const ports = hostPortsOf(part, text);
  const rule = (each: HostPort, where: 'node' | 'socket'): TranslationRule => ({
    hook: 'prerouting',
    match: {
      protocols: [each.protocol],
      destinationPorts: [{ from: each.hostPort, to: each.hostPort }],
      ...(where === 'node' ? { destinationIsLocal: 'yes' as const } : { destination: own }),
    },
    action: {
      kind: 'destination',
      backends: [{ address: each.address, port: each.containerPort, by: `pod ${each.pod}` }],
    },
    by: `Cilium eBPF${where === 'socket' ? ' at the socket' : ''}: host port ${each.hostPort} of pod ${each.pod}`,
  });
  return {
    node: ports.map((each) => rule(each, 'node')),
    socket: ports.map((each) => rule(each, 'socket')),
  };
}
