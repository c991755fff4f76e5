/** What a calculator is: one declaration that the terminal and the page both read. */
import type { Result } from '../model/result.ts';
import type { FlagValues, InputIssue } from './input.ts';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface CalculatorFlag {
  /** Without dashes; also the name of the form field and of the parameter in the page's address. */
  readonly name: string;
  /** Other spellings, without dashes, that mean the same. */
  readonly aliases: readonly string[];
  /** `switch` takes no value, `optional` may stand alone or with values, the others need one. */
  readonly takes: 'one' | 'many' | 'switch' | 'optional';
  /** How the value is written, for help: `PREFIX`, `N|N%`. */
  readonly placeholder: string;
  /** Label of the form field. */
  readonly label: string;
  readonly help: string;
  /** Added to `help` in the terminal: what only makes sense there. */
  readonly terminalHelp?: string;
  /** The values it can have, if they are few: ticked or chosen on the page instead of typed. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** Other words for one of `choices`. */
  readonly words?: Readonly<Record<string, string>>;
  /** Used when the flag is absent, and shown as such. */
  readonly fallback?: string;
  readonly required?: true;
  /** Folded away on the page until somebody needs it. */
  readonly rare?: true;
  /** Rows of its field on the page: the value is a text of several lines. */
  readonly lines?: number;
  /** The value names a file, whose content is the value of the flag named here. `-` is standard input. */
  readonly fileFor?: string;
  /** What such a file is called where the page names one. */
  readonly fileName?: string;
  /** The value names a scenario of the course, whose network is read in place of a file. */
  readonly readAs?: 'scenario';
  /** What is one word for a shell, in which the page's command line quotes it: a line of the value, or a word. */
  readonly quoted?: 'lines' | 'words';
  /** Left out of help and lists: another flag's help speaks of it. */
  readonly unlisted?: true;
  /** Only for the terminal, for example what changes the exit code. */
  readonly terminalOnly?: true;
}

export interface CalculatorAnswer {
  /** Printed by `--json`. Keys are camelCase and stay as they are once released. */
  readonly json: { readonly [key: string]: Json | undefined };
  /** The same for people, line by line. */
  readonly text: readonly string[];
  /** Exit code of the terminal: 1 where what was asked cannot be done. */
  readonly exitCode: 0 | 1;
}

export interface Calculator {
  /** On the command line and in the address of the page. */
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Where its page is, if that is none of the calculators' own: `tracer/`. */
  readonly page?: string;
  /** Which flag a bare value belongs to, if any. */
  readonly positional: string | null;
  readonly flags: readonly CalculatorFlag[];
  readonly examples: readonly { readonly does: string; readonly line: string }[];
  /** Ends the help text: what the exit codes and special cases are. */
  readonly notes: readonly string[];
  readonly run: (values: FlagValues) => Result<CalculatorAnswer, readonly InputIssue[]>;
}
