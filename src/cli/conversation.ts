/** The interactive terminal of `sim`: prompt, history, completion, continued lines. */
import { createInterface } from 'node:readline';
import type { Session } from '../shell/session.ts';
import { isUnfinished } from '../shell/unfinished-source.ts';

const GREETING = `A simulated Azure subscription: nothing here is real and nothing costs money.
az, kubectl and netpath are simulated; every command has --help. Leave with exit.
`;

/** Talks until `exit` or the end of input; returns the exit code of the last command. */
export async function converse(session: Session): Promise<number> {
  process.stdout.write(GREETING);
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    historySize: 1000,
    completer: (line: string, answer: (problem: Error | null, result: [string[], string]) => void) => {
      session.complete(line).then(
        ({ candidates, from }) => {
          answer(null, [[...candidates], line.slice(from)]);
        },
        (problem: unknown) => {
          answer(problem instanceof Error ? problem : new Error(String(problem)), [[], line]);
        },
      );
    },
  });
  // Several lines may be pasted at once, so they queue up while a command runs.
  const waiting: string[] = [];
  let wake: () => void = () => undefined;
  let source = '';
  let ended = false;
  let exitCode = 0;
  let running: AbortController | null = null;
  terminal.on('line', (line) => {
    waiting.push(line);
    wake();
  });
  terminal.on('close', () => {
    ended = true;
    wake();
  });
  terminal.on('SIGINT', () => {
    process.stdout.write('^C\n');
    source = '';
    waiting.length = 0;
    if (running === null) {
      terminal.setPrompt(session.prompt);
      terminal.write(null, { ctrl: true, name: 'u' });
      terminal.prompt();
    } else running.abort();
  });
  while (session.state === 'open') {
    if (waiting.length === 0) {
      if (ended) break;
      terminal.setPrompt(source === '' ? session.prompt : '> ');
      terminal.prompt();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    source += `${source === '' ? '' : '\n'}${waiting.shift() ?? ''}`;
    if (isUnfinished(source) && !ended) continue;
    running = new AbortController();
    const result = await session.run(source, { signal: running.signal });
    running = null;
    source = '';
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
    exitCode = result.exitCode;
  }
  terminal.close();
  return exitCode;
}
