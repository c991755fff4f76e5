/** Inputs of the firewall rule evaluator. */
import { privateRangesOf } from '../../model/firewall/sides.ts';
import { noAddress, setOf, setOfAddresses, setUnion } from '../../model/ip/address-set.ts';
import type { AddressSet } from '../../model/ip/address-set.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { parsePrefix } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { withFallbacks } from '../fallback-values.ts';
import { assemble } from '../firewall-assembly.ts';
import type { FirewallQuestion, GivenFirewall } from '../firewall-evaluator.ts';
import { PACKET_PROTOCOLS, readQuestion } from '../firewall-packet.ts';
import type { PacketProtocol } from '../firewall-packet.ts';
import { readFirewallTexts } from '../firewall-text.ts';
import { WORD_FORMS } from '../firewall-words.ts';
import { cutName, InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';

const PROTOCOL: CalculatorFlag = {
  name: 'protocol',
  aliases: ['proto', 'p'],
  takes: 'one',
  placeholder: PACKET_PROTOCOLS.join('|'),
  label: 'Protocol',
  help: 'What the connection speaks. Without it, the port of a name says it: 443 is https, 80 is http, 1433 is mssql, 53 and 123 are udp, all else tcp.',
  choices: PACKET_PROTOCOLS.map((value) => ({ value, label: value })),
  words: { tls: 'https', sql: 'mssql', ping: 'icmp' },
};

const DNS_PROXY: CalculatorFlag = {
  name: 'dns-proxy',
  aliases: ['dns', 'enable-dns-proxy'],
  takes: 'one',
  placeholder: 'on|off',
  label: 'DNS proxy',
  help: 'Whether the firewall resolves the FQDNs of network rules. Without it: what the JSON says.',
  choices: [
    { value: 'on', label: 'on' },
    { value: 'off', label: 'off' },
  ],
  words: { true: 'on', false: 'off', yes: 'on', no: 'off' },
  rare: true,
};

export const FIREWALL_RULES_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'file',
    aliases: ['f', 'firewall-file'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'File',
    help: "Output of 'az network firewall show', or of 'az network firewall policy rule-collection-group list', with -o json; several such files for a policy and its parent.",
    fileFor: 'rules',
    fileName: 'firewall.json',
    terminalOnly: true,
  },
  {
    name: 'rules',
    aliases: ['rule', 'firewall', 'policy', 'r'],
    takes: 'many',
    placeholder: 'JSON|WORD ...',
    label: 'Rules',
    help: `The JSON of az network firewall show, or of firewall policy rule-collection-group list and policy show of each policy, one behind the other. Or one word for each rule: ${WORD_FORMS.net}, ${WORD_FORMS.app} or ${WORD_FORMS.nat}, with commas in lists, fqdn/NAME and ipGroup/NAME among addresses, tag/NAME among FQDNs. NAME is [[POLICY/]GROUP@PRIORITY/]COLLECTION[/RULE].`,
    required: true,
    lines: 10,
  },
  {
    name: 'from',
    aliases: ['source', 'src'],
    takes: 'one',
    placeholder: 'ADDRESS',
    label: 'From',
    help: 'Address of the client. A public one comes in from the internet.',
    required: true,
  },
  {
    name: 'to',
    aliases: ['destination', 'dest', 'dst'],
    takes: 'many',
    placeholder: 'NAME|ADDRESS[:PORT][/PROTOCOL] ...',
    label: 'To',
    help: 'One or several: mcr.microsoft.com:443, https://example.com/, 10.2.0.4:22, ntp.ubuntu.com:123/udp. NAME@ADDRESS says what a name resolves to.',
    required: true,
  },
  PROTOCOL,
  {
    name: 'host',
    aliases: ['sni', 'hostname'],
    takes: 'one',
    placeholder: 'NAME',
    label: 'Host or server name',
    help: 'What the connection asks for, where that is not the name in To: the Host header, or the server name (SNI) of TLS.',
    rare: true,
  },
  {
    name: 'parent',
    aliases: ['base-policy', 'base'],
    takes: 'one',
    placeholder: 'NAME',
    label: 'Parent policy',
    help: 'Which of two policies is the parent, where their JSON does not say.',
    rare: true,
  },
  {
    name: 'ip-group',
    aliases: ['ip-groups', 'ipgroup'],
    takes: 'many',
    placeholder: 'NAME=ADDRESS ...',
    label: 'IP groups',
    help: 'One for each address, prefix or range: spokes=10.1.0.0/16. The JSON of az network ip-group list beside the rules says it too.',
    rare: true,
  },
  {
    name: 'tag',
    aliases: ['service-tag', 'tags'],
    takes: 'many',
    placeholder: 'NAME=PREFIX ...',
    label: 'Content of service tags',
    help: "Azure's addresses are not known here: AzureCloud.westeurope=20.50.0.0/16.",
    rare: true,
  },
  DNS_PROXY,
  {
    name: 'private-ranges',
    aliases: ['private-range', 'snat'],
    takes: 'many',
    placeholder: 'PREFIX|IANAPrivateRanges ...',
    label: 'Private ranges (SNAT)',
    help: 'Destinations for which network rules leave the source as it is. 255.255.255.255/32 means none. Without it: what the JSON says.',
    rare: true,
  },
];

/** More are no question any more. */
const MOST_DESTINATIONS = 200;

/** The question with what was assumed and what is worth a warning. */
export interface FirewallRulesInput {
  readonly firewall: GivenFirewall;
  readonly questions: readonly FirewallQuestion[];
  readonly from: string;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

/** Returns the inputs, or everything that is wrong with them. */
export function readFirewallRules(values: FlagValues): Result<FirewallRulesInput, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(FIREWALL_RULES_FLAGS, values));
  const parts = readFirewallTexts(reader.raw('rules'));
  for (const { line, message, instead } of parts.problems) {
    reader.refuse('rules', null, `${line === null ? '' : `line ${line}: `}${message}`, instead);
  }
  const privateRanges = reader.isGiven('private-ranges') ? reader.texts('private-ranges') : null;
  const inside =
    privateRanges === null
      ? noAddress
      : privateRangesOf(privateRanges, (problem) =>
          reader.refuse('private-ranges', null, `${problem}.`, '10.0.0.0/8'),
        );
  const dnsProxy = chosen(reader, DNS_PROXY);
  const input = {
    parts,
    parent: reader.single('parent'),
    dnsProxy: dnsProxy === null ? null : dnsProxy === 'on' ? ('on' as const) : ('off' as const),
    privateRanges,
    ipGroups: namedTexts(reader),
    tags: namedSets(reader),
  };
  const assembled = reader.issues.some(({ flag }) => flag === 'rules') ? null : assemble(reader, input);
  const from = readFrom(reader);
  const word = chosen(reader, PROTOCOL);
  const protocol: PacketProtocol | null = PACKET_PROTOCOLS.find((each) => each === word) ?? null;
  const host = reader.single('host')?.toLowerCase() ?? null;
  const texts = [...new Set(reader.texts('to'))];
  if (texts.length === 0) reader.refuse('to', null, 'is missing.', '--to mcr.microsoft.com:443');
  if (texts.length > MOST_DESTINATIONS) {
    reader.refuse(
      'to',
      null,
      `${texts.length} destinations are more than ${MOST_DESTINATIONS}.`,
      'fewer at a time.',
    );
  }
  const read = texts
    .slice(0, MOST_DESTINATIONS)
    .map((text) => readQuestion(reader, text, { from: from ?? ANY_SOURCE, protocol, host, inside }));
  if (assembled === null || from === null || reader.issues.length > 0) return err(reader.issues);
  return ok({
    firewall: assembled.firewall,
    questions: read.flatMap((each) => each?.question ?? []),
    from: reader.single('from') ?? '',
    assumptions: [
      ...new Set([...assembled.assumptions, ...assumptionsOf(read.map((each) => each?.assumptions ?? []))]),
    ],
    warnings: parts.remarks.map((each) => capitalised(each)),
  });
}

const ANY_SOURCE = { family: 'ipv4', bits: 0 } as const;

/** One sentence for many names. */
function assumptionsOf(all: readonly (readonly string[])[]): readonly string[] {
  const flat = all.flat();
  const isPublic = flat.filter((each) => each.includes(' has a public address'));
  const others = flat.filter((each) => !isPublic.includes(each));
  return isPublic.length <= 1
    ? flat
    : ['each name has a public address; NAME@ADDRESS says which.', ...others];
}

function readFrom(reader: InputReader) {
  const text = reader.single('from');
  if (text === null)
    return reader.isGiven('from') && reader.texts('from').length > 1
      ? null
      : reader.refuse('from', null, 'is missing.', '--from 10.1.0.4');
  const parsed = parseAddress(text);
  if (parsed.ok) return parsed.value;
  if (text.toLowerCase() === 'internet') {
    return reader.refuse('from', text, 'which host of the internet asks is not said.', '198.51.100.7');
  }
  const [address = ''] = text.split('/');
  if (text.includes('/') && parseAddress(address).ok)
    return reader.refuse('from', text, 'is a prefix, and one client asks.', address);
  if (/^[\d.]+:\d+$/.test(text))
    return reader.refuse('from', text, 'source ports decide nothing here.', text.split(':')[0] ?? null);
  return reader.refuseAddress('from', parsed.error);
}

/** `NAME=TEXT`, as often as it takes. */
function named(
  reader: InputReader,
  flag: 'ip-group' | 'tag',
  example: string,
): readonly (readonly [string, string])[] {
  return reader.texts(flag).flatMap((text) => {
    const { name, rest } = cutName(text);
    if (name === null) reader.refuse(flag, text, `"${text}" has no name.`, example);
    return name === null ? [] : [[name.toLowerCase(), rest] as const];
  });
}

function namedTexts(reader: InputReader): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const [name, rest] of named(reader, 'ip-group', 'spokes=10.1.0.0/16')) {
    groups.set(name, [...(groups.get(name) ?? []), ...(rest === '' ? [] : [rest])]);
  }
  return groups;
}

function namedSets(reader: InputReader): ReadonlyMap<string, AddressSet> {
  const sets = new Map<string, AddressSet>();
  for (const [name, rest] of named(reader, 'tag', 'AzureCloud.westeurope=20.50.0.0/16')) {
    const single = parseAddress(rest);
    const range = parsePrefix(rest);
    if (!single.ok && !range.ok) {
      reader.refuseAddress('tag', range.error);
      continue;
    }
    const set = single.ok ? setOfAddresses([single.value]) : range.ok ? setOf(range.value) : noAddress;
    sets.set(name, setUnion(sets.get(name) ?? noAddress, set));
  }
  return sets;
}

function chosen(reader: InputReader, flag: CalculatorFlag): string | null {
  const word = reader.single(flag.name);
  if (word === null) return null;
  const meant = choiceNamed(flag, word);
  if (meant !== null) return meant;
  const names = (flag.choices ?? []).map(({ value }) => value).join(', ');
  return reader.refuse(flag.name, word, `"${word}" is none of its values.`, `one of ${names}.`);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
