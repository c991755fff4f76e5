import { describe, expect, test } from 'vitest';
import type { AzCommand } from '../../../../src/shell/az/command.ts';
import { findCommand } from '../../../../src/shell/az/command-tree.ts';
import { allOptions } from '../../../../src/shell/az/option.ts';
import { azCommands } from '../../../../src/shell/az/registry.ts';
import recorded from '../../../fixtures/az-options.json' with { type: 'json' };
import { EXTENSION_COMMANDS } from '../../../support/az-extensions.ts';
import { NEWER_COMMANDS } from '../../../support/newer-az-options.ts';

interface RealOption {
  readonly names: readonly string[];
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly nargs?: string;
  readonly deprecated?: boolean;
}

const REAL: ReadonlyMap<string, readonly RealOption[]> = new Map(Object.entries(recorded.commands));

const nameOf = (command: AzCommand): string => command.path.join(' ');
const readable = azCommands.filter((command) => REAL.has(nameOf(command)));

describe(`every declared command, against azure-cli ${recorded.azureCli} on record`, () => {
  test('each is a real command, or says since when', () => {
    const made = azCommands
      .map(nameOf)
      .filter((name) => !REAL.has(name) && !recorded.unreadable.includes(name))
      .filter((name) => !(name in NEWER_COMMANDS) && !EXTENSION_COMMANDS.has(name));
    expect(made).toEqual([]);
  });

  test('most of them could be read from the real one', () => {
    expect(readable.length).toBeGreaterThan(azCommands.length * 0.7);
  });

  test.each(readable.map((command) => [nameOf(command), command] as const))(
    'az %s declares only real option names',
    (name, command) => {
      const real = new Set((REAL.get(name) ?? []).flatMap((option) => option.names));
      const invented = allOptions(command.options)
        .filter((option) => option.since === undefined)
        .flatMap((option) => option.names)
        .filter((option) => !real.has(option) && option !== '--subscription');
      expect(invented).toEqual([]);
    },
  );

  test.each(readable.map((command) => [nameOf(command), command] as const))(
    'az %s declares every real option',
    (name, command) => {
      const declared = new Set(allOptions(command.options).flatMap((option) => option.names));
      const missing = (REAL.get(name) ?? [])
        .filter((option) => !option.names.some((one) => declared.has(one)))
        .map((option) => option.names.join(' '));
      expect(missing).toEqual([]);
    },
  );

  test.each(readable.map((command) => [nameOf(command), command] as const))(
    'az %s requires what the real one requires and takes its values',
    (name, command) => {
      for (const option of allOptions(command.options)) {
        const real = (REAL.get(name) ?? []).find((one) =>
          one.names.some((other) => option.names.includes(other)),
        );
        if (real === undefined) continue;
        const label = `${name} ${option.names.join('/')}`;
        if (real.required === true) expect(option.required, `${label} is required`).toBe(true);
        if (option.type.kind === 'flag') expect(real.nargs, `${label} takes no value`).toBe('0');
        if (option.type.kind === 'enum' && real.choices !== undefined) {
          const offered = new Set(option.type.values.map((value) => value.toLowerCase()));
          const lost = real.choices.filter((choice) => !offered.has(choice.toLowerCase()));
          expect(lost, `${label} takes every real value`).toEqual([]);
        }
        const severalReal = real.nargs === '+' || real.nargs === '*';
        const severalOurs = ['list', 'lists', 'pairs'].includes(option.type.kind);
        if (severalReal) expect(severalOurs, `${label} takes several values`).toBe(true);
      }
    },
  );

  test('an option that is refused or without effect says why', () => {
    const silent = azCommands.flatMap((command) =>
      command.options
        .filter((option) => option.notSimulated === '' || option.noEffect === '')
        .map((option) => `${nameOf(command)} ${option.names[0] ?? ''}`),
    );
    expect(silent).toEqual([]);
  });
});

const extended = azCommands.filter((command) => EXTENSION_COMMANDS.has(nameOf(command)));
const extendedRows = extended.map((command) => [nameOf(command), command] as const);

/** What every command of a newer azure-cli takes, for policies of the organisation; no command here has it. */
const POLICY_TOKEN = ['--acquire-policy-token', '--change-reference'];
/** How a long list is cut in pages. */
const PAGES = ['--max-items', '--next-token'];

describe('every declared command of an extension, against the reference of the extension', () => {
  test('there are some', () => {
    expect(extended.length).toBeGreaterThan(20);
  });

  test('each command of an extension is declared, or known as a real one that is left out', () => {
    const kinds = [...EXTENSION_COMMANDS.keys()].map((name) => [
      name,
      findCommand(name.split(' '), azCommands).kind,
    ]);
    expect(kinds.filter(([, kind]) => kind !== 'command' && kind !== 'not-simulated')).toEqual([]);
    expect(findCommand(['network', 'firewall', 'ip-config', 'update'], azCommands).kind).toBe('unknown');
  });

  test.each(extendedRows)('az %s declares only real option names', (name, command) => {
    const real = new Set((EXTENSION_COMMANDS.get(name) ?? []).flatMap((option) => option.names));
    const invented = allOptions(command.options)
      .flatMap((option) => option.names)
      .filter((option) => !real.has(option) && option !== '--subscription');
    expect(invented).toEqual([]);
  });

  test.each(extendedRows)('az %s declares every real option', (name, command) => {
    const declared = new Set(allOptions(command.options).flatMap((option) => option.names));
    const missing = (EXTENSION_COMMANDS.get(name) ?? [])
      .flatMap((option) => option.names)
      .filter((option) => !declared.has(option) && ![...POLICY_TOKEN, ...PAGES].includes(option));
    expect(missing).toEqual([]);
  });

  test.each(extendedRows)('az %s requires and takes what the real one does', (name, command) => {
    for (const option of allOptions(command.options)) {
      const real = (EXTENSION_COMMANDS.get(name) ?? []).find((one) =>
        one.names.some((other) => option.names.includes(other)),
      );
      if (real === undefined) continue;
      const label = `${name} ${option.names.join('/')}`;
      expect(option.required === true, `${label} is required`).toBe(real.required === true);
      if (real.idPart === true) expect(option.idPart, `${label} is in --ids`).toBeDefined();
      if (real.threeState === true && option.notSimulated === undefined) {
        expect(option.type.kind, `${label} is true or false`).toBe('boolean');
      }
      if (option.type.kind === 'enum' && real.choices !== undefined) {
        const offered = new Set(option.type.values.map((value) => value.toLowerCase()));
        const lost = real.choices.filter((choice) => !offered.has(choice.toLowerCase()));
        expect(lost, `${label} takes every real value`).toEqual([]);
      }
      if (real.several === true) {
        expect(['list', 'lists', 'pairs'].includes(option.type.kind), `${label} takes several`).toBe(true);
      }
    }
  });
});
