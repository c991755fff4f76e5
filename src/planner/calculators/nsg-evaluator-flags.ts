/** Inputs of the NSG evaluator. */
import { PUBLIC } from '../../model/azure/datacenter-addresses.ts';
import { setCovers, setOf, setOfAddresses, setUnion } from '../../model/ip/address-set.ts';
import type { AddressSet } from '../../model/ip/address-set.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { parsePrefix } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import type { Direction } from '../../model/nsg/rule-traffic.ts';
import { everyPort } from '../../model/nsg/port-set.ts';
import { PROTOCOLS } from '../../model/nsg/traffic.ts';
import type { TrafficClass } from '../../model/nsg/traffic.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { withFallbacks } from '../fallback-values.ts';
import { cutName, InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import type { Group, NsgQuestion } from '../nsg-evaluator.ts';
import { isManagedByAks } from '../nsg-evaluator.ts';
import { namesAround } from '../nsg-names.ts';
import { readPacketEnd, readPorts } from '../nsg-packet.ts';
import { COLUMN_NAMES, readGroup } from '../nsg-rules.ts';
import type { CellProblem, ReadGroup } from '../nsg-rules.ts';
import { readNsgTexts } from '../nsg-text.ts';
import { WORD_FORM } from '../nsg-words.ts';

const DIRECTION: CalculatorFlag = {
  name: 'direction',
  aliases: ['dir'],
  takes: 'one',
  placeholder: 'Inbound|Outbound',
  label: 'Direction',
  help: 'Seen from the NIC. Inbound asks the group of the subnet first, Outbound that of the NIC.',
  choices: [
    { value: 'Inbound', label: 'Inbound: subnet, then NIC' },
    { value: 'Outbound', label: 'Outbound: NIC, then subnet' },
  ],
  words: { in: 'Inbound', out: 'Outbound' },
  fallback: 'Inbound',
};

const PROTOCOL: CalculatorFlag = {
  name: 'protocol',
  aliases: ['proto'],
  takes: 'one',
  placeholder: 'Tcp|Udp|Icmp|Esp|Ah|any',
  label: 'Protocol',
  help: 'Icmp, Esp and Ah have no ports.',
  choices: [...PROTOCOLS.map((value) => ({ value, label: value })), { value: 'any', label: 'any' }],
  words: { '*': 'any', all: 'any' },
  fallback: 'Tcp',
};

export const NSG_EVALUATOR_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'file',
    aliases: ['f', 'nsg-file'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'File',
    help: "Output of 'az network nsg show', 'nsg list', 'nsg rule list' or 'nic list-effective-nsg' with -o json, or several such files.",
    fileFor: 'rules',
    fileName: 'nsg.json',
    terminalOnly: true,
  },
  {
    name: 'rules',
    aliases: ['rule', 'nsg', 'r'],
    takes: 'many',
    placeholder: 'JSON|WORD ...',
    label: 'Rules',
    help: `The JSON of az network nsg show, nsg list, nsg rule list or nic list-effective-nsg, one behind the other. Or one word for each rule: [GROUP:]${WORD_FORM}. Default rules are added.`,
    required: true,
    lines: 10,
  },
  DIRECTION,
  PROTOCOL,
  {
    name: 'from',
    aliases: ['source', 'src'],
    takes: 'one',
    placeholder: 'ADDRESS|PREFIX|TAG[:PORTS]',
    label: 'From',
    help: 'A packet (203.0.113.9:50000), a prefix, a service tag, or any. Without a port: any.',
    required: true,
  },
  {
    name: 'to',
    aliases: ['destination', 'dest', 'dst'],
    takes: 'one',
    placeholder: 'ADDRESS|PREFIX|TAG[:PORTS]',
    label: 'To',
    help: 'The same: 10.0.1.4:80, or a range as in 10.0.1.4:1-65535.',
    required: true,
  },
  {
    name: 'vnet',
    aliases: ['vnet-prefix', 'address-space', 'address-prefixes', 'vnets'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'VNet',
    help: 'Its address space: decides what VirtualNetwork and Internet hold.',
  },
  {
    name: 'peer',
    aliases: ['peers', 'peered-vnet', 'peering'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'Peered VNets',
    help: 'They belong to VirtualNetwork, unless the peering forbids access.',
  },
  {
    name: 'on-subnet',
    aliases: ['subnet-nsg', 'subnet'],
    takes: 'one',
    placeholder: 'NAME',
    label: 'Group of the subnet',
    help: 'Where the rules do not say which group sits where.',
    rare: true,
  },
  {
    name: 'on-nic',
    aliases: ['nic-nsg', 'nic'],
    takes: 'one',
    placeholder: 'NAME',
    label: 'Group of the NIC',
    help: 'The same group may sit on both.',
    rare: true,
  },
  {
    name: 'asg',
    aliases: ['application-security-group', 'asgs'],
    takes: 'many',
    placeholder: 'NAME=ADDRESS ...',
    label: 'Members of application security groups',
    help: 'One for each NIC, as in web=10.0.1.4. In a rule the group is asg/web.',
    rare: true,
  },
  {
    name: 'tag',
    aliases: ['service-tag', 'tags'],
    takes: 'many',
    placeholder: 'NAME=PREFIX ...',
    label: 'Content of service tags',
    help: 'For tags of Azure services, whose addresses are not known here: Storage=20.60.0.0/16.',
    rare: true,
  },
  {
    name: 'on-premises',
    aliases: ['on-prem', 'onprem', 'gateway'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'On premises',
    help: 'What a gateway announces; it belongs to VirtualNetwork.',
    rare: true,
  },
  {
    name: 'route',
    aliases: ['routes', 'udr'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'User-defined routes',
    help: "Prefixes of the subnet's route table (not those to Internet): VirtualNetwork holds them too.",
    rare: true,
  },
  {
    name: 'pod-cidr',
    aliases: ['overlay', 'pods', 'podcidr'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'Pod CIDR of Azure CNI Overlay',
    help: 'Azure lets these pods pass by the default rules; whether a rule of your own with VirtualNetwork holds them is not documented.',
    rare: true,
  },
  {
    name: 'port',
    aliases: ['to-port', 'destination-port', 'dest-port', 'dport'],
    takes: 'one',
    placeholder: 'PORTS',
    label: 'Destination port',
    help: 'If To names none.',
    rare: true,
  },
];

/** The question with what was assumed and what is worth a warning. */
export interface NsgEvaluatorInput {
  readonly question: NsgQuestion;
  /** As they were written. */
  readonly from: string;
  readonly to: string;
  /** One packet, but for the source port. */
  readonly isOnePacket: boolean;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

/** Returns the inputs, or everything that is wrong with them. */
export function readNsgEvaluator(values: FlagValues): Result<NsgEvaluatorInput, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(NSG_EVALUATOR_FLAGS, values));
  const read = readGroups(reader);
  // Groups of which half could not be read are not worth a complaint about their places.
  const placed = reader.issues.length > 0 ? NOWHERE : placeGroups(reader, read);
  const names = namesAround({
    vnet: prefixes(reader, 'vnet'),
    peers: prefixes(reader, 'peer'),
    onPremises: prefixes(reader, 'on-premises'),
    routes: prefixes(reader, 'route'),
    overlayPods: prefixes(reader, 'pod-cidr'),
    tags: namedSets(reader, 'tag'),
    applicationSecurityGroups: namedSets(reader, 'asg'),
    expanded: new Map(placed.groups.flatMap(({ read: { expanded } }) => [...expanded])),
  });
  const direction = chosen(reader, DIRECTION) === 'Outbound' ? 'Outbound' : 'Inbound';
  const word = chosen(reader, PROTOCOL);
  const protocol = PROTOCOLS.find((each) => each === word) ?? '*';
  const from = readPacketEnd(reader, 'from', names);
  const to = readPacketEnd(reader, 'to', names);
  const port = reader.single('port');
  const extra = port === null ? null : readPorts(port);
  if (port !== null && extra === null)
    reader.refuse('port', port, `"${port}" is no port and no range from 0 to 65535.`, '80 or 1-1024.');
  if (port !== null && (to?.ports ?? null) !== null)
    reader.refuse('port', port, '--to names ports already.', 'one of the two.');
  const hasPorts = protocol === 'Tcp' || protocol === 'Udp' || protocol === '*';
  const ports = to?.ports ?? extra;
  if (!hasPorts && (ports !== null || (from?.ports ?? null) !== null))
    reader.refuse(
      'protocol',
      protocol,
      `${protocol} has no ports, and one is named.`,
      'Tcp or Udp, or no port.',
    );
  if (from === null || to === null || reader.issues.length > 0) return err(reader.issues);
  const asked: TrafficClass = {
    protocol,
    source: from.addresses,
    sourcePorts: from.ports ?? everyPort,
    destination: to.addresses,
    destinationPorts: ports ?? everyPort,
    ...(from.tag === null ? {} : { sourceTag: from.tag }),
    ...(to.tag === null ? {} : { destinationTag: to.tag }),
  };
  const onePort = !hasPorts || (ports?.length === 1 && ports[0]?.from === ports[0]?.to);
  return ok({
    question: { direction, groups: placed.groups, asked, names },
    from: from.text,
    to: to.text,
    isOnePacket: from.isOne && to.isOne && onePort && protocol !== '*',
    assumptions: [...placed.assumptions, ...frontendAssumption(direction, to.text, asked.destination)],
    warnings: placed.groups.flatMap(({ read: { warnings } }) => warnings),
  });
}

/**
 * Inbound rules see the address behind Azure's translation. Load balancers of AKS leave the frontend's
 * address in the packet (floating IP), so that one is asked about too.
 */
function frontendAssumption(direction: Direction, text: string, destination: AddressSet): readonly string[] {
  if (direction === 'Outbound' || text === 'any' || text === '*' || !setCovers(PUBLIC, destination))
    return [];
  return [
    `${text} is the frontend of a load balancer with floating IP, as those of AKS are; otherwise inbound rules see the private address of the machine.`,
  ];
}

/** Every problem of the text is an issue of its field. */
function readGroups(reader: InputReader): readonly ReadGroup[] {
  const { groups, problems } = readNsgTexts(reader.raw('rules'));
  for (const { line, message, instead } of problems)
    reader.refuse('rules', null, `${line === null ? '' : `line ${line}: `}${message}`, instead);
  const wrong: CellProblem[] = [];
  const read = groups.map((group) => readGroup(group, wrong));
  for (const { group, rule, column, line, message, instead } of wrong) {
    const where = `rule ${rule} of ${group}${column === null ? '' : `, ${COLUMN_NAMES[column]}`}`;
    reader.refuse('rules', null, `line ${line}: ${where}: ${message}`, instead);
  }
  return read;
}

interface PlacedGroups {
  readonly groups: readonly Group[];
  readonly assumptions: readonly string[];
}

const NOWHERE: PlacedGroups = { groups: [], assumptions: [] };

/** Decides which group sits where: what was told, then what the text says, then what is likely. */
function placeGroups(reader: InputReader, read: readonly ReadGroup[]): PlacedGroups {
  const [onSubnet, onNic] = [named(reader, 'on-subnet', read), named(reader, 'on-nic', read)];
  if (onSubnet !== null || onNic !== null) return { groups: placed(onSubnet, onNic), assumptions: [] };
  if (reader.isGiven('on-subnet') || reader.isGiven('on-nic')) return { groups: [], assumptions: [] };
  const subnets = read.filter(({ places }) => places.includes('subnet'));
  const nics = read.filter(({ places }) => places.includes('nic'));
  const open = read.filter(({ places }) => places.length === 0);
  const names = read.map(({ name }) => name);
  if (subnets.length > 1 || nics.length > 1 || subnets.length + nics.length + open.length > 2) {
    const both = [...new Set(names)].join(', ');
    reader.refuse(
      'on-subnet',
      null,
      `${read.length} groups are given (${both}), and a packet meets one on the subnet and one on the NIC.`,
      `--on-subnet ${names[0] ?? ''} --on-nic ${names[1] ?? ''}, or one of them.`,
    );
    return { groups: [], assumptions: [] };
  }
  const [first, second] = open;
  if (first === undefined) return { groups: placed(subnets[0] ?? null, nics[0] ?? null), assumptions: [] };
  const assumption = (group: ReadGroup, place: string): string =>
    `${group.name} sits on the ${place}: the rules do not say where; --on-subnet and --on-nic do.`;
  if (second === undefined) {
    if (subnets[0] !== undefined)
      return { groups: placed(subnets[0], first), assumptions: [assumption(first, 'NIC')] };
    if (nics[0] === undefined && isManagedByAks(first))
      return { groups: placed(null, first), assumptions: [assumption(first, 'NIC')] };
    return {
      groups: placed(first, nics[0] ?? null),
      assumptions: nics[0] === undefined ? [] : [assumption(first, 'subnet')],
    };
  }
  const [subnet, nic] = isManagedByAks(first) ? [second, first] : [first, second];
  return {
    groups: placed(subnet, nic),
    assumptions: [assumption(subnet, 'subnet'), assumption(nic, 'NIC')],
  };
}

function placed(subnet: ReadGroup | null, nic: ReadGroup | null): readonly Group[] {
  const group = (read: ReadGroup | null, place: Group['place']): readonly Group[] =>
    read === null ? [] : [{ name: read.name, place, rules: read.rules, read }];
  return [...group(subnet, 'subnet'), ...group(nic, 'nic')];
}

function named(
  reader: InputReader,
  flag: 'on-subnet' | 'on-nic',
  read: readonly ReadGroup[],
): ReadGroup | null {
  const name = reader.single(flag);
  if (name === null) return null;
  const found = read.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const known = [...new Set(read.map((each) => each.name))].join(', ');
  if (/\.(json|ya?ml)$/i.test(name)) {
    const instead = `--file ${name} --${flag} NAME, where NAME is that of the group.`;
    return reader.refuse(flag, name, `takes the name of a group, and "${name}" looks like a file.`, instead);
  }
  return reader.refuse(flag, name, `there is no group "${name}".`, known === '' ? null : `one of ${known}.`);
}

function prefixes(reader: InputReader, flag: string): readonly Prefix[] {
  return reader.namedPrefixes(flag).map(({ prefix }) => prefix);
}

/** `NAME=PREFIX` or `NAME=ADDRESS`, as often as it takes. */
function namedSets(reader: InputReader, flag: 'tag' | 'asg'): ReadonlyMap<string, AddressSet> {
  const sets = new Map<string, AddressSet>();
  for (const text of reader.texts(flag)) {
    const { name, rest } = cutName(text);
    if (name === null) {
      reader.refuse(
        flag,
        text,
        `"${text}" has no name.`,
        flag === 'tag' ? 'Storage=20.60.0.0/16' : 'web=10.0.1.4',
      );
      continue;
    }
    const key = name.replace(/^asg\//i, '').toLowerCase();
    const set = readSet(reader, flag, rest);
    if (set !== null) sets.set(key, setUnion(sets.get(key) ?? setOf(), set));
  }
  return sets;
}

function readSet(reader: InputReader, flag: string, text: string): AddressSet | null {
  if (text === '') return setOf();
  const single = parseAddress(text);
  if (single.ok) return setOfAddresses([single.value]);
  const range = parsePrefix(text);
  return range.ok ? setOf(range.value) : reader.refuseAddress(flag, range.error);
}

function chosen(reader: InputReader, flag: CalculatorFlag): string {
  const word = reader.single(flag.name) ?? flag.fallback ?? '';
  const meant = word === '*' ? 'any' : choiceNamed(flag, word);
  if (meant !== null) return meant;
  const names = (flag.choices ?? []).map(({ value }) => value).join(', ');
  reader.refuse(flag.name, word, `"${word}" is none of its values.`, `one of ${names}.`);
  return flag.fallback ?? '';
}
