/**
 * Aligns tab-terminated cells as Go's text/tabwriter does: a column is as wide as its widest cell
 * among consecutive lines that have it, plus padding. `kubectl describe` prints through one.
 */
export function elasticTabs(text: string, padding = 2): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out: string[] = [];
  format(lines, 0, lines.length, [], padding, out);
  return out.join('\n');
}

function format(
  lines: readonly (readonly string[])[],
  from: number,
  to: number,
  widths: readonly number[],
  padding: number,
  out: string[],
): void {
  const column = widths.length;
  const hasCell = (at: number) => column < (lines[at]?.length ?? 0) - 1;
  let start = from;
  for (let at = from; at < to; at++) {
    if (!hasCell(at)) continue;
    print(lines, start, at, widths, out);
    start = at;
    let width = 0;
    for (; at < to && hasCell(at); at++) {
      width = Math.max(width, [...(lines[at]?.[column] ?? '')].length + padding);
    }
    format(lines, start, at, [...widths, width], padding, out);
    start = at;
    at--;
  }
  print(lines, start, to, widths, out);
}

function print(
  lines: readonly (readonly string[])[],
  from: number,
  to: number,
  widths: readonly number[],
  out: string[],
): void {
  for (const cells of lines.slice(from, to)) {
    out.push(
      cells.map((cell, at) => (at < cells.length - 1 ? padded(cell, widths[at] ?? 0) : cell)).join(''),
    );
  }
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}
