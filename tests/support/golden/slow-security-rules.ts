/**
 * Network security groups by enumeration, sentence by sentence from
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview (2025-07-15):
 * "Rules are processed in priority order, with lower numbers processed before higher numbers. Once
 * traffic matches a rule, processing stops." Slow and plain: texts are cut with split and compared
 * number by number, and nothing of the model is imported.
 */

export interface SlowRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: string;
  readonly access: string;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly sourcePorts: readonly string[];
  readonly destinations: readonly string[];
  readonly destinationPorts: readonly string[];
}

export interface SlowPacket {
  readonly protocol: string;
  readonly source: string;
  /** Null for protocols without ports. */
  readonly sourcePort: number | null;
  readonly destination: string;
  readonly destinationPort: number | null;
}

export interface SlowNames {
  /** Prefixes that a tag or group holds, in lower case; a name that is absent is not known at all. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Where members of a name that is not known may be. */
  readonly elsewhere: readonly string[];
}

/** What the documentation adds to every group. */
const DEFAULT_RULES: readonly SlowRule[] = (
  [
    ['AllowVnetInBound', 65000, 'Inbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
    ['AllowAzureLoadBalancerInBound', 65001, 'Inbound', 'Allow', 'AzureLoadBalancer', '*'],
    ['DenyAllInBound', 65500, 'Inbound', 'Deny', '*', '*'],
    ['AllowVnetOutBound', 65000, 'Outbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
    ['AllowInternetOutBound', 65001, 'Outbound', 'Allow', '*', 'Internet'],
    ['DenyAllOutBound', 65500, 'Outbound', 'Deny', '*', '*'],
  ] as const
).map(([name, priority, direction, access, source, destination]) => ({
  name,
  priority,
  direction,
  access,
  protocol: '*',
  sources: [source],
  sourcePorts: ['*'],
  destinations: [destination],
  destinationPorts: ['*'],
}));

export interface SlowAnswer {
  readonly access: 'Allow' | 'Deny' | 'undetermined';
  /** The first rule that matches for certain. */
  readonly rule: string | null;
}

type Match = 'yes' | 'no' | 'perhaps';

/** Asks every rule about one packet, from the lowest number to the highest. */
export function slowAnswer(
  ownRules: readonly SlowRule[],
  direction: 'Inbound' | 'Outbound',
  packet: SlowPacket,
  names: SlowNames,
): SlowAnswer {
  let left = [...ownRules, ...DEFAULT_RULES].filter((rule) => rule.direction === direction);
  const perhaps: string[] = [];
  while (left.length > 0) {
    const lowest = Math.min(...left.map(({ priority }) => priority));
    const rule = left.find(({ priority }) => priority === lowest);
    left = left.filter(({ priority }) => priority !== lowest);
    if (rule === undefined) continue;
    const match = matches(rule, packet, names);
    if (match === 'perhaps') perhaps.push(rule.access);
    if (match !== 'yes') continue;
    const sure = perhaps.every((access) => access === rule.access);
    const said = rule.access === 'Allow' ? 'Allow' : 'Deny';
    return { access: sure ? said : 'undetermined', rule: rule.name };
  }
  return { access: 'undetermined', rule: null };
}

function matches(rule: SlowRule, packet: SlowPacket, names: SlowNames): Match {
  const answers: readonly Match[] = [
    rule.protocol === '*' || rule.protocol === packet.protocol ? 'yes' : 'no',
    addressMatches(rule.sources, packet.source, names),
    addressMatches(rule.destinations, packet.destination, names),
    portMatches(rule, rule.sourcePorts, packet.sourcePort),
    portMatches(rule, rule.destinationPorts, packet.destinationPort),
  ];
  if (answers.includes('no')) return 'no';
  return answers.includes('perhaps') ? 'perhaps' : 'yes';
}

function portMatches(rule: SlowRule, texts: readonly string[], port: number | null): Match {
  // list-effective-nsg prints `*` as 0-65535: both are every port, and packets without ports too.
  if (texts.includes('*') || texts.includes('0-65535')) return 'yes';
  if (port === null) return ['Icmp', 'Esp', 'Ah'].includes(rule.protocol) ? 'perhaps' : 'no';
  for (const text of texts) {
    const [from, to] = text.split('-');
    if (port >= Number(from) && port <= Number(to ?? from)) return 'yes';
  }
  return 'no';
}

function addressMatches(texts: readonly string[], address: string, names: SlowNames): Match {
  let answer: Match = 'no';
  for (const text of texts) {
    if (text === '*') return 'yes';
    const literal = /^\d/.test(text);
    const prefixes = literal ? [text] : names.known[text.toLowerCase()];
    if (prefixes === undefined) {
      if (names.elsewhere.some((each) => inPrefix(address, each))) answer = 'perhaps';
    } else if (prefixes.some((each) => inPrefix(address, each))) return 'yes';
  }
  return answer;
}

/** Compares bit by bit. */
export function inPrefix(address: string, prefix: string): boolean {
  const [base = '', length = '32'] = prefix.split('/');
  return bitsOf(address).slice(0, Number(length)) === bitsOf(base).slice(0, Number(length));
}

function bitsOf(address: string): string {
  return address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
}
