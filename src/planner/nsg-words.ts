/** Security rules in one word each, so that they fit on a command line and in a lesson. */
import { DEFAULT_SECURITY_RULES } from '../model/azure/network-security-group.ts';
import { RULE_COLUMNS } from './nsg-text.ts';
import type { NsgTexts, RuleCells, TextGroup, TextProblem, TextRule } from './nsg-text.ts';

/** What a word is made of; the name of the group may stand before it. */
export const WORD_FORM =
  'NAME:PRIORITY:DIRECTION:ACCESS:PROTOCOL:SOURCE:SOURCE-PORTS:DESTINATION:DESTINATION-PORTS';

export const NO_NSG_TEXT: TextProblem = {
  line: null,
  message: 'there are no security rules.',
  instead:
    "--file nsg.json with the output of 'az network nsg show -o json', or --rules AllowWeb:100:Inbound:Allow:Tcp:Internet:any:10.0.1.4:80",
};

/** The group of words that name none. */
const NAMELESS = 'nsg';

/** Reads the words of one text; words of one group need not stand together. */
export function nsgWords(text: string, textNumber: number): NsgTexts {
  const groups = new Map<string, TextGroup & { readonly rules: TextRule[] }>();
  const problems: TextProblem[] = [];
  let number = 0;
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trimStart().startsWith('#')) continue;
    for (const word of line.split(/\s+/).filter((each) => each !== '')) {
      const spot = { text: textNumber, path: [number++], line: () => at + 1 };
      const fields = word.split(':');
      const inGroup = fields.length === RULE_COLUMNS.length + 1 || fields.length === 2;
      const name = inGroup ? (fields[0] ?? '') : NAMELESS;
      const isEmptyGroup = fields.length === 2 && fields[1] === '';
      if (!isEmptyGroup && fields.length !== RULE_COLUMNS.length + (inGroup ? 1 : 0)) {
        problems.push({
          line: at + 1,
          message: looksLikeFile(word)
            ? `"${word}" looks like a file, and rules are expected.`
            : `"${word}" has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}; a rule is [GROUP:]${WORD_FORM}.`,
          instead: looksLikeFile(word)
            ? `--file ${word}`
            : 'AllowWeb:100:Inbound:Allow:Tcp:Internet:any:10.0.1.4:80',
        });
        continue;
      }
      const group = groups.get(name) ?? { ...emptyGroup(name, spot), rules: [] };
      if (!isEmptyGroup) group.rules.push(ruleOf(fields.slice(inGroup ? 1 : 0), spot));
      groups.set(name, group);
    }
  }
  const found = [...groups.values()];
  const [first] = problems;
  // A text without a single rule is another text altogether: one complaint, and not one for each word.
  if (first !== undefined && found.every(({ rules }) => rules.length === 0))
    return { groups: [], problems: [first] };
  return { groups: found, problems };
}

function looksLikeFile(word: string): boolean {
  return /\.(json|ya?ml|txt)$/i.test(word);
}

/** A group may be called after the place it sits on. */
function emptyGroup(name: string, spot: TextGroup['spot']): TextGroup {
  const place = /(^|[-_.])(subnet|nic)$/i.exec(name)?.[2]?.toLowerCase();
  return {
    name,
    resourceGroup: null,
    places: place === 'subnet' || place === 'nic' ? [place] : [],
    rules: [],
    tagMap: {},
    spot,
  };
}

function ruleOf(fields: readonly string[], spot: TextRule['spot']): TextRule {
  const cell = (at: number): string => fields[at] ?? '';
  const cells: RuleCells = {
    name: cell(0),
    priority: cell(1),
    direction: cell(2),
    access: cell(3),
    protocol: anyAsStar(cell(4)),
    source: anyAsStar(cell(5)),
    sourcePorts: anyAsStar(cell(6)),
    destination: anyAsStar(cell(7)),
    destinationPorts: anyAsStar(cell(8)),
  };
  return { cells, kind: kindOf(cells), spot, expanded: { source: [], destination: [] } };
}

/** `*` has to be quoted on a command line, and `any` has not. */
function anyAsStar(cell: string): string {
  return cell.toLowerCase() === 'any' ? '*' : cell;
}

/** Somebody may write a default rule out. */
export function kindOf(cells: RuleCells): TextRule['kind'] {
  return DEFAULT_SECURITY_RULES.some(
    ({ name, priority }) => name === cells.name && String(priority) === cells.priority.trim(),
  )
    ? 'default'
    : 'custom';
}

/** Returns the word of a rule: no space, and nothing that a shell would read as its own. */
export function wordOf(group: string, cells: RuleCells): string {
  const fields = RULE_COLUMNS.map((column) => {
    const text = cells[column].replaceAll(/\s*,\s*/g, ',').replaceAll(/[\s:]+/g, '-');
    return text === '*' ? 'any' : text;
  });
  return [...(group === NAMELESS ? [] : [group]), ...fields].join(':');
}
