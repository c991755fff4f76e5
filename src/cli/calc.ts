/** `npm run -s calc`: every calculator of the site, in the terminal. */
import { runCalc } from '../planner/command-line.ts';

const BUG = 3;

// `calc ... | head -1` closes the pipe early. That is the reader's right, and no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const { stdout, stderr, exitCode } = runCalc(process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
} catch (error) {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`calc: this is a bug in the workbook, not in your input.\n${detail}\n`);
  process.exitCode = BUG;
}
