/** `npm run -s calc`: every calculator of the site, in the terminal. */
import { keepCompiled } from './compiled.ts';
import { PROCESS } from './terminal.ts';

// `calc ... | head -1` closes the pipe early. That is the reader's right, and no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

keepCompiled();
const { calc } = await import('./calc/calc.ts');
process.exitCode = await calc(process.argv.slice(2), PROCESS);
