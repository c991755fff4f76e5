import type { ConnectionState, InputRule } from './cloud.ts';

/** The order in which iptables prints states. */
const STATES: readonly ConnectionState[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED'];

/** Returns a rule of the chain INPUT as `iptables -S` prints it. */
export function inputRuleText(rule: InputRule): string {
  const { protocol, destinationPorts, states } = rule;
  const parts = ['-A INPUT'];
  if (rule.source !== null) parts.push(`-s ${rule.source}`);
  if (rule.destination !== null) parts.push(`-d ${rule.destination}`);
  if (rule.inInterface !== null) parts.push(`-i ${rule.inInterface}`);
  if (protocol !== null) parts.push(`-p ${protocol}`);
  if (states?.match === 'conntrack') parts.push(`-m conntrack --ctstate ${statesText(states.of)}`);
  if (states?.match === 'state') parts.push(`-m state --state ${statesText(states.of)}`);
  if (destinationPorts !== null) {
    const ports = portsText(rule);
    parts.push(
      destinationPorts.match === 'multiport'
        ? `-m multiport --dports ${ports}`
        : `-m ${protocol ?? 'tcp'} --dport ${ports}`,
    );
  }
  if (rule.comment !== null) parts.push(`-m comment --comment ${quoted(rule.comment)}`);
  if (rule.target !== null) parts.push(`-j ${rule.target}`);
  if (rule.target === 'REJECT') parts.push('--reject-with icmp-port-unreachable');
  return parts.join(' ');
}

/** Returns the states in iptables' own order. */
export function statesText(states: readonly ConnectionState[]): string {
  return STATES.filter((each) => states.includes(each)).join(',');
}

/** Returns `443` or `80,8000:8080`; empty without ports. */
export function portsText({ destinationPorts }: InputRule): string {
  const ranges = destinationPorts?.ranges ?? [];
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}

function quoted(comment: string): string {
  return /^[\w.-]+$/.test(comment) ? comment : `"${comment.replace(/(["\\])/g, '\\$1')}"`;
}
