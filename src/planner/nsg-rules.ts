/** The cells of security rules judged as Azure judges them: rules of the model, or what is wrong and where. */
import { DEFAULT_SECURITY_RULES } from '../model/azure/network-security-group.ts';
import { canonicalServiceTag } from '../model/azure/service-tags.ts';
import { closeNames } from '../model/close-names.ts';
import { formatIpError, parseAddress } from '../model/ip/address.ts';
import { parsePrefix } from '../model/ip/prefix.ts';
import { SECURITY_RULE_PRIORITIES } from '../model/limits/azure-network.ts';
import type { NsgRule } from '../model/nsg/rule-traffic.ts';
import { isEverywhere } from '../model/nsg/rule-traffic.ts';
import { parsePortRange } from '../model/nsg/port-set.ts';
import { PROTOCOLS } from '../model/nsg/traffic.ts';
import type { RuleCells, RuleColumn, TextGroup, TextRule } from './nsg-text.ts';

export interface ReadGroup {
  readonly name: string;
  readonly resourceGroup: string | null;
  readonly places: TextGroup['places'];
  /** In the order of the text; the default rules that it lacks stand at the end. */
  readonly rules: readonly NsgRule[];
  /** Default rules that the text lacks. */
  readonly added: number;
  /** In lower case: what Azure says tags hold. */
  readonly expanded: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
}

export interface CellProblem {
  readonly group: string;
  readonly rule: string;
  /** Null where the rule as a whole is wrong. */
  readonly column: RuleColumn | null;
  readonly line: number;
  readonly message: string;
  readonly instead: string | null;
}

/** What the columns are called in messages: ARM's names. */
export const COLUMN_NAMES: Readonly<Record<RuleColumn, string>> = {
  name: 'name',
  priority: 'priority',
  direction: 'direction',
  access: 'access',
  protocol: 'protocol',
  source: 'sourceAddressPrefix',
  sourcePorts: 'sourcePortRange',
  destination: 'destinationAddressPrefix',
  destinationPorts: 'destinationPortRange',
};

/** Returns the group; problems are added to the list, and a rule with one is left out. */
export function readGroup(group: TextGroup, problems: CellProblem[]): ReadGroup {
  const warnings: string[] = [];
  const own: { readonly rule: NsgRule; readonly text: TextRule }[] = [];
  for (const text of group.rules) {
    const rule = readRule(group, text, problems, warnings);
    if (rule !== null) own.push({ rule, text });
  }
  findRivals(group, own, problems);
  const missing = DEFAULT_SECURITY_RULES.filter(
    ({ name }) => !own.some(({ rule }) => rule.name.toLowerCase() === name.toLowerCase()),
  );
  return {
    name: group.name,
    resourceGroup: group.resourceGroup,
    places: group.places,
    rules: [...own.map(({ rule }) => rule), ...missing.map(defaultRule)],
    added: missing.length,
    expanded: expandedOf(group),
    warnings,
  };
}

function readRule(
  group: TextGroup,
  { cells, kind, spot }: TextRule,
  problems: CellProblem[],
  warnings: string[],
): NsgRule | null {
  const name = cells.name === '' ? 'without a name' : cells.name;
  const before = problems.length;
  const refuse = (column: RuleColumn, message: string, instead: string | null): null => {
    problems.push({ group: group.name, rule: name, column, line: spot.line(), message, instead });
    return null;
  };
  const priority = readPriority(cells, kind, refuse);
  const direction = readWord(
    cells,
    'direction',
    { inbound: 'Inbound', in: 'Inbound', outbound: 'Outbound', out: 'Outbound' } as const,
    refuse,
  );
  const access = readWord(cells, 'access', { allow: 'Allow', deny: 'Deny' } as const, refuse);
  const protocol = readWord(cells, 'protocol', PROTOCOL_WORDS, refuse);
  const source = readSide(cells, 'source', refuse, (text) =>
    warnings.push(`rule ${name} of ${group.name}: ${text}`),
  );
  const destination = readSide(cells, 'destination', refuse, (text) =>
    warnings.push(`rule ${name} of ${group.name}: ${text}`),
  );
  const sourcePorts = readPorts(cells, 'sourcePorts', refuse);
  const destinationPorts = readPorts(cells, 'destinationPorts', refuse);
  if (cells.name === '') refuse('name', 'a rule has no name.', 'AllowWeb');
  if (
    problems.length > before ||
    priority === null ||
    direction === null ||
    access === null ||
    protocol === null
  )
    return null;
  return {
    name: cells.name,
    priority,
    direction,
    access,
    protocol,
    sourceAddressPrefix: oneOf(source.prefixes),
    sourceAddressPrefixes: severalOf(source.prefixes),
    ...(source.groups.length === 0
      ? {}
      : { sourceApplicationSecurityGroups: groupReferences(source.groups) }),
    sourcePortRange: oneOf(sourcePorts),
    sourcePortRanges: severalOf(sourcePorts),
    destinationAddressPrefix: oneOf(destination.prefixes),
    destinationAddressPrefixes: severalOf(destination.prefixes),
    ...(destination.groups.length === 0
      ? {}
      : { destinationApplicationSecurityGroups: groupReferences(destination.groups) }),
    destinationPortRange: oneOf(destinationPorts),
    destinationPortRanges: severalOf(destinationPorts),
  };
}

type Refuse = (column: RuleColumn, message: string, instead: string | null) => null;

const PROTOCOL_WORDS: Readonly<Record<string, NsgRule['protocol']>> = {
  ...Object.fromEntries(PROTOCOLS.map((each) => [each.toLowerCase(), each])),
  '*': '*',
  any: '*',
  all: '*',
};

function readPriority(cells: RuleCells, kind: TextRule['kind'], refuse: Refuse): number | null {
  const { lowest, highest } = SECURITY_RULE_PRIORITIES.value;
  const text = cells.priority.trim();
  if (text === '') return refuse('priority', 'is missing.', `a number from ${lowest} to ${highest}.`);
  if (!/^\d+$/.test(text))
    return refuse('priority', `"${text}" is no whole number.`, `a number from ${lowest} to ${highest}.`);
  const priority = Number(text);
  if (kind === 'default' || (priority >= lowest && priority <= highest)) return priority;
  return refuse(
    'priority',
    `${text} is outside ${lowest} to ${highest} (SecurityRuleInvalidPriority).`,
    String(priority < lowest ? lowest : highest),
  );
}

function readWord<Word extends string>(
  cells: RuleCells,
  column: 'direction' | 'access' | 'protocol',
  words: Readonly<Record<string, Word>>,
  refuse: Refuse,
): Word | null {
  const text = cells[column].trim();
  const word = Object.hasOwn(words, text.toLowerCase()) ? words[text.toLowerCase()] : undefined;
  if (word !== undefined) return word;
  const names = [...new Set(Object.values(words))].join(', ');
  return refuse(column, text === '' ? 'is missing.' : `"${text}" is none of its values.`, `one of ${names}.`);
}

interface Side {
  readonly prefixes: readonly string[];
  readonly groups: readonly string[];
}

function readSide(
  cells: RuleCells,
  column: 'source' | 'destination',
  refuse: Refuse,
  warn: (text: string) => void,
): Side {
  const texts = listOf(cells[column]);
  if (texts.length === 0) {
    const name = COLUMN_NAMES[column];
    refuse(
      column,
      `is missing: neither ${name} nor ${name}es nor application security groups.`,
      '* or 10.0.0.0/16.',
    );
  }
  const prefixes: string[] = [];
  const groups: string[] = [];
  for (const text of texts) {
    if (/^asg\/./i.test(text)) groups.push(text.slice('asg/'.length));
    else if (isEverywhere(text)) prefixes.push('*');
    else {
      const known = readAddresses(text, (message, instead) => refuse(column, message, instead), warn);
      if (known !== null) prefixes.push(known);
    }
  }
  return { prefixes, groups };
}

/** An address, a prefix or a tag in its own spelling. */
function readAddresses(
  text: string,
  refuse: (message: string, instead: string | null) => null,
  warn: (text: string) => void,
): string | null {
  const prefix = parsePrefix(text);
  if (prefix.ok || parseAddress(text).ok) return text;
  // Packets here are IPv4, so a rule for IPv6 is right and matches none of them.
  if (/^[0-9a-f:.]*:[0-9a-f:.]*(\/\d+)?$/i.test(text)) return text;
  if (/^[\d./]/.test(text)) {
    const { suggestion, ...plain } = prefix.error;
    return refuse(`${formatIpError(plain)} (SecurityRuleInvalidAddressPrefix).`, suggestion ?? null);
  }
  const tag = canonicalServiceTag(text);
  if (tag !== null) return tag;
  const looksLikeTag = /^[A-Z][\w-]*(\.\w+)*$/i.test(text);
  const [close] = closeNames(text, [
    'VirtualNetwork',
    'Internet',
    'AzureLoadBalancer',
    'AzureCloud',
    'Storage',
    'Sql',
  ]);
  if (looksLikeTag && close === undefined) {
    warn(`"${text}" is no service tag that this calculator knows; what it holds is not known.`);
    return text;
  }
  return refuse(
    `"${text}" is neither an address nor a prefix nor a service tag (SecurityRuleInvalidAddressPrefix).`,
    close === undefined ? '10.0.0.0/16, Internet or *.' : `${close}.`,
  );
}

function readPorts(
  cells: RuleCells,
  column: 'sourcePorts' | 'destinationPorts',
  refuse: Refuse,
): readonly string[] {
  const texts = listOf(cells[column]).map((text) => (text.toLowerCase() === 'any' ? '*' : text));
  if (texts.length === 0) refuse(column, 'is missing.', '* or 443 or 1024-65535.');
  for (const text of texts) {
    if (parsePortRange(text) !== null) continue;
    const [from = '', to = ''] = text.split('-');
    refuse(
      column,
      `"${text}" is no port and no range from 0 to 65535 (SecurityRuleInvalidPortRange).`,
      /^\d{1,5}-\d{1,5}$/.test(text) && Number(from) > Number(to) && Number(from) <= 65_535
        ? `${to}-${from}`
        : '443 or 1024-65535.',
    );
  }
  return texts.includes('*') ? ['*'] : texts;
}

function listOf(cell: string): readonly string[] {
  return [...new Set(cell.split(/[\s,]+/).filter((text) => text !== ''))];
}

/** One text goes to ARM's singular property, several to the plural one. */
function oneOf(texts: readonly string[]): string | null {
  return texts.length === 1 ? (texts[0] ?? null) : null;
}

function severalOf(texts: readonly string[]): readonly string[] {
  return texts.length === 1 ? [] : texts;
}

function groupReferences(groups: readonly string[]): readonly { readonly id: string }[] {
  return groups.map((id) => ({ id }));
}

/** No two rules of one direction may share a priority, and no two rules a name. */
function findRivals(
  group: TextGroup,
  own: readonly { readonly rule: NsgRule; readonly text: TextRule }[],
  problems: CellProblem[],
): void {
  own.forEach(({ rule, text }, at) => {
    const earlier = own.slice(0, at);
    const rival = earlier.find(
      (each) => each.rule.priority === rule.priority && each.rule.direction === rule.direction,
    );
    const namesake = earlier.find((each) => each.rule.name.toLowerCase() === rule.name.toLowerCase());
    const found = rival ?? namesake;
    if (found === undefined) return;
    const used = new Set(
      own.filter((each) => each.rule.direction === rule.direction).map((each) => each.rule.priority),
    );
    let free = rule.priority + 1;
    while (used.has(free)) free++;
    problems.push({
      group: group.name,
      rule: rule.name,
      column: rival === undefined ? 'name' : 'priority',
      line: text.spot.line(),
      message:
        rival === undefined
          ? `a second rule of that name; the first is at line ${found.text.spot.line()}.`
          : `${rule.priority} is that of ${found.rule.name} too (line ${found.text.spot.line()}); rules of one direction cannot share one (SecurityRuleConflict).`,
      instead: rival === undefined ? `${rule.name}2` : String(free),
    });
  });
}

function defaultRule(each: (typeof DEFAULT_SECURITY_RULES)[number]): NsgRule {
  return {
    name: each.name,
    priority: each.priority,
    direction: each.direction,
    access: each.access,
    protocol: '*',
    sourceAddressPrefix: each.source,
    sourceAddressPrefixes: [],
    sourcePortRange: '*',
    sourcePortRanges: [],
    destinationAddressPrefix: each.destination,
    destinationAddressPrefixes: [],
    destinationPortRange: '*',
    destinationPortRanges: [],
  };
}

function expandedOf({ rules, tagMap }: TextGroup): ReadonlyMap<string, readonly string[]> {
  const known = new Map(Object.entries(tagMap).map(([tag, prefixes]) => [tag.toLowerCase(), prefixes]));
  for (const { cells, expanded } of rules) {
    for (const side of ['source', 'destination'] as const) {
      const tag = cells[side].trim();
      if (expanded[side].length > 0 && /^[a-z][\w.]*$/i.test(tag))
        known.set(tag.toLowerCase(), expanded[side]);
    }
  }
  return known;
}
