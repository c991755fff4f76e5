/** Prints the name of every `az` command that the workbook declares, for record-az-options.py. */
import { azCommands } from '../src/shell/az/registry.ts';

console.log(azCommands.map((command) => command.path.join(' ')).join('\n'));
