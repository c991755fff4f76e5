/**
 * A set of VNets in short text, one statement a line (or behind `;`):
 *
 *     hub 10.0.0.0/16 gateway firewall=10.0.0.4
 *     spoke1 10.1.0.0/16
 *     hub<->spoke1 access forwarded transit
 *     spoke1->hub access remote
 *     route spoke1 10.2.0.0/16 10.0.0.4
 *
 * For a command line without quotes the same goes as one word for each statement, with colons for
 * spaces and `--` for `<->`: `hub:10.0.0.0/16:gateway spoke1:10.1.0.0/16 hub--spoke1:access`.
 */
import { formatAddress, parseAddress } from '../model/ip/address.ts';
import { formatIpError } from '../model/ip/ip-error.ts';
import { formatPrefix, parsePrefix, prefixContains } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { Result } from '../model/result.ts';
import { err, ok } from '../model/result.ts';
import type { PeeringFlags } from '../model/azure/virtual-network-peering.ts';
import type { InputIssue } from './input.ts';

export interface VnetStatement {
  readonly line: number;
  readonly name: string;
  readonly prefixes: readonly Prefix[];
  /** Networks behind its gateway; null without a gateway, empty where nothing is said of them. */
  readonly gateway: readonly Prefix[] | null;
  /** Who passes packets on in it: Azure Firewall, or a machine. */
  readonly forwarder: { readonly kind: 'firewall' | 'nva'; readonly address: string } | null;
  readonly location: string | null;
  readonly propagation: 'on' | 'off';
}

export interface LinkStatement {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly flags: PeeringFlags;
}

export interface RouteStatement {
  readonly line: number;
  readonly vnet: string;
  /** The machines' subnet, or GatewaySubnet: what comes in through the gateway has its routes. */
  readonly of: 'machines' | 'gateway';
  readonly prefix: string;
  readonly nextHop: 'gateway' | 'internet' | 'none' | { readonly address: string };
}

export interface MatrixText {
  readonly vnets: readonly VnetStatement[];
  readonly links: readonly LinkStatement[];
  readonly routes: readonly RouteStatement[];
}

/** A network of a thousand VNets is shorter. */
const LONGEST_TEXT = 200_000;
/** What a link is recognised by is tried from each of its dashes. */
const LONGEST_STATEMENT = 2_000;

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const LINK = /^([A-Za-z0-9_][A-Za-z0-9_.-]*?)\s*(<->|->|<-|--)\s*([A-Za-z0-9_][A-Za-z0-9_.-]*)(?:\s+(.*))?$/;

const FLAG_WORDS: Readonly<Record<string, 'access' | 'forwarded' | 'transit' | 'remote'>> = {
  access: 'access',
  'allow-vnet-access': 'access',
  allowvirtualnetworkaccess: 'access',
  forwarded: 'forwarded',
  'allow-forwarded-traffic': 'forwarded',
  allowforwardedtraffic: 'forwarded',
  transit: 'transit',
  'allow-gateway-transit': 'transit',
  allowgatewaytransit: 'transit',
  remote: 'remote',
  'use-remote-gateways': 'remote',
  useremotegateways: 'remote',
};

/** Returns the text of a value: a word without spaces has colons for them. */
export function spacedStatement(value: string): string {
  return /\s/.test(value.trim()) ? value : value.replaceAll(':', ' ');
}

/** Reads the statements; every problem at once, each with its line. `flag` is where the text comes from. */
export function readMatrixText(text: string, flag: string): Result<MatrixText, readonly InputIssue[]> {
  if (text.length > LONGEST_TEXT) {
    const [has, most] = [text.length, LONGEST_TEXT].map((each) => each.toLocaleString('en'));
    const message = `has ${has} characters, and ${most} are read as statements.`;
    return err([{ flag, value: null, message, instead: null }]);
  }
  const reader = new Reader(flag);
  let line = 0;
  for (const row of text.split('\n')) {
    line++;
    for (const statement of row.replace(/#.*$/, '').split(';')) {
      const words = statement.trim();
      if (words !== '') reader.read(words, line);
    }
  }
  return reader.finish();
}

class Reader {
  readonly #flag: string;
  readonly #issues: InputIssue[] = [];
  readonly #vnets: VnetStatement[] = [];
  readonly #links: { line: number; left: string; arrow: string; right: string; words: Set<string> }[] = [];
  readonly #routes: RouteStatement[] = [];

  constructor(flag: string) {
    this.#flag = flag;
  }

  read(statement: string, line: number): void {
    if (statement.length > LONGEST_STATEMENT) {
      this.#refuse(line, statement, `a statement has ${LONGEST_STATEMENT} characters at most.`, null);
      return;
    }
    const link = LINK.exec(statement);
    if (link !== null) {
      this.#link(link, line);
      return;
    }
    const [first = '', ...rest] = statement.split(/\s+/);
    if (first.toLowerCase() === 'route') this.#route(rest, line);
    else this.#vnet(first, rest, line);
  }

  finish(): Result<MatrixText, readonly InputIssue[]> {
    const known = new Map(this.#vnets.map((each) => [each.name.toLowerCase(), each]));
    const check = (name: string, line: number): void => {
      if (known.has(name.toLowerCase())) return;
      this.#refuse(line, name, `there is no VNet ${name}.`, `a line such as "${name} 10.1.0.0/16".`);
    };
    for (const { left, right, line } of this.#links) {
      check(left, line);
      check(right, line);
    }
    for (const { vnet, of, line } of this.#routes) {
      check(vnet, line);
      if (of === 'gateway' && (known.get(vnet.toLowerCase())?.gateway ?? null) === null)
        this.#refuse(line, vnet, `VNet ${vnet} has no gateway.`, `${vnet} PREFIX gateway`);
    }
    if (this.#issues.length > 0) return err(this.#issues);
    const links = this.#links.flatMap((each) => linksOf(each, known));
    return ok({ vnets: this.#vnets, links, routes: this.#routes });
  }

  #refuse(line: number, value: string, message: string, instead: string | null = null): void {
    this.#issues.push({ flag: this.#flag, value, message: `line ${line}: ${message}`, instead });
  }

  #vnet(name: string, words: readonly string[], line: number): void {
    if (!NAME.test(name)) {
      this.#refuse(
        line,
        name,
        `"${name}" starts no statement.`,
        '"hub 10.0.0.0/16", "hub<->spoke access" or "route spoke 0.0.0.0/0 10.0.0.4".',
      );
      return;
    }
    if (this.#vnets.some((each) => each.name.toLowerCase() === name.toLowerCase())) {
      this.#refuse(line, name, `VNet ${name} is there already.`);
      return;
    }
    const prefixes: Prefix[] = [];
    let gateway: Prefix[] | null = null;
    let forwarder: VnetStatement['forwarder'] = null;
    let location: string | null = null;
    let propagation: 'on' | 'off' = 'on';
    for (const word of words
      .flatMap((each) => (each.includes('=') ? [each] : each.split(',')))
      .filter((each) => each !== '')) {
      const [key = '', value = ''] = word.split(/=(.*)/s);
      switch (key.toLowerCase()) {
        case 'gateway':
          gateway = value
            .split(',')
            .filter((each) => each !== '')
            .flatMap((each) => this.#prefix(each, line));
          continue;
        case 'firewall':
        case 'nva': {
          const address = parseAddress(value);
          if (address.ok)
            forwarder = {
              kind: key.toLowerCase() === 'nva' ? 'nva' : 'firewall',
              address: formatAddress(address.value),
            };
          else
            this.#refuse(line, word, `${key}= needs an address in ${name}: ${formatIpError(address.error)}.`);
          continue;
        }
        case 'region':
        case 'location':
          location = value.toLowerCase();
          continue;
        case 'propagation':
          propagation = value.toLowerCase() === 'off' ? 'off' : 'on';
          if (!['on', 'off'].includes(value.toLowerCase()))
            this.#refuse(line, word, 'propagation is on or off.', 'propagation=off');
          continue;
      }
      if (word.includes('=') || !/[/.]/.test(word)) {
        this.#refuse(
          line,
          word,
          `"${word}" is nothing that a VNet has.`,
          'a prefix, gateway, gateway=PREFIX, firewall=ADDRESS, nva=ADDRESS, region=NAME or propagation=off.',
        );
        continue;
      }
      prefixes.push(...this.#prefix(word, line));
    }
    if (prefixes.length === 0) {
      if (this.#issues.length === 0)
        this.#refuse(line, name, `VNet ${name} has no address space.`, `${name} 10.0.0.0/16`);
      return;
    }
    if (forwarder !== null) {
      const at = parseAddress(forwarder.address);
      const inside = at.ok && prefixes.some((each) => prefixContains(each, at.value));
      if (!inside)
        this.#refuse(
          line,
          forwarder.address,
          `${forwarder.address} is not in VNet ${name} (${prefixes.map(formatPrefix).join(' ')}).`,
        );
    }
    this.#vnets.push({ line, name, prefixes, gateway, forwarder, location, propagation });
  }

  #prefix(text: string, line: number): readonly Prefix[] {
    const parsed = parsePrefix(text);
    if (parsed.ok) return [parsed.value];
    const { suggestion, ...plain } = parsed.error;
    this.#refuse(line, text, `${formatIpError(plain)}.`, suggestion ?? null);
    return [];
  }

  #link([, left = '', arrow = '', right = '', rest = '']: RegExpExecArray, line: number): void {
    const words = new Set<string>();
    for (const word of rest.split(/[\s,]+/).filter((each) => each !== '')) {
      const known = FLAG_WORDS[word.toLowerCase().replace(/^--/, '')];
      if (known === undefined) {
        this.#refuse(
          line,
          word,
          `"${word}" is no flag of a peering.`,
          'access, forwarded, transit or remote.',
        );
      } else words.add(known);
    }
    if (left.toLowerCase() === right.toLowerCase()) {
      this.#refuse(line, left, 'a VNet has no peering with itself.');
      return;
    }
    this.#links.push({ line, left, arrow, right, words });
  }

  #route(words: readonly string[], line: number): void {
    const [where, prefixText, hop, ...more] = words.filter(
      (word) => !['via', '->'].includes(word.toLowerCase()),
    );
    if (where === undefined || prefixText === undefined || hop === undefined || more.length > 0) {
      this.#refuse(
        line,
        `route ${words.join(' ')}`,
        'a route is "route VNET PREFIX NEXT-HOP".',
        'route spoke1 10.2.0.0/16 10.0.0.4',
      );
      return;
    }
    const [vnet = '', part] = where.split('/');
    if (part !== undefined && !['gateway', 'gatewaysubnet'].includes(part.toLowerCase())) {
      this.#refuse(
        line,
        where,
        `"${part}" is no subnet that routes can be given.`,
        `${vnet}, or ${vnet}/gateway.`,
      );
      return;
    }
    const of = part === undefined ? 'machines' : 'gateway';
    const [prefix] = this.#prefix(prefixText, line);
    if (prefix === undefined) return;
    const word = hop.toLowerCase();
    if (word === 'gateway' || word === 'internet' || word === 'none') {
      this.#routes.push({ line, vnet, of, prefix: formatPrefix(prefix), nextHop: word });
      return;
    }
    const address = parseAddress(hop);
    if (!address.ok) {
      this.#refuse(line, hop, `"${hop}" is no next hop.`, 'an address, gateway, internet or none.');
      return;
    }
    this.#routes.push({
      line,
      vnet,
      of,
      prefix: formatPrefix(prefix),
      nextHop: { address: formatAddress(address.value) },
    });
  }
}

/** `<->` and `--` make both links with the same flags; `transit` there means each side's own half of it. */
function linksOf(
  {
    line,
    left,
    arrow,
    right,
    words,
  }: {
    readonly line: number;
    readonly left: string;
    readonly arrow: string;
    readonly right: string;
    readonly words: ReadonlySet<string>;
  },
  vnets: ReadonlyMap<string, VnetStatement>,
): readonly LinkStatement[] {
  const name = (text: string): string => vnets.get(text.toLowerCase())?.name ?? text;
  const flags = (transit: boolean, remote: boolean): PeeringFlags => ({
    allowVirtualNetworkAccess: words.has('access'),
    allowForwardedTraffic: words.has('forwarded'),
    allowGatewayTransit: transit,
    useRemoteGateways: remote,
  });
  const link = (from: string, to: string, set: PeeringFlags): LinkStatement => ({
    line,
    from: name(from),
    to: name(to),
    flags: set,
  });
  if (arrow === '->') return [link(left, right, flags(words.has('transit'), words.has('remote')))];
  if (arrow === '<-') return [link(right, left, flags(words.has('transit'), words.has('remote')))];
  const shares = words.has('transit') || words.has('remote');
  const owner =
    (vnets.get(right.toLowerCase())?.gateway ?? null) !== null &&
    (vnets.get(left.toLowerCase())?.gateway ?? null) === null
      ? right
      : left;
  const user = owner === left ? right : left;
  return [link(owner, user, flags(shares, false)), link(user, owner, flags(false, shares))];
}
