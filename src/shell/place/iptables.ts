/** `iptables -t nat -S|-L`: the node's translation rules, under the chain names of kube-proxy and ip-masq-agent. */
import { formatAddress } from '../../model/ip/address.ts';
import { setComplement, setToPrefixes } from '../../model/ip/address-set.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { PacketMatch, TranslationRule } from '../../model/network/network.ts';
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed, readOptions } from './program.ts';

interface ChainRule {
  readonly target: string;
  /** iptables' own words, as after `-A CHAIN`. */
  readonly match: string;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** What -L prints behind the addresses. */
  readonly extra: string;
  /** What follows the target in `iptables -S`. */
  readonly targetOptions?: string;
}

interface Chain {
  readonly name: string;
  /** Null for chains that users make. */
  readonly policy: 'ACCEPT' | null;
  readonly rules: readonly ChainRule[];
}

export function iptables(): SimulatedCommand {
  return networkProgram('iptables', 'gnu', ({ args, view }) => {
    const options = readOptions(args, {
      switches: 'nvx',
      values: 't',
      longSwitches: ['line-numbers', 'numeric', 'verbose', 'list', 'list-rules'],
      longValues: ['table'],
    });
    const listing = readListing(args);
    if (listing === null) {
      const changes = args.find((arg) =>
        /^-[ADIRFNXPZE]$|^--(append|delete|insert|replace|flush|new-chain|policy)$/.test(arg),
      );
      if (changes !== undefined) return notSimulatedHere('iptables', `changing rules (${changes})`);
      if (!options.ok)
        return failed(
          `iptables v1.8.7 (nf_tables): ${options.error}\nTry \`iptables -h' or 'iptables --help' for more information.\n`,
          2,
        );
      return failed(
        "iptables v1.8.7 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.\n",
        2,
      );
    }
    if (nodeOfView(view) === null && view.place.kind === 'pod') {
      return failed(
        'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n',
        4,
      );
    }
    const table = tableName(args);
    if (table !== 'nat')
      return notSimulatedHere(
        'iptables',
        `the table "${table}" (nat is: iptables -t nat -${listing.kind === 'rules' ? 'S' : 'L'})`,
      );
    return listChains(view, listing);
  });
}

export function iptablesSave(): SimulatedCommand {
  return networkProgram('iptables-save', 'gnu', ({ args, view }) => {
    if (tableName(args) !== 'nat' && args.length > 0)
      return notSimulatedHere('iptables-save', 'any table but nat');
    if (nodeOfView(view) === null && view.place.kind === 'pod')
      return failed('iptables-save: Permission denied (you must be root)\n');
    const chains = natChains(view);
    const head = chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} [0:0]\n`).join('');
    const rules = chains.flatMap((chain) => chain.rules.map((rule) => ruleLine(chain.name, rule))).join('');
    return printed(`*nat\n${head}${rules}COMMIT\n`);
  });
}

interface Listing {
  readonly kind: 'rules' | 'table';
  readonly chain: string | null;
  readonly numbered: boolean;
  readonly verbose: boolean;
}

/** `-S`, `-L`, `-nvL`, `-L CHAIN`. */
function readListing(args: readonly string[]): Listing | null {
  let kind: Listing['kind'] | null = null;
  let chain: string | null = null;
  let verbose = false;
  for (const [at, arg] of args.entries()) {
    const isRules = arg === '--list-rules' || /^-[nvx]*S$/.test(arg);
    const isTable = arg === '--list' || /^-[nvx]*L[nvx]*$/.test(arg);
    if (/^-[A-Za-z]*v/.test(arg) || arg === '--verbose') verbose = true;
    if (isRules || isTable) {
      kind = isRules ? 'rules' : 'table';
      const next = args[at + 1];
      if (next !== undefined && !next.startsWith('-')) chain = next;
    } else if (
      arg.startsWith('-') &&
      !/^-[nvxt]+$/.test(arg) &&
      !['--table', '--line-numbers', '--numeric', '--verbose'].includes(arg)
    )
      return null;
  }
  return kind === null ? null : { kind, chain, verbose, numbered: args.includes('--line-numbers') };
}

function tableName(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === '-t' || arg === '--table');
  const joined = args.find((arg) => /^-t\w|^--table=/.test(arg));
  return at >= 0 ? (args[at + 1] ?? '') : (joined?.replace(/^-t|^--table=/, '') ?? 'filter');
}

function listChains(view: NetworkView, listing: Listing): CommandResult {
  const all = natChains(view);
  const chains = listing.chain === null ? all : all.filter((chain) => chain.name === listing.chain);
  if (chains.length === 0) return failed('iptables: No chain/target/match by that name.\n');
  if (listing.kind === 'rules') {
    const made = chains
      .map((chain) => (chain.policy === null ? `-N ${chain.name}\n` : `-P ${chain.name} ${chain.policy}\n`))
      .join('');
    return printed(
      made + chains.flatMap((chain) => chain.rules.map((rule) => ruleLine(chain.name, rule))).join(''),
    );
  }
  return printed(
    chains
      .map((chain) => {
        const references = all
          .flatMap((each) => each.rules)
          .filter((rule) => rule.target === chain.name).length;
        const counters = listing.verbose ? ' 0 packets, 0 bytes' : '';
        const title =
          chain.policy === null
            ? `Chain ${chain.name} (${references} references)`
            : `Chain ${chain.name} (policy ${chain.policy}${counters})`;
        const number = (at: number) => (listing.numbered ? String(at + 1).padEnd(5) : '');
        const header = listing.verbose
          ? `${listing.numbered ? 'num  ' : ''} pkts bytes target     prot opt in     out     source               destination         \n`
          : `${listing.numbered ? 'num  ' : ''}target     prot opt source               destination         \n`;
        const rows = chain.rules.map((rule, at) => {
          const addresses = `${rule.source.padEnd(20)} ${rule.destination.padEnd(20)} ${rule.extra}\n`;
          return listing.verbose
            ? `${number(at)}    0     0 ${rule.target.padEnd(10)} ${rule.protocol.padEnd(4)} --  *      *       ${addresses}`
            : `${number(at)}${rule.target.padEnd(10)} ${rule.protocol.padEnd(4)} --  ${addresses}`;
        });
        return `${title}\n${header}${rows.join('')}`;
      })
      .join('\n'),
  );
}

function ruleLine(chain: string, rule: ChainRule): string {
  const options = rule.targetOptions === undefined ? '' : ` ${rule.targetOptions}`;
  return `-A ${chain}${rule.match === '' ? '' : ` ${rule.match}`} -j ${rule.target}${options}\n`;
}

const ANYWHERE = '0.0.0.0/0';

function plain(target: string, match = '', extra = ''): ChainRule {
  return { target, match, source: ANYWHERE, destination: ANYWHERE, protocol: 'all', extra };
}

/** Rebuilds the chains from the rules that the model translates by, so both say the same. */
function natChains(view: NetworkView): readonly Chain[] {
  const masquerade: ChainRule[] = [];
  const services: ChainRule[] = [];
  const nodePorts: ChainRule[] = [];
  const more = new Map<string, ChainRule[]>();
  for (const rule of view.host.translations) {
    if (rule.by.startsWith('IP-MASQ-AGENT')) {
      // The model may say in several rules, by source, what the agent says in one.
      for (const made of masqueradeRule(rule)) {
        if (!masquerade.some((each) => each.match === made.match)) masquerade.push(made);
      }
    } else if (rule.by.startsWith('KUBE-SERVICES')) serviceRule(rule, services, more);
    else if (rule.by.startsWith('KUBE-NODEPORTS')) serviceRule(rule, nodePorts, more);
  }
  const own = masquerade.length + services.length > 0;
  if (!own) return BUILT_IN.map((name) => ({ name, policy: 'ACCEPT', rules: [] }));
  const portal = plain(
    'KUBE-SERVICES',
    '-m comment --comment "kubernetes service portals"',
    '/* kubernetes service portals */',
  );
  return [
    { name: 'PREROUTING', policy: 'ACCEPT', rules: [portal] },
    { name: 'INPUT', policy: 'ACCEPT', rules: [] },
    { name: 'OUTPUT', policy: 'ACCEPT', rules: [portal] },
    {
      name: 'POSTROUTING',
      policy: 'ACCEPT',
      rules: [
        plain(
          'KUBE-POSTROUTING',
          '-m comment --comment "kubernetes postrouting rules"',
          '/* kubernetes postrouting rules */',
        ),
        plain(
          'IP-MASQ-AGENT',
          '-m comment --comment "ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain" -m addrtype ! --dst-type LOCAL',
          '/* ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain */ ADDRTYPE match dst-type !LOCAL',
        ),
      ],
    },
    { name: 'IP-MASQ-AGENT', policy: null, rules: masquerade },
    {
      name: 'KUBE-MARK-MASQ',
      policy: null,
      rules: [{ ...plain('MARK', '', 'MARK or 0x4000'), targetOptions: '--set-xmark 0x4000/0x4000' }],
    },
    { name: 'KUBE-NODEPORTS', policy: null, rules: nodePorts },
    {
      name: 'KUBE-POSTROUTING',
      policy: null,
      rules: [
        plain('RETURN', '-m mark ! --mark 0x4000/0x4000', 'mark match ! 0x4000/0x4000'),
        { ...plain('MARK', '', 'MARK xor 0x4000'), targetOptions: '--set-xmark 0x4000/0x0' },
        {
          ...plain(
            'MASQUERADE',
            '-m comment --comment "kubernetes service traffic requiring SNAT"',
            '/* kubernetes service traffic requiring SNAT */ random-fully',
          ),
          targetOptions: '--random-fully',
        },
      ],
    },
    {
      name: 'KUBE-SERVICES',
      policy: null,
      rules: [
        ...services,
        plain(
          'KUBE-NODEPORTS',
          '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL',
          '/* kubernetes service nodeports; NOTE: this must be the last rule in this chain */ ADDRTYPE match dst-type LOCAL',
        ),
      ],
    },
    ...[...more]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, rules]): Chain => ({ name, policy: null, rules })),
  ];
}

const BUILT_IN = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'];

function masqueradeRule(rule: TranslationRule): readonly ChainRule[] {
  const local = '/* ip-masq-agent: local traffic is not subject to MASQUERADE */';
  if (rule.action.kind === 'none') {
    return prefixesOf(rule.match.destination).map((destination) => ({
      ...plain(
        'RETURN',
        `-d ${destination} -m comment --comment "ip-masq-agent: local traffic is not subject to MASQUERADE"`,
        local,
      ),
      destination,
    }));
  }
  return [
    plain(
      'MASQUERADE',
      '-m comment --comment "ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)"',
      '/* ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain) */',
    ),
  ];
}

/** One Service port: its jump, its KUBE-SVC chain, and a KUBE-SEP chain per endpoint. */
function serviceRule(rule: TranslationRule, jumps: ChainRule[], more: Map<string, ChainRule[]>): void {
  const named = /-> (KUBE-\w+-\w+) \((\S+)/.exec(rule.by);
  const chain = named?.[1];
  const label = named?.[2] ?? '';
  if (chain === undefined || rule.action.kind !== 'destination') return;
  const protocol = rule.match.protocols?.[0] ?? 'tcp';
  const port = rule.match.destinationPorts?.[0]?.from ?? 0;
  const [destination = ANYWHERE] = prefixesOf(rule.match.destination);
  const isNodePort = rule.by.startsWith('KUBE-NODEPORTS');
  const comment = isNodePort ? label : `${label} cluster IP`;
  // The model splits a rule by source where the chain marks; the chain itself has one jump.
  if (!jumps.some((each) => each.target === chain && each.extra.includes(`dpt:${port}`))) {
    jumps.push({
      target: chain,
      match: `${destination === ANYWHERE ? '' : `-d ${destination} `}-p ${protocol} -m comment --comment "${comment}" -m ${protocol} --dport ${port}`,
      source: ANYWHERE,
      destination: destination.replace(/\/32$/, ''),
      protocol,
      extra: `/* ${comment} */ ${protocol} dpt:${port}`,
    });
  }
  if (more.has(chain)) return;
  const { backends } = rule.action;
  const balanced: ChainRule[] = [];
  for (const [at, backend] of backends.entries()) {
    const endpoint = /KUBE-SEP-\w+/.exec(backend.by)?.[0] ?? 'KUBE-SEP';
    const where = `${formatAddress(backend.address)}:${backend.port ?? port}`;
    const left = backends.length - at;
    const chance = (1 / left).toFixed(11);
    const note = `${label} -> ${where}`;
    balanced.push(
      left === 1
        ? plain(endpoint, `-m comment --comment "${note}"`, `/* ${note} */`)
        : plain(
            endpoint,
            `-m comment --comment "${note}" -m statistic --mode random --probability ${chance}`,
            `/* ${note} */ statistic mode random probability ${chance}`,
          ),
    );
    more.set(endpoint, [
      {
        ...plain(
          'KUBE-MARK-MASQ',
          `-s ${formatAddress(backend.address)}/32 -m comment --comment "${label}"`,
          `/* ${label} */`,
        ),
        source: formatAddress(backend.address),
      },
      {
        ...plain(
          'DNAT',
          `-p ${protocol} -m comment --comment "${label}" -m ${protocol}`,
          `/* ${label} */ ${protocol} to:${where}`,
        ),
        targetOptions: `--to-destination ${where}`,
        protocol,
      },
    ]);
  }
  const marks: ChainRule[] = isNodePort ? [] : outsideMark(rule.match, destination, protocol, port, label);
  more.set(chain, [...marks, ...balanced]);
}

function outsideMark(
  match: PacketMatch,
  destination: string,
  protocol: string,
  port: number,
  label: string,
): ChainRule[] {
  if (match.source === undefined) return [];
  return [
    {
      target: 'KUBE-MARK-MASQ',
      match:
        `! -s PODCIDR -d ${destination} -p ${protocol} -m comment --comment "${label} cluster IP" -m ${protocol} --dport ${port}`.replace(
          'PODCIDR',
          complementOf(match),
        ),
      source: `!${complementOf(match)}`,
      destination: destination.replace(/\/32$/, ''),
      protocol,
      extra: `/* ${label} cluster IP */ ${protocol} dpt:${port}`,
    },
  ];
}

/** The pod range, of which the match holds everything else. */
function complementOf(match: PacketMatch): string {
  const prefixes = match.source === undefined ? [] : setToPrefixes(setComplement(match.source));
  return prefixes.map(formatPrefix).join(',');
}

function prefixesOf(set: PacketMatch['destination']): readonly string[] {
  return set === undefined ? [] : setToPrefixes(set).map(formatPrefix);
}
