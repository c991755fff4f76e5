/** azure-ip-masq-agent and a configuration that it cannot read. */
import { expect, test } from 'vitest';
import { createSession } from '../../../../src/shell/session.ts';
import { pluginWorld } from '../compile/plugin-world.ts';

const CREDENTIALS = 'az aks get-credentials -g rg -n aks --only-show-errors';
const AGENTS = 'kubectl get pods -n kube-system -l k8s-app=azure-ip-masq-agent --no-headers';

function configured(text: string): string {
  return `kubectl create configmap azure-ip-masq-agent-config -n kube-system --from-literal=ip-masq-agent='${text}'`;
}

test.each(['overlay', 'overlay-cilium', 'node-subnet', 'kubenet'] as const)(
  '%s: the agent of each node ends, comes back once it can read, and counts on',
  async (plugin) => {
    const session = createSession({ cloud: await pluginWorld(plugin) });
    const run = async (line: string): Promise<string> => {
      const ran = await session.run(line);
      expect(ran.stderr, line).toBe('');
      return ran.stdout;
    };
    const states = async (): Promise<string[]> =>
      (await run(AGENTS))
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).slice(1, 4).join(' '));
    await run(CREDENTIALS);
    expect(await states()).toEqual(['1/1 Running 0', '1/1 Running 0']);

    await run(configured('nonMasqueradeCIDRs: [10.30.0.1/16]'));
    expect(await states()).toEqual(['0/1 CrashLoopBackOff 1', '0/1 CrashLoopBackOff 1']);
    expect(await run('kubectl get ds -n kube-system azure-ip-masq-agent --no-headers')).toMatch(/ 2 +2 +0 /);
    await run('sleep 120');
    const [, restarts = ''] = /^0\/1 CrashLoopBackOff (\d+)$/.exec((await states())[0] ?? '') ?? [];
    expect(Number(restarts)).toBeGreaterThan(1);

    await run('kubectl delete configmap azure-ip-masq-agent-config -n kube-system');
    expect(await states()).toEqual([`1/1 Running ${restarts}`, `1/1 Running ${restarts}`]);
    await run(configured('nonMasqueradeCIDRs: [10.30.0.0/16]'));
    expect(await states()).toEqual([`1/1 Running ${restarts}`, `1/1 Running ${restarts}`]);
  },
);

test('without an agent nobody reads the configuration', async () => {
  const session = createSession({ cloud: await pluginWorld('pod-subnet') });
  await session.run(`${CREDENTIALS}\n${configured('not: this')}`);
  const pods = await session.run('kubectl get pods -n kube-system --no-headers');
  expect(pods.stdout).not.toMatch(/CrashLoopBackOff|masq/);
  expect(pods.stdout).toMatch(/Running/);
});
