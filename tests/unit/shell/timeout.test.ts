/** `timeout` counts virtual time, and ends what waits for the network. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { createSession } from '../../../src/shell/session.ts';
import type { Session } from '../../../src/shell/session.ts';

let ready: Cloud;

async function session(): Promise<Session> {
  const made = createSession({ cloud: ready });
  await made.run('az aks get-credentials -g rg -n aks');
  return made;
}

beforeAll(async () => {
  const made = createSession({
    cloud: newCloud({
      seed: 'timeout',
      outsideHosts: [
        { kind: 'internet', name: 'pay', address: '203.0.113.80', dnsNames: ['pay.example'], ports: [80] },
      ],
    }),
  });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n aks --node-count 1 --generate-ssh-keys',
    'az aks get-credentials -g rg -n aks',
    'kubectl run tools --image=nicolaka/netshoot --command -- sleep 1d',
    'kubectl run load --image=williamyeh/hey --command -- sleep 1d',
  ]) {
    expect((await made.run(line)).exitCode, line).toBe(0);
  }
  ready = made.cloud;
});

const NOBODY = 'http://10.99.1.1';

describe('timeout', () => {
  test.each([
    ['timeout 5 sleep 60', 5, 124],
    ['timeout 1m sleep 60', 60, 0],
    ['timeout -k 1 -s KILL 5s sleep 60', 5, 124],
    ['timeout --preserve-status 5 sleep 60', 5, 143],
    ['timeout 0 sleep 60', 60, 0],
    [`kubectl exec tools -- timeout 3 curl -s ${NOBODY}`, 3, 124],
    [`kubectl exec tools -- timeout 200 curl -s ${NOBODY}`, 0, 28],
    ['kubectl exec tools -- timeout 3 nc -zv 10.99.1.1 80', 3, 124],
    ['kubectl exec tools -- timeout 3 nc -w 1 -zv 10.99.1.1 80', 0, 1],
    [`timeout 3 kubectl exec tools -- curl -s ${NOBODY}`, 3, 124],
    ['kubectl exec load -- timeout 5 hey -z 1m http://pay.example', 5, 143],
    ['kubectl exec tools -- timeout 3 sh -c "while true; do sleep 1; done"', 3, 124],
    [`sh -c 'timeout 9 sh -c "timeout 2 sleep 60; sleep 1; exit 7"'`, 3, 7],
    ['timeout 3 sh -c "timeout 9 sleep 60"', 3, 124],
  ])('%s takes %i seconds and exits with %i', async (line, seconds, exitCode) => {
    const made = await session();
    const before = made.cloud.now;
    const ran = await made.run(line);
    expect([ran.exitCode, made.cloud.now - before]).toEqual([exitCode, seconds]);
  });

  test('a load that it ends has taken ports until then', async () => {
    const made = await session();
    await made.run('kubectl exec load -- timeout 5 hey -z 1m -c 30 http://pay.example');
    expect(made.cloud.traffic?.map(({ start, stop }) => (stop ?? 0) - start)).toEqual([5]);
  });

  test('says that the output of a script is lost', async () => {
    const ran = await (await session()).run('timeout 3 bash -c "while true; do echo x; sleep 1; done"');
    expect(ran.stderr).toContain('not shown in this workbook');
  });
});
