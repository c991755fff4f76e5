/** `--api-server-authorized-ip-ranges`: its forms, and who reaches the API server with it. */
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession } from '../../../../src/shell/session.ts';
import { behind, CREATE, OWN } from '../../../support/closed-cluster.ts';
import { azTerminal } from '../../../support/az.ts';

const OPTION = '--api-server-authorized-ip-ranges';
const WORKSTATION = '198.51.100.23';
const SHOW = ['aks', 'show', '-g', 'rg', '-n', 'aks', '--query', 'apiServerAccessProfile.authorizedIpRanges'];

async function simple(options: string): Promise<Cloud> {
  const terminal = azTerminal();
  await terminal.line('group create -n rg -l westeurope');
  const made = await terminal.line(`aks create -g rg -n aks --node-count 1 --no-ssh-key ${options}`.trim());
  if (made.exitCode !== 0) throw new Error(made.stderr);
  return terminal.cloud();
}

// acs/_validators.py of azure-cli 2.45, validate_ip_ranges; the last from api-server-authorized-ip-ranges (2024-05-19).
describe('the list', () => {
  it.each([
    ['192.0.2.0/24,203.0.113.7', ['192.0.2.0/24', '203.0.113.7/32']],
    ['192.0.2.8, 192.0.2.9', ['192.0.2.8/32', '192.0.2.9/32']],
    ['0.0.0.0/32', ['0.0.0.0/32']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
  ])('%s is taken', async (given, kept) => {
    const terminal = azTerminal({ cloud: await simple('') });
    const ran = await terminal.run('aks', 'update', '-g', 'rg', '-n', 'aks', OPTION, given);
    expect(ran.stderr).toBe('');
    expect(await terminal.json(...SHOW)).toEqual(kept);
  });

  it.each([
    ['10.0.0.0/8', 'must be global non-reserved addresses or CIDRs'],
    ['192.0.2.9/24', 'should be a list of IPv4 addresses or CIDRs'],
    ['here', 'should be a list of IPv4 addresses or CIDRs'],
    ['2001:db8::/32', 'cannot be IPv6 addresses'],
    ['192.0.2.0/24,', 'cannot be disabled and simultaneously enabled'],
    ['0.0.0.0/32,192.0.2.0/24', 'to 0.0.0.0/32 is not allowed with other IP ranges'],
  ])('%s is refused: it %s', async (given, why) => {
    const before = await simple('');
    const terminal = azTerminal({ cloud: before });
    const ran = await terminal.run('aks', 'update', '-g', 'rg', '-n', 'aks', OPTION, given);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(why);
    expect(terminal.cloud()).toBe(before);
  });

  it('has 200 ranges at most', async () => {
    const terminal = azTerminal({ cloud: await simple('') });
    const update = (count: number) =>
      terminal.run(
        'aks',
        'update',
        '-g',
        'rg',
        '-n',
        'aks',
        OPTION,
        Array.from({ length: count }, (_, at) => `192.0.2.${at}`).join(','),
      );
    expect((await update(201)).stderr).toContain('exceeds the maximum of 200');
    expect((await update(200)).stderr).toBe('');
  });

  it('is replaced as a whole, stays where nothing is said, and ends with ""', async () => {
    const terminal = azTerminal({ cloud: await simple(`${OPTION} 192.0.2.0/24`) });
    const update = ['aks', 'update', '-g', 'rg', '-n', 'aks'];
    await terminal.run(...update, '--tags', 'a=b');
    expect(await terminal.json(...SHOW)).toEqual(['192.0.2.0/24']);
    await terminal.run(...update, OPTION, '203.0.113.0/24');
    expect(await terminal.json(...SHOW)).toEqual(['203.0.113.0/24']);
    await terminal.run(...update, OPTION, '');
    expect(await terminal.json(...SHOW)).toEqual([]);
  });

  it('is not printed by a cluster without one', async () => {
    const terminal = azTerminal({ cloud: await simple('') });
    expect(
      await terminal.json('aks', 'show', '-g', 'rg', '-n', 'aks', '--query', 'apiServerAccessProfile'),
    ).toBeNull();
  });
});

describe('who is let in', () => {
  async function asked(cloud: Cloud, line: string): Promise<string> {
    const session = createSession({ cloud });
    await session.run('az aks get-credentials -g rg -n aks --only-show-errors');
    const done = await session.run(line);
    return done.stdout + done.stderr;
  }

  it('kubectl from an address that is not listed gets no answer', async () => {
    const cloud = await simple(`${OPTION} 192.0.2.0/32`);
    expect(await asked(cloud, 'kubectl get nodes')).toMatch(
      /^Unable to connect to the server: dial tcp [0-9.]+:443: i\/o timeout\n$/,
    );
    expect(await asked(await simple(`${OPTION} ${WORKSTATION}`), 'kubectl get nodes')).toContain(' Ready ');
  });

  it('the load balancer of the cluster is let in by itself, and its pods with it', async () => {
    const cloud = await simple(`${OPTION} ${WORKSTATION}`);
    const call = 'kubectl run c --image=nginx && kubectl exec c -- curl -sk -m 3 https://kubernetes.default';
    expect(await asked(cloud, call)).toContain('system:anonymous');
    const from = await asked(
      cloud,
      'netpath --from host/workstation --to https://$(az aks show -g rg -n aks --query fqdn -o tsv)',
    );
    expect(from).toContain('delivered');
  });

  it('netpath names what keeps a caller out', async () => {
    const cloud = await simple(`${OPTION} 0.0.0.0/32`);
    const from = await asked(
      cloud,
      'netpath --from host/workstation --to https://$(az aks show -g rg -n aks --query fqdn -o tsv)',
    );
    expect(from).toContain('denied-inbound');
    expect(from).toContain('authorized IP ranges of cluster aks');
  });

  it('nodes whose firewall an update forgets are lost, and come back', async () => {
    const tag = {
      ...OWN,
      application: [
        { name: 'tag', priority: 100, rules: [{ name: 'aks', fqdnTags: ['AzureKubernetesService'] }] },
      ],
    };
    const made = await behind(tag, `${CREATE} ${OPTION} 192.0.2.10,${WORKSTATION}`);
    const session = createSession({ cloud: made });
    const run = async (line: string): Promise<string> => (await session.run(line)).stdout;
    await run('az aks get-credentials -g rg -n aks --only-show-errors');
    expect(await run('kubectl get nodes')).toContain(' Ready ');
    await run(`az aks update -g rg -n aks ${OPTION} ${WORKSTATION} -o none`);
    expect(await run('kubectl get nodes')).toContain(' NotReady ');
    expect(await run('kubectl describe node')).toContain('Kubelet stopped posting node status.');
    expect(await run('kubectl get events')).toContain('NodeNotReady');
    await run(`az aks update -g rg -n aks ${OPTION} 192.0.2.10,${WORKSTATION} -o none`);
    expect(await run('kubectl get nodes')).toContain(' Ready ');
  });
});

describe('a pod that asks for the name of the API server', () => {
  it('is told it when it is made, as are the pods of a Deployment', async () => {
    const session = createSession({ cloud: await simple('') });
    const run = async (line: string): Promise<string> => (await session.run(line)).stdout.trim();
    await run('az aks get-credentials -g rg -n aks --only-show-errors');
    const fqdn = await run('az aks show -g rg -n aks --query fqdn -o tsv');
    await run(
      'kubectl run named --image=nginx --annotations=kubernetes.azure.com/set-kube-service-host-fqdn=true; kubectl run plain --image=nginx',
    );
    await run(`kubectl apply -f - <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels: { app: web }
      annotations: { kubernetes.azure.com/set-kube-service-host-fqdn: "true" }
    spec: { containers: [{ name: web, image: nginx }] }
YAML`);
    const host = (pod: string): Promise<string> =>
      run(`kubectl exec ${pod} -- printenv KUBERNETES_SERVICE_HOST`);
    expect(await host('named')).toBe(fqdn);
    expect(await host('deploy/web')).toBe(fqdn);
    expect(await host('plain')).toBe('10.0.0.1');
  });
});
