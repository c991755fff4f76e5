/**
 * Returns lines with cells aligned as kubectl aligns them: three spaces between columns, at least
 * six characters per column, nothing after the last cell (k8s.io/cli-runtime, GetNewTabWriter).
 */
export function alignCells(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      if (at === row.length - 1) continue;
      widths[at] = Math.max(widths[at] ?? MINIMUM, [...cell].length + PADDING);
    }
  }
  return rows
    .map(
      (row) =>
        `${row.map((cell, at) => (at === row.length - 1 ? cell : padded(cell, widths[at] ?? 0))).join('')}\n`,
    )
    .join('');
}

const PADDING = 3;
const MINIMUM = 6;

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}
