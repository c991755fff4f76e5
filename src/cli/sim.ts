/** `npm run -s sim -- [FILE.sh]`: bash on a fresh simulated subscription. */
import { keepCompiled } from './compiled.ts';
import { PROCESS } from './terminal.ts';

// The reader may close either; the script goes on.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

keepCompiled();
const { sim } = await import('./sim/sim.ts');
process.exitCode = await sim(process.argv.slice(2), PROCESS);
