/** A small world that answers every kind of key, so that quiz tests need no cloud. */
import type { KeySource } from '../../../src/quiz/key.ts';

export const TRACE = {
  disposition: 'delivered',
  seenSource: { address: '10.224.0.5', port: 40000 },
  hops: [
    { place: 'pod/default/c', steps: [{ kind: 'route', by: 'route 0.0.0.0/0' }] },
    {
      place: 'node/n1',
      steps: [
        { kind: 'route', by: 'route 0.0.0.0/0' },
        { kind: 'translate', by: 'chain IP-MASQ-AGENT' },
      ],
    },
    { place: 'host/onprem', steps: [{ kind: 'deliver', by: 'program httpd' }] },
  ],
};

export const source: KeySource = {
  ask: (_, flow) =>
    flow.to === 'nowhere' ? Promise.reject(new Error('no such end')) : Promise.resolve(TRACE),
  limit: (path) => (path === 'aks.KUBENET_MAX_NODES' ? 400 : null),
  run: (_, command) =>
    Promise.resolve(
      command === 'false'
        ? { stdout: '', stderr: 'bad luck\n', exitCode: 1 }
        : { stdout: '10.244.0.0/24\n10.244.1.0/24\n', stderr: '', exitCode: 0 },
    ),
  calc: () => Promise.resolve({ addressesNeeded: 301 }),
};
