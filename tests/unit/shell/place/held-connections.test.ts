import { expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession } from '../../../../src/shell/session.ts';

test('conntrack on the node shows what is open after a security group has closed the way for new ones', async () => {
  const session = createSession({
    cloud: newCloud({
      seed: 'open',
      outsideHosts: [{ kind: 'internet', name: 'pay', address: '203.0.113.80', dnsNames: [], ports: [80] }],
    }),
  });
  const run = async (line: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await session.run(line);
    expect(exitCode, `${line}: ${stderr}`).toBe(0);
    return stdout.trim();
  };
  await run('az group create -n rg -l westeurope -o none');
  await run('az aks create -g rg -n aks --node-count 1 --generate-ssh-keys -o none');
  await run('az aks get-credentials -g rg -n aks');
  await run('kubectl run pool --image=williamyeh/hey -- -z 10h -c 5 -q 1 http://203.0.113.80');
  await run('sleep 60');
  const node = await run("kubectl get nodes -o jsonpath='{.items[0].metadata.name}'");
  const group = await run('az network nsg list -g MC_rg_aks_westeurope --query [0].name -o tsv');
  const established = async (): Promise<number> => {
    const said = await run(`kubectl debug node/${node} -it --image=busybox -- chroot /host conntrack -L`);
    return said.split('\n').filter((each) => each.includes('ESTABLISHED')).length;
  };
  expect(await established()).toBe(5);
  await run(
    `az network nsg rule create -g MC_rg_aks_westeurope --nsg-name ${group} -n No --priority 4000 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes 203.0.113.80 --destination-port-ranges '*' -o none`,
  );
  await run('sleep 600');
  expect(await established()).toBe(5);
  await run('kubectl delete pod pool');
  expect(await established()).toBe(0);
});
