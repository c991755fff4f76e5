import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { endpointChain, serviceChain } from '../../../../src/model/compile/kube-proxy-chain-name.ts';

/** Names that every cluster has, as published in many `iptables-save` listings. */
const REAL: readonly { servicePort: string; protocol: string; chain: string }[] = [
  { servicePort: 'default/kubernetes:https', protocol: 'tcp', chain: 'KUBE-SVC-NPX46M4PTMTKRN6Y' },
  { servicePort: 'kube-system/kube-dns:dns', protocol: 'udp', chain: 'KUBE-SVC-TCOU7JCQXEZGVUNU' },
  { servicePort: 'kube-system/kube-dns:dns-tcp', protocol: 'tcp', chain: 'KUBE-SVC-ERIFXISQEP7F7OF4' },
];

test.each(REAL)('$servicePort has the chain that real clusters have', ({ servicePort, protocol, chain }) => {
  expect(serviceChain(servicePort, protocol)).toBe(chain);
});

test('the hash is SHA-256 in base 32 for texts around the block length', () => {
  for (let length = 0; length < 140; length++) {
    const text = 'a/b'.padEnd(length, 'x');
    expect(endpointChain(text, 'tcp', '10.244.0.2:80')).toBe(
      `KUBE-SEP-${reference(`${text}tcp10.244.0.2:80`)}`,
    );
  }
});

function reference(text: string): string {
  const bits = [...createHash('sha256').update(text).digest()]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  return Array.from({ length: 16 }, (_, i) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)),
  ).join('');
}
