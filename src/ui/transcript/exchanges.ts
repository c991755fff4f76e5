/** What a transcript shows: commands and what they print on a scenario. */
import { markedHtml } from '../address/marked-html.ts';
import { rangesOf } from '../address/ranges-of.ts';
import { runOrThrow, scenarioSession } from '../lesson/scenario.ts';
import type { WrittenCommand } from './commands.ts';

export interface Exchange {
  readonly prompt: string;
  readonly comments: readonly string[];
  readonly text: string;
  readonly output: string;
  /** The output with its addresses as chips. */
  readonly outputHtml: string;
  readonly exitCode: number;
}

/** Runs the commands where the scenario ends. Throws if one exits otherwise than expected; `exit` is the last one's code. */
export async function playedExchanges(
  scenario: string,
  setup: readonly string[],
  commands: readonly WrittenCommand[],
  exit: number,
): Promise<readonly Exchange[]> {
  const session = await scenarioSession(scenario);
  for (const command of setup) await runOrThrow(session, command, 0);
  const played: Omit<Exchange, 'outputHtml'>[] = [];
  for (const [index, { comments, text }] of commands.entries()) {
    const prompt = session.place.kind === 'workstation' ? '$ ' : session.prompt;
    const expected = index === commands.length - 1 ? exit : 0;
    const result = await runOrThrow(session, text, expected);
    // A terminal shows remarks such as "Creating debugging pod" before what the command then prints.
    const output = `${result.stderr}${result.stdout}`.replace(/\n$/, '');
    played.push({ prompt, comments, text, output, exitCode: result.exitCode });
  }
  const rangeOf = rangesOf(session.cloud);
  return played.map((one) => ({ ...one, outputHtml: markedHtml(one.output, rangeOf, { spoken: 'no' }) }));
}
