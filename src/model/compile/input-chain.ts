/** The firewall of a Linux host: its chain INPUT as a filter of the neutral network. */
import type { ConnectionState as IptablesState, InputChain, InputRule } from '../cloud.ts';
import { setOf } from '../ip/address-set.ts';
import { prefix } from '../ip/prefix.ts';
import type {
  ConnectionState,
  FilterChain,
  FilterRule,
  FilterVerdict,
  PacketMatch,
} from '../network/network.ts';
import { inputRuleText } from '../input-rule-text.ts';

const DROPPED: FilterVerdict = {
  kind: 'drop',
  disposition: 'denied-inbound',
  why: "the host's own firewall lets nobody in whom no rule accepts",
};

/** Returns the chain; its rules are asked about replies too, as netfilter does without a rule for them. */
export function inputFilter(chain: InputChain): FilterChain {
  return {
    by: `chain INPUT (policy ${chain.policy})`,
    hook: 'input',
    interface: null,
    replies: 'checked',
    rules: chain.rules.flatMap(filterRule),
    otherwise: chain.policy === 'ACCEPT' ? { kind: 'accept' } : DROPPED,
  };
}

function filterRule(rule: InputRule): readonly FilterRule[] {
  const { target } = rule;
  if (target === null) return [];
  return [{ match: matchOf(rule), verdict: VERDICTS[target], by: inputRuleText(rule) }];
}

const VERDICTS: Readonly<Record<NonNullable<InputRule['target']>, FilterVerdict>> = {
  ACCEPT: { kind: 'accept' },
  DROP: { kind: 'drop', disposition: 'denied-inbound', why: "it is a rule of the host's own firewall" },
  // The sender gets an ICMP error, which a program sees as a refused connection.
  REJECT: { kind: 'drop', disposition: 'refused', why: "the host's own firewall sends an error back" },
};

function matchOf(rule: InputRule): PacketMatch {
  return {
    ...(rule.protocol === null ? {} : { protocols: [rule.protocol] }),
    ...(rule.source === null ? {} : { source: setOf(prefix(rule.source)) }),
    ...(rule.destination === null ? {} : { destination: setOf(prefix(rule.destination)) }),
    ...(rule.inInterface === null ? {} : { inInterface: rule.inInterface }),
    ...(rule.destinationPorts === null ? {} : { destinationPorts: rule.destinationPorts.ranges }),
    ...(rule.states === null ? {} : { connection: rule.states.of.flatMap(connectionState) }),
  };
}

/** No packet here is an error about another connection, so nothing is `RELATED`. */
function connectionState(state: IptablesState): readonly ConnectionState[] {
  switch (state) {
    case 'NEW':
      return ['new'];
    case 'ESTABLISHED':
      return ['established'];
    case 'INVALID':
      return ['invalid'];
    case 'RELATED':
      return [];
  }
}
