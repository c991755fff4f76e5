/**
 * The node's postrouting rules from azure-ip-masq-agent: packets to the non-masqueraded ranges keep
 * their source, everything else leaves with the node's address
 * (https://github.com/Azure/ip-masq-agent-v2). kube-proxy's marks come before it.
 */
import { setOf } from '../ip/address-set.ts';
import { formatPrefix, prefix } from '../ip/prefix.ts';
import type { TranslationRule } from '../network/network.ts';
import type { Result } from '../result.ts';
import type { MasqueradeConfig } from './ip-masq-agent-config.ts';

const LINK_LOCAL = prefix('169.254.0.0/16');

/**
 * Returns the chain IP-MASQ-AGENT, which POSTROUTING calls for destinations that are not local. With a
 * configuration that ends the agent, nobody knows what its chain still holds.
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
