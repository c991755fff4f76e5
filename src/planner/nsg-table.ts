/** Security rules as a table to edit: each change is written back into the text they stand in. */
import { SECURITY_RULE_PRIORITIES } from '../model/limits/azure-network.ts';
import { documentsIn, parseJson } from './nsg-json.ts';
import { isWords, readNsgTexts } from './nsg-text.ts';
import type { RuleCells, RuleColumn, TextGroup, TextRule } from './nsg-text.ts';
import { wordOf } from './nsg-words.ts';

/** The groups of a text; none where it cannot be read at all. */
export function tableOf(text: string): readonly TextGroup[] {
  return readNsgTexts([text]).groups;
}

/** Returns the text with another value in one cell. Lists are written with commas. */
export function withCell(
  text: string,
  group: TextGroup,
  rule: TextRule,
  column: RuleColumn,
  value: string,
): string {
  const cells = { ...rule.cells, [column]: value };
  if (isWords(text)) return withWord(text, rule.spot.path, wordOf(group.name, cells));
  return withData(text, rule.spot.path, (data) => {
    setColumn(data, column, value);
  });
}

/** Returns the text without a rule. */
export function withoutRule(text: string, group: TextGroup, rule: TextRule): string {
  if (isWords(text)) return withWord(text, rule.spot.path, group.rules.length > 1 ? null : `${group.name}:`);
  const parent = rule.spot.path.slice(0, -1);
  const index = rule.spot.path.at(-1);
  return withData(text, parent, (list) => {
    if (Array.isArray(list) && typeof index === 'number') list.splice(index, 1);
  });
}

/** Returns the text with one more rule in a group, behind its last one. */
export function withNewRule(text: string, group: TextGroup | null, direction: string): string {
  const cells = newRule(group, direction);
  if (group === null || isWords(text)) {
    const before = text.trimEnd();
    return `${before}${before === '' ? '' : '\n'}${wordOf(group?.name ?? 'nsg', cells)}\n`;
  }
  return withData(text, group.spot.path, (list) => {
    if (!Array.isArray(list)) return;
    const isEffective = group.spot.path.at(-1) === 'effectiveSecurityRules';
    const rule: Record<string, unknown> = {};
    const nested = list.some((each: unknown) => isBag(each) && isBag(each['properties']));
    if (nested) rule['properties'] = {};
    for (const column of [
      'priority',
      'direction',
      'access',
      'protocol',
      'source',
      'sourcePorts',
      'destination',
      'destinationPorts',
    ] as const)
      setColumn(rule, column, cells[column]);
    list.push({ name: isEffective ? `securityRules/${cells.name}` : cells.name, ...rule });
  });
}

function newRule(group: TextGroup | null, direction: string): RuleCells {
  const rules = group?.rules ?? [];
  const names = new Set(rules.map(({ cells }) => cells.name.toLowerCase()));
  let number = 1;
  while (names.has(`rule${number}`)) number++;
  const { lowest, highest } = SECURITY_RULE_PRIORITIES.value;
  const used = rules
    .filter(
      ({ cells, kind }) => kind === 'custom' && cells.direction.toLowerCase() === direction.toLowerCase(),
    )
    .map(({ cells }) => Number(cells.priority));
  let priority = Math.min(highest, Math.max(lowest - 10, ...used.filter(Number.isFinite)) + 10);
  while (used.includes(priority)) priority--;
  return {
    name: `Rule${number}`,
    priority: String(priority),
    direction,
    access: 'Allow',
    protocol: 'Tcp',
    source: '*',
    sourcePorts: '*',
    destination: '*',
    destinationPorts: '443',
  };
}

/** Replaces the word with that number, counted as the reader counts; null takes it away. */
function withWord(text: string, path: TextRule['spot']['path'], word: string | null): string {
  let number = 0;
  const lines = text.split('\n').map((line) => {
    if (line.trimStart().startsWith('#')) return line;
    return line.replaceAll(/\S+/g, (old) => (number++ === path[0] ? (word ?? '') : old));
  });
  return lines
    .map((line) => (word === null ? line.trimEnd() : line))
    .filter((line, at) => word !== null || line !== '' || (text.split('\n')[at] ?? '').trim() === '')
    .join('\n');
}

/** Changes what stands at a path of the JSON, and writes the value it lies in anew. */
function withData(text: string, path: TextRule['spot']['path'], change: (data: unknown) => void): string {
  const [number, ...inside] = path;
  const document = documentsIn(text)[Number(number)];
  if (document === undefined) return text;
  const read = parseJson(document);
  if ('problem' in read) return text;
  const whole: { data: unknown } = { data: read.data };
  let at: unknown = whole;
  const steps = ['data', ...inside];
  steps.forEach((step, index) => {
    if (!isBag(at) && !Array.isArray(at)) return;
    const next: unknown = Reflect.get(at, step);
    // A group without a list of rules gets one.
    if (next === undefined && index === steps.length - 1) Reflect.set(at, step, []);
    at = Reflect.get(at, step);
  });
  change(at);
  const written = JSON.stringify(whole.data, null, 2);
  return `${text.slice(0, document.start)}${written}${text.slice(document.start + document.text.length)}`;
}

type Bag = Record<string, unknown>;

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function setColumn(data: unknown, column: RuleColumn, value: string): void {
  if (!isBag(data)) return;
  const properties = data['properties'];
  const bag = isBag(properties) ? properties : data;
  const texts = value.split(/[\s,]+/).filter((text) => text !== '');
  switch (column) {
    case 'name': {
      const prefix =
        typeof data['name'] === 'string' ? (/^(default)?securityRules\//i.exec(data['name'])?.[0] ?? '') : '';
      data['name'] = `${prefix}${value.trim()}`;
      return;
    }
    case 'priority':
      bag['priority'] = /^\d+$/.test(value.trim()) ? Number(value) : value.trim();
      return;
    case 'direction':
    case 'access':
    case 'protocol':
      bag[column] = value.trim();
      return;
    case 'source':
    case 'destination':
      setAddresses(bag, data, column, texts);
      return;
    case 'sourcePorts':
      setBoth(bag, 'sourcePortRange', texts);
      return;
    case 'destinationPorts':
      setBoth(bag, 'destinationPortRange', texts);
      return;
  }
}

/** One value goes to ARM's singular property, several to the plural one. */
function setBoth(bag: Bag, name: string, texts: readonly string[]): void {
  bag[name] = texts.length === 1 ? texts[0] : null;
  bag[`${name.replace(/Prefix$/, 'Prefixe')}s`] = texts.length === 1 ? [] : texts;
}

function setAddresses(bag: Bag, data: Bag, side: 'source' | 'destination', texts: readonly string[]): void {
  setBoth(
    bag,
    `${side}AddressPrefix`,
    texts.filter((text) => !isGroup(text)),
  );
  const key = `${side}ApplicationSecurityGroups`;
  const before: readonly unknown[] = Array.isArray(bag[key]) ? bag[key] : [];
  const groups = texts.filter(isGroup).map((text) => {
    const name = text.slice('asg/'.length);
    return before.find((each) => isBag(each) && String(each['id']).endsWith(`/${name}`)) ?? { id: name };
  });
  if (groups.length > 0 || before.length > 0) bag[key] = groups;
  // What Azure said of the old value is not true of the new one.
  const expanded = `expanded${side === 'source' ? 'Source' : 'Destination'}AddressPrefix`;
  if (data[expanded] !== undefined) data[expanded] = null;
}

function isGroup(text: string): boolean {
  return /^asg\/./i.test(text);
}
