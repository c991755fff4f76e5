import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';

/** What a program of the command line reads and writes: the process that it is, or what a test gives it. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Everything that standard input holds. */
  readonly input: () => Buffer;
  /** Whether somebody types on standard input, or it is a file or a pipe. */
  readonly typing: boolean;
  /** How many columns the screen has that standard error goes to; null if nobody looks on. */
  readonly errColumns: number | null;
  /** The text in a colour, where standard output shows colours. */
  readonly colour: (colour: 'green' | 'red' | 'dim', text: string) => string;
}

/** A program: arguments in, exit code out. */
export type Program = (args: readonly string[], terminal: Terminal) => Promise<number>;

const STANDARD_INPUT = 0;

export const PROCESS: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: () => readFileSync(STANDARD_INPUT),
  get typing() {
    return process.stdin.isTTY;
  },
  get errColumns() {
    return process.stderr.isTTY ? process.stderr.columns : null;
  },
  colour: (colour, text) => styleText(colour, text, { stream: process.stdout }),
};
