import type { Program } from '../../src/cli/terminal.ts';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program of the command line within this process: a pipe on every side, and no colours. */
export async function inTerminal(program: Program, args: readonly string[], input = ''): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const exitCode = await program(args, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    input: () => Buffer.from(input),
    typing: false,
    errColumns: null,
    colour: (_, text) => text,
  });
  return { stdout, stderr, exitCode };
}
