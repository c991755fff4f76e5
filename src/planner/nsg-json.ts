/**
 * Security groups in the JSON of `az network nsg show|list`, `nsg rule list|show` and
 * `nic list-effective-nsg`, of ARM's REST answers and templates (`properties` nested), and in the same
 * as YAML. Terraform's form is turned into ARM's first. Properties are taken where they stand, in the
 * singular or the plural.
 */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { DEEPEST_YAML, hasManyAliases, placeTooDeep, repeatedKeys } from '../model/yaml-bounds.ts';
import type { NsgTexts, RuleCells, TextGroup, TextProblem, TextRule, TextSpot } from './nsg-text.ts';
import { asArm } from './nsg-terraform.ts';
import { kindOf } from './nsg-words.ts';

/** Longer texts are read only as the JSON that commands print: what knows the lines takes seconds for them. */
const MOST_TO_SEARCH = 400_000;
/** A command for each of them was somebody's work. */
const MOST_DOCUMENTS = 1_000;

type Path = readonly (string | number)[];
type Bag = Readonly<Record<string, unknown>>;

/** Reads every document of a text: the answers of several commands may stand one behind the other. */
export function groupsInJson(text: string, textNumber: number): NsgTexts {
  const groups: TextGroup[] = [];
  const problems: TextProblem[] = [];
  for (const [at, part] of documentsIn(text).entries()) {
    const lines = lineFinder(part);
    const read = parseJson(part);
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    const found: TextGroup[] = [];
    const spot = (path: Path): TextSpot => ({
      text: textNumber,
      path: [at, ...path],
      line: () => lines(path),
    });
    collect(read.data, [], spot, found);
    if (found.length === 0) {
      problems.push({
        line: part.line,
        message: `holds no security group and no rule: ${shapeOf(read.data)}.`,
        instead: "the output of 'az network nsg show -g GROUP -n NSG -o json'.",
      });
    }
    groups.push(...found);
  }
  return { groups, problems };
}

/** One of several documents, with the line it starts on, counted from 1. */
export interface DocumentText {
  readonly text: string;
  readonly line: number;
  /** Where it lies in the whole text. */
  readonly start: number;
}

/** Cuts a text where one JSON value ends and another starts. YAML is not cut. */
export function documentsIn(text: string): readonly DocumentText[] {
  if (!/^\s*[[{]/.test(text)) return [{ text, line: 1, start: 0 }];
  const documents: DocumentText[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  // Counted on: counting from the start for each document would take as long as the text is, squared.
  let line = 1;
  let counted = 0;
  const add = (end: number): void => {
    const blank = /^[\s,]*/.exec(text.slice(start, end))?.[0].length ?? 0;
    const first = start + blank;
    for (let at = text.indexOf('\n', counted); at !== -1 && at < first; at = text.indexOf('\n', at + 1)) {
      line += 1;
    }
    counted = first;
    documents.push({ text: text.slice(first, end), line, start: first });
    start = end;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth !== 0) continue;
      // What is left then says that it was too much: it is no JSON.
      if (documents.length === MOST_DOCUMENTS) break;
      add(at + 1);
    }
  }
  if (text.slice(start).replaceAll(/[\s,]/g, '') !== '') add(text.length);
  return documents;
}

/** Returns the data of one document, or where it cannot be read. */
export function parseJson({
  text,
  line,
}: Pick<DocumentText, 'text' | 'line'>): { readonly data: unknown } | { readonly problem: TextProblem } {
  const refuse = (message: string, at: number | null = line): { readonly problem: TextProblem } => ({
    problem: {
      line: at,
      message,
      instead: 'the whole output of the command, from its first bracket to its last.',
    },
  });
  const deep = placeTooDeep(text, DEEPEST_YAML);
  if (deep !== null) {
    const most = DEEPEST_YAML.toLocaleString('en');
    return refuse(`is nested more than ${most} levels deep, which no command prints.`, line + deep.line - 1);
  }
  try {
    return { data: asArm(JSON.parse(text)) };
  } catch {
    if (text.length > MOST_TO_SEARCH) {
      return refuse('is no JSON: it is cut off, or something stands in it that is none.', null);
    }
    if (hasManyAliases(text)) return repeats(line);
    // YAML holds JSON, also with the comma too many that people leave; and it says where it stops.
    const lineCounter = new LineCounter();
    const document = parseDocument(text, {
      lineCounter,
      logLevel: 'silent',
      strict: true,
      // Prettier words quote the line for each of the errors: in one long line that takes its length, squared.
      prettyErrors: false,
      // The parser compares each key with each other one; repeatedKeys does not.
      uniqueKeys: false,
    });
    const [error] = document.errors;
    if (error === undefined) {
      const [repeated] = repeatedKeys(document.contents);
      if (repeated === undefined) return resolved(document, line);
      return refuse('is no JSON: Map keys must be unique.', line + lineCounter.linePos(repeated).line - 1);
    }
    const place = lineCounter.linePos(error.pos[0]);
    const [message = ''] = error.message.split('\n');
    const open = openBrackets(text);
    const why =
      open > 0
        ? `the text ends, and ${open} ${open === 1 ? 'bracket is' : 'brackets are'} still open`
        : message.replace(/[.:]$/, '');
    const at = open > 0 ? text.trimEnd().split('\n').length : place.line;
    return refuse(`is no JSON: ${why}.`, line + at - 1);
  }
}

/** YAML can name a value once and repeat it by that name, and so unfold without an end: not here. */
function resolved(
  document: ReturnType<typeof parseDocument>,
  line: number,
): { readonly data: unknown } | { readonly problem: TextProblem } {
  try {
    return { data: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return repeats(line);
  }
}

function repeats(line: number): { readonly problem: TextProblem } {
  const message = 'repeats values by name (&, *) more often than any command does.';
  return { problem: { line, message, instead: 'the output of a command with -o json.' } };
}

/** How many brackets of a JSON text are not closed where it ends, as in one that was copied in part. */
function openBrackets(text: string): number {
  if (!/^\s*[[{]/.test(text)) return 0;
  const outside = text.replaceAll(/"(\\[^]|[^"\\])*("|$)/g, '');
  return outside.replaceAll(/[^[{]/g, '').length - outside.replaceAll(/[^\]}]/g, '').length;
}

/** Finds the line of a value when it is asked for, which is seldom. */
export function lineFinder({ text, line }: DocumentText): (path: Path) => number {
  let find: ((path: Path) => number) | null = null;
  return (path) => {
    find ??= linesOf(text);
    return line + find(path) - 1;
  };
}

function linesOf(text: string): (path: Path) => number {
  const lineCounter = new LineCounter();
  // Of a longer text the line is that of its start: finding others would take seconds.
  if (text.length > MOST_TO_SEARCH) return () => 1;
  const document = parseDocument(text, {
    lineCounter,
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
  });
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      if (start !== undefined) return lineCounter.linePos(start).line;
    }
    return 1;
  };
}

/** Finds groups and rules wherever a command or a template puts them. */
function collect(data: unknown, path: Path, spot: (path: Path) => TextSpot, found: TextGroup[]): void {
  if (Array.isArray(data)) {
    const items: readonly unknown[] = data;
    if (items.some(looksLikeRule))
      found.push(
        ...groupsOfRules(
          items.map((item, at) => ({ data: item, path: [...path, at] })),
          path,
          spot,
        ),
      );
    else items.forEach((item, at) => collect(item, [...path, at], spot, found));
    return;
  }
  const bag = bagOf(data);
  if (bag === null) return;
  if (Array.isArray(bag['effectiveSecurityRules'])) found.push(effectiveGroup(bag, path, spot));
  else if (property(bag, 'securityRules') !== undefined || isGroup(bag)) found.push(group(bag, path, spot));
  else if (looksLikeRule(bag)) found.push(...groupsOfRules([{ data: bag, path }], path, spot));
  else {
    for (const key of ['value', 'resources', 'NewNSG', 'networkSecurityGroup']) {
      if (bag[key] !== undefined) collect(bag[key], [...path, key], spot, found);
    }
  }
}

function isGroup(bag: Bag): boolean {
  const type = bag['type'];
  return typeof type === 'string' && /\/networkSecurityGroups$/i.test(type);
}

function looksLikeRule(data: unknown): boolean {
  const bag = bagOf(data);
  if (bag === null) return false;
  const known = ['priority', 'direction', 'access', 'protocol', 'sourceAddressPrefix'];
  return known.filter((key) => property(bag, key) !== undefined).length >= 2;
}

function group(bag: Bag, path: Path, spot: (path: Path) => TextSpot): TextGroup {
  const lists = ['securityRules', 'defaultSecurityRules'] as const;
  const rules = lists.flatMap((key) => {
    const list = property(bag, key);
    const base = [...path, ...keyPath(bag, key)];
    return Array.isArray(list)
      ? list.map((item: unknown, at) =>
          rule(item, [...base, at], spot, key === 'securityRules' ? null : 'default'),
        )
      : [];
  });
  const id = textOf(bag['id']);
  const places = (['subnets', 'networkInterfaces'] as const).flatMap((key) => {
    const list = property(bag, key);
    return Array.isArray(list) && list.length > 0
      ? [key === 'subnets' ? ('subnet' as const) : ('nic' as const)]
      : [];
  });
  return {
    name: textOf(bag['name']) || segmentOf(id, 'networkSecurityGroups') || 'nsg',
    resourceGroup: textOf(bag['resourceGroup']) || segmentOf(id, 'resourceGroups') || null,
    places,
    rules,
    tagMap: {},
    spot: spot([...path, ...keyPath(bag, 'securityRules')]),
  };
}

function effectiveGroup(bag: Bag, path: Path, spot: (path: Path) => TextSpot): TextGroup {
  const list: readonly unknown[] = Array.isArray(bag['effectiveSecurityRules'])
    ? bag['effectiveSecurityRules']
    : [];
  const id = textOf(bagOf(bag['networkSecurityGroup'])?.['id']);
  const association = bagOf(bag['association']) ?? {};
  const places = (['subnet', 'networkInterface'] as const).flatMap((key) =>
    bagOf(association[key]) === null ? [] : [key === 'subnet' ? ('subnet' as const) : ('nic' as const)],
  );
  return {
    name: segmentOf(id, 'networkSecurityGroups') || 'nsg',
    resourceGroup: segmentOf(id, 'resourceGroups') || null,
    places,
    rules: list.map((item, at) => rule(item, [...path, 'effectiveSecurityRules', at], spot, null)),
    tagMap: tagMapOf(bag['tagMap']),
    spot: spot([...path, 'effectiveSecurityRules']),
  };
}

/** `nsg rule list` does not say which group, but each rule's id does. */
function groupsOfRules(
  items: readonly { readonly data: unknown; readonly path: Path }[],
  path: Path,
  spot: (path: Path) => TextSpot,
): readonly TextGroup[] {
  const groups = new Map<string, TextGroup>();
  for (const item of items) {
    const id = textOf(bagOf(item.data)?.['id']);
    const name = segmentOf(id, 'networkSecurityGroups') || 'nsg';
    const kind = /\/defaultSecurityRules\//i.test(id) ? 'default' : null;
    const before = groups.get(name) ?? {
      name,
      resourceGroup: segmentOf(id, 'resourceGroups') || null,
      places: [],
      rules: [],
      tagMap: {},
      spot: spot(path),
    };
    groups.set(name, { ...before, rules: [...before.rules, rule(item.data, item.path, spot, kind)] });
  }
  return [...groups.values()];
}

function rule(
  data: unknown,
  path: Path,
  spot: (path: Path) => TextSpot,
  kind: TextRule['kind'] | null,
): TextRule {
  const bag = bagOf(data) ?? {};
  const list = (...keys: readonly string[]): string =>
    [...new Set(keys.flatMap((key) => textsOf(property(bag, key))))].join(',');
  const groups = (key: string): readonly string[] => {
    const value = property(bag, key);
    return Array.isArray(value)
      ? value.map((each: unknown) => `asg/${textOf(bagOf(each)?.['id']).split('/').at(-1) ?? ''}`)
      : [];
  };
  const side = (name: 'source' | 'destination'): string =>
    [
      ...new Set([
        ...textsOf(property(bag, `${name}AddressPrefix`)),
        ...textsOf(property(bag, `${name}AddressPrefixes`)),
        ...groups(`${name}ApplicationSecurityGroups`),
      ]),
    ].join(',');
  const whole = textOf(bag['name']);
  const protocol = list('protocol');
  const cells: RuleCells = {
    name: whole.replace(/^(securityRules|defaultSecurityRules)\//i, ''),
    priority: list('priority'),
    direction: list('direction'),
    access: list('access'),
    protocol: protocol.toLowerCase() === 'all' ? '*' : protocol,
    source: side('source'),
    sourcePorts: list('sourcePortRange', 'sourcePortRanges'),
    destination: side('destination'),
    destinationPorts: list('destinationPortRange', 'destinationPortRanges'),
  };
  return {
    cells,
    kind: kind ?? (/^defaultSecurityRules\//i.test(whole) ? 'default' : kindOf(cells)),
    spot: spot(path),
    expanded: {
      source: textsOf(bag['expandedSourceAddressPrefix']),
      destination: textsOf(bag['expandedDestinationAddressPrefix']),
    },
  };
}

/** A property of a flat object as azure-cli prints it, or of ARM's nested form. */
function property(bag: Bag, key: string): unknown {
  return bag[key] ?? bagOf(bag['properties'])?.[key];
}

function keyPath(bag: Bag, key: string): Path {
  return bag[key] === undefined && bagOf(bag['properties']) !== null ? ['properties', key] : [key];
}

function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(textOf).filter((each) => each !== '');
  const text = textOf(value);
  return text === '' ? [] : [text];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function tagMapOf(value: unknown): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(bagOf(value) ?? {}).map(
    ([tag, prefixes]) => [tag, textsOf(prefixes)] as const,
  );
  return Object.fromEntries(entries.filter(([, prefixes]) => prefixes.length > 0));
}

/** What follows a segment of an ARM id. */
function segmentOf(id: string, segment: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === segment.toLowerCase());
  return at < 0 ? '' : (parts[at + 1] ?? '');
}

function bagOf(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

function shapeOf(data: unknown): string {
  if (Array.isArray(data)) return data.length === 0 ? 'the list is empty' : `a list of ${data.length}`;
  const bag = bagOf(data);
  if (bag === null) return 'neither an object nor a list';
  const keys = Object.keys(bag).slice(0, 4);
  return keys.length === 0 ? 'the object is empty' : `an object with ${keys.join(', ')}`;
}
