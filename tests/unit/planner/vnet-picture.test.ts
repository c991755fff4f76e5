import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';

interface Picture {
  readonly prefix: string;
  readonly origin: string;
  readonly subnets: readonly { readonly prefix: string; readonly parts: Readonly<Record<string, number>> }[];
  readonly free: readonly string[];
  readonly unplaced: readonly unknown[];
  readonly podCidr: { readonly prefix: string | null; readonly prefixLength: number } | null;
}

const calc = (line: string) => runCalc(['ip-plan', ...line.split(' ')]);
const picture = (line: string): Picture =>
  (JSON.parse(calc(`${line} --json`).stdout) as { readonly vnet: Picture }).vnet;

describe('the picture of a VNet', () => {
  test('says what fills a subnet, and what is left', () => {
    const { prefix, subnets } = picture(
      '--ipam node-subnet --nodes 50 --surge 1 --max-pods 30 --internal-load-balancers 2 --private-endpoints 3',
    );
    expect(prefix).toBe('10.224.0.0/21');
    expect(subnets).toMatchObject([
      {
        prefix: '10.224.0.0/21',
        parts: { azure: 5, nodes: 50, pods: 1500, other: 5, surge: 31, left: 2048 - 5 - 1586 },
      },
    ]);
  });

  test('places new subnets beside those that exist', () => {
    const { subnets, free } = picture(
      '--ipam pod-subnet-static --nodes 3 --surge 1 --max-pods 31 --vnet 10.1.0.0/23 --existing gateway=10.1.0.0/24',
    );
    expect(subnets.every((each) => each.prefix.startsWith('10.1.1.'))).toBe(true);
    expect(free.every((each) => each.startsWith('10.1.1.'))).toBe(true);
  });

  test('chooses a VNet around a subnet that is given', () => {
    const { prefix, origin, subnets } = picture(
      '--ipam pod-subnet-dynamic --nodes 3 --max-pods 30 --subnet 10.9.8.0/26',
    );
    expect(origin).toBe('chosen');
    expect(subnets[0]?.prefix).toBe('10.9.8.0/26');
    expect(prefix).toMatch(/^10\.9\.8\.0\//);
  });

  test('leaves the pod CIDR outside', () => {
    expect(picture('--ipam overlay --nodes 50').podCidr).toMatchObject({ prefix: null, prefixLength: 18 });
    expect(picture('--ipam overlay --nodes 50 --pod-cidr 10.244.0.0/16').podCidr).toMatchObject({
      prefix: '10.244.0.0/16',
    });
  });

  test('has room for growth, since the subnet of a pool cannot be resized', () => {
    expect(picture('--ipam node-subnet --nodes 3 --surge 1 --max-pods 30 --growth 5').subnets).toMatchObject([
      { prefix: '10.224.0.0/23', parts: { growth: 155 } },
    ]);
  });

  test('is the same VNet for every plugin, so that they can be compared', () => {
    const { plans } = JSON.parse(calc('--nodes 50 --json').stdout) as {
      readonly plans: readonly { readonly vnet: Picture }[];
    };
    expect(new Set(plans.map((plan) => plan.vnet.prefix)).size).toBe(1);
  });
});

describe('a VNet without room', () => {
  test('says which subnet finds none, and fails with --check', () => {
    const line = '--ipam pod-subnet-dynamic --nodes 10 --vnet 10.1.0.0/22';
    const { unplaced } = picture(line);
    expect(unplaced).toEqual([{ range: 'pod-subnet', length: 20 }]);
    const { stdout, exitCode } = calc(`${line} --check`);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('has no room for the pod subnet, which takes a /20');
  });

  test.each([
    ['a subnet outside it', '--nodes 3 --vnet 10.1.0.0/16 --subnet 10.2.0.0/24', '--subnet'],
    ['an existing subnet outside it', '--nodes 3 --vnet 10.1.0.0/16 --existing 10.2.0.0/24', '--existing'],
    ['a subnet on one that exists', '--nodes 3 --subnet 10.1.0.0/24 --existing a=10.1.0.0/25', '--subnet'],
    ['two that exist and overlap', '--nodes 3 --existing 10.1.0.0/24,10.1.0.0/25', '--existing'],
    ['a VNet of link-local addresses', '--nodes 3 --vnet 169.254.0.0/16', '--vnet'],
    ['a VNet larger than Azure has', '--nodes 3 --vnet 10.0.0.0/7', '--vnet'],
  ])('refuses %s', (_, line, flag) => {
    const { stderr, exitCode } = calc(line);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${flag}:`);
  });
});
