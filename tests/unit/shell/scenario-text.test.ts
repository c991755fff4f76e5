import { describe, expect, it } from 'vitest';
import { expandScenario } from '../../../src/shell/scenario-text.ts';

const WORLD = '#: seed world\n\n# what stands where\necho "$PLUGIN"\n';
const SCRIPTS: Readonly<Record<string, string>> = {
  world: WORLD,
  small: '#: from world PLUGIN=a\necho small\n',
  egg: '#: from hen\n',
  hen: '#: from egg\n',
};
const read = (name: string): string | null => SCRIPTS[name] ?? null;

describe('a scenario that stands on another', () => {
  it('runs the world with its variables, then its own commands', () => {
    const expanded = expandScenario('#: from world PLUGIN=overlay\necho more\n', read);
    expect(expanded).toEqual({
      ok: true,
      value: '#: seed world\n\n# what stands where\nPLUGIN=overlay\necho "$PLUGIN"\n\necho more\n',
    });
  });

  it('stands on the world of its world too', () => {
    expect(expandScenario('#: from small\necho more\n', read)).toEqual({
      ok: true,
      value: '#: seed world\n\n# what stands where\nPLUGIN=a\necho "$PLUGIN"\n\necho small\n\necho more\n',
    });
  });

  it('has directives of its own, and a clock in place of that of its world', () => {
    const daily = '#: seed world\n#: clock 2026-09-01T09:00:00Z frozen\necho a\n';
    const own =
      '#: from daily\n#: clock 2026-09-02T09:00:00Z\n# why\n#: internet-host web 203.0.113.1\ncat <<E\n#: clock\nE\n';
    expect(expandScenario(own, (name) => (name === 'daily' ? daily : null))).toEqual({
      ok: true,
      value:
        '#: seed world\n#: clock 2026-09-02T09:00:00Z\n#: internet-host web 203.0.113.1\necho a\n\n# why\ncat <<E\n#: clock\nE\n',
    });
  });

  it('is itself without such a line', () => {
    expect(expandScenario(WORLD, read)).toEqual({ ok: true, value: WORLD });
  });

  it.each([
    ['no name', '#: from', '"#: from" needs the name of a scenario'],
    ['an unknown name', '#: from moon', '"#: from moon": there is no scenario of that name'],
    [
      'worlds that stand on each other',
      '#: from hen',
      '"#: from hen": hen stands on egg stands on hen, which has no beginning',
    ],
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
