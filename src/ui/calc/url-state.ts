/** What stands in the form, and the same in the page's address, so that a sum can be sent to somebody. */
import type { Calculator, CalculatorFlag } from '../../planner/calculator.ts';
import { choiceNamed } from '../../planner/choice.ts';
import type { FlagValues } from '../../planner/input.ts';
import { holdsPrivateKey } from '../../planner/private-key-text.ts';
import { shellWord } from '../../planner/shell-word.ts';

/** The text of each field, as typed; an empty field is as good as absent. */
export type Draft = Readonly<Record<string, string>>;

/** Fields of the page: what only changes an exit code has no place in it. */
export function fieldsOf(calculator: Calculator): Calculator['flags'] {
  return calculator.flags.filter((flag) => flag.terminalOnly === undefined);
}

/** The field of that name or other spelling, without dashes; null if there is none. */
export function fieldNamed(fields: readonly CalculatorFlag[], name: string): CalculatorFlag | null {
  return fields.find((field) => field.name === name || field.aliases.includes(name)) ?? null;
}

export function draftValues(draft: Draft): FlagValues {
  return Object.fromEntries(
    Object.entries(draft).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, [text]]])),
  );
}

/** Returns the draft of an address, or null if it names no field of the calculator. */
export function draftFromAddress(calculator: Calculator, search: string): Draft | null {
  const parameters = new URLSearchParams(search);
  const draft: Record<string, string> = {};
  for (const flag of fieldsOf(calculator)) {
    const given = [flag.name, ...flag.aliases].flatMap((name) => parameters.getAll(name));
    if (given.length > 0) draft[flag.name] = chosen(flag, given.join(' '));
  }
  return Object.keys(draft).length === 0 ? null : draft;
}

/** Returns what stands in a field that is ticked or chosen from: its own words for what was given. */
function chosen(flag: CalculatorFlag, text: string): string {
  if (flag.choices === undefined) return text;
  if (flag.takes !== 'many') return choiceNamed(flag, text) ?? text;
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  return words.map((word) => choiceNamed(flag, word) ?? word).join(',');
}

/** Longer texts stay out of the address: it is copied into chats and tickets, and some of them cut it. */
const LONGEST_IN_ADDRESS = 1_500;

/** Returns the address's query with every field that is filled in; readable, since people paste it. */
export function addressOf(draft: Draft): string {
  const parameters = new URLSearchParams();
  for (const [name, text] of Object.entries(draft)) {
    // A private key is kept nowhere.
    if (text.trim() === '' || text.length > LONGEST_IN_ADDRESS || holdsPrivateKey(text)) continue;
    // The spaces before the first of several lines say how deep it is.
    parameters.set(name, text.includes('\n') ? text.trimEnd() : text.trim());
  }
  const query = parameters.toString().replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3D', '=');
  return query === '' ? '' : `?${query}`;
}

/**
 * Returns the texts that the address leaves out, and which fields were emptied; the browser keeps them with the page's
 * place in its history. A private key is left out of both.
 */
export function leftOutOfAddress(draft: Draft): Draft {
  return Object.fromEntries(
    Object.entries(draft).filter(
      ([, text]) => text === '' || (text.length > LONGEST_IN_ADDRESS && !holdsPrivateKey(text)),
    ),
  );
}

/** Returns what was kept so; nothing of what somebody else has put there. */
export function keptInHistory(state: unknown): Draft {
  const kept: unknown = typeof state === 'object' && state !== null && 'draft' in state ? state.draft : null;
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Returns the texts of many lines in a draft: an address without one means the one to start from. */
export function textsOf(calculator: Calculator, draft: Draft): Draft {
  const names = calculator.flags.filter(({ lines }) => lines !== undefined).map(({ name }) => name);
  return Object.fromEntries(Object.entries(draft).filter(([name]) => names.includes(name)));
}

/** Nobody means a longer line: something was pasted into the wrong field. */
const LONGEST_IN_COMMAND = 4_000;

/** Returns the command line that answers the same in a terminal. */
export function commandOf(calculator: Calculator, draft: Draft): string {
  const words = fieldsOf(calculator).flatMap(({ name, fallback, lines, takes, quoted }) => {
    const text = (draft[name] ?? '').trim();
    if (quoted !== undefined && text !== '' && text.length <= LONGEST_IN_COMMAND)
      return [
        `--${name} ${text
          .split(quoted === 'lines' ? /\s*\n\s*/ : /\s+/)
          .map(shellWord)
          .join(' ')}`,
      ];
    // Nobody types a text of many lines: a file has it.
    const file = calculator.flags.find(({ fileFor }) => fileFor === name);
    const isTypeable = takes === 'many' && text.length <= LONGEST_IN_COMMAND && isWords(text);
    if (lines !== undefined && file !== undefined && !isTypeable)
      return text === '' ? [] : [`--${file.name} ${file.fileName ?? 'service.yaml'}`];
    if (text === '' || text === fallback) return [];
    const shown = text.length > LONGEST_IN_COMMAND ? `${text.slice(0, LONGEST_IN_COMMAND)}…` : text;
    // The address may be somebody else's: nothing in it may become a command of the shell that it is copied into.
    const words = takes === 'one' ? [shown.replaceAll(/\s+/g, ' ')] : shown.split(/\s+/);
    return [`--${name} ${words.map(shellWord).join(' ')}`];
  });
  return [`npm run -s calc -- ${calculator.name}`, ...words].join(' ');
}

/** Reports whether a text of several lines is words that a command line could hold as they are: no JSON, no YAML. */
function isWords(text: string): boolean {
  return /^[\w.,:/+=@\s-]+$/.test(text) && !/^\s*-|^\s*[\w-]+:\s+[^\s:]+\s*$/m.test(text);
}
