import { formatAddress } from '../../../src/model/ip/address.ts';
import { everyAddress, setCovers, setIsEmpty, setToPrefixes } from '../../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../../src/model/ip/address-set.ts';
import { formatPrefix } from '../../../src/model/ip/prefix.ts';
import type {
  FilterChain,
  FilterVerdict,
  Host,
  PacketMatch,
  PortRange,
  TranslationRule,
} from '../../../src/model/network/network.ts';
import { balancingRules, balancingTranslations, replyRules, returnsReplies } from './balancing.ts';
import { VOID } from './names.ts';
import type { KernelNames } from './names.ts';
import type { Meaning, VoidHop } from './routes.ts';

export interface RulesetPlan {
  /** For `nft -f`. */
  readonly text: string;
  /** What it means that a counter moved, by its name. Two counters each: for first packets (`f`) and replies (`r`). */
  readonly counters: Readonly<Record<string, Meaning & { readonly direction: 'there' | 'back' }>>;
}

const MASQUERADE_MARK = '0x4000';
/** Clients send from ports above; every server listens below. */
export const FIRST_CLIENT_PORT = 32_768;

/** A bridge of a host; with br_netfilter the frames that it only switches cross the host's rules too. */
export interface Bridge {
  readonly device: string;
  /** The bridge's own MAC: frames to another are switched and not routed. */
  readonly mac: string;
}

/** Returns the nft ruleset for a host's chains, translations and void routes; null if it needs none. */
export function planRuleset(
  host: Host,
  bridges: readonly Bridge[],
  names: KernelNames,
  voidHops: readonly VoidHop[],
): RulesetPlan | null {
  const counters: Record<string, Meaning & { direction: 'there' | 'back' }> = {};
  const chains: string[] = [];
  let drops = 0;

  /** Returns the verdict that loses the packet and counts it by who did, first packets and replies apart. */
  const drop = (there: Meaning, back: Meaning): string => {
    const name = `drop${drops++}`;
    counters[`${name}f`] = { ...there, direction: 'there' };
    counters[`${name}r`] = { ...back, direction: 'back' };
    chains.push(
      chain(name, [
        // Errors about other packets are nobody's first packet and nobody's reply.
        'icmp type { destination-unreachable, time-exceeded } drop',
        `icmp type echo-reply counter name ${name}r drop`,
        `meta l4proto { tcp, udp } th sport < ${FIRST_CLIENT_PORT} counter name ${name}r drop`,
        `counter name ${name}f drop`,
      ]),
    );
    return `goto ${name}`;
  };
  const lost = (meaning: Meaning): string => drop(meaning, meaning);

  const words = wordsOf(host);
  const filterChain = (each: FilterChain, number: number): string => {
    // What goes on in a conversation of which only one side came by is no first packet of anything.
    const halfSeen =
      host.handshakesWatchedBy !== undefined && each.only?.connection?.includes('invalid') === true;
    const verdict = (of: FilterVerdict, by: string): string => {
      switch (of.kind) {
        case 'accept':
          return of.mark === undefined ? 'return' : `${remember(words, of.mark)} return`;
        case 'undetermined':
          // Flows whose end hangs on it are not compared; the others end as if it matched.
          return of.would === undefined ? lost({ by, disposition: 'undetermined' }) : verdict(of.would, by);
        case 'drop': {
          const meaning = { by, disposition: halfSeen ? ('asymmetric' as const) : of.disposition };
          return drop(meaning, each.replies === 'checked' ? meaning : { by, disposition: 'asymmetric' });
        }
      }
    };
    const rules: string[] = [];
    if (each.replies !== 'checked') rules.push(...passReplies(each));
    for (const rule of each.rules) {
      const match = matchText(rule.match, host, names, words);
      if (match !== null) rules.push(`${match} ${verdict(rule.verdict, rule.by)}`);
    }
    rules.push(verdict(each.otherwise, each.by));
    chains.push(chain(`filter${number}`, rules));
    return `jump filter${number}`;
  };
  const jumps = new Map<FilterChain['hook'], string[]>();
  host.chains.forEach((each, number) => {
    const direction = each.hook === 'egress' || each.hook === 'output' ? 'oifname' : 'iifname';
    const where = each.interface === null ? '' : `${direction} "${names.deviceOf(host, each.interface)}" `;
    const only = each.only === undefined ? '' : matchText(each.only, host, names, words);
    // The model asks a forward chain whatever the interface, so one that names an interface is never asked.
    if (only === null || (each.hook === 'forward' && each.interface !== null)) return;
    const list = jumps.get(each.hook) ?? [];
    list.push(`${where}${only === '' ? '' : `${only} `}${filterChain(each, number)}`);
    jumps.set(each.hook, list);
  });
  const at = (hook: FilterChain['hook']): readonly string[] => jumps.get(hook) ?? [];

  const swallowed = voidHops.map(
    ({ nextHop, meaning }) => `oifname "${VOID}" rt ip nexthop ${nextHop} ${lost(meaning)}`,
  );
  const refusals = host.translations.flatMap((rule) => refusal(rule, host, names));
  const remembers =
    returnsReplies(host) || host.chains.some((each) => each.interface !== null && each.replies !== 'checked');
  const balancing = balancingRules(
    host,
    names,
    (match) => matchText(match, host, names, words),
    ({ by, otherwise }) =>
      otherwise.kind === 'drop'
        ? drop({ by, disposition: otherwise.disposition }, { by: host.id, disposition: 'asymmetric' })
        : null,
  );
  // Only counted: what claims to come from the machine itself the kernel drops without being told.
  const martians =
    host.role === 'vm' && host.interfaces.some((face) => face.addresses.length > 0)
      ? ['iifname != "lo" fib saddr type local counter name martian']
      : [];
  if (martians.length > 0) counters['martian'] = { by: host.id, disposition: 'loop', direction: 'there' };
  const translating = [...balancingTranslations(host), ...host.translations];
  const noteFaces = (...faces: readonly string[]): string[] =>
    remembers
      ? [`ct direction original ${faces.map((face) => `add @seen { ct id . ${face} }`).join(' ')}`]
      : [];
  const notForwarded =
    host.forwarding === 'off'
      ? [`fib daddr type unicast ${lost({ by: host.id, disposition: 'next-hop-unreachable' })}`]
      : [];

  const switched = (verdict: string): string[] =>
    bridges.map(({ device, mac }) => `iifname "${device}" ether daddr != ${mac} ${verdict}`);
  const switchedOn = [...refusals, ...at('forward')];
  if (bridges.length > 0 && switchedOn.length > 0) chains.push(chain('switch_on', switchedOn));

  const base: (readonly [name: string, type: string, rules: readonly string[]])[] = [
    [
      'before_routing',
      'filter hook prerouting priority -150',
      behind(switched('accept'), [
        ...martians,
        ...replyRules(host, names),
        ...at('ingress'),
        ...balancing,
        ...notForwarded,
      ]),
    ],
    // The model asks iptables before the other filters, and after the other translations.
    ['receive', 'filter hook input priority 1', [...refusals, ...at('input'), ...noteFaces('iifname')]],
    [
      'pass_on',
      'filter hook forward priority 1',
      behind(switched(switchedOn.length === 0 ? 'accept' : 'goto switch_on'), [
        ...refusals,
        ...swallowed,
        ...at('routed'),
        ...at('forward'),
        ...at('egress'),
        ...noteFaces('iifname', 'oifname'),
      ]),
    ],
    [
      'send',
      'filter hook output priority 1',
      [...refusals, ...swallowed, ...at('output'), ...at('egress'), ...noteFaces('oifname')],
    ],
    ['translate_in', 'nat hook prerouting priority -101', translations('prerouting')],
    ['translate_own', 'nat hook output priority -101', translations('prerouting')],
    ['translate_out', 'nat hook postrouting priority 99', translations('postrouting')],
  ];
  function translations(hook: TranslationRule['hook']): string[] {
    const rules = translating.flatMap((rule, number) =>
      rule.hook === hook ? translation(rule, number, host, names, { chains, lost }) : [],
    );
    const marks = host.translations.some((rule) => rule.action.kind === 'destination');
    return hook === 'postrouting' && marks
      ? [`meta mark and ${MASQUERADE_MARK} == ${MASQUERADE_MARK} masquerade`, ...rules]
      : rules;
  }
  const used = base.filter(([, , rules]) => rules.length > 0);
  if (used.length === 0) return null;
  const text = [
    'table ip witness {',
    ...Object.keys(counters).map((name) => `counter ${name} {\n}`),
    ...(remembers ? ['set seen { typeof ct id . meta iifname; flags dynamic; size 65535; }'] : []),
    ...new Set(chains),
    ...used.map(([name, type, rules]) => chain(name, [`type ${type};`, ...rules])),
    '}',
    '',
  ].join('\n');
  return { text, counters };
}

/** Returns rules that only make sense before others, if there are others. */
function behind(first: readonly string[], rules: readonly string[]): readonly string[] {
  return rules.length === 0 ? [] : [...first, ...rules];
}

/**
 * A chain of an interface passes the replies of sessions that crossed the interface, as each NIC of a
 * cloud has its own session table. Conntrack has one for the whole host, so `seen` notes the interfaces.
 */
function passReplies(each: FilterChain): string[] {
  if (each.interface === null) return ['ct direction reply return'];
  const face = each.hook === 'egress' || each.hook === 'output' ? 'oifname' : 'iifname';
  return [`ct direction reply ct id . ${face} @seen return`];
}

function translation(
  rule: TranslationRule,
  number: number,
  host: Host,
  names: KernelNames,
  { chains, lost }: { readonly chains: string[]; readonly lost: (meaning: Meaning) => string },
): string[] {
  const words = wordsOf(host);
  const match = matchText(rule.match, host, names, words);
  if (match === null) return [];
  const { action } = rule;
  switch (action.kind) {
    case 'none':
      return [`${match} accept`];
    case 'masquerade':
      return [`${match} masquerade`];
    case 'source':
      return [`${match} snat to ${formatAddress(action.address)}`];
    case 'source-pool': {
      const pool = action.addresses.map((each, i) => `${i} : ${formatAddress(each)}`).join(', ');
      return [`${match} snat to numgen random mod ${action.addresses.length} map { ${pool} }`];
    }
    // What the model does not know it does not translate; the flow is not compared.
    case 'undetermined':
      return [];
    case 'exhausted':
      return [`${match} ${lost({ by: rule.by, disposition: 'snat-exhausted' })}`];
    case 'destination': {
      const { backends, masquerade } = action;
      if (backends.length === 0) return [];
      const word = action.mark === undefined ? [] : [remember(words, action.mark)];
      backends.forEach((backend, i) => {
        const address = formatAddress(backend.address);
        const mark = `meta mark set meta mark or ${MASQUERADE_MARK}`;
        const marking =
          masquerade === undefined
            ? []
            : [masquerade.when === 'always' ? mark : `ip saddr ${address} ${mark}`];
        const ported =
          backend.port === null ? [] : [`meta l4proto { tcp, udp } dnat to ${address}:${backend.port}`];
        chains.push(chain(`backend${number}_${i}`, [...word, ...marking, ...ported, `dnat to ${address}`]));
      });
      const choices = backends.map((_, i) => `${i} : goto backend${number}_${i}`).join(', ');
      return [`${match} numgen random mod ${backends.length} vmap { ${choices} }`];
    }
  }
}

/** kube-proxy rejects in the filter table what has no backend, because a nat chain cannot. */
function refusal(rule: TranslationRule, host: Host, names: KernelNames): string[] {
  if (rule.action.kind !== 'destination' || rule.action.backends.length > 0) return [];
  const match = matchText(rule.match, host, names, wordsOf(host));
  return match === null ? [] : [`${match} ct state new reject`];
}

/**
 * Numbers for the words that rules of a host put on the first packet of a session: the kernel keeps them with
 * the session (`ct mark`), since later packets meet no rule that translates.
 */
function wordsOf(host: Host): ReadonlyMap<string, number> {
  const found = new Set<string>();
  for (const { rules, only } of host.chains) {
    if (only?.mark !== undefined) found.add(only.mark);
    for (const { verdict } of rules) {
      const certain = verdict.kind === 'undetermined' ? verdict.would : verdict;
      if (certain?.kind === 'accept' && certain.mark !== undefined) found.add(certain.mark);
    }
  }
  for (const { match, action } of host.translations) {
    if (match.mark !== undefined) found.add(match.mark);
    if (action.kind === 'destination' && action.mark !== undefined) found.add(action.mark);
  }
  found.delete('');
  return new Map([...found].map((word, at) => [word, at + 1]));
}

function remember(words: ReadonlyMap<string, number>, word: string): string {
  return `ct mark set ${words.get(word) ?? 0}`;
}

/** Returns the match in nft's words; null if it can never match: the witness's flows say no name. */
function matchText(
  match: PacketMatch,
  host: Host,
  names: KernelNames,
  words: ReadonlyMap<string, number>,
): string | null {
  const parts: string[] = [];
  if (match.request !== undefined && match.request !== 'unsaid') return null;
  if (match.mark !== undefined) parts.push(`ct mark ${words.get(match.mark) ?? 0}`);
  if (match.inInterface !== undefined) parts.push(`iifname "${names.deviceOf(host, match.inInterface)}"`);
  if (match.outInterface !== undefined) parts.push(`oifname "${names.deviceOf(host, match.outInterface)}"`);
  const ported = match.sourcePorts !== undefined || match.destinationPorts !== undefined;
  const protocols =
    match.protocols?.filter((each) => !ported || each !== 'icmp') ?? (ported ? ['tcp', 'udp'] : null);
  if (protocols !== null) {
    if (protocols.length === 0) return null;
    parts.push(`meta l4proto { ${protocols.join(', ')} }`);
  }
  for (const [field, set] of [
    ['saddr', match.source],
    ['daddr', match.destination],
  ] as const) {
    if (set === undefined || setCovers(set, everyAddress)) continue;
    if (setIsEmpty(set)) return null;
    parts.push(`ip ${field} { ${addressText(set)} }`);
  }
  for (const [field, ranges] of [
    ['sport', match.sourcePorts],
    ['dport', match.destinationPorts],
  ] as const) {
    if (ranges === undefined) continue;
    if (ranges.length === 0) return null;
    parts.push(`th ${field} { ${ranges.map(portText).join(', ')} }`);
  }
  if (match.connection !== undefined) {
    if (match.connection.length === 0) return null;
    parts.push(`ct state { ${match.connection.join(', ')} }`);
  }
  if (match.destinationIsLocal !== undefined) {
    parts.push(`fib daddr type ${match.destinationIsLocal === 'yes' ? '' : '!= '}local`);
  }
  return parts.join(' ');
}

function addressText(set: AddressSet): string {
  return setToPrefixes(set).map(formatPrefix).join(', ');
}

function portText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function chain(name: string, rules: readonly string[]): string {
  return `chain ${name} {\n${rules.map((rule) => `  ${rule}\n`).join('')}}`;
}
