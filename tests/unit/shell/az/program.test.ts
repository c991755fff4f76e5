import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

let az: AzTerminal;

beforeEach(async () => {
  az = azTerminal();
  await az.line('group create -n rg -l westeurope');
});

describe('usage errors have the words and exit codes of azure-cli', () => {
  const rows: readonly (readonly [string, string, number, string])[] = [
    ['an unknown top-level word', 'foo', 2, "ERROR: 'foo' is misspelled or not recognized by the system.\n"],
    ['a near miss gets a suggestion', 'netwrk vnet list', 2, "Did you mean 'network' ?"],
    [
      'a near miss of a subgroup',
      'network vnt create',
      2,
      "ERROR: 'vnt' is misspelled or not recognized by the system.\nDid you mean 'vnet' ?",
    ],
    [
      'a real command that is not simulated',
      'storage account create -n x',
      1,
      'az storage account create is a real command that this workbook does not simulate.',
    ],
    [
      'a real group beside ours',
      'network vhub create -g rg',
      1,
      'is a real command that this workbook does not simulate.',
    ],
    ...[
      'aks maintenanceconfiguration list',
      'aks trustedaccess role list',
      'aks operation show',
      'aks addon list',
      'aks pod-identity exception add',
    ].map((words): [string, string, number, string] => [
      `a newer group: ${words}`,
      `${words} -g rg`,
      1,
      `az ${words} is a real command that this workbook does not simulate.`,
    ]),
    [
      'an unknown word behind a group that is not ours',
      'vm user list',
      2,
      "ERROR: 'list' is misspelled or not recognized by the system.\n",
    ],
    ['a group alone', 'network vnet', 2, 'ERROR: the following arguments are required: _subcommand'],
    [
      'required options are all named',
      'network vnet create',
      2,
      'ERROR: the following arguments are required: --resource-group/-g, --name/-n',
    ],
    [
      'an option without its value',
      'network vnet create -n x -g',
      2,
      'ERROR: argument --resource-group/-g: expected one argument',
    ],
    [
      'a list without values',
      'network vnet create -n x -g rg --address-prefixes',
      2,
      'ERROR: argument --address-prefixes: expected at least one argument',
    ],
    [
      'an unknown option and what follows it',
      'network vnet create -g rg -n x --foo bar baz',
      2,
      'ERROR: unrecognized arguments: --foo bar baz',
    ],
    ['a stray word', 'group list extra', 2, 'ERROR: unrecognized arguments: extra'],
    ['words after --', 'group list -- -o table', 2, 'ERROR: unrecognized arguments: -- -o table'],
    [
      'a value outside its choices',
      'group list -o foo',
      2,
      "ERROR: az group list: 'foo' is not a valid value for '--output'. Allowed values: json, jsonc, yaml, yamlc, table, tsv, none.",
    ],
    [
      'an ambiguous abbreviation',
      'network vnet create -g rg -n x --sub y',
      2,
      'ERROR: ambiguous option: --sub could match --subnet-name, --subnet-prefixes, --subnets, --subscription',
    ],
    [
      'a query that is no JMESPath',
      'group list --query [a',
      2,
      "ERROR: argument --query: invalid jmespath_type value: '[a'\n",
    ],
    ['a flag with a value', 'group delete -n rg --yes=true', 2, "ignored explicit argument 'true'"],
    [
      'a number that is none',
      'network nsg rule create -g rg --nsg-name n -n r --priority abc',
      1,
      "ERROR: Failed to parse '--priority' argument: invalid literal for int() with base 10: 'abc'",
    ],
    ['neither name nor ids', 'vm show', 1, 'ERROR: (--resource-group --name | --ids) are required'],
    [
      'neither name nor ids for a network command',
      'network vnet show -g rg',
      1,
      'ERROR: InvalidArgumentValue: Missing required field: --name',
    ],
    ['an id that is none', 'network vnet show --ids foo', 1, 'ERROR: invalid resource ID: foo'],
    [
      'another subscription',
      'group list --subscription other',
      1,
      "ERROR: The subscription of 'other' doesn't exist in cloud 'AzureCloud'.",
    ],
    [
      'an option that is not simulated',
      'network vnet create -g rg -n x --bgp-community 1',
      1,
      '--bgp-community is not simulated in this workbook',
    ],
    [
      'deleting without --yes',
      'group delete -n rg',
      1,
      'WARNING: Unable to prompt for confirmation as no tty available. Use --yes.\nERROR: Operation cancelled.\n',
    ],
  ];

  test.each(rows)('%s', async (_case, line, exitCode, words) => {
    const before = az.cloud();
    const ran = await az.line(line);
    expect(ran.stderr).toContain(words);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stdout).toBe('');
    expect(az.cloud()).toBe(before);
  });
});

describe('options are read as argparse reads them', () => {
  const accepted: readonly (readonly [string, readonly string[]])[] = [
    ['abbreviated long options', ['network', 'vnet', 'create', '--resource', 'rg', '--nam', 'vnet1']],
    ['values joined with =', ['network', 'vnet', 'create', '--resource-group=rg', '--name=vnet1']],
    ['values joined to a short option', ['network', 'vnet', 'create', '-grg', '-nvnet1']],
    ['short option and =', ['network', 'vnet', 'create', '-g=rg', '-n=vnet1']],
    ['the last of two equal options', ['network', 'vnet', 'create', '-g', 'nope', '-g', 'rg', '-n', 'vnet1']],
    [
      'lists in any place',
      [
        'network',
        'vnet',
        'create',
        '--address-prefixes',
        '10.0.0.0/16',
        '10.1.0.0/16',
        '-g',
        'rg',
        '-n',
        'vnet1',
      ],
    ],
    [
      'shorthand lists',
      [
        'network',
        'vnet',
        'create',
        '--address-prefixes',
        '[10.0.0.0/16,10.1.0.0/16]',
        '-g',
        'rg',
        '-n',
        'vnet1',
      ],
    ],
    [
      'JSON lists',
      ['network', 'vnet', 'create', '--address-prefixes', '["10.0.0.0/16"]', '-g', 'rg', '-n', 'vnet1'],
    ],
    ['a group name in another case', ['network', 'vnet', 'create', '-g', 'RG', '-n', 'vnet1']],
    ['commands in another case', ['Network', 'VNET', 'create', '-g', 'rg', '-n', 'vnet1']],
  ];

  test.each(accepted)('%s', async (_case, words) => {
    const ran = await az.run(...words);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await az.json('network', 'vnet', 'list', '--query', '[].name')).toEqual(['vnet1']);
  });

  test('@file is the content of the file, and the text itself when there is none', async () => {
    az.files.set('/name.txt', 'from-file\n');
    await az.run('network', 'route-table', 'create', '-g', 'rg', '-n', '@/name.txt');
    expect(await az.json('network', 'route-table', 'list', '--query', '[].name')).toEqual(['from-file']);
    expect((await az.run('group', 'show', '-n', '@/none')).stderr).toContain("Resource group '@/none'");
  });

  test('@file stands behind any first =', async () => {
    az.files.set('/note.txt', 'from file\n');
    const tagged = 'network vnet create -g rg -n vnet1 --query newVNet.tags.note --tags note=@/note.txt';
    expect(await az.json(...tagged.split(' '))).toBe('from file');
    const set = 'network vnet update -g rg -n vnet1 --query tags.other --set tags.other=@/note.txt';
    expect(await az.json(...set.split(' '))).toBe('from file');
  });

  test('null empties a list in an update, and only there', async () => {
    await az.line('network vnet create -g rg -n vnet1 --dns-servers 10.0.0.9');
    const emptied = 'network vnet update -g rg -n vnet1 --dns-servers null --query dhcpOptions.dnsServers';
    expect(await az.json(...emptied.split(' '))).toEqual([]);
    expect(await az.line('network vnet create -g rg -n vnet2 --dns-servers null')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        "Failed to parse '--dns-servers' argument: field is not nullable",
      ) as string,
    });
  });

  test('one element of a list is not set, by name', async () => {
    await az.line('network vnet create -g rg -n vnet1');
    const ran = await az.line('network vnet update -g rg -n vnet1 --address-prefixes [0]=10.0.0.0/15');
    expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('(NotSimulated)') as string });
  });

  test('configured defaults stand in for group and location', async () => {
    await az.line('configure --defaults group=rg location=northeurope');
    await az.line('group create -n rg2');
    const vnet = await az.json(
      'network',
      'vnet',
      'create',
      '-n',
      'vnet1',
      '--query',
      'newVNet.[resourceGroup, location]',
    );
    expect(vnet).toEqual(['rg', 'northeurope']);
    await az.run('configure', '--defaults', "group=''", 'location=');
    expect((await az.line('network vnet create -n x')).stderr).toContain('required: --resource-group/-g');
  });

  test('the environment gives defaults too', async () => {
    const other = azTerminal({
      cloud: az.cloud(),
      env: new Map([
        ['AZURE_DEFAULTS_GROUP', 'rg'],
        ['AZURE_CORE_OUTPUT', 'tsv'],
      ]),
    });
    expect((await other.line('network nsg create -n n1 --query NewNSG.name')).stdout).toBe('n1\n');
  });
});

describe('output formats', () => {
  beforeEach(async () => {
    await az.line('group create -n second -l northeurope --tags a=1 b');
  });

  const rows: readonly (readonly [string, readonly string[], string])[] = [
    [
      'table with the columns of the command',
      ['group', 'list', '-o', 'table'],
      'Name    Location     Status\n------  -----------  ---------\nrg      westeurope   Succeeded\nsecond  northeurope  Succeeded\n',
    ],
    [
      'table of a query keeps its order of columns',
      ['group', 'list', '-o', 'table', '--query', '[].{where:location, what:name}'],
      'Where        What\n-----------  ------\nwesteurope   rg\nnortheurope  second\n',
    ],
    [
      'table of a list of lists',
      ['group', 'list', '-o', 'table', '--query', '[].[name, location]'],
      'Column1    Column2\n---------  -----------\nrg         westeurope\nsecond     northeurope\n',
    ],
    [
      'table of texts',
      ['group', 'list', '-o', 'table', '--query', '[].name'],
      'Result\n--------\nrg\nsecond\n',
    ],
    ['an empty table is an empty line', ['network', 'vnet', 'list', '-o', 'table'], '\n'],
    ['tsv of texts', ['group', 'list', '-o', 'tsv', '--query', '[].name'], 'rg\nsecond\n'],
    [
      'tsv of rows, with None for null',
      ['group', 'list', '-o', 'tsv', '--query', '[].[name, managedBy]'],
      'rg\tNone\nsecond\tNone\n',
    ],
    ['tsv of a boolean', ['group', 'exists', '-n', 'rg', '-o', 'tsv'], 'true\n'],
    [
      'json keeps no order but the alphabet',
      ['group', 'list', '--query', '[0].{b:name, a:location}'],
      '{\n  "a": "westeurope",\n  "b": "rg"\n}\n',
    ],
    ['json of an empty list', ['network', 'vnet', 'list'], '[]\n'],
    [
      'yaml',
      ['group', 'show', '-n', 'second', '-o', 'yaml', '--query', '{name:name, tags:tags, managed:managedBy}'],
      "managed: null\nname: second\ntags:\n  a: '1'\n  b: ''\n",
    ],
    [
      'yaml with the letters that are no booleans to PyYAML',
      ['group', 'show', '-n', 'rg', '-o', 'yaml', '--query', "{n:name, y:'y', no:'no'}"],
      "n: rg\n'no': 'no'\ny: y\n",
    ],
    [
      'yaml of a quoted text, without dots',
      ['group', 'show', '-n', 'rg', '-o', 'yaml', '--query', "'true'"],
      "'true'\n",
    ],
    ['none', ['group', 'list', '-o', 'none'], ''],
    [
      'the last by a text, and the first',
      ['group', 'list', '-o', 'tsv', '--query', "[max_by(@, &name).name, min_by(@, &name).name, '(max_by(']"],
      'second\nrg\n(max_by(\n',
    ],
    ['a query that finds nothing prints nothing', ['group', 'show', '-n', 'rg', '--query', 'nothing'], ''],
    ['output formats in capitals', ['group', 'exists', '-n', 'rg', '-o', 'TSV'], 'true\n'],
  ];

  test.each(rows)('%s', async (_case, words, stdout) => {
    expect(await az.run(...words)).toEqual({ stdout, stderr: '', exitCode: 0 });
  });
});

test('sorting by what is not there is refused in words', async () => {
  expect(await az.line('group list --query sort_by(@,&nothing)')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('In function sort_by(), invalid type for value') as string,
  });
});

describe('help', () => {
  test('of a command lists its arguments, groups and examples', async () => {
    const { stdout, exitCode } = await az.line('network vnet create --help');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\nCommand\n    az network vnet create : Create a virtual network\./);
    for (const heading of ['Arguments\n', 'Subnet Arguments\n', 'Global Arguments\n', 'Examples\n']) {
      expect(stdout).toContain(heading);
    }
    expect(stdout).toMatch(/--name -n +\[Required\] : /);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('of a group lists subgroups and commands', async () => {
    const { stdout } = await az.line('network vnet -h');
    expect(stdout).toMatch(/Subgroups:\n    peering .*\n    subnet /);
    expect(stdout).toMatch(/Commands:\n    check-ip-address/);
  });

  test('ends the reading: what comes after it is not judged', async () => {
    expect((await az.line('vm create --help --name')).exitCode).toBe(0);
    expect((await az.line('vm create --name --help')).exitCode).toBe(2);
    expect((await az.line('vm create --help')).exitCode).toBe(0);
  });

  test('az alone welcomes with every group', async () => {
    expect((await az.run()).stdout).toContain('    network ');
  });
});

describe('--no-wait', () => {
  test('prints nothing and does its work', async () => {
    expect(await az.line('network vnet create -g rg -n vnet1 --no-wait')).toEqual({
      stdout: '',
      stderr: '',
      exitCode: 0,
    });
    expect(await az.json('network', 'vnet', 'list', '--query', '[].name')).toEqual(['vnet1']);
  });
});

describe('service errors', () => {
  test('have code, message and exit code 3 when something is not there', async () => {
    expect(await az.line('network vnet show -g rg -n nope')).toEqual({
      stdout: '',
      stderr:
        "ERROR: (ResourceNotFound) The Resource 'Microsoft.Network/virtualNetworks/nope' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix\nCode: ResourceNotFound\nMessage: The Resource 'Microsoft.Network/virtualNetworks/nope' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix\n",
      exitCode: 3,
    });
    expect((await az.line('network vnet create -g nope -n vnet1')).exitCode).toBe(3);
  });

  test('--ids runs once per id', async () => {
    await az.line('network vnet create -g rg -n one');
    await az.line('network vnet create -g rg -n two');
    const { stdout } = await az.line('network vnet list --query [].id -o tsv');
    const ids = stdout.trim().split('\n');
    expect(await az.json('network', 'vnet', 'show', '--ids', ...ids, '--query', '[].name')).toEqual([
      'one',
      'two',
    ]);
    for (const piped of [stdout, (await az.line('network vnet list')).stdout]) {
      expect(await az.json('network', 'vnet', 'show', '--ids', piped, '--query', '[].name')).toEqual([
        'one',
        'two',
      ]);
    }
    await az.run('network', 'vnet', 'delete', '--ids', ...ids);
    expect(await az.json('network', 'vnet', 'list')).toEqual([]);
  });
});
