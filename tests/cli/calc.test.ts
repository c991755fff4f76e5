import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { calc as program } from '../../src/cli/calc/calc.ts';
import { inTerminal } from '../support/terminal.ts';

const CALC = fileURLToPath(new URL('../../src/cli/calc.ts', import.meta.url));
const calc = (...args: string[]) => inTerminal(program, args);

describe('calc in a terminal', () => {
  test('prints an answer on stdout, nothing on stderr, and exits with 0: as npm starts it', () => {
    const line = 'run -s calc -- kubenet-plan --nodes 50 --surge 1 --json';
    const { stdout, stderr, status } = spawnSync('npm', line.split(' '), { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ addressesNeeded: 51, smallestPrefix: 26 });
  });

  test('prints refusals on stderr, nothing on stdout, and exits with 2: as a process', () => {
    const args = [CALC, 'subnet-split', '--prefix', '10.0.0.1/8'];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain('Try 10.0.0.0/8');
  });

  test('exits with 1 where what was asked cannot be done', async () => {
    expect((await calc('subnet-split', '10.0.0.0/29', '--hosts', '4')).exitCode).toBe(1);
  });

  test('the documented Node Subnet example: 1,581 addresses, a /21', async () => {
    const line = '--ipam node-subnet --nodes 50 --surge 1 --max-pods 30 --json';
    const { stdout, stderr, exitCode } = await calc('ip-plan', ...line.split(' '));
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ addressesNeeded: 1581, smallestPrefix: 21 });
  });

  test.each(['utf16le', 'utf8'] as const)(
    'reads a file as %s, with its byte order mark',
    async (encoding) => {
      const folder = mkdtempSync(join(tmpdir(), 'calc-'));
      onTestFinished(() => {
        rmSync(folder, { recursive: true });
      });
      const file = join(folder, 'cluster.json');
      const cluster = '\uFEFF{"networkProfile":{"outboundType":"loadBalancer"}}';
      writeFileSync(file, Buffer.from(cluster, encoding));
      const { stdout, exitCode } = await calc('outbound-migration', '--file', file, '--to', 'none');
      expect([exitCode, stdout.split(':')[0]]).toEqual([0, 'Supported']);
    },
  );

  test.each([
    'ip-plan',
    'pod-subnet',
    'overlay-capacity',
    'overlap-check',
    'which-plugin',
    'lb-budget',
    'pls-capacity',
    'snat-ports',
    'nat-gateway',
    'peering-matrix',
    'no-proxy',
    'http-proxy-config',
  ])('%s explains itself', async (name) => {
    const { stdout, stderr, exitCode } = await calc(name, '--help');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain(`calc -- ${name}`);
    expect(stdout).toContain('Exit code');
  });

  test.each([
    ['a plan that does not fit, with --check', 'ip-plan --nodes 50 --subnet /27 --check', 1],
    ['the same without --check', 'ip-plan --nodes 50 --subnet /27', 0],
    ['a pool that is too large', 'ip-plan --nodes 1500', 2],
    ['a pod subnet that is too small, with --check', 'pod-subnet --nodes 20 --subnet /26 --check', 1],
    ['an allocation that does not exist', 'pod-subnet --mode sometimes', 2],
    ['a pod range that is too small, with --check', 'overlay-capacity --nodes 90 --pod-cidr /18 --check', 1],
    ['an expansion that leaves the old range', 'overlay-capacity --expand-to 10.0.0.0/12', 2],
    ['a pod range inside the VNet', 'overlap-check --vnet 10.224.0.0/12 --pod-cidr 10.234.0.0/16', 1],
    ['ranges that keep apart', 'overlap-check --vnet 10.224.0.0/16 --pod-cidr 10.244.0.0/16', 0],
    ['VNets that do not reach each other', 'peering-matrix --network a:10.0.0.0/16 b:10.1.0.0/16', 1],
    ['VNets that do', 'peering-matrix --network a:10.0.0.0/16 b:10.1.0.0/16 a--b:access', 0],
    ['clients that differ about NO_PROXY', 'no-proxy --list 10.0.0.0/16 --url http://10.0.0.4/', 1],
    ['clients that agree', 'no-proxy --list contoso.com --url http://contoso.com/', 0],
    ['a URL of another scheme', 'no-proxy --list a --url ftp://a/', 2],
    ['a proxy that AKS takes', 'http-proxy-config --http-proxy http://10.20.0.4:8080', 0],
    ['a proxy among Services', 'http-proxy-config --http-proxy http://10.0.0.4:8080', 1],
    ['a configuration without a proxy', 'http-proxy-config --vnet 10.0.0.0/16', 2],
    ['a range with host bits', 'overlap-check --vnet 10.224.0.1/16', 2],
  ] as const)('exit code of %s', async (_, line, code) => {
    expect((await calc(...line.split(' '))).exitCode).toBe(code);
  });

  test('a reader who closes the pipe early is no error', () => {
    const line = `set -o pipefail; "${process.execPath}" "${CALC}" subnet-split 10.0.0.0/8 --into 29 --json | head -1`;
    const { stdout, stderr, status } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({ stdout: '{\n', stderr: '', status: 0 });
  });

  test('lists every calculator, also as JSON', async () => {
    const parsed: unknown = JSON.parse((await calc('list', '--json')).stdout);
    expect(parsed).toMatchObject([
      { name: 'subnet-split' },
      { name: 'kubenet-plan' },
      { name: 'ip-plan' },
      { name: 'pod-subnet' },
      { name: 'overlay-capacity' },
      { name: 'overlap-check' },
      { name: 'which-plugin' },
      { name: 'service-preview' },
      { name: 'lb-budget' },
      { name: 'pls-capacity' },
      { name: 'nsg-evaluator' },
      { name: 'effective-routes' },
      { name: 'firewall-rules' },
      { name: 'snat-ports' },
      { name: 'nat-gateway' },
      { name: 'outbound-type' },
      { name: 'outbound-migration' },
      { name: 'packet-tracer' },
      { name: 'peering-matrix' },
      { name: 'no-proxy' },
      { name: 'http-proxy-config' },
    ]);
  });
});
