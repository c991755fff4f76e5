import { describe, expect, it } from 'vitest';
import { expandScenario } from '../../../src/shell/scenario-text.ts';

const WORLD = '#: seed world\n\n# what stands where\necho "$PLUGIN"\n';
const read = (name: string): string | null =>
  name === 'world' ? WORLD : name === 'small' ? '#: from world PLUGIN=a\n' : null;

describe('a scenario that stands on another', () => {
  it('runs the world with its variables, then its own commands', () => {
    const expanded = expandScenario('#: from world PLUGIN=overlay\necho more\n', read);
    expect(expanded).toEqual({
      ok: true,
      value: '#: seed world\n\n# what stands where\nPLUGIN=overlay\necho "$PLUGIN"\n\necho more\n',
    });
  });

  it('is itself without such a line', () => {
    expect(expandScenario(WORLD, read)).toEqual({ ok: true, value: WORLD });
  });

  it.each([
    ['no name', '#: from', '"#: from" needs the name of a scenario'],
    ['an unknown name', '#: from moon', '"#: from moon": there is no scenario of that name'],
    ['a chain of worlds', '#: from small', '"#: from small": small stands on another scenario itself'],
    [
      'a value that bash would read',
      '#: from world A=$(x)',
      '"#: from world": "A=$(x)" is no KEY=value with a plain value',
    ],
    ['no value', '#: from world PLUGIN', '"#: from world": "PLUGIN" is no KEY=value with a plain value'],
  ])('says what is wrong with %s', (_, script, error) => {
    expect(expandScenario(script, read)).toEqual({ ok: false, error });
  });
});
