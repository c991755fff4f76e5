/** Asks the azure-cli that is installed here about the course's lines again, where one is. */
import { expect, test } from 'vitest';
import { UNREADABLE, shapeOf } from '../../support/az-line-shape.ts';
import { RECORDED_LINES, RECORDED_WITH } from '../../support/course-az-record.ts';
import { newerOptionsIn } from '../../support/newer-az-options.ts';
import { askRealAz, findRealAz, type RealVerdict } from '../../support/real-az.ts';

const real = findRealAz();
const required = process.env['REQUIRE_WITNESSES'] === '1';

if (real === null && required) {
  test('the azure-cli witness is required (REQUIRE_WITNESSES=1)', () => {
    expect.fail('needs azure-cli');
  });
} else if (real === null) {
  test.skip('the azure-cli witness needs azure-cli, and no Python here has it', () => undefined);
} else {
  test(`azure-cli ${real.version} takes the az lines of the course`, { timeout: 180_000 }, () => {
    const asked = RECORDED_LINES.map(({ words }) => words);
    const answers = new Map(askRealAz(real, asked).map((each) => [JSON.stringify(each.words), each]));
    const wrong = RECORDED_LINES.flatMap(({ words, exit, error }) => {
      const answer = answers.get(JSON.stringify(words));
      const what = real.version === RECORDED_WITH ? changed({ exit, error }, answer) : refusal(words, answer);
      return what === null ? [] : [`az ${words.join(' ')}\n  ${what}`];
    });
    expect(answers.size).toBeGreaterThan(RECORDED_LINES.length / 2);
    expect(wrong, wrong.join('\n')).toEqual([]);
  });
}

/** The same version must say the same. */
function changed(
  recorded: { readonly exit: number | null; readonly error: string | null },
  answer: RealVerdict | undefined,
): string | null {
  const now = { exit: answer?.exit ?? null, error: answer?.error ?? null };
  if (now.exit === recorded.exit && now.error === recorded.error) return null;
  return `recorded: ${JSON.stringify(recorded)}; now: ${JSON.stringify(now)}`;
}

/** Another version words its refusals as it likes, but must not refuse; an older one lacks the newer options. */
function refusal(words: readonly string[], answer: RealVerdict | undefined): string | null {
  if (answer === undefined) return UNREADABLE.has(shapeOf(words).command) ? null : 'has no verdict';
  if (answer.exit === 0 || newerOptionsIn(words).length > 0) return null;
  return `is refused: ${answer.error ?? ''}`;
}
