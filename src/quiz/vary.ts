/**
 * A question with other numbers. Beside it stands `vary`, a list of rows that say what each `{name}`
 * in its texts and keys is. The first row is what the lesson asks; the others are for practice. Works
 * on the file as YAML gives it, before its form is checked, so that a number of a row may stand
 * wherever the form wants a number.
 */
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';

export type Row = Readonly<Record<string, string | number>>;

export interface VaryProblem {
  /** Below the question, such as `vary[1].nodes`. */
  readonly place: string;
  readonly message: string;
}

export interface VariedQuestion {
  readonly rows: readonly Row[];
  /** The question as each row makes it, without the rows. */
  readonly questions: readonly unknown[];
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Returns the question once for each row; a question without `vary` once, as it is. */
export function varied(question: unknown): Result<VariedQuestion, VaryProblem> {
  if (!isRecord(question) || !Object.hasOwn(question, 'vary')) {
    return ok({ rows: [], questions: [question] });
  }
  const { vary, ...pattern } = question;
  const rows = readRows(vary);
  if (!rows.ok) return rows;
  const names = Object.keys(rows.value[0] ?? {});
  const text = JSON.stringify(pattern);
  const unused = names.find((name) => !text.includes(`{${name}}`));
  if (unused !== undefined) {
    return err({ place: `vary[0].${unused}`, message: `the question has no {${unused}} in it` });
  }
  return ok({ rows: rows.value, questions: rows.value.map((row) => filledIn(pattern, row)) });
}

function readRows(vary: unknown): Result<readonly Row[], VaryProblem> {
  if (!Array.isArray(vary) || vary.length < 2) {
    return err({ place: 'vary', message: 'is a list of at least two rows, the first for the lesson' });
  }
  const rows: Row[] = [];
  for (const [index, row] of vary.entries()) {
    const place = `vary[${index}]`;
    if (!isRow(row)) {
      return err({ place, message: 'is a row of names and what they are: { nodes: 40, surge: 33% }' });
    }
    const [first = row] = rows;
    const names = Object.keys(row);
    const bad = names.find((name) => !NAME.test(name));
    if (bad !== undefined) return err({ place: `${place}.${bad}`, message: 'a name is kebab-case' });
    const odd = [...new Set([...names, ...Object.keys(first)])].find(
      (name) => !Object.hasOwn(row, name) || !Object.hasOwn(first, name),
    );
    if (odd !== undefined) {
      return err({
        place: `${place}.${odd}`,
        message: 'every row has the names of the first, and no others',
      });
    }
    rows.push(row);
  }
  return ok(rows);
}

/** The pattern with its names filled in; a text that is one name alone becomes the value, number or text. */
function filledIn(pattern: unknown, row: Row): unknown {
  if (typeof pattern === 'string') {
    const alone = /^\{([a-z0-9-]+)\}$/.exec(pattern)?.[1];
    if (alone !== undefined && Object.hasOwn(row, alone)) return row[alone];
    return pattern.replaceAll(/\{([a-z0-9-]+)\}/g, (whole, name: string) =>
      Object.hasOwn(row, name) ? String(row[name]) : whole,
    );
  }
  if (Array.isArray(pattern)) return pattern.map((each: unknown) => filledIn(each, row));
  if (!isRecord(pattern)) return pattern;
  return Object.fromEntries(Object.entries(pattern).map(([name, value]) => [name, filledIn(value, row)]));
}

function isRow(row: unknown): row is Row {
  return (
    isRecord(row) &&
    Object.keys(row).length > 0 &&
    Object.values(row).every((value) => typeof value === 'string' || typeof value === 'number')
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
