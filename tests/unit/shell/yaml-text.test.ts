/** YAML that is made to take long is read or refused at once, and what is wrong is said as before. */
import { describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';
import { parseYaml, yamlDocuments, yamlRefusal } from '../../../src/shell/yaml-text.ts';

/** Of this process' own time, which a busy machine does not lengthen much; each takes half of it at most. */
const LONGEST_SECONDS = 3;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const laughs = [...'abcdefghi']
  .map(
    (name, at, all) =>
      `${name}: &${name} [${Array(9)
        .fill(at === 0 ? 'x' : `*${all[at - 1] ?? ''}`)
        .join()}]`,
  )
  .join('\n');

const HOSTILE: readonly (readonly [name: string, text: string, said: RegExp | null])[] = [
  ['brackets in brackets', '['.repeat(50_000) + ']'.repeat(50_000), /line 1: nested more than 1,000 levels/],
  ['braces without an end', '{"a":'.repeat(40_000), /line 1: nested more than 1,000 levels/],
  ['lists in lists', `${'- '.repeat(50_000)}x`, /nested more than/],
  ['lists with names in lists', '- &a '.repeat(20_000), /nested more than/],
  [
    'one level on each line',
    numbers(650)
      .map((at) => `${' '.repeat(at)}a:`)
      .join('\n'),
    null,
  ],
  ['deep below line 2', `a:\n${'  '.repeat(5_000)}b: 1`, /line 2: nested more than/],
  ['six megabytes', 'a: b\n'.repeat(1_200_000), /the text has 6,000,000 characters/],
  [
    'many keys',
    numbers(18_000)
      .map((at) => `a${at}: x`)
      .join('\n'),
    null,
  ],
  [
    'many names',
    numbers(12_000)
      .map((at) => `a${at}: &a${at} x`)
      .join('\n'),
    null,
  ],
  [
    'many names that are used',
    numbers(9_000)
      .map((at) => `- &a${at} x\n- *a${at}`)
      .join('\n'),
    /aliasing/,
  ],
  ['values that repeat each other', laughs, /alias/],
  ['many documents', '---\na: b\n'.repeat(20_000), null],
  ['many errors', '}\n'.repeat(50_000), /./],
  ['spaces', ' '.repeat(249_000), null],
];

describe('a text that is made to take long', () => {
  test.each(HOSTILE)('%s', (_, text, said) => {
    const before = process.cpuUsage();
    let problem = yamlRefusal(text);
    if (problem === null) {
      try {
        for (const document of yamlDocuments(text, {})) {
          problem ??= document.errors[0]?.message ?? null;
          if (problem === null) document.toJS({ maxAliasCount: 100 });
        }
      } catch (error) {
        problem = String(error);
      }
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(LONGEST_SECONDS);
    if (said === null) expect(problem).toBeNull();
    else expect(problem).toMatch(said);
  });
});

test('as deep as anybody writes it is read', () => {
  const deep = '['.repeat(900) + ']'.repeat(900);
  expect(parseYaml(`a: ${deep}\nb: "${'['.repeat(90)}"`)).toMatchObject({ b: '['.repeat(90) });
});

test.each([
  ['a: 1\nb:\n  c: 1\n  c: 2\nd: 1', 4],
  ['- {x: 1, x: 2}', 1],
  ['"a": 1\na: 2', 2],
])('a key that is said twice is found: %j', (text, line) => {
  expect(() => parseYaml(text)).toThrow(`Map keys must be unique at line ${line}`);
});

test('the same key in two mappings, or 1 and "1", is no repetition', () => {
  expect(parseYaml('a: {x: 1}\nb: {x: 2}\nc: [{x: 1}, {x: 2}]')).toEqual({
    a: { x: 1 },
    b: { x: 2 },
    c: [{ x: 1 }, { x: 2 }],
  });
});

test('kubectl says what it does not read, and goes on', async () => {
  const session = createSession({ cloud: newCloud({ seed: 'hostile' }) });
  await session.run(
    'az group create -n rg -l westeurope; az aks create -g rg -n a --generate-ssh-keys; az aks get-credentials -g rg -n a',
  );
  const ran = await session.run(`kubectl apply -f - <<'END'\n${'- '.repeat(50_000)}x\nEND`);
  expect(ran.stderr).toBe(
    'error: error parsing STDIN: error converting YAML to JSON: yaml: line 1: nested more than 1,000 levels deep, which this workbook does not read\n',
  );
  expect(ran.exitCode).toBe(1);
  const twice = await session.run("kubectl apply -f - <<'END'\nkind: Pod\nkind: Pod\nEND");
  expect(twice.stderr).toContain('yaml: line 2: Map keys must be unique\n');
  expect((await session.run('kubectl get nodes -o name | wc -l')).stdout.trim()).not.toBe('0');
});
