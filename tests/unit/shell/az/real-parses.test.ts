/**
 * Command lines and what the parser of the real azure-cli said of them, offline
 * (`scripts/parse-with-real-az.py`); ours must take the same ones and refuse the others in its words.
 */
import { describe, expect, test } from 'vitest';
import recorded from '../../../fixtures/az-parses.json' with { type: 'json' };
import { azTerminal } from '../../../support/az.ts';
import { NEWER_VALUES } from '../../../support/newer-az-options.ts';

/** Later versions list an option's names, and the candidates of an ambiguous one, in another order. */
function normalised(message: string): string {
  const [ambiguous] = /^ambiguous option: .* could match /.exec(message) ?? [];
  if (ambiguous !== undefined) return ambiguous;
  return message.replaceAll(/-[\w/-]+\/-[\w/-]+/g, (label) => label.split('/').sort().join('/')).trim();
}

/** Our list of allowed values without those that the recorded version does not know. */
function ofThatVersion(message: string): string {
  return NEWER_VALUES.reduce(
    (rest, { names, value }) =>
      names.some((name) => rest.includes(`for '${name}'`)) ? rest.replace(`, ${value}`, '') : rest,
    message,
  );
}

describe(`parsing agrees with azure-cli ${recorded.azureCli}`, () => {
  test('the record has lines of both kinds', () => {
    const taken = recorded.lines.filter((line) => line.exit === 0).length;
    expect(taken).toBeGreaterThan(50);
    expect(recorded.lines.length - taken).toBeGreaterThan(50);
  });

  test.each(recorded.lines.map((line) => [line.words.join(' '), line] as const))(
    'az %s',
    async (_line, real) => {
      const ran = await azTerminal().run(...real.words);
      const error = ran.stderr.split('\n').find((line) => line.startsWith('ERROR: ')) ?? '';
      if (real.exit === 0) {
        // The line parses; that nothing exists in an empty subscription is another matter.
        expect(ran.exitCode, error).not.toBe(2);
        return;
      }
      expect(ran.exitCode).toBe(real.exit);
      expect(normalised(ofThatVersion(error.slice('ERROR: '.length)))).toBe(normalised(real.error ?? ''));
    },
  );
});
