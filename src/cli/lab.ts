/** `npm run -s lab -- COMMAND`: do a lab in the terminal, and grade one in CI. */
import { keepCompiled } from './compiled.ts';
import { PROCESS } from './terminal.ts';

// A reader that closes the pipe early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

keepCompiled();
const { lab } = await import('./lab/lab.ts');
process.exitCode = await lab(process.argv.slice(2), PROCESS);
