/** `ssh [-J HOST] [USER@]HOST [COMMAND]` from the workstation, and from one VM to another. */
import type { CommandContext, CommandResult, Place, SimulatedCommand } from './command.ts';
import { readSshArguments } from './ssh-arguments.ts';
import { sshLogin } from './ssh-login.ts';

export const ssh: SimulatedCommand = {
  name: 'ssh',
  places: ['workstation', 'vm'],
  run: async (context) => {
    const request = readSshArguments(context.args);
    if ('complaint' in request) return failed(request.complaint);
    const there = await sshLogin(context, request);
    if (!there.ok) return failed(there.error);
    const done = await logIn(context, there.value.place, request.command);
    return { ...done, stderr: there.value.warnings + done.stderr };
  },
};

/** A shell that takes its commands from standard input. */
const READS_SCRIPT = /^(sudo +)?(\/bin\/)?(ba)?sh( +-[es]+)*$/;

/** Arguments are joined to one line, which the shell over there reads again. */
async function logIn(
  context: CommandContext,
  place: Place,
  command: readonly string[],
): Promise<CommandResult> {
  const line = command.join(' ');
  if (command.length > 0 && !(READS_SCRIPT.test(line) && context.stdin !== ''))
    return context.runIn(place, ['bash', '-c', line], context.stdin);
  if (context.stdin === '' && context.terminal === 'interactive')
    return { stdout: '', stderr: '', exitCode: 0, enter: place };
  return context.runIn(place, ['bash', '-c', context.stdin], '');
}

/** What ssh itself could not do ends with 255. */
function failed(stderr: string): CommandResult {
  return { stdout: '', stderr, exitCode: 255 };
}
