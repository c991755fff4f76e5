import { describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';

const FIRST = 'WARNING: The command requires the extension azure-firewall. It will be installed first.\n';

describe('az extension', () => {
  test('adds once, and says so afterwards', async () => {
    const az = azTerminal();
    expect(await az.line('extension add --name azure-firewall')).toEqual({
      stdout: '',
      stderr: '',
      exitCode: 0,
    });
    expect((await az.line('extension add --name azure-firewall')).stderr).toMatch(
      /^WARNING: Extension 'azure-firewall' \S+ is already installed\.\n$/,
    );
    expect((await az.line('network firewall list')).stderr).toBe('');
    expect(await az.json('extension', 'list')).toMatchObject([{ name: 'azure-firewall' }]);
    expect((await az.line('extension remove -n azure-firewall')).exitCode).toBe(0);
    expect(await az.json('extension', 'list')).toEqual([]);
    expect((await az.line('extension show -n azure-firewall')).stderr).toBe(
      'ERROR: The extension azure-firewall is not installed.\n',
    );
  });

  test('a command without its extension installs it, unless it is configured not to', async () => {
    const az = azTerminal();
    expect(await az.line('network firewall list')).toEqual({ stdout: '[]\n', stderr: FIRST, exitCode: 0 });
    expect((await az.line('network firewall list')).stderr).toBe('');
    const strict = azTerminal();
    await strict.line('config set extension.use_dynamic_install=no');
    expect(await strict.line('network firewall list')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("'firewall' is misspelled or not recognized by the system.") as unknown,
    });
  });

  test('what is there was made with the extension', async () => {
    const az = azTerminal();
    await az.line('group create -n rg -l westeurope');
    await az.line('network firewall create -g rg -n fw');
    const later = azTerminal({ cloud: az.cloud() });
    expect((await later.line('network firewall list')).stderr).toBe('');
    expect(await later.json('extension', 'list')).toMatchObject([{ name: 'azure-firewall' }]);
  });

  test('help and wrong usage install nothing', async () => {
    const az = azTerminal();
    expect((await az.line('network firewall show --help')).stderr).toBe('');
    expect((await az.line('network firewall show --nonsense')).stderr).not.toContain('It will be installed');
    expect(await az.json('extension', 'list')).toEqual([]);
  });

  test.each([
    ['extension add', 'usage error: --name NAME | --source SOURCE'],
    ['extension add -n nosuch', "No extension found with name 'nosuch'"],
    ['extension add -n ip-group --version 0.0.9', "Version '0.0.9' not found"],
    ['extension add --source x.whl', 'NotSimulated'],
    ['extension remove -n ip-group', 'The extension ip-group is not installed.'],
  ])('az %s is refused', async (line, said) => {
    const ran = await azTerminal().line(line);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(said);
  });
});

describe('az config', () => {
  test('sets, gets and unsets', async () => {
    const az = azTerminal();
    await az.line('config set core.output=tsv extension.use_dynamic_install=yes_without_prompt');
    expect(az.files.get('/root/.azure/config')).toBe(
      '[core]\noutput = tsv\n\n[extension]\nuse_dynamic_install = yes_without_prompt\n',
    );
    expect((await az.line('config get core.output')).stdout).toBe('output\t~/.azure/config\ttsv\n');
    await az.line('config unset core.output');
    expect((await az.line('config get core.output')).stderr).toContain(
      "Configuration 'core.output' is not set.",
    );
  });

  test.each([
    ['config set', 'the following arguments are required: KEY_VALUE'],
    ['config set output=table', 'usage error: [section].[name]=[value] ...'],
    ['config unset output', 'usage error: [section].[name]'],
  ])('az %s is refused', async (line, said) => {
    expect((await azTerminal().line(line)).stderr).toContain(said);
  });
});
