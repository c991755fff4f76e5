import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { calc as program } from '../../src/cli/calc/calc.ts';
import { exampleTexts, SMALL_EXAMPLE } from '../../src/planner/import/example-network.ts';
import { inTerminal } from '../support/terminal.ts';

const CALC = fileURLToPath(new URL('../../src/cli/calc.ts', import.meta.url));
const calc = (line: string) => inTerminal(program, ['packet-tracer', ...line.split(' ')]);

const folder = mkdtempSync(join(tmpdir(), 'packet-tracer-'));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const EXAMPLE = exampleTexts(SMALL_EXAMPLE);
const before = file('before.json', EXAMPLE.join('\n'));
const after = file(
  'after.json',
  EXAMPLE.join('\n').replaceAll('"destinationPortRange":"443"', '"destinationPortRange":"8443"'),
);

test('a flow through files, and one that does not arrive', async () => {
  const parts = EXAMPLE.map((text, index) => file(`part-${index}.json`, text));
  const delivered = await calc(`--file ${parts.join(' ')} --from vm/web-1 --to vm/web-2 --port 443 --json`);
  expect(delivered).toMatchObject({ stderr: '', exitCode: 0 });
  expect(JSON.parse(delivered.stdout)).toMatchObject({
    resources: 14,
    flow: { disposition: 'delivered', otherwise: null, reverse: { disposition: 'delivered' } },
    leftOut: [],
  });
  const denied = await calc(`--file ${before} --from vm/web-1 --to vm/web-2 --port 22`);
  expect(denied.exitCode).toBe(1);
  expect(denied.stdout).toMatch(/^denied-inbound: DenyRest \(priority 200\) of NSG nsg-spoke-2/);
});

test('which flows a change changes, from standard input against a file', async () => {
  const line = `packet-tracer --file - --against ${after} --port 443 --json`;
  const compared = spawnSync(process.execPath, [CALC, ...line.split(' ')], {
    encoding: 'utf8',
    input: EXAMPLE.join('\n'),
  });
  expect(compared).toMatchObject({ stderr: '', status: 0 });
  expect(JSON.parse(compared.stdout)).toMatchObject({
    against: {
      changed: 6,
      limited: null,
      changes: [
        {
          from: 'vm/router',
          to: 'vm/web-1',
          before: { disposition: 'delivered' },
          after: { disposition: 'denied-inbound', decidedBy: expect.stringContaining('DenyRest') as string },
        },
        { from: 'vm/router', to: 'vm/web-2', what: ['disposition', 'seen source', 'deciding rule'] },
        // The group in the hub lets everything in by another rule.
        { from: 'vm/web-1', to: 'vm/router', what: ['deciding rule'] },
        { from: 'vm/web-1', to: 'vm/web-2' },
        { from: 'vm/web-2', to: 'vm/router', what: ['deciding rule'] },
        { from: 'vm/web-2', to: 'vm/web-1' },
      ],
    },
  });
  expect((await calc(`--file ${before} --against ${before}`)).stdout).toMatch(/^0 of \d+ flows change\./);
  const two = await calc(`--file ${before} --against ${after} --from vm/router --to vm/web-1 --port 443`);
  expect(two.stdout).toContain('2 of 2 flows change:');
});

test('a scenario of the course', async () => {
  const { stdout, stderr, exitCode } = await calc(
    '--scenario hub-and-spoke --from vm/vm-blue --to vm/vm-shared --json',
  );
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ flow: { disposition: 'delivered' }, notes: [] });
  expect((await calc('--scenario hub-and-spoke --list')).stdout).toContain('host/erp');
});

test.each([
  ['--list', '--file: a network is needed'],
  ['--scenario nobody --list', 'the scenario "nobody" cannot be read'],
  ['--scenario ../secret --list', 'the scenario "../secret" cannot be read'],
  ['--file nobody.json --list', 'the file "nobody.json" cannot be read'],
  ['--example --from vm/web-1', '--to: the end of a flow is needed'],
  ['--example --from vm/nobody --to vm/web-1', 'there is no virtual machine nobody'],
  ['--example --from vm/web-1 --to vm/web-2 --protocol icmp --port 80', 'icmp has no ports'],
  ['--example --from vm/web-1 --to vm/web-2 --protocol gre', '"gre" is no protocol that can be asked'],
  ['--network {} --list', 'There is no resource in it that the model has'],
])('%s is refused', async (line, said) => {
  const { stdout, stderr, exitCode } = await calc(line);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toContain(said);
});

test('what is not in the model is named in the terminal too', async () => {
  const odd = file(
    'odd.json',
    JSON.stringify([
      {
        id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/b',
        sku: {},
        properties: { x: 1 },
      },
    ]),
  );
  const { stdout } = await calc(`--file ${before} ${odd} --from vm/web-1 --to vm/web-2 --port 443`);
  expect(stdout).toContain('Not in the model (1):');
  expect(stdout).toContain('bastionHosts/b: microsoft.network/bastionhosts.');
});
