/** Tables for spreadsheets (RFC 4180), safe to open whoever wrote what stands in them. */

export type Cell = string | number;

/**
 * Returns the rows as CSV. Every text is quoted, and wherever a spreadsheet could take what follows for a
 * formula an apostrophe stands in front: at the start, and after anything that some locale's spreadsheet
 * takes for the end of a cell. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** `=`, `+`, `-`, `@`, also in full width; white space and invisible characters before them may be dropped. */
const FORMULA = /(^|[,;|"\t\r\n])([\p{White_Space}\p{Cc}\p{Cf}]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

function cell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  const inert = value.replaceAll('\0', '\ufffd').replaceAll(FORMULA, "$1$2'");
  // A tab or a line end at the start is a trigger of its own.
  const text = /^[\t\r\n]/.test(inert) ? `'${inert}` : inert;
  return `"${text.replaceAll('"', '""')}"`;
}
