/** Whatever is pasted into whatever field of a calculator, it is read or refused: soon, in words, and without a trace. */
import { describe, expect, test } from 'vitest';
import { unreadableInputs } from '../../src/planner/input-limits.ts';
import { readableIssues } from '../../src/planner/readable-issues.ts';
import { CALCULATORS } from '../../src/planner/registry.ts';

/** Of this process' own time; the slowest takes a fifth of it on a machine that is not busy. */
const LONGEST_SECONDS = 5;
const LONGEST_SAID = 20_000;

const letters = [...'abcdefghi'];
const PASTES: Readonly<Record<string, string>> = {
  'brackets without an end': '['.repeat(100_000),
  'arrays in arrays': '['.repeat(20_000) + ']'.repeat(20_000),
  'objects in objects': `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  'lists of YAML in each other': `${'- '.repeat(5_000)}x`,
  'YAML that repeats itself': letters
    .map(
      (name, at) =>
        `${name}: &${name} [${Array(9)
          .fill(at === 0 ? 'x' : `*${letters[at - 1]}`)
          .join(',')}]`,
    )
    .join('\n'),
  'YAML that holds itself': 'a: &a [*a]\nsecurityRules: &b [*b]',
  'keys of every object':
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"securityRules":[{"__proto__":{"polluted":1},"name":"__proto__"}]}',
  'names of every object': '__proto__\nconstructor\ntoString\nhasOwnProperty',
  'names of every object with fields': '__proto__:constructor:toString:a:b:c:d:e',
  'one long word': 'x'.repeat(300_000),
  'one long number': '1'.repeat(300_000),
  'many words': 'x\n'.repeat(50_000),
  'many prefixes': '10.0.0.0/8,'.repeat(20_000),
  'nothing but commas': ','.repeat(300_000),
  'nothing but dots': '1.'.repeat(100_000),
  'nothing but stars': '*'.repeat(50_000),
  'quotes without an end': '"'.repeat(50_001),
  'a file of six megabytes': 'a: b\n'.repeat(1_200_000),
  'six megabytes of documents': '{}\n'.repeat(2_000_000),
  'six megabytes of numbers': `[${'1,'.repeat(3_000_000)}1]`,
  'six megabytes of brackets': '['.repeat(6_000_000),
  'many keys': Array.from({ length: 50_000 }, (_, at) => `a${at}: x`).join('\n'),
  'many rules with a name': `securityRules:\n${Array.from({ length: 5_000 }, (_, at) => `- &a${at} {x: y}\n- *a${at}`).join('\n')}`,
  'a million spaces': `HTTP_PROXY=x${' '.repeat(1_000_000)}y`,
  'many words in quotes': '"a" '.repeat(300_000),
  'dashes between names': `${'a--'.repeat(300_000)}!`,
  'half a character': '\0\ud800\u202e',
  HTML: '<img src=x onerror=alert(1)>"\'><script>alert(1)</script>',
};

describe.each(CALCULATORS.map((calculator) => [calculator.name, calculator] as const))(
  '%s',
  (_, calculator) => {
    test.each(Object.entries(PASTES))('%s', { timeout: 120_000 }, (__, text) => {
      for (const flag of calculator.flags) {
        const values = { [flag.name]: [text] };
        const started = process.cpuUsage();
        const unreadable = unreadableInputs(calculator, values);
        const answer =
          unreadable.length > 0 ? { ok: false as const, error: unreadable } : calculator.run(values);
        const { user, system } = process.cpuUsage(started);
        expect((user + system) / 1e6, flag.name).toBeLessThan(LONGEST_SECONDS);
        if (!answer.ok) {
          const said = readableIssues(answer.error);
          expect(said.length, flag.name).toBeGreaterThan(0);
          for (const { message } of said) expect(message.length, flag.name).toBeLessThan(LONGEST_SAID);
        }
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });
  },
);
