import { beforeEach, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession } from '../../../../src/shell/session.ts';
import type { Session } from '../../../../src/shell/session.ts';

let session: Session;

beforeEach(async () => {
  session = createSession({ cloud: newCloud({ seed: 'metrics' }) });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n aks1 --node-count 3 --generate-ssh-keys',
    'az aks get-credentials -g rg -n aks1',
    'kubectl create deployment web --image=nginx --replicas=1',
    'kubectl expose deployment web --port=80 --type=LoadBalancer',
    'LB=$(az network lb show -g MC_rg_aks1_westeurope -n kubernetes --query id -o tsv)',
  ]) {
    const ran = await session.run(line);
    expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
  }
});

const health = (options = '') =>
  session.run(
    `az monitor metrics list --resource $LB --metrics DipAvailability --dimension BackendIPAddress ${options}`,
  );

async function averages(): Promise<readonly string[]> {
  const ran = await health("--query 'value[0].timeseries[].data[0].average' -o tsv");
  return ran.stdout.trim().split('\n');
}

describe('the health of the backends of a Service', () => {
  test('is 100 on every node that answers, with the policy Cluster', async () => {
    expect(await averages()).toEqual(['100', '100', '100']);
  });

  test('is 100 only where a pod is, with the policy Local, and the data path stays up', async () => {
    await session.run(`kubectl patch svc web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`);
    expect([...(await averages())].sort()).toEqual(['0', '0', '100']);
    const path = await session.run(
      "az monitor metrics list --resource $LB --metrics VipAvailability --query 'value[0].timeseries[0].data[0].average' -o tsv",
    );
    expect(path.stdout).toBe('100\n');
  });

  test('is 0 where the security group refuses probes, and the data path is down', async () => {
    const nsg = '$(az network nsg list -g MC_rg_aks1_westeurope --query [0].name -o tsv)';
    await session.run(
      `az network nsg rule create -g MC_rg_aks1_westeurope --nsg-name ${nsg} -n deny --priority 100 --access Deny --source-address-prefixes AzureLoadBalancer --destination-port-ranges '*' -o none`,
    );
    expect(await averages()).toEqual(['0', '0', '0']);
    const path = await session.run(
      "az monitor metrics list --resource $LB --metrics VipAvailability --filter \"FrontendPort eq '80'\" --query 'value[0].timeseries[0].data[0].average' -o tsv",
    );
    expect(path.stdout).toBe('0\n');
  });

  test('is a table with a column for each dimension', async () => {
    const [heading] = (await health('-o table')).stdout.split('\n');
    expect(heading?.split(/\s{2,}/)).toEqual(['Timestamp', 'Name', 'backendipaddress', 'average']);
  });
});

test.each([
  ['--metrics Foo', '(BadRequest) Failed to find metric configuration'],
  ['--metrics ByteCount', '(NotSimulated)'],
  [
    '--metrics UsedSnatPorts --interval 7m',
    '(BadRequest) Invalid time grain duration: PT7M, supported ones are: 00:01:00,00:05:00,00:15:00,00:30:00,01:00:00,06:00:00,12:00:00,1.00:00:00',
  ],
  ['--metrics UsedSnatPorts --start-time yesterday', 'invalid datetime value'],
  ['--metrics UsedSnatPorts --orderby "sum asc"', 'not simulated'],
  ['--metrics DipAvailability --dimension Colour', 'does not support requested dimension combination'],
  ['--metrics DipAvailability --offset 1h', '(NotSimulated)'],
  ['--metrics DipAvailability --interval 5m', '(NotSimulated)'],
  ['--metrics DipAvailability --aggregation Total', '(NotSimulated)'],
  ['', '(NotSimulated)'],
])('az monitor metrics list %s is refused', async (options, expected) => {
  const ran = await session.run(`az monitor metrics list --resource $LB ${options}`);
  expect(ran.exitCode).not.toBe(0);
  expect(ran.stderr).toContain(expected);
});

test('a name needs its type and group', async () => {
  const named = 'az monitor metrics list --resource kubernetes --metrics DipAvailability';
  expect((await session.run(named)).stderr).toContain('usage error: --resource ID');
  const full = `${named} --resource-group MC_rg_aks1_westeurope --resource-type Microsoft.Network/loadBalancers`;
  expect((await session.run(full)).exitCode).toBe(0);
});
