/**
 * Azure Firewall by enumeration, sentence by sentence from
 * https://learn.microsoft.com/azure/firewall/rule-processing (2026-03-23): "The firewall iterates through all
 * rule collection groups three times - once per rule type in order: DNAT, then Network, then Application.
 * Within each pass, it processes groups in priority order, then rule collections within each group in priority
 * order." Slow and plain: texts are cut with split, addresses compared octet by octet, and nothing of the model
 * is imported.
 */

export interface SlowRule {
  readonly name: string;
  readonly sources: readonly string[];
  readonly sourceGroups: readonly string[];
  /** Of network and DNAT rules. */
  readonly protocols: readonly string[];
  readonly destinations: readonly string[];
  readonly destinationGroups: readonly string[];
  readonly destinationNames: readonly string[];
  readonly ports: readonly string[];
  /** `203.0.113.9:8080` of DNAT rules. */
  readonly translated: string;
  /** `Https:443` of application rules. */
  readonly applications: readonly string[];
  readonly names: readonly string[];
  readonly nameTags: readonly string[];
  readonly categories: readonly string[];
}

export interface SlowCollection {
  readonly name: string;
  readonly priority: number;
  readonly type: 'dnat' | 'network' | 'application';
  readonly action: 'Allow' | 'Deny';
  readonly rules: readonly SlowRule[];
}

export interface SlowGroup {
  readonly name: string;
  readonly priority: number;
  readonly collections: readonly SlowCollection[];
}

export interface SlowFirewall {
  /** The parent first. */
  readonly policies: readonly { readonly name: string; readonly groups: readonly SlowGroup[] }[];
  /** Addresses by name of the IP group; one that is absent is not known. */
  readonly ipGroups: Readonly<Record<string, readonly string[]>>;
  /** Prefixes known to be in `AzureCloud.<region>`. */
  readonly held: Readonly<Record<string, readonly string[]>>;
  readonly tagNames: Readonly<
    Record<string, { readonly sure: readonly string[]; readonly unsure: readonly string[] }>
  >;
  readonly dnsProxy: boolean;
  readonly privateRanges: readonly string[];
}

export interface SlowPacket {
  readonly fromInternet: boolean;
  readonly protocol: 'TCP' | 'UDP' | 'ICMP';
  readonly source: string;
  /** One address, or those among which it is. */
  readonly destinations: readonly string[];
  readonly names: readonly string[] | 'unknown';
  readonly port: number | null;
  /** `https www.example.com`, `https -` without a server name; null where nobody knows. */
  readonly request: string | null;
}

export interface SlowAnswer {
  readonly verdict: 'allow' | 'deny' | 'undetermined';
  /** `policy/group/collection/rule` of the first rule that matches for certain. */
  readonly decided: string | null;
  readonly source: string | null;
  readonly translated: string | null;
}

type Match = 'yes' | 'no' | 'perhaps';

/**
 * Asks everything in order. A connection of which nobody knows what it says is asked about once for each thing
 * that it could say: it is denied only if whatever it says is denied.
 */
export function slowFirewall(firewall: SlowFirewall, packet: SlowPacket): SlowAnswer {
  const silent = askInOrder(firewall, packet);
  if (packet.request !== null || packet.protocol !== 'TCP' || packet.fromInternet) return silent;
  if (silent.decided !== null || silent.verdict === 'undetermined') return silent;
  const open = ['http', 'https', 'mssql'].some((protocol) =>
    hostsOf(firewall).some(
      (host) => askInOrder(firewall, { ...packet, request: `${protocol} ${host}` }).verdict !== 'deny',
    ),
  );
  return { ...silent, verdict: open ? 'undetermined' : 'deny' };
}

/** A name for each pattern that rules have, with something that no other pattern has in place of the asterisk. */
function hostsOf(firewall: SlowFirewall): readonly string[] {
  const rules = firewall.policies.flatMap(({ groups }) =>
    groups.flatMap(({ collections }) => collections.flatMap((each) => each.rules)),
  );
  const patterns = rules.flatMap((each) => [
    ...each.names,
    ...each.nameTags.flatMap((tag) => [
      ...(firewall.tagNames[tag]?.sure ?? []),
      ...(firewall.tagNames[tag]?.unsure ?? []),
    ]),
    ...(each.categories.length > 0 ? ['*'] : []),
  ]);
  return [...new Set(patterns)].map((each) => each.replace('*', 'x9q'));
}

function askInOrder(firewall: SlowFirewall, packet: SlowPacket): SlowAnswer {
  const passed: { type: SlowCollection['type']; action: 'Allow' | 'Deny'; rule: SlowRule }[] = [];
  const passes: readonly SlowCollection['type'][] = packet.fromInternet
    ? ['dnat']
    : packet.protocol === 'TCP'
      ? ['dnat', 'network', 'application']
      : ['dnat', 'network'];
  for (const type of passes) {
    for (const policy of firewall.policies) {
      for (const group of byNumber(policy.groups)) {
        for (const collection of byNumber(group.collections)) {
          if (collection.type !== type) continue;
          for (const rule of collection.rules) {
            const match = matches(firewall, type, rule, packet);
            if (match === 'no') continue;
            const hit = { type, action: collection.action, rule };
            if (match === 'perhaps') {
              passed.push(hit);
              continue;
            }
            const path = [policy.name, group.name, collection.name, rule.name].join('/');
            return answer(firewall, packet, passed, hit, path);
          }
        }
      }
    }
  }
  const builtIn =
    passes.includes('application') &&
    packet.request !== null &&
    /^https? (md-|umsa)\S*\.blob\./.test(packet.request);
  const open = builtIn || passed.some(({ type, action }) => type === 'dnat' || action === 'Allow');
  return { verdict: open ? 'undetermined' : 'deny', decided: null, source: null, translated: null };
}

type Hit = { type: SlowCollection['type']; action: 'Allow' | 'Deny'; rule: SlowRule };

function answer(
  firewall: SlowFirewall,
  packet: SlowPacket,
  passed: readonly Hit[],
  hit: Hit,
  decided: string,
): SlowAnswer {
  const all = [...passed, hit].map((each) => outcome(firewall, packet, each));
  const last = all.at(-1) ?? '';
  if (all.every((each) => each === last)) {
    const [verdict = '', source = '', translated = ''] = last.split('|');
    return {
      verdict: verdict === 'allow' ? 'allow' : 'deny',
      decided,
      source: source === '' ? null : source,
      translated: translated === '' ? null : translated,
    };
  }
  // Let through for certain, but under which source is open.
  if (all.every((each) => each.startsWith('allow') && each.endsWith('|'))) {
    return { verdict: 'allow', decided, source: 'undetermined', translated: null };
  }
  return { verdict: 'undetermined', decided, source: null, translated: null };
}

function outcome(firewall: SlowFirewall, packet: SlowPacket, { type, action, rule }: Hit): string {
  if (type === 'dnat') {
    const [target = ''] = rule.translated.split(':');
    return `allow|${isPrivate(target) ? 'private' : 'public'}|${rule.translated}`;
  }
  if (action === 'Deny') return 'deny||';
  const seen = new Set(
    packet.destinations.map((each) => {
      if (type === 'network' && firewall.privateRanges.some((range) => inRange(each, range)))
        return 'unchanged';
      return isPrivate(each) ? 'private' : 'public';
    }),
  );
  return `allow|${seen.size === 1 ? [...seen].join('') : 'undetermined'}|`;
}

function isPrivate(address: string): boolean {
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some((each) =>
    inRange(address, each),
  );
}

function byNumber<T extends { readonly priority: number }>(all: readonly T[]): readonly T[] {
  const left = [...all];
  const found: T[] = [];
  while (left.length > 0) {
    const lowest = Math.min(...left.map(({ priority }) => priority));
    found.push(
      ...left.splice(
        left.findIndex(({ priority }) => priority === lowest),
        1,
      ),
    );
  }
  return found;
}

function matches(
  firewall: SlowFirewall,
  type: SlowCollection['type'],
  rule: SlowRule,
  packet: SlowPacket,
): Match {
  const source = side(firewall, rule.sources, rule.sourceGroups, [packet.source]);
  if (type === 'application') return worst([source, application(firewall, rule, packet)]);
  const named = type === 'network' ? destinationName(firewall, rule, packet) : 'no';
  const addressed = side(
    firewall,
    rule.destinations,
    type === 'network' ? rule.destinationGroups : [],
    packet.destinations,
  );
  return worst([source, best([named, addressed]), transport(rule, packet)]);
}

function worst(all: readonly Match[]): Match {
  return all.includes('no') ? 'no' : all.includes('perhaps') ? 'perhaps' : 'yes';
}

function best(all: readonly Match[]): Match {
  return all.includes('yes') ? 'yes' : all.includes('perhaps') ? 'perhaps' : 'no';
}

/** "If you explicitly configure a destination port, the rule translates to a TCP+UDP rule." */
function transport(rule: SlowRule, packet: SlowPacket): Match {
  const everyPort = rule.ports.includes('*');
  const named = rule.protocols.includes(packet.protocol);
  const any = rule.protocols.includes('Any') && (everyPort || packet.protocol !== 'ICMP');
  if (!named && !any) return 'no';
  if (everyPort) return 'yes';
  const { port } = packet;
  if (port === null) return 'perhaps';
  return rule.ports.some((text) => {
    const [from, to] = text.split('-');
    return Number(from) <= port && port <= Number(to ?? from);
  })
    ? 'yes'
    : 'no';
}

function destinationName(firewall: SlowFirewall, rule: SlowRule, packet: SlowPacket): Match {
  if (rule.destinationNames.length === 0 || !firewall.dnsProxy) return 'no';
  if (packet.names === 'unknown') return 'perhaps';
  return packet.names.some((name) => rule.destinationNames.includes(name)) ? 'yes' : 'no';
}

/** Whether all of the addresses are named, some, or none. */
function side(
  firewall: SlowFirewall,
  texts: readonly string[],
  groups: readonly string[],
  addresses: readonly string[],
): Match {
  const one = addresses.map((address): Match => {
    const answers: Match[] = texts.map((text) => {
      if (text === '*') return 'yes';
      if (/^\d/.test(text)) return inRange(address, text) ? 'yes' : 'no';
      return inTag(firewall, text, address);
    });
    for (const group of groups) {
      const members = firewall.ipGroups[group];
      answers.push(
        members === undefined ? 'perhaps' : members.some((each) => inRange(address, each)) ? 'yes' : 'no',
      );
    }
    return best(answers);
  });
  if (one.every((each) => each === 'yes')) return 'yes';
  return one.every((each) => each === 'no') ? 'no' : 'perhaps';
}

/** Of Azure's addresses only those that subscriptions hold are known; they belong to AzureCloud of their region. */
function inTag(firewall: SlowFirewall, tag: string, address: string): Match {
  if (isPrivate(address)) return 'no';
  const [service = '', region] = tag.split('.');
  const owners = Object.keys(firewall.held).filter((each) =>
    (firewall.held[each] ?? []).some((prefix) => inRange(address, prefix)),
  );
  if (owners.length === 0) return 'perhaps';
  if (service !== 'AzureCloud') return 'no';
  return region === undefined || owners.includes(region.toLowerCase()) ? 'yes' : 'no';
}

function application(firewall: SlowFirewall, rule: SlowRule, packet: SlowPacket): Match {
  const { request, port } = packet;
  const onPort = rule.applications.filter((each) => Number(each.split(':')[1]) === port);
  if (onPort.length === 0) return 'no';
  // Asked about with every name it could say, see above.
  if (request === null) return 'no';
  const [protocol = '', host = ''] = request.split(' ');
  if (!onPort.some((each) => each.split(':')[0]?.toLowerCase() === protocol)) return 'no';
  if (host === '-') return 'no';
  if (rule.names.some((each) => fits(each, host))) return 'yes';
  let answer: Match = rule.categories.length > 0 ? 'perhaps' : 'no';
  for (const tag of rule.nameTags) {
    const content = firewall.tagNames[tag];
    if (content === undefined) continue;
    if (content.sure.some((each) => fits(each, host))) return 'yes';
    if (content.unsure.some((each) => fits(each, host))) answer = 'perhaps';
  }
  return answer;
}

/** "Asterisks on the left-most side mean literally anything to the left will match." */
function fits(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*')) return pattern === name;
  for (let cut = 0; cut <= name.length; cut++) if (name.slice(cut) === pattern.slice(1)) return true;
  return false;
}

/** `a`, `a/n` or `a-b`. */
export function inRange(address: string, range: string): boolean {
  const [first = '', last] = range.split('-');
  if (last !== undefined) return compare(first, address) <= 0 && compare(address, last) <= 0;
  const [base = '', length = '32'] = range.split('/');
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

function compare(a: string, b: string): number {
  const [one, other] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < 4; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const spelled = new Map<string, string>();

/** The 32 digits of an address; rule sets ask for the same few again and again. */
function bits(address: string): string {
  const known = spelled.get(address);
  if (known !== undefined) return known;
  const digits = address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  spelled.set(address, digits);
  return digits;
}
