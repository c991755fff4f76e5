/**
 * The node's postrouting rules from azure-ip-masq-agent: packets to the non-masqueraded ranges keep
 * their source, everything else leaves with the node's address
 * (https://github.com/Azure/ip-masq-agent-v2). kube-proxy's marks come before it.
 */
import { setOf } from '../ip/address-set.ts';
import { formatPrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { TranslationRule } from '../network/network.ts';

/** Returns the chain IP-MASQ-AGENT, which POSTROUTING calls for destinations that are not local. */
export function masqueradeRules(nonMasquerade: readonly Prefix[]): readonly TranslationRule[] {
  return [
    ...nonMasquerade.map((each): TranslationRule => ({
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
