import { expect, test } from 'vitest';
import { createPublicIpAddress } from '../../../../src/model/azure/public-ip-address.ts';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { createSession } from '../../../../src/shell/session.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';

test('nothing is drawn twice: addresses of resources, of outside hosts and of API servers', async () => {
  const session = createSession({ cloud: newCloud({ seed: 'crowded' }) });
  await session.run('az group create -n rg -l westeurope -o none');
  await session.run('az aks create -g rg -n one --generate-ssh-keys -o none');
  const apiServers = Object.values(session.cloud.kubernetes).map(
    (each) => each.controlPlane.apiServer.address,
  );
  expect(apiServers).toHaveLength(1);
  let { cloud } = session;
  // So many that a draw which forgets one of the addresses meets it.
  for (let at = 0; at < 740; at++) {
    const made = createPublicIpAddress(cloud, { resourceGroup: 'rg', name: `pip-${at}` });
    if (!made.ok) break;
    cloud = unwrap(made);
  }
  const drawn = listResources(cloud, 'Microsoft.Network/publicIPAddresses').flatMap(
    ({ ipAddress }) => ipAddress ?? [],
  );
  expect(drawn.length).toBeGreaterThan(700);
  const all = [...drawn, ...apiServers, ...cloud.outsideHosts.map(({ address }) => address)];
  expect(new Set(all).size).toBe(all.length);
});
