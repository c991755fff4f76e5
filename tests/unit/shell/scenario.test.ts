import { describe, expect, test } from 'vitest';
import { readDirectives, runScenario } from '../../../src/shell/scenario.ts';

function errors(script: string): readonly string[] {
  const read = readDirectives(script);
  return read.ok ? [] : read.error.map((each) => `${each.line}: ${each.message}`);
}

describe('the "#:" lines of a scenario', () => {
  test('set seed, clock, pins and hosts', () => {
    const script = `#!/usr/bin/env bash
# a comment
#: seed two words
#: clock 2024-02-27T10:00:00Z frozen
#: pin pod-suffix/default/web/0 6chl2
#: internet-host web 203.0.113.9 dns=example.org,www.example.org ports=80,8080
#: on-premises-host office 10.1.2.3 prefix=10.1.0.0/16 vnet=hub ports=22 routes-to-azure=10.244.0.0/16,10.9.0.0/16

echo done
`;
    expect(readDirectives(script)).toEqual({
      ok: true,
      value: {
        seed: 'two words',
        now: Date.UTC(2024, 1, 27, 10) / 1000,
        clock: 'frozen',
        pins: { 'pod-suffix/default/web/0': '6chl2' },
        outsideHosts: [
          {
            kind: 'internet',
            name: 'web',
            address: '203.0.113.9',
            dnsNames: ['example.org', 'www.example.org'],
            ports: [80, 8080],
          },
          {
            kind: 'on-premises',
            name: 'office',
            address: '10.1.2.3',
            prefix: '10.1.0.0/16',
            virtualNetwork: 'hub',
            ports: [22],
            routesToAzure: ['10.244.0.0/16', '10.9.0.0/16'],
          },
        ],
      },
    });
  });

  test.each([
    [
      'an unknown word',
      '#: frob',
      ['1: unknown directive "frob"; known: seed, clock, pin, internet-host, on-premises-host'],
    ],
    ['a time that is none', '#: clock now', ['1: clock needs a UTC time such as 2026-09-01T09:00:00Z']],
    [
      'a clock that runs oddly',
      '#: clock 2026-09-01T09:00:00Z slow',
      ['1: clock knows "frozen", not "slow"'],
    ],
    [
      'a day that is none',
      '#: clock 2026-02-30T09:00:00Z',
      ['1: clock needs a UTC time such as 2026-09-01T09:00:00Z'],
    ],
    [
      'two clocks',
      '#: clock 2026-09-01T09:00:00Z\n#: clock 2026-09-01T09:00:00Z',
      ['2: clock is given twice'],
    ],
    ['two seeds', '#: seed a\n#: seed b', ['2: seed is given twice']],
    [
      'two hosts of one name',
      '#: internet-host x 1.2.3.4\n#: internet-host x 1.2.3.5',
      ['2: the host x is given twice'],
    ],
    [
      'a host without its network',
      '#: on-premises-host x 10.1.2.3',
      ['1: on-premises-host x: needs prefix=, the addresses of its network, such as prefix=10.1.0.0/16'],
    ],
    [
      'a host outside its network',
      '#: on-premises-host x 10.1.2.3 prefix=10.9.0.0/16',
      ['1: on-premises-host x: its address 10.1.2.3 lies outside its prefix 10.9.0.0/16'],
    ],
    ['half a pin', '#: pin key', ['1: pin needs a key and a value']],
    ['a pin twice', '#: pin a b\n#: pin a c', ['2: pin a is given twice']],
    [
      'a port out of range',
      '#: internet-host x 1.2.3.4 ports=0',
      ['1: internet-host x: ports are numbers from 1 to 65535'],
    ],
    [
      'an unknown setting',
      '#: internet-host x 1.2.3.4 prefix=1.0.0.0/8',
      ['1: internet-host x: unknown setting "prefix"; known: dns, ports'],
    ],
    ['a directive too late', 'true\n#: seed x', ['2: a "#:" line must stand before the first command']],
  ])('%s is an error with its line', (_, script, expected) => {
    expect(errors(script)).toEqual(expected);
  });

  test('every mistake is reported at once', () => {
    expect(errors('#: a\n#: b\n#: seed')).toHaveLength(3);
  });

  test('a prefix with host bits set is refused, and the masked form suggested', () => {
    expect(errors('#: on-premises-host x 10.1.2.3 prefix=10.1.2.3/16')[0]).toContain(
      'did you mean 10.1.0.0/16?',
    );
    expect(
      errors('#: on-premises-host x 10.1.2.3 prefix=10.1.0.0/16 routes-to-azure=10.2.0.1/16')[0],
    ).toMatch(/routes-to-azure=: .*did you mean 10\.2\.0\.0\/16\?/);
  });

  test('below the commands "#:" is text like any other', () => {
    expect(errors('cat <<EOF\nx\nEOF\necho a\n#: not a directive')).toEqual([]);
  });
});

describe('runScenario', () => {
  test('hands over the session in which the script ran', async () => {
    const { session, stdout, exitCode } = await runScenario(
      '#: seed s\naz group create -n rg -l eastus -o none\necho ready\n',
    );
    expect([stdout, exitCode, session.cloud.seed]).toEqual(['ready\n', 0, 's']);
    expect((await session.run('az group list --query "[].name" -o tsv')).stdout).toBe('rg\n');
  });

  test('a seed of its own wins over the script’s', async () => {
    expect((await runScenario('#: seed s\ntrue', { seed: 'other' })).session.cloud.seed).toBe('other');
  });
});
