/** What a key does in the script editor beyond what a text area does by itself. Pure. */

export interface Selection {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Edit {
  /** Replace from here to there ... */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** ... and select this then. */
  readonly start: number;
  readonly end: number;
}

const INDENT = '  ';

/** Enter keeps the indentation, and adds one after `do`, `then`, `else` and `{`. */
export function enterKey({ text, start, end }: Selection): Edit {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const opens = /(^|\s)(do|then|else|in|\{|\()\s*$/.test(line) || line.endsWith('\\');
  const insert = `\n${indent}${opens ? INDENT : ''}`;
  const at = start + insert.length;
  return { from: start, to: end, insert, start: at, end: at };
}

/** Tab indents: at the cursor, or every selected line. */
export function tabKey(selection: Selection, way: 'in' | 'out'): Edit {
  const { text, start, end } = selection;
  if (way === 'in' && start === end) {
    return { from: start, to: end, insert: INDENT, start: start + INDENT.length, end: start + INDENT.length };
  }
  return overLines(
    selection,
    (line) => (way === 'in' ? `${INDENT}${line}` : line.replace(/^( {1,2}|\t)/, '')),
    text,
  );
}

/** Ctrl-/ makes the lines comments, or commands again if all of them are comments. */
export function commentKey(selection: Selection): Edit {
  const { from, to } = lineBounds(selection);
  const lines = selection.text.slice(from, to).split('\n');
  const all = lines.every((line) => line.trim() === '' || /^\s*#/.test(line));
  return overLines(
    selection,
    (line) => {
      if (line.trim() === '') return line;
      return all ? line.replace(/^(\s*)# ?/, '$1') : line.replace(/^(\s*)/, '$1# ');
    },
    selection.text,
  );
}

function overLines(selection: Selection, change: (line: string) => string, text: string): Edit {
  const { from, to } = lineBounds(selection);
  const insert = text
    .slice(from, to)
    .split('\n')
    .map((line) => (line === '' && selection.start !== selection.end ? line : change(line)))
    .join('\n');
  if (selection.start === selection.end) {
    const at = Math.max(from, selection.start + insert.length - (to - from));
    return { from, to, insert, start: at, end: at };
  }
  return { from, to, insert, start: from, end: from + insert.length };
}

function lineBounds({ text, start, end }: Selection): { readonly from: number; readonly to: number } {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  // A selection that ends at the beginning of a line does not mean that line.
  const last = end > start && text[end - 1] === '\n' ? end - 1 : end;
  const next = text.indexOf('\n', last);
  return { from, to: next === -1 ? text.length : next };
}
