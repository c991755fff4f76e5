/** Colours of netpath's text on a terminal. Plain unless asked for, so that pipes and transcripts stay text. */
import type { Disposition } from '../model/trace/disposition.ts';
import type { CommandContext } from './command.ts';

const RESET = '\u001b[0m';
const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const CYAN = '\u001b[36m';

/** Follows https://bixense.com/clicolors: CLICOLOR_FORCE always, CLICOLOR on a terminal, NO_COLOR never. */
export function wantsColour({ env, terminal }: Pick<CommandContext, 'env' | 'terminal'>): boolean {
  const isSet = (name: string): boolean => !['', '0'].includes(env.get(name) ?? '');
  if (env.get('NO_COLOR') !== undefined && env.get('NO_COLOR') !== '') return false;
  return isSet('CLICOLOR_FORCE') || (isSet('CLICOLOR') && terminal === 'interactive');
}

/** Returns the lines of `describeTrace` with the outcome, the places and the changes of the packet marked. */
export function colourTrace(lines: readonly string[], disposition: Disposition): readonly string[] {
  return lines.map((line) => {
    if (line.startsWith(`${disposition}: `)) {
      return `${outcomeColour(disposition)}${disposition}${RESET}${line.slice(disposition.length)}`;
    }
    if (/^ {2}\d+\. /.test(line)) return `${BOLD}${line}${RESET}`;
    if (/^ {7}not /.test(line)) return `${DIM}${line}${RESET}`;
    return line.replace(/ (\[[^\]]+\])$/, ` ${CYAN}$1${RESET}`);
  });
}

function outcomeColour(disposition: Disposition): string {
  switch (disposition) {
    case 'delivered':
      return '\u001b[32m';
    case 'undetermined':
      return '\u001b[33m';
    case 'denied-outbound':
    case 'denied-inbound':
    case 'no-route':
    case 'dropped-by-route':
    case 'next-hop-unreachable':
    case 'no-outbound-path':
    case 'snat-exhausted':
    case 'refused':
    case 'asymmetric':
    case 'loop':
      return '\u001b[31m';
  }
}
