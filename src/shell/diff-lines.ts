/** `diff A B` as GNU's writes it without options; just-bash has the unified form alone. */

/** More is a question for a real diff: the table below has a cell for each pair of lines. */
const MOST_CELLS = 4_000_000;
const NO_NEWLINE = '\\ No newline at end of file\n';

/** Returns the differences, empty where there are none; null where the files are too long. */
export function normalDiff(before: string, after: string): string | null {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  if (old.length * fresh.length > MOST_CELLS) return null;
  const common = commonLengths(old, fresh);
  let text = '';
  for (let a = 0, b = 0; a < old.length || b < fresh.length;) {
    if (a < old.length && b < fresh.length && old[a] === fresh[b]) {
      a++;
      b++;
      continue;
    }
    const [fromA, fromB] = [a, b];
    while (
      (a < old.length || b < fresh.length) &&
      !(a < old.length && b < fresh.length && old[a] === fresh[b])
    )
      if (b >= fresh.length || (a < old.length && lengthAt(common, a + 1, b) >= lengthAt(common, a, b + 1)))
        a++;
      else b++;
    text += hunk(old.slice(fromA, a), fresh.slice(fromB, b), fromA, fromB);
  }
  return text;
}

function hunk(gone: readonly string[], come: readonly string[], a: number, b: number): string {
  const from = gone.length === 0 ? String(a) : range(a, gone.length);
  const to = come.length === 0 ? String(b) : range(b, come.length);
  const how = gone.length === 0 ? 'a' : come.length === 0 ? 'd' : 'c';
  const between = how === 'c' ? '---\n' : '';
  return `${from}${how}${to}\n${marked('<', gone)}${between}${marked('>', come)}`;
}

function range(start: number, length: number): string {
  return length === 1 ? String(start + 1) : `${start + 1},${start + length}`;
}

function marked(sign: string, lines: readonly string[]): string {
  return lines.map((line) => `${sign} ${line}${line.endsWith('\n') ? '' : `\n${NO_NEWLINE}`}`).join('');
}

/** Each with its newline, since a last line without one is another line. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** How many lines the rests have in common, for each pair of places to begin at. */
function commonLengths(old: readonly string[], fresh: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = fresh.length - 1; b >= 0; b--) {
      const row = table[a];
      if (row === undefined) continue;
      row[b] =
        old[a] === fresh[b]
          ? lengthAt(table, a + 1, b + 1) + 1
          : Math.max(lengthAt(table, a + 1, b), lengthAt(table, a, b + 1));
    }
  return table;
}

function lengthAt(table: readonly Uint32Array[], a: number, b: number): number {
  return table[a]?.[b] ?? 0;
}
