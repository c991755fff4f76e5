/** Scripts that would take a real machine down end soon, say why, and leave the shell usable. */
import { describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { EXECUTION_LIMITS, explainLimits } from '../../../src/shell/execution-limits.ts';
import { createSession } from '../../../src/shell/session.ts';

/** Far above what each takes here (2 s at most), far below the limit of time that would hide a missing one. */
const LONGEST_SECONDS = 20;
/** What the interpreter holds itself to; a little of it is held twice, in a variable and in the output. */
const MOST_CHARACTERS = 2 * EXECUTION_LIMITS.maxOutputSize;

const LOOP = /^bash: stopped: a loop ran more than 20000 times; is it endless\?$/m;
const DEEP = /^bash: stopped: functions called each other more than 100 deep/m;
const OUTPUT = /^bash: stopped: the script produced more output than this simulation keeps/m;

const cases: readonly (readonly [name: string, script: string, said: RegExp])[] = [
  ['while without an end', 'while true; do :; done', LOOP],
  ['until without an end', 'until false; do :; done', LOOP],
  ['for without an end', 'for ((;;)); do :; done', LOOP],
  ['a loop on each side of a pipe', 'while :; do :; done | while :; do :; done', LOOP],
  ['a loop in a substitution', 'a=$(while :; do echo x; done)', LOOP],
  ['endless output', 'while :; do echo "a long line of text that is repeated for ever"; done', LOOP],
  ['endless az', 'while true; do az group list; done', LOOP],
  ['the fork bomb', ':(){ :|:& };:', DEEP],
  ['functions in the background', 'f(){ f & f & }; f; wait', DEEP],
  ['a function that calls itself', 'f(){ f; }; f', DEEP],
  [
    'a script that starts itself',
    'echo "bash /tmp/s" > /tmp/s; bash /tmp/s',
    /scripts started each other more/,
  ],
  [
    'a file that reads itself',
    'echo ". /tmp/s" > /tmp/s; . /tmp/s',
    /files read each other with source more/,
  ],
  ['eval of itself', `a='eval "$a"'; eval "$a"`, /^bash: stopped: more than 50000 commands/m],
  ['a string that doubles', 'a=x; for i in {1..60}; do a=$a$a; done', OUTPUT],
  [
    'a string that is replaced',
    'a=x; for i in {1..60}; do a=${a//x/xx}; done',
    /^bash: stopped: the pattern/m,
  ],
  [
    'a file that doubles',
    'echo x >/tmp/a; while :; do cat /tmp/a >>/tmp/b; cat /tmp/b >>/tmp/a; done',
    OUTPUT,
  ],
  ['braces in braces', `echo ${'{a,b}'.repeat(26)}`, /^bash: stopped: the brace expansion is more work/m],
  ['a long count', 'seq 1 1000000000', /^bash: stopped: seq went beyond 20000 steps/m],
  ['a wide format', "printf '%1000000000s' x", /width limit exceeded/],
  ['a loop of sed', 'echo x | sed ":a;s/x/xx/;ba"', /^sed: .*maximum iterations/m],
  ['a loop of awk', "awk 'BEGIN{while(1);}'", /^awk: .*maximum iterations/m],
  ['a string of awk', `awk 'BEGIN{a="x";while(1)a=a a}'`, /^awk: .*size limit exceeded/m],
  ['a function of jq', "jq -n 'def f: f; f'", /^jq: .*(depth limit exceeded|nested deeper)/m],
  ['a range of jq', "jq -n '[range(1000000000)]|length'", /^jq: .*limit exceeded/m],
  ['a string of jq', `jq -n '"x"*1000000000|length'`, /^jq: .*size limit exceeded/m],
  ['brackets without an end', '('.repeat(20_000), /syntax error|nested deeper/],
  [
    'substitutions in substitutions',
    `echo ${'$('.repeat(3000)}x${')'.repeat(3000)}`,
    /syntax error|nested deeper/,
  ],
  ['conditions in conditions', 'if true; then '.repeat(20_000), /syntax error|nested deeper/],
  ['a query in a query', `az group list --query '${'['.repeat(20_000)}'`, /invalid jmespath_type value/],
];

describe('a script that would never end, or fill the memory', () => {
  test.each(cases)('%s', { timeout: (LONGEST_SECONDS + 5) * 1000 }, async (_, script, said) => {
    const session = createSession({ cloud: newCloud({ seed: 'hostile' }) });
    const started = performance.now();
    const ran = await session.run(script);
    expect((performance.now() - started) / 1000).toBeLessThan(LONGEST_SECONDS);
    expect(ran.stderr).toMatch(said);
    expect(ran.exitCode).not.toBe(0);
    expect(ran.stdout.length).toBeLessThan(MOST_CHARACTERS);
    expect(await session.run('echo still here')).toMatchObject({ stdout: 'still here\n', exitCode: 0 });
  });
});

test.each([
  [
    'a regular expression that backtracks',
    '[[ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! =~ ^(a+)+$ ]]; echo $?',
    '1',
  ],
  [
    'the same for grep',
    "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! | grep -E '^(a|a)*$'; echo $?",
    '1',
  ],
  ['a pattern that backtracks', `case ${'a'.repeat(60)}! in ${'*a'.repeat(20)}*b) ;; *) echo 1 ;; esac`, '1'],
  ['an index far away', 'a[2000000000]=1; echo ${#a[@]}', '1'],
  ['yes, cut off', 'yes | head -1 | wc -l', '1'],
])('%s costs nothing', async (_, script, stdout) => {
  const session = createSession({ cloud: newCloud({ seed: 'hostile' }) });
  const started = performance.now();
  expect((await session.run(script)).stdout.trim()).toBe(stdout);
  expect((performance.now() - started) / 1000).toBeLessThan(LONGEST_SECONDS);
});

test.each([
  ['bash: execution exceeded execution deadline (60000ms)', 'the script ran longer than 60 seconds'],
  ['bash: seq: iteration limit exceeded (20000)', 'seq went beyond 20000 steps'],
  ['bash: Maximum call stack size exceeded', 'nested deeper'],
  [
    'bash: source: maximum nesting depth (100) exceeded, increase executionLimits.maxSourceDepth',
    'more than 100',
  ],
])('“%s” is said in words that help', (theirs, ours) => {
  const said = explainLimits(`${theirs}\n`);
  expect(said).toMatch(/^bash: stopped: /);
  expect(said).toContain(ours);
  expect(said).not.toContain('executionLimits');
});
