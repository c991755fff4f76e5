/** A rule of the chain INPUT in iptables' words, as after `iptables -A INPUT`. */
import type { ConnectionState, InputRule } from '../../model/cloud.ts';
import { formatPrefix, parsePrefix, prefixAround } from '../../model/ip/prefix.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { err, ok, type Result } from '../../model/result.ts';

export type Refusal =
  /** Wrong for iptables itself. */
  | { readonly kind: 'usage'; readonly message: string }
  /** Right for iptables, and not part of this workbook. */
  | { readonly kind: 'not-simulated'; readonly what: string };

type Draft = { -readonly [Key in keyof InputRule]: InputRule[Key] };
type Read<T> = Result<T, Refusal>;

const ANY: InputRule = {
  target: null,
  source: null,
  destination: null,
  inInterface: null,
  protocol: null,
  destinationPorts: null,
  states: null,
  comment: null,
};

const SERVICES: Readonly<Record<string, number>> = {
  ssh: 22,
  domain: 53,
  http: 80,
  https: 443,
  'http-alt': 8080,
  postgresql: 5432,
};
const PORTS = { least: 0, most: 65_535 };
const STATES: readonly ConnectionState[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED'];
const TARGETS = ['ACCEPT', 'DROP', 'REJECT'] as const;
const ELSEWHERE_TARGETS = ['LOG', 'RETURN', 'MARK', 'NFLOG', 'QUEUE', 'AUDIT', 'TRACE'];
const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;
const NUMBERS: Readonly<Record<string, string>> = { '0': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp' };
const EXTENSIONS = ['tcp', 'udp', 'icmp', 'comment', 'conntrack', 'state', 'multiport'];

const LONG: Readonly<Record<string, string>> = {
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--protocol': '-p',
  '--proto': '-p',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--jump': '-j',
  '--goto': '-g',
  '--match': '-m',
  '--destination-port': '--dport',
  '--destination-ports': '--dports',
};

/** Returns the rules that the words mean: one per source and destination, where several are given. */
export function readInputRules(words: readonly string[]): Read<readonly InputRule[]> {
  const rule: Draft = { ...ANY };
  const loaded = new Set<string>();
  let sources: readonly (string | null)[] = [null];
  let destinations: readonly (string | null)[] = [null];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '!') return notSimulated('a rule with "!"');
    if (!word.startsWith('-')) return usage(`Bad argument \`${word}'`);
    const option = LONG[word] ?? word;
    if (!TAKE_VALUE.includes(option)) {
      return KNOWN_ELSEWHERE.includes(option) ? notSimulated(option) : usage(`unknown option "${word}"`);
    }
    const value = words[++at];
    if (value === undefined) return usage(`option "${word}" requires an argument`);
    if (value === '!') return notSimulated('a rule with "!"');
    const read = ((): Read<unknown> => {
      switch (option) {
        case '-s':
          return then(readPrefixes(value), (list) => (sources = list));
        case '-d':
          return then(readPrefixes(value), (list) => (destinations = list));
        case '-i':
          if (value.endsWith('+')) return notSimulated('an interface name with "+"');
          return ok((rule.inInterface = value));
        case '-p':
          return then(readProtocol(value), (protocol) => (rule.protocol = protocol));
        case '-m':
          if (!EXTENSIONS.includes(value)) return notSimulated(`the match "${value}"`);
          return ok(loaded.add(value));
        case '-j':
          return then(readTarget(value), (target) => (rule.target = target));
        case '--dport':
        case '--dports':
          return then(readPorts(option, value, rule, loaded), (ports) => (rule.destinationPorts = ports));
        case '--ctstate':
        case '--state': {
          const match = option === '--state' ? 'state' : 'conntrack';
          if (!loaded.has(match)) return usage(`unknown option "${word}"`);
          return then(readStates(option, value), (of) => (rule.states = { match, of }));
        }
        case '--comment':
          if (!loaded.has('comment')) return usage(`unknown option "${word}"`);
          return ok((rule.comment = value));
        case '--reject-with':
          if (rule.target !== 'REJECT') return usage(`unknown option "${word}"`);
          return value === 'icmp-port-unreachable' ? ok(value) : notSimulated(`--reject-with ${value}`);
        default:
          return usage(`Can't use -o with INPUT\n`);
      }
    })();
    if (!read.ok) return read;
  }
  return ok(
    sources.flatMap((source) => destinations.map((destination) => ({ ...rule, source, destination }))),
  );
}

const TAKE_VALUE = [
  ...['-s', '-d', '-i', '-o', '-p', '-m', '-j'],
  ...['--dport', '--dports', '--ctstate', '--state', '--comment', '--reject-with'],
];
const KNOWN_ELSEWHERE = [
  ...['-f', '--fragment', '-g', '--sport', '--source-port', '--sports', '--ports', '--icmp-type', '--syn'],
  ...['--tcp-flags', '--tcp-option', '--ctproto', '--ctorigsrc', '--ctdir', '--src-range', '--dst-range'],
  ...['--limit', '--mac-source', '--set-counters', '-c'],
];

function readPrefixes(text: string): Read<readonly (string | null)[]> {
  const list: (string | null)[] = [];
  for (const word of text.split(',')) {
    const read = readPrefix(word);
    if (!read.ok) return read;
    list.push(read.value);
  }
  return ok(list);
}

/** Host bits are cut off without a word, and a mask may be written out. Everything is no condition. */
export function readPrefix(text: string): Read<string | null> {
  const [host = '', mask = '32'] = text.split(/\/(.*)/s);
  const address = parseAddress(host);
  if (!address.ok) return usage(`host/network \`${host}' not found`);
  const length = maskLength(mask);
  if (length === null) return usage(`invalid mask \`${mask}' specified`);
  return ok(length === 0 ? null : formatPrefix(prefixAround(address.value, length)));
}

function maskLength(text: string): number | null {
  if (/^\d{1,2}$/.test(text) && Number(text) <= 32) return Number(text);
  const dotted = parseAddress(text);
  if (!dotted.ok) return null;
  const bits = text
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  const length = bits.indexOf('0') < 0 ? 32 : bits.indexOf('0');
  return parsePrefix(`${text}/${length}`).ok && !bits.slice(length).includes('1') ? length : null;
}

function readProtocol(text: string): Read<InputRule['protocol']> {
  const name = NUMBERS[text] ?? text.toLowerCase();
  if (name === 'all') return ok(null);
  const known = PROTOCOLS.find((each) => each === name);
  if (known !== undefined) return ok(known);
  return ['sctp', 'udplite', 'esp', 'ah', 'icmpv6', 'ipv6-icmp', 'dccp', 'gre'].includes(name)
    ? notSimulated(`the protocol ${name}`)
    : usage(`unknown protocol "${text}" specified`);
}

function readTarget(text: string): Read<NonNullable<InputRule['target']>> {
  const known = TARGETS.find((each) => each === text);
  if (known !== undefined) return ok(known);
  return ELSEWHERE_TARGETS.includes(text)
    ? notSimulated(`the target ${text}`)
    : usage(`Chain '${text}' does not exist`);
}

function readPorts(
  option: '--dport' | '--dports',
  text: string,
  rule: InputRule,
  loaded: ReadonlySet<string>,
): Read<InputRule['destinationPorts']> {
  const ported = rule.protocol === 'tcp' || rule.protocol === 'udp';
  if (option === '--dport' && !ported) return usage('unknown option "--dport"');
  if (option === '--dports' && !loaded.has('multiport')) return usage('unknown option "--dports"');
  if (option === '--dports' && !ported)
    return usage('multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP');
  const ranges: { from: number; to: number }[] = [];
  for (const word of option === '--dports' ? text.split(',') : [text]) {
    const [first = '', last] = word.split(/:(.*)/s);
    const from = first === '' ? PORTS.least : portOf(first);
    const to = last === undefined ? from : last === '' ? PORTS.most : portOf(last);
    if (from === null || to === null)
      return usage(`invalid port/service \`${from === null ? first : (last ?? '')}' specified`);
    if (from > to) return usage('invalid portrange (min > max)');
    ranges.push({ from, to });
  }
  return ok({ match: option === '--dports' ? 'multiport' : 'protocol', ranges });
}

function portOf(text: string): number | null {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= PORTS.most ? Number(text) : null;
  return SERVICES[text] ?? null;
}

function readStates(option: '--ctstate' | '--state', text: string): Read<readonly ConnectionState[]> {
  const list: ConnectionState[] = [];
  for (const word of text.split(',')) {
    const known = STATES.find((each) => each === word.toUpperCase());
    if (known === undefined) {
      return ['UNTRACKED', 'SNAT', 'DNAT'].includes(word.toUpperCase())
        ? notSimulated(`the state ${word}`)
        : usage(`Bad ${option.slice(2)} "${word}"`);
    }
    list.push(known);
  }
  return ok(list);
}

function then<T>(read: Read<T>, take: (value: T) => unknown): Read<unknown> {
  return read.ok ? ok(take(read.value)) : read;
}

function usage(message: string): Read<never> {
  return err({ kind: 'usage', message });
}

function notSimulated(what: string): Read<never> {
  return err({ kind: 'not-simulated', what });
}
