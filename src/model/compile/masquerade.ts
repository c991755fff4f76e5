/** Who changes the source of a pod's packets on its node. kube-proxy's marks come before it. */
import { formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { setOf, setOfAddresses } from '../ip/address-set.ts';
import { formatPrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { Protocol, TranslationRule } from '../network/network.ts';
import type { Result } from '../result.ts';
import type { MasqueradeConfig } from '../kubernetes/ip-masq-agent-config.ts';
import { INSTANCE_METADATA, WIRE_SERVER } from './service-tags.ts';

const LINK_LOCAL = prefix('169.254.0.0/16');
const DNS_PORT = 53;
const METADATA_PORT = 80;

/**
 * Returns the chain IP-MASQ-AGENT of azure-ip-masq-agent, which POSTROUTING calls for destinations that
 * are not local: packets to the non-masqueraded ranges keep their source, everything else leaves with
 * the node's address (https://github.com/Azure/ip-masq-agent-v2). With a configuration that ends the
 * agent, nobody knows what its chain still holds.
 */
export function masqueradeRules(config: Result<MasqueradeConfig, string>): readonly TranslationRule[] {
  if (!config.ok) {
    return [
      {
        hook: 'postrouting',
        match: { destinationIsLocal: 'no' },
        action: {
          kind: 'undetermined',
          reason: `azure-ip-masq-agent cannot read its configuration (${config.error})`,
        },
        by: 'IP-MASQ-AGENT',
      },
    ];
  }
  const { nonMasquerade, linkLocal } = config.value;
  const kept = linkLocal === 'kept' ? [LINK_LOCAL, ...nonMasquerade] : nonMasquerade;
  return [
    ...kept.map((each): TranslationRule => ({
      hook: 'postrouting',
      match: { destination: setOf(each), destinationIsLocal: 'no' },
      action: { kind: 'none' },
      by: `IP-MASQ-AGENT: RETURN for ${formatPrefix(each)}`,
    })),
    {
      hook: 'postrouting',
      match: { destinationIsLocal: 'no' },
      action: { kind: 'masquerade' },
      by: 'IP-MASQ-AGENT: MASQUERADE',
    },
  ];
}

/**
 * Returns the chain SWIFT-POSTROUTING that Azure's CNS writes for pods with addresses of a pod subnet:
 * only what Azure's own services must see coming from the node changes its source
 * (azure-container-networking, cns/restserver/internalapi_linux.go). No masquerade agent runs.
 */
export function swiftRules(podSubnet: Prefix, node: Address): readonly TranslationRule[] {
  const rule = (protocol: Protocol, destination: Address, port: number): TranslationRule => ({
    hook: 'postrouting',
    match: {
      protocols: [protocol],
      source: setOf(podSubnet),
      destination: setOfAddresses([destination]),
      destinationPorts: [{ from: port, to: port }],
      destinationIsLocal: 'no',
    },
    action: { kind: 'source', address: node },
    by: `SWIFT-POSTROUTING: SNAT to ${formatAddress(node)} for ${formatAddress(destination)} ${protocol} port ${port}`,
  });
  return [
    rule('udp', WIRE_SERVER, DNS_PORT),
    rule('tcp', WIRE_SERVER, DNS_PORT),
    rule('tcp', INSTANCE_METADATA, METADATA_PORT),
  ];
}
