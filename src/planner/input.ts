/** Raw values of a calculator's flags, and reading them: every problem is found before anything is refused. */
import { formatIpError } from '../model/ip/address.ts';
import type { IpError } from '../model/ip/address.ts';
import { parsePrefix } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';

/** Text per flag name (without dashes), in the order given; a flag that was not given is absent. */
export type FlagValues = Readonly<Record<string, readonly string[]>>;

/** What is wrong with an input, where, and what would be right. */
export interface InputIssue {
  /** Name of the flag without dashes, which is also the field of the form. */
  readonly flag: string;
  /** The text that is wrong; null when something is missing. */
  readonly value: string | null;
  /** A sentence. */
  readonly message: string;
  /** A value or a flag that would be accepted; null where nothing can be suggested. */
  readonly instead: string | null;
}

export function formatInputIssue(issue: InputIssue): string {
  const where = issue.flag === '' ? '' : `--${issue.flag}: `;
  return `${where}${issue.message}${issue.instead === null ? '' : ` Try ${issue.instead}`}`;
}

/** A number of nodes, or a share of them that is rounded up. */
export type CountOrPercent =
  { readonly kind: 'count'; readonly count: number } | { readonly kind: 'percent'; readonly percent: number };

export interface NamedPrefix {
  /** Null if the learner gave none. */
  readonly name: string | null;
  readonly prefix: Prefix;
}

/** Reads flags and collects issues; what cannot be read comes back as null (or is left out of a list). */
export class InputReader {
  readonly #values: FlagValues;
  readonly #issues: InputIssue[] = [];

  constructor(values: FlagValues) {
    this.#values = values;
  }

  get issues(): readonly InputIssue[] {
    return this.#issues;
  }

  /** All values of a flag, cut at commas, semicolons and spaces. */
  texts(flag: string): readonly string[] {
    return (this.#values[flag] ?? []).flatMap((text) => text.split(/[\s,;]+/)).filter((text) => text !== '');
  }

  /** The values of a flag as they were typed. */
  raw(flag: string): readonly string[] {
    return this.#values[flag] ?? [];
  }

  isGiven(flag: string): boolean {
    return this.#values[flag] !== undefined;
  }

  refuse(flag: string, value: string | null, message: string, instead: string | null = null): null {
    this.#issues.push({ flag, value, message, instead });
    return null;
  }

  /** The one value of a flag; null if it is absent, with an issue if it was given more than once. */
  single(flag: string): string | null {
    const texts = this.texts(flag);
    const nothing = this.raw(flag).join(' ');
    if (texts.length === 0 && nothing !== '')
      return this.refuse(flag, nothing, `"${nothing}" holds no value.`);
    if (texts.length <= 1) return texts[0] ?? null;
    const [typed = ''] = this.raw(flag);
    if (this.raw(flag).length === 1 && /^\s*\d{1,3}(,\d{3})+\s*$/.test(typed)) {
      const message = `"${typed}" has a comma, which separates values and never thousands.`;
      return this.refuse(flag, typed, message, texts.join(''));
    }
    return this.refuse(flag, texts.join(' '), `takes one value, but ${texts.length} were given.`, texts[0]);
  }

  integer(flag: string, range: { readonly lowest: number; readonly highest: number }): number | null {
    const text = this.single(flag);
    return text === null ? null : this.integerOf(flag, text, range);
  }

  integerOf(
    flag: string,
    text: string,
    range: { readonly lowest: number; readonly highest: number },
    unit: '%' | '' = '',
  ): number | null {
    if (!/^[+-]?\d+$/.test(text)) {
      const example = Math.max(1, range.lowest);
      return this.refuse(
        flag,
        text,
        `"${text}${unit}" is no whole number.`,
        `digits, as in ${example}${unit}`,
      );
    }
    const value = Number(text);
    if (value < range.lowest || value > range.highest) {
      return this.refuse(
        flag,
        text,
        `${text}${unit} is outside ${range.lowest} to ${range.highest.toLocaleString('en')}${unit}.`,
        `${value < range.lowest ? range.lowest : range.highest}${unit}`,
      );
    }
    return value;
  }

  /** `3` or `33%`. */
  countOrPercent(
    flag: string,
    range: {
      readonly counts: { readonly lowest: number; readonly highest: number };
      readonly percents: { readonly lowest: number; readonly highest: number };
    },
  ): CountOrPercent | null {
    const text = this.single(flag);
    return text === null ? null : this.countOrPercentOf(flag, text, range);
  }

  countOrPercentOf(
    flag: string,
    text: string,
    range: {
      readonly counts: { readonly lowest: number; readonly highest: number };
      readonly percents: { readonly lowest: number; readonly highest: number };
    },
  ): CountOrPercent | null {
    if (text.endsWith('%')) {
      const percent = this.integerOf(flag, text.slice(0, -1), range.percents, '%');
      return percent === null ? null : { kind: 'percent', percent };
    }
    if (!/^[+-]?\d+$/.test(text)) {
      return this.refuse(flag, text, `"${text}" is neither a number of nodes nor a percentage.`, '1 or 33%.');
    }
    const count = this.integerOf(flag, text, range.counts);
    return count === null ? null : { kind: 'count', count };
  }

  prefix(flag: string): Prefix | null {
    const text = this.single(flag);
    return text === null ? null : this.prefixOf(flag, text);
  }

  prefixOf(flag: string, text: string): Prefix | null {
    const parsed = parsePrefix(text);
    return parsed.ok ? parsed.value : this.refuseAddress(flag, parsed.error);
  }

  refuseAddress(flag: string, error: IpError): null {
    const { suggestion, ...plain } = error;
    return this.refuse(flag, error.input, `${formatIpError(plain)}.`, suggestion ?? null);
  }

  /** `24` or `/24`. `longest` is only what a longer one is told to try; whether it fits is for the caller to say. */
  prefixLength(flag: string, text: string, longest: number): number | null {
    const digits = text.replace(/^\//, '');
    if (!/^\d+$/.test(digits)) {
      return this.refuse(flag, text, `"${text}" is no prefix length.`, 'a length such as 24 or /24.');
    }
    if (Number(digits) <= 32) return Number(digits);
    return this.refuse(flag, text, `${digits} is outside 0 to 32.`, String(longest));
  }

  /** `10.0.0.0/24` or `name=10.0.0.0/24`, as many as were given. */
  namedPrefixes(flag: string): readonly NamedPrefix[] {
    return this.texts(flag).flatMap((text) => {
      const { name, rest } = cutName(text);
      const prefix = this.prefixOf(flag, rest);
      return prefix === null ? [] : [{ name, prefix }];
    });
  }
}

/** Cuts `web=100` and `web:100` into name and rest. */
export function cutName(text: string): { readonly name: string | null; readonly rest: string } {
  const at = text.search(/[=:]/);
  if (at <= 0) return { name: null, rest: text };
  return { name: text.slice(0, at), rest: text.slice(at + 1) };
}
