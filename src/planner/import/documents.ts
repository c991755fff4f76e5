/** Cuts pasted texts into JSON documents, within limits that keep a hostile paste from hurting. */
import { documentsIn, parseJson } from '../nsg-json.ts';
import type { InputIssue } from '../input.ts';

/** Characters of all texts together. A network of 50 VNets with 2,000 routes prints about 2 million. */
export const MOST_CHARACTERS = 24_000_000;
/** Objects in objects; what Azure prints has about a dozen levels. */
export const MOST_LEVELS = 64;
/** Texts beyond this are not searched for the place of a mistake, which takes long. */
const MOST_TO_SEARCH = 400_000;

export interface ImportDocument {
  /** `text 1`, or `text 1, from line 40` for the second document of a text. */
  readonly label: string;
  readonly data: unknown;
}

export interface ReadDocuments {
  readonly documents: readonly ImportDocument[];
  readonly issues: readonly InputIssue[];
}

/** Returns the documents, and why others could not be read. `flag` is the field the texts come from. */
export function readDocuments(texts: readonly string[], flag: string): ReadDocuments {
  const issues: InputIssue[] = [];
  const documents: ImportDocument[] = [];
  const refuse = (message: string, instead: string | null): void => {
    issues.push({ flag, value: null, message, instead });
  };
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  if (size > MOST_CHARACTERS) {
    const [mega, most] = [size, MOST_CHARACTERS].map((each) => Math.ceil(each / 1_000_000));
    refuse(
      `The texts have ${mega} million characters, and ${most} million are read at most.`,
      'one resource group or one VNet at a time.',
    );
    return { documents, issues };
  }
  for (const [index, text] of texts.entries()) {
    const name = `text ${index + 1}`;
    const own = text.startsWith('\uFEFF') ? text.slice(1) : text;
    // One document mostly, which needs no cutting.
    const whole = STARTS.test(own) ? parsed(own) : undefined;
    const json = whole === undefined ? withoutPrompts(own) : own;
    if (json.trim() === '') continue;
    if (!STARTS.test(json)) {
      refuse(`${name} starts with ${JSON.stringify(json.trim().slice(0, 30))}, which is no JSON.`, START);
      continue;
    }
    const parts: readonly Part[] = whole === undefined ? partsOf(json) : [{ line: 1, data: whole }];
    for (const part of parts) {
      const label = part.line === 1 ? name : `${name}, from line ${part.line}`;
      if ('data' in part) {
        if (levelsOf(part.data, MOST_LEVELS) > MOST_LEVELS) {
          refuse(`${label} has objects in more than ${MOST_LEVELS} objects, which no command prints.`, null);
        } else documents.push({ label, data: part.data });
      } else {
        refuse(
          `${label} ${whyNot(part)}`,
          'the whole output of the command, from its first bracket to its last.',
        );
      }
    }
  }
  return { documents, issues };
}

type Part = { readonly line: number } & ({ readonly data: unknown } | { readonly text: string });

function partsOf(json: string): readonly Part[] {
  return documentsIn(json).map(({ text, line }) => {
    const data = parsed(text);
    return data === undefined ? { line, text } : { line, data };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const STARTS = /^\s*[[{]/;
const START = 'the output of a command with -o json, such as az network vnet list -o json.';

/** Lines such as `$ az network vnet list` or `WARNING: …` around an answer are no part of it. */
function withoutPrompts(text: string): string {
  return text.replaceAll(
    /^[ \t]*(?:[\w.@:~/-]*[$#>][ \t]*)?(?:(?:az|kubectl) [^\n[{]*|(?:WARNING:|The behavior of this command)[^\n]*)$/gm,
    (line) => ' '.repeat(line.length),
  );
}

function whyNot(part: { readonly text: string; readonly line: number }): string {
  if (part.text.length > MOST_TO_SEARCH)
    return 'is no JSON: it is cut off, or something stands in it that is none.';
  const read = parseJson(part);
  return 'problem' in read
    ? `${read.problem.message.replace(/\.$/, '')} (line ${read.problem.line}).`
    : 'is no JSON, though nearly: a comma too many, or a comment.';
}

/** Returns how deep objects stand in each other, counted up to `most` + 1. Never goes deeper itself. */
export function levelsOf(data: unknown, most: number): number {
  let level: readonly unknown[] = [data];
  let depth = 0;
  while (level.length > 0 && depth <= most) {
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as readonly unknown[]) : [],
    );
    depth++;
  }
  return depth;
}
