/** The interactive terminal of `sim`: prompt, history, completion, continued lines. */
import { createInterface } from 'node:readline/promises';
import type { Session } from '../shell/session.ts';
import { isUnfinished } from '../shell/unfinished-source.ts';

const GREETING = `A simulated Azure subscription: nothing here is real and nothing costs money.
az, kubectl and netpath are simulated; every command has --help. Leave with exit.
`;

/** Talks until `exit` or the end of input; returns the exit code of the last command. */
export async function converse(session: Session): Promise<number> {
  process.stdout.write(GREETING);
  let complete: string[] = [];
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    historySize: 1000,
    completer: async (line: string): Promise<[string[], string]> => {
      const completion = await session.complete(line);
      return [[...completion.candidates], line.slice(completion.from)];
    },
  });
  let ended = false;
  terminal.on('close', () => {
    ended = true;
  });
  let exitCode = 0;
  while (!ended && session.state === 'open') {
    const prompt = complete.length === 0 ? session.prompt : '> ';
    const stopping = new AbortController();
    const stop = () => {
      complete = [];
      stopping.abort();
      process.stdout.write('^C\n');
    };
    terminal.once('SIGINT', stop);
    try {
      const line = await terminal.question(prompt, { signal: stopping.signal });
      complete.push(line);
      if (isUnfinished(complete.join('\n'))) continue;
      const source = complete.join('\n');
      complete = [];
      const result = await session.run(source, { signal: stopping.signal });
      process.stdout.write(result.stdout);
      process.stderr.write(result.stderr);
      exitCode = result.exitCode;
    } catch (problem) {
      if (problem instanceof Error && (problem.name === 'AbortError' || 'code' in problem)) continue;
      throw problem;
    } finally {
      terminal.off('SIGINT', stop);
    }
  }
  terminal.close();
  return exitCode;
}
