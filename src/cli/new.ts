/** `npm run -s new -- lesson|lab NAME`: the files of a lesson or a lab, and what there is to write in them. */
import { keepCompiled } from './compiled.ts';
import { PROCESS } from './terminal.ts';

keepCompiled();
const { make } = await import('./new/new.ts');
process.exitCode = await make(process.argv.slice(2), PROCESS);
