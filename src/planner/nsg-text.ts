/**
 * Security groups as people have them: the JSON of azure-cli, or rules in one word each. What is read
 * here is text still, cell by cell, with the place of each; `nsg-rules.ts` judges the cells.
 */
import { NO_NSG_TEXT, nsgWords } from './nsg-words.ts';
import { groupsInJson } from './nsg-json.ts';

/** The columns of a table of rules; lists are joined by commas. */
export const RULE_COLUMNS = [
  'name',
  'priority',
  'direction',
  'access',
  'protocol',
  'source',
  'sourcePorts',
  'destination',
  'destinationPorts',
] as const;
export type RuleColumn = (typeof RULE_COLUMNS)[number];
export type RuleCells = Readonly<Record<RuleColumn, string>>;

/** Where something stands in the text that was given. */
export interface TextSpot {
  /** Which of several texts, and which value in it; for words, the number of the word. */
  readonly text: number;
  readonly path: readonly (string | number)[];
  /** Counted from 1. */
  readonly line: () => number;
}

export interface TextRule {
  readonly cells: RuleCells;
  /** One of those that every group has. */
  readonly kind: 'default' | 'custom';
  readonly spot: TextSpot;
  /** What Azure says a tag of this rule holds, in the lists of effective rules. */
  readonly expanded: { readonly source: readonly string[]; readonly destination: readonly string[] };
}

export interface TextGroup {
  readonly name: string;
  /** Null where the text does not say. */
  readonly resourceGroup: string | null;
  /** On what it sits, as far as the text says; both for a group that serves both. */
  readonly places: readonly ('subnet' | 'nic')[];
  readonly rules: readonly TextRule[];
  /** Content of tags that stands in the text. */
  readonly tagMap: Readonly<Record<string, readonly string[]>>;
  /** Where a rule could be added; null in texts that have no room for one. */
  readonly spot: TextSpot;
}

export interface TextProblem {
  /** Counted from 1; null where there is none. */
  readonly line: number | null;
  readonly message: string;
  readonly instead: string | null;
}

export interface NsgTexts {
  readonly groups: readonly TextGroup[];
  readonly problems: readonly TextProblem[];
}

/** Longer than any list of groups that somebody looks at, and short enough to be read while typing. */
const LONGEST_TEXT = 2_000_000;

/** Reads texts one after the other; rules of one group may come from several. */
export function readNsgTexts(texts: readonly string[]): NsgTexts {
  const read = texts.map((text, at): NsgTexts => {
    if (text.trim() === '') return { groups: [], problems: [] };
    if (text.length > LONGEST_TEXT) {
      const message = `has ${text.length.toLocaleString('en')} characters, and ${LONGEST_TEXT.toLocaleString('en')} are read.`;
      return { groups: [], problems: [{ line: null, message, instead: null }] };
    }
    return isWords(text) ? nsgWords(text, at) : groupsInJson(text, at);
  });
  const groups = joined(read.flatMap((each) => each.groups));
  const problems = read.flatMap((each) => each.problems);
  if (groups.length === 0 && problems.length === 0) return { groups, problems: [NO_NSG_TEXT] };
  return { groups, problems };
}

/** What a list or an object of azure-cli starts with as YAML, or any list. */
const YAML_START =
  /^(-\s|---|(NewNSG|access|defaultSecurityRules|description|destination\w+|direction|etag|flushConnection|id|location|name|networkInterfaces|nextLink|priority|properties|protocol|provisioningState|resourceGroup|resourceGuid|resources|securityRules|source\w+|subnets|tags|type|value):(\s|$))/;

/** Reports whether a text holds rules in one word each, and no JSON or YAML. */
export function isWords(text: string): boolean {
  const start = text.trimStart();
  return !/^[[{]/.test(start) && !YAML_START.test(start);
}

/** `rule list` of the own and of the default rules, and words, name the same group several times. */
function joined(groups: readonly TextGroup[]): readonly TextGroup[] {
  const found = new Map<string, TextGroup & { readonly rules: TextRule[] }>();
  for (const group of groups) {
    const { name, resourceGroup, places, rules } = group;
    const key = JSON.stringify([name.toLowerCase(), resourceGroup?.toLowerCase() ?? null, places.join()]);
    const other = found.get(key);
    if (other === undefined) found.set(key, { ...group, rules: [...rules] });
    else {
      for (const rule of rules) other.rules.push(rule);
      found.set(key, { ...other, tagMap: { ...other.tagMap, ...group.tagMap } });
    }
  }
  return [...found.values()];
}
