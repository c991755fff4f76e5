/** The line that a learner types: text, cursor, history. Pure, so that every key is a row in a test. */

export interface EditedLine {
  readonly text: string;
  readonly cursor: number;
  /** Earlier lines, oldest first. */
  readonly history: readonly string[];
  /** Which earlier line is shown; equal to the history's length while the own line is. */
  readonly at: number;
  /** The own line, while an earlier one is shown. */
  readonly draft: string;
}

export type EditorAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'enter'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end-of-input' }
  | { readonly kind: 'clear-screen' }
  | { readonly kind: 'complete'; readonly upTo: string };

export interface Edited {
  readonly line: EditedLine;
  readonly action: EditorAction;
}

export function emptyLine(history: readonly string[]): EditedLine {
  return { text: '', cursor: 0, history, at: history.length, draft: '' };
}

/** Cuts what a terminal sends into single keys: escape sequences, control characters, runs of text. */
export function keysOf(data: string): readonly string[] {
  // CSI, SS3 and Alt sequences; control characters alone; and text between them.
  const keys = /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1bO[A-Z]|\x1b.|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/gu;
  return data.replaceAll('\r\n', '\r').match(keys) ?? [];
}

const SEQUENCES: Readonly<Record<string, (line: EditedLine) => Edited>> = {
  '\r': (line) => ({ line: finished(line), action: { kind: 'enter', text: line.text } }),
  '\n': (line) => ({ line: finished(line), action: { kind: 'enter', text: line.text } }),
  '\x03': (line) => ({ line: emptyLine(line.history), action: { kind: 'interrupt' } }),
  '\x04': (line) =>
    line.text === '' ? { line, action: { kind: 'end-of-input' } } : edit(deleteTo(line, line.cursor + 1)),
  '\x0c': (line) => ({ line, action: { kind: 'clear-screen' } }),
  '\t': (line) => ({ line, action: { kind: 'complete', upTo: line.text.slice(0, line.cursor) } }),
  '\x7f': (line) => edit(deleteTo(line, line.cursor - 1)),
  '\b': (line) => edit(deleteTo(line, line.cursor - 1)),
  '\x1b[3~': (line) => edit(deleteTo(line, line.cursor + 1)),
  '\x01': (line) => edit(moveTo(line, 0)),
  '\x1b[H': (line) => edit(moveTo(line, 0)),
  '\x1bOH': (line) => edit(moveTo(line, 0)),
  '\x1b[1~': (line) => edit(moveTo(line, 0)),
  '\x05': (line) => edit(moveTo(line, line.text.length)),
  '\x1b[F': (line) => edit(moveTo(line, line.text.length)),
  '\x1bOF': (line) => edit(moveTo(line, line.text.length)),
  '\x1b[4~': (line) => edit(moveTo(line, line.text.length)),
  '\x02': (line) => edit(moveTo(line, line.cursor - 1)),
  '\x1b[D': (line) => edit(moveTo(line, line.cursor - 1)),
  '\x1bOD': (line) => edit(moveTo(line, line.cursor - 1)),
  '\x06': (line) => edit(moveTo(line, line.cursor + 1)),
  '\x1b[C': (line) => edit(moveTo(line, line.cursor + 1)),
  '\x1bOC': (line) => edit(moveTo(line, line.cursor + 1)),
  '\x1bb': (line) => edit(moveTo(line, wordStart(line))),
  '\x1b[1;5D': (line) => edit(moveTo(line, wordStart(line))),
  '\x1b[1;3D': (line) => edit(moveTo(line, wordStart(line))),
  '\x1bf': (line) => edit(moveTo(line, wordEnd(line))),
  '\x1b[1;5C': (line) => edit(moveTo(line, wordEnd(line))),
  '\x1b[1;3C': (line) => edit(moveTo(line, wordEnd(line))),
  '\x15': (line) => edit(deleteTo(line, 0)),
  '\x0b': (line) => edit(deleteTo(line, line.text.length)),
  '\x17': (line) => edit(deleteTo(line, blankBoundedStart(line))),
  '\x1b\x7f': (line) => edit(deleteTo(line, wordStart(line))),
  '\x1bd': (line) => edit(deleteTo(line, wordEnd(line))),
  '\x10': (line) => edit(showEarlier(line, line.at - 1)),
  '\x1b[A': (line) => edit(showEarlier(line, line.at - 1)),
  '\x1bOA': (line) => edit(showEarlier(line, line.at - 1)),
  '\x0e': (line) => edit(showEarlier(line, line.at + 1)),
  '\x1b[B': (line) => edit(showEarlier(line, line.at + 1)),
  '\x1bOB': (line) => edit(showEarlier(line, line.at + 1)),
};

/** Returns the line after one key of `keysOf`; keys without a meaning here do nothing. */
export function pressed(line: EditedLine, key: string): Edited {
  const known = Object.hasOwn(SEQUENCES, key) ? SEQUENCES[key] : undefined;
  if (known !== undefined) return known(line);
  const first = key.charCodeAt(0);
  if (first < 0x20 || first === 0x7f) return { line, action: { kind: 'none' } };
  return edit(insert(line, key));
}

/** Inserts text at the cursor, as typing and completion do. */
export function insert(line: EditedLine, text: string): EditedLine {
  return {
    ...line,
    text: line.text.slice(0, line.cursor) + text + line.text.slice(line.cursor),
    cursor: line.cursor + text.length,
  };
}

/** Replaces what stands between `from` and the cursor: what completion does. */
export function replaceWord(line: EditedLine, from: number, word: string): EditedLine {
  return {
    ...line,
    text: line.text.slice(0, from) + word + line.text.slice(line.cursor),
    cursor: from + word.length,
  };
}

function edit(line: EditedLine): Edited {
  return { line, action: { kind: 'none' } };
}

function finished(line: EditedLine): EditedLine {
  const worthKeeping = line.text.trim() !== '' && line.text !== line.history.at(-1);
  return emptyLine(worthKeeping ? [...line.history, line.text] : line.history);
}

function moveTo(line: EditedLine, cursor: number): EditedLine {
  return { ...line, cursor: Math.min(Math.max(cursor, 0), line.text.length) };
}

function deleteTo(line: EditedLine, other: number): EditedLine {
  const from = Math.max(0, Math.min(line.cursor, other));
  const to = Math.min(line.text.length, Math.max(line.cursor, other));
  return { ...line, text: line.text.slice(0, from) + line.text.slice(to), cursor: from };
}

function wordStart({ text, cursor }: EditedLine): number {
  return cursor - (/\w*\W*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

function wordEnd({ text, cursor }: EditedLine): number {
  return cursor + (/^\W*\w*/.exec(text.slice(cursor))?.[0].length ?? 0);
}

/** Ctrl-W goes by blanks alone, so that a whole flag or path goes at once. */
function blankBoundedStart({ text, cursor }: EditedLine): number {
  return cursor - (/\S*\s*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

function showEarlier(line: EditedLine, at: number): EditedLine {
  if (at < 0 || at > line.history.length) return line;
  const draft = line.at === line.history.length ? line.text : line.draft;
  const text = at === line.history.length ? draft : (line.history[at] ?? '');
  return { ...line, text, cursor: text.length, at, draft };
}
