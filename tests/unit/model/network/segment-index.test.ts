import { expect, test } from 'vitest';
import { address } from '../../../../src/model/ip/address.ts';
import { findNeighbour } from '../../../../src/model/network/segment-index.ts';
import { face, host, network } from '../../../support/network-drafts.ts';

const one = host('one', 'vm', {
  interfaces: [face('eth0', 'lan', '10.0.0.1/24'), face('eth1', 'far', '10.9.9.9/24')],
});
const two = host('two', 'vm', { interfaces: [face('eth0', 'lan', '10.0.0.2/24')] });
const proxy = host('proxy', 'fabric', { interfaces: [face('port', 'lan', null, 'proxies')] });
const lan = network([one, two, proxy]);
const plain = network([one, two]);

test('the owner of an address answers, before any proxy', () => {
  expect(findNeighbour(lan, 'lan', two, address('10.0.0.1'))?.host).toBe(one);
});

test('Linux answers for addresses of its other interfaces too', () => {
  expect(findNeighbour(plain, 'lan', two, address('10.9.9.9'))).toEqual({
    host: one,
    interface: one.interfaces[0],
  });
});

test('a proxy answers for what nobody has, but never its own question', () => {
  expect(findNeighbour(lan, 'lan', two, address('10.0.0.77'))?.host).toBe(proxy);
  expect(findNeighbour(lan, 'lan', proxy, address('10.0.0.77'))).toBeNull();
});

test('without a proxy nobody answers for what nobody has, nor for the asker', () => {
  expect(findNeighbour(plain, 'lan', two, address('10.0.0.77'))).toBeNull();
  expect(findNeighbour(plain, 'lan', two, address('10.0.0.2'))).toBeNull();
});

test('a segment that does not exist, or has a member that does not, is a bug', () => {
  expect(() => findNeighbour(plain, 'nowhere', two, address('10.0.0.1'))).toThrow('no segment nowhere');
  const broken = { ...plain, hosts: new Map([['two', two]]) };
  expect(() => findNeighbour(broken, 'lan', two, address('10.0.0.1'))).toThrow(
    'a member that does not exist: one eth0',
  );
});
