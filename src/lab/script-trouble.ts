/** What a script said last when it ended early. */

/** az prints its error first, then code, target, examples and links; bash and kubectl say it in one line. */
const ERROR_LINE = /^(ERROR|error|Error from server|bash)\b.*:/;

const MOST_LINES = 6;

function said(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line.trim() !== '');
}

/** The last line that says what is wrong, or the last line at all; empty if nothing was said. */
export function lastError(stderr: string): string {
  const lines = said(stderr);
  return lines.findLast((line) => ERROR_LINE.test(line)) ?? lines.at(-1) ?? '';
}

/** The last lines, and before them what is wrong if that came earlier. */
export function lastWords(stderr: string): readonly string[] {
  const lines = said(stderr);
  const last = lines.slice(-MOST_LINES);
  const error = lastError(stderr);
  return last.includes(error) || error === '' ? last : [error, ...last.slice(1)];
}
