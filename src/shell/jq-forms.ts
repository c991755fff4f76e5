/**
 * Forms of jq that just-bash 3.4 answers wrongly, and without a word: what is to be deleted stays, or what is to be
 * set is put elsewhere. They are refused.
 */

import { masked } from './jq-rewritten.ts';

const NAME = String.raw`\.[A-Za-z_]\w*`;
const BRACKET = String.raw`\.?\[[^\[\]:,]*\]`;
const STEP = String.raw`(?:${NAME}|\."[^"]*"|${BRACKET}|\.)`;
/** One path to one place, which just-bash follows: `.a[0].b`, `.b | .c`. */
const PLACE = new RegExp(String.raw`^\s*${STEP}+(?:\s*\|\s*${STEP}+)*\s*$`);
const EACH = /\[\s*\]/;
const ASSIGNMENT = /\/\/=|\|=|[+\-*/%]=|(?<![=!<>|+\-*/%])=(?!=)/g;
const TARGET = new RegExp(String.raw`(?:${STEP})+\s*$`);

/** Says which form of a filter is not simulated, and what is written instead; null if all of it is. */
export function jqFormNotSimulated(filter: string): string | null {
  const text = masked(filter);
  for (const name of ['del', 'path']) {
    for (const argument of argumentsOf(text, name)) {
      if (PLACE.test(argument) && !EACH.test(argument)) continue;
      if (name === 'path' && /^\s*\.\.\s*$/.test(argument)) continue;
      return name === 'del'
        ? 'del(...) of more than one place; for elements of a list write .list |= map(select(... | not)), for several places del(.a) | del(.b)'
        : 'path(...) of more than one place; paths lists them all';
    }
  }
  for (const { index, 0: operator } of text.matchAll(ASSIGNMENT)) {
    const before = text.slice(0, index).trimEnd();
    const target = TARGET.exec(before)?.[0] ?? '';
    const front = before.slice(0, before.length - target.length);
    const after = text.slice(index + operator.length).trimStart();
    if (/[)?]$/.test(front) || /\.\.$/.test(target) || /\[[^\]]*[:,][^\]]*\]$/.test(before)) {
      return 'an assignment to what a filter finds; for elements of a list write .list |= map(if CONDITION then .KEY = VALUE else . end)';
    }
    if (operator === '-=' && after.startsWith('[')) return '-= with a list; write .list = .list - [...]';
    if (operator === '|=' && /^empty\b/.test(after)) return '|= empty; write del(...)';
  }
  return /@sh\b/.test(text) ? '@sh' : null;
}

/** What stands between the brackets of each call of a function. */
function argumentsOf(text: string, name: string): readonly string[] {
  return [...text.matchAll(new RegExp(String.raw`(?<![\w.$])${name}\s*\(`, 'g'))].map((call) => {
    const from = call.index + call[0].length;
    let depth = 1;
    let at = from;
    for (; at < text.length && depth > 0; at++) depth += { '(': 1, ')': -1 }[text.charAt(at)] ?? 0;
    return text.slice(from, depth === 0 ? at - 1 : at);
  });
}

/** Which of the arguments of jq is the filter, or null: it may stand in a file. */
export function jqFilterAt(args: readonly string[]): number | null {
  const values: Readonly<Record<string, number>> = {
    '--arg': 2,
    '--argjson': 2,
    '--slurpfile': 2,
    '--rawfile': 2,
    '--indent': 1,
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg in values) at += values[arg] ?? 0;
    else if (!arg.startsWith('-')) return at;
  }
  return null;
}
