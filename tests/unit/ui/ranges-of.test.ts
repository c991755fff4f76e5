import { describe, expect, test } from 'vitest';
import { rangesOf } from '../../../src/ui/address/ranges-of.ts';
import { kubenetCloud } from '../model/compile/kubenet-cloud.ts';
import { pluginWorld } from '../model/compile/plugin-world.ts';

const cloud = kubenetCloud({
  outsideHosts: [
    {
      kind: 'on-premises',
      name: 'datacenter',
      address: '10.1.2.3',
      prefix: '10.1.0.0/16',
      virtualNetwork: '*',
      ports: [80],
    },
  ],
});

describe('rangesOf', () => {
  test.each([
    ['a node', '10.224.0.4', 'N', /node subnet aks-subnet/],
    ['a VM among the nodes', '10.224.200.2', 'N', /node subnet/],
    ['a pod, by its node', '10.244.1.27', 'P', /10\.244\.1\.0\/24 of node aks-nodepool1/],
    ['a range of pods that no node has yet', '10.244.9.0/24', 'P', /of cluster/],
    ['the whole pod range', '10.244.0.0/16', 'P', /of cluster/],
    ['a Service', '10.0.0.10', 'S', /service range/],
    ['another subnet of the VNet', '10.225.0.4', 'O', /subnet vm-subnet/],
    ['on premises', '10.1.2.3', 'O', /on-premises/],
    ['an address of the VNet in no subnet', '10.230.0.4', 'O', /VNet .*, outside its subnets/],
    ['a private address of nobody', '192.168.7.7', 'O', /in no network/],
    ['a public address', '203.0.113.80', 'I', /public/],
    ['an address with its mask, as ip addr prints it', '10.224.0.4/16', 'N', /node subnet/],
  ] as const)('%s', (_, text, letter, name) => {
    const range = rangesOf(cloud)(text);
    expect(range?.letter).toBe(letter);
    expect(range?.name).toMatch(name);
  });

  test.each([
    ['the default route', '0.0.0.0/0'],
    ['a prefix around several ranges', '10.224.0.0/12'],
    ['loopback', '127.0.0.1'],
    ['instance metadata', '169.254.169.254'],
    ['the wire server', '168.63.129.16'],
    ['no address at all', 'pod-a'],
  ])('%s has no range', (_, text) => {
    expect(rangesOf(cloud)(text)).toBeNull();
  });

  test('a pod subnet holds pods, beside the nodes of another one', async () => {
    const rangeOf = rangesOf(await pluginWorld('pod-subnet'));
    expect(rangeOf('10.20.4.8')).toEqual({ letter: 'P', name: 'pod subnet pods, 10.20.4.0/22' });
    expect(rangeOf('10.20.0.4')?.letter).toBe('N');
  });
});
