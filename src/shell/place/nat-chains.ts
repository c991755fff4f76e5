/** The chains of a machine's nat table, rebuilt from the rules that the model translates by, so both say the same. */
import { formatAddress } from '../../model/ip/address.ts';
import { setComplement, setToPrefixes } from '../../model/ip/address-set.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { PacketMatch, TranslationRule } from '../../model/network/network.ts';

export interface ChainRule {
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
  /** The interface by which the packet leaves; absent means any. */
  readonly out?: string;
}

export interface Chain {
  readonly name: string;
  /** Null for chains that users make. */
  readonly policy: 'ACCEPT' | null;
  readonly rules: readonly ChainRule[];
}

const ANYWHERE = '0.0.0.0/0';

function plain(target: string, match = '', extra = ''): ChainRule {
  return { target, match, source: ANYWHERE, destination: ANYWHERE, protocol: 'all', extra };
}

/** Returns the chains, the built-in ones first. What eBPF programs translate is in no chain. */
export function natChains(translations: readonly TranslationRule[]): readonly Chain[] {
  const masquerade: ChainRule[] = [];
  const swift: ChainRule[] = [];
  const services: ChainRule[] = [];
  const nodePorts: ChainRule[] = [];
  const more = new Map<string, ChainRule[]>();
  const users: ChainRule[] = [];
  for (const rule of translations) {
    if (rule.by.startsWith(USERS)) users.push(usersRule(rule));
    else if (rule.by.startsWith('IP-MASQ-AGENT')) {
      // The model may say in several rules, by source, what the agent says in one.
      for (const made of masqueradeRule(rule)) {
        if (!masquerade.some((each) => each.match === made.match)) masquerade.push(made);
      }
    } else if (rule.by.startsWith(SWIFT)) swift.push(...swiftRule(rule));
    else if (rule.by.startsWith('KUBE-SERVICES')) serviceRule(rule, services, more);
    else if (rule.by.startsWith('KUBE-NODEPORTS')) serviceRule(rule, nodePorts, more);
  }
  const proxied = services.length + nodePorts.length > 0;
  const own: Chain[] = [
    ...(masquerade.length > 0 ? [made('IP-MASQ-AGENT', masquerade)] : []),
    ...(proxied ? proxyChains(services, nodePorts, more) : []),
    ...(swift.length > 0 ? [made(SWIFT, swift)] : []),
  ];
  const portal = proxied ? [PORTAL] : [];
  const postrouting = [
    ...(proxied ? [TO_KUBE_POSTROUTING] : []),
    ...(masquerade.length > 0 ? [TO_IP_MASQ_AGENT] : []),
    ...(swift.length > 0 ? [plain(SWIFT)] : []),
    ...users,
  ];
  const builtIn = (name: string, rules: readonly ChainRule[]): Chain => ({ name, policy: 'ACCEPT', rules });
  return [
    builtIn('PREROUTING', portal),
    builtIn('INPUT', []),
    builtIn('OUTPUT', portal),
    builtIn('POSTROUTING', postrouting),
    ...own.sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
}

/** A rule that the user of a VM wrote stands under its own text. */
const USERS = '-A POSTROUTING';

function usersRule({ by, match }: TranslationRule): ChainRule {
  const only = (set: PacketMatch['source']): string => {
    const [prefix] = set === undefined ? [] : setToPrefixes(set);
    return prefix === undefined ? ANYWHERE : formatPrefix(prefix).replace(/\/32$/, '');
  };
  return {
    target: 'MASQUERADE',
    match: by.slice(USERS.length).replace('-j MASQUERADE', '').trim(),
    source: only(match.source),
    destination: only(match.destination),
    protocol: 'all',
    extra: '',
    ...(match.outInterface === undefined ? {} : { out: match.outInterface }),
  };
}

/** Azure's CNS writes it where pods have a subnet of their own. */
const SWIFT = 'SWIFT-POSTROUTING';

const PORTAL = plain(
  'KUBE-SERVICES',
  '-m comment --comment "kubernetes service portals"',
  '/* kubernetes service portals */',
);
const TO_KUBE_POSTROUTING = plain(
  'KUBE-POSTROUTING',
  '-m comment --comment "kubernetes postrouting rules"',
  '/* kubernetes postrouting rules */',
);
const TO_IP_MASQ_AGENT = plain(
  'IP-MASQ-AGENT',
  '-m comment --comment "ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain" -m addrtype ! --dst-type LOCAL',
  '/* ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain */ ADDRTYPE match dst-type !LOCAL',
);

function made(name: string, rules: readonly ChainRule[]): Chain {
  return { name, policy: null, rules };
}

function proxyChains(
  services: readonly ChainRule[],
  nodePorts: readonly ChainRule[],
  more: ReadonlyMap<string, readonly ChainRule[]>,
): readonly Chain[] {
  return [
    made('KUBE-MARK-MASQ', [
      { ...plain('MARK', '', 'MARK or 0x4000'), targetOptions: '--set-xmark 0x4000/0x4000' },
    ]),
    made('KUBE-NODEPORTS', nodePorts),
    made('KUBE-POSTROUTING', [
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
    ]),
    made('KUBE-SERVICES', [
      ...services,
      plain(
        'KUBE-NODEPORTS',
        '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL',
        '/* kubernetes service nodeports; NOTE: this must be the last rule in this chain */ ADDRTYPE match dst-type LOCAL',
      ),
    ]),
    ...[...more].map(([name, rules]) => made(name, rules)),
  ];
}

/** One rule per protocol, source and destination, with the options in the order of CNS. */
function swiftRule({ match, action }: TranslationRule): readonly ChainRule[] {
  if (action.kind !== 'source') return [];
  const to = formatAddress(action.address);
  const port = match.destinationPorts?.[0]?.from ?? 0;
  return (match.protocols ?? []).flatMap((protocol) =>
    prefixesOf(match.source).flatMap((source) =>
      prefixesOf(match.destination).map((destination): ChainRule => ({
        target: 'SNAT',
        match: `-s ${source} -d ${destination} -p ${protocol} -m addrtype ! --dst-type LOCAL -m ${protocol} --dport ${port}`,
        source,
        destination: destination.replace(/\/32$/, ''),
        protocol,
        extra: `ADDRTYPE match dst-type !LOCAL ${protocol} dpt:${port} to:${to}`,
        targetOptions: `--to-source ${to}`,
      })),
    ),
  );
}

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
