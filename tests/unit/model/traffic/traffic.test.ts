/** Load of pods on a cluster behind a load balancer, and what it leaves of the ports. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { compile, compileUnloaded } from '../../../../src/model/compile/compile.ts';
import { trafficState } from '../../../../src/model/traffic/traffic-state.ts';
import { createSession } from '../../../../src/shell/session.ts';
import type { Session } from '../../../../src/shell/session.ts';

const BALANCER = 'az network lb show -g MC_rg_aks1_westeurope -n kubernetes --query id -o tsv';

async function run(session: Session, ...lines: readonly string[]): Promise<string> {
  let said = '';
  for (const line of lines) {
    const ran = await session.run(line);
    expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
    said = ran.stdout;
  }
  return said;
}

let cluster: Cloud;

beforeAll(async () => {
  const session = createSession({
    cloud: newCloud({
      seed: 'traffic',
      outsideHosts: [
        {
          kind: 'internet',
          name: 'pay',
          address: '203.0.113.80',
          dnsNames: ['pay.example'],
          ports: [80, 443],
        },
        { kind: 'internet', name: 'post', address: '203.0.113.81', dnsNames: ['post.example'], ports: [80] },
      ],
    }),
  });
  await run(
    session,
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n aks1 --node-count 2 --generate-ssh-keys',
    'az aks get-credentials -g rg -n aks1',
  );
  cluster = session.cloud;
});

/** A session in which pods `name` make the load of the arguments, each on the node of its number. */
async function withLoad(...pods: readonly (readonly [string, number, string])[]): Promise<Session> {
  const session = createSession({ cloud: cluster });
  await run(session, 'az aks get-credentials -g rg -n aks1');
  const nodes = Object.keys(Object.values(cluster.kubernetes)[0]?.nodes ?? {});
  for (const [name, node, args] of pods) {
    const override = `{"spec":{"nodeName":"${nodes[node] ?? ''}"}}`;
    await run(session, `kubectl run ${name} --image=williamyeh/hey --overrides='${override}' -- ${args}`);
  }
  return session;
}

const POOL = '-z 10h -c 1200 http://pay.example';

function disposition(cloud: Cloud, from: string, to: string): string {
  const answer = ask(cloud, { from, to });
  return answer.ok ? answer.value.trace.disposition : answer.error.message;
}

/** Connections that are open, by the device that translates them. */
function openConnections(cloud: Cloud): Readonly<Record<string, number>> {
  const open: Record<string, number> = {};
  for (const { way, run: ran } of trafficState(cloud, compileUnloaded(cloud)).inventories) {
    const device = way.id.split(' ')[0] ?? '';
    open[device] = ran.loads.reduce((sum, load) => sum + load.open, open[device] ?? 0);
  }
  return open;
}

function nodeOf(session: Session): string {
  const [state] = Object.values(session.cloud.kubernetes);
  return (
    Object.values(state?.pods ?? {}).find(({ metadata }) => metadata.name === 'many')?.spec.nodeName ?? ''
  );
}

describe('a pool that takes all ports of its node', () => {
  test('leaves none for anybody on that node towards that destination, and nobody else feels it', async () => {
    const session = await withLoad(
      ['pool', 0, POOL],
      ['same', 0, '-z 10h -c 1 http://post.example'],
      ['other', 1, '-z 10h -c 1 http://post.example'],
    );
    const to = (from: string, url: string) => disposition(session.cloud, from, url);
    expect(to('pod/pool', 'http://pay.example')).toBe('snat-exhausted');
    expect(to('pod/same', 'http://pay.example')).toBe('snat-exhausted');
    expect(to('pod/same', 'http://post.example')).toBe('delivered');
    expect(to('pod/same', 'https://pay.example')).toBe('delivered');
    expect(to('pod/other', 'http://pay.example')).toBe('delivered');
  });

  test('is named with the rule, the node, the ports and the destination', async () => {
    const session = await withLoad(['pool', 0, POOL]);
    const answer = ask(session.cloud, { from: 'pod/pool', to: 'http://pay.example' });
    const [node] = Object.keys(Object.values(cluster.kubernetes)[0]?.nodes ?? {});
    expect(answer.ok ? answer.value.trace.reason : '').toContain(
      `outbound rule aksOutboundRule of load balancer kubernetes gives ${node ?? ''} 1,024 ports, and all 1,024 are taken towards 203.0.113.80:80 (TCP)`,
    );
  });

  test('lets others in when its ports have waited out their time after it ended', async () => {
    const session = await withLoad(['pool', 0, POOL], ['same', 0, '-z 10h -c 1 http://post.example']);
    const to = () => disposition(session.cloud, 'pod/same', 'http://pay.example');
    await run(session, 'sleep 60', 'kubectl delete pod pool');
    expect(to()).toBe('snat-exhausted');
    await run(session, 'sleep 238');
    expect(to()).toBe('snat-exhausted');
    await run(session, 'sleep 3');
    expect(to()).toBe('delivered');
  });

  test('may be one of several that a script starts behind &, each with its own time', async () => {
    const session = createSession({ cloud: cluster });
    await run(
      session,
      'az aks get-credentials -g rg -n aks1',
      `kubectl run many --image=williamyeh/hey --restart=Never --command -- sh -c 'hey -z 1m -c 700 http://pay.example & hey -z 5m -c 500 http://pay.example & hey -z 5m -c 9 http://post.example & wait'`,
      'sleep 30',
    );
    const workers = () =>
      trafficState(session.cloud, compileUnloaded(session.cloud)).running.map((each) => each.workers?.count);
    expect(workers()).toEqual([700, 500, 9]);
    expect(disposition(session.cloud, 'pod/many', 'http://pay.example')).toBe('snat-exhausted');
    await run(session, 'sleep 60');
    expect(workers()).toEqual([500, 9]);
    expect(await run(session, 'kubectl get pod many -o jsonpath={.status.phase}')).toBe('Running');
    await run(session, 'sleep 240');
    expect(workers()).toEqual([]);
    expect(await run(session, 'kubectl get pod many -o jsonpath={.status.phase}')).toBe('Succeeded');
    await run(session, 'sleep 300');
    expect(disposition(session.cloud, 'node/' + nodeOf(session), 'http://pay.example')).toBe('delivered');
  });

  test('has enough when the rule gives more ports', async () => {
    const session = await withLoad(['pool', 0, POOL]);
    await run(session, 'az aks update -g rg -n aks1 --load-balancer-outbound-ports 4000');
    expect(disposition(session.cloud, 'pod/pool', 'http://pay.example')).toBe('delivered');
  });

  test('leaves by a NAT gateway once its subnet has one', async () => {
    const session = await withLoad(['pool', 0, POOL]);
    await run(
      session,
      'az network public-ip create -g rg -n pip --sku Standard',
      'az network nat gateway create -g rg -n egress --public-ip-addresses pip',
    );
    const vnet = await run(session, 'az network vnet list -g MC_rg_aks1_westeurope --query [0].name -o tsv');
    await run(
      session,
      `az network vnet subnet update -g MC_rg_aks1_westeurope --vnet-name ${vnet.trim()} -n aks-subnet --nat-gateway $(az network nat gateway show -g rg -n egress --query id -o tsv)`,
    );
    expect(disposition(session.cloud, 'pod/pool', 'http://pay.example')).toBe('delivered');
    // What is open stays where it is; who was still waiting for a port gets one of the gateway's.
    expect(openConnections(session.cloud)).toEqual({ 'lb/kubernetes': 1024, 'natgw/egress': 176 });
    await run(session, 'kubectl delete pod pool');
    expect(openConnections(session.cloud)).toEqual({ 'lb/kubernetes': 0, 'natgw/egress': 0 });
  });

  test('keeps what is open when a security group denies new connections, and until it goes', async () => {
    const session = await withLoad(['pool', 0, '-z 10h -c 5 http://pay.example']);
    const deny = async (how: string) => {
      const group = await run(
        session,
        'az network nsg list -g MC_rg_aks1_westeurope --query [0].name -o tsv',
      );
      await run(
        session,
        `az network nsg rule ${how} -g MC_rg_aks1_westeurope --nsg-name ${group.trim()} -n No`,
      );
    };
    await run(session, 'sleep 60');
    await deny(
      "create --priority 4000 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes 203.0.113.80 --destination-port-ranges '*'",
    );
    expect(disposition(session.cloud, 'pod/pool', 'http://pay.example')).toBe('denied-outbound');
    expect(openConnections(session.cloud)).toEqual({ 'lb/kubernetes': 5 });
    await run(session, 'sleep 3600');
    expect(openConnections(session.cloud)).toEqual({ 'lb/kubernetes': 5 });
    await deny('delete');
    expect(openConnections(session.cloud)).toEqual({ 'lb/kubernetes': 5 });
    await run(session, 'kubectl delete pod pool');
    expect(openConnections(session.cloud)).toEqual({ 'lb/kubernetes': 0 });
  });

  test('loses what is open when the cluster gets another outbound type', async () => {
    const session = await withLoad(['pool', 0, '-z 10h -c 5 http://pay.example']);
    await run(session, 'az aks update -g rg -n aks1 --outbound-type managedNATGateway');
    const open = Object.entries(openConnections(session.cloud));
    expect(open.find(([device]) => device.startsWith('lb/'))?.[1] ?? 0).toBe(0);
    expect(open.find(([device]) => device.startsWith('natgw/'))?.[1]).toBe(5);
  });
});

describe('what the metrics say', () => {
  const total = async (session: Session, metric: string, filter: string, aggregation = 'Total') => {
    const said = await run(
      session,
      `az monitor metrics list --resource $(${BALANCER}) --metrics ${metric} --filter "${filter}" --aggregation ${aggregation} --offset 30m --query 'value[0].timeseries[].data[].${aggregation.toLowerCase()}' -o tsv`,
    );
    return said.trim().split('\n').map(Number);
  };
  const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

  test('is the sum of what the runs came to, and never more ports than were given', async () => {
    const session = await withLoad(
      ['pool', 0, POOL],
      ['churn', 1, '-z 10h -c 40 -q 0.2 -disable-keepalive http://pay.example'],
    );
    await run(session, 'sleep 301');
    const { inventories } = trafficState(session.cloud, compileUnloaded(session.cloud));
    const counts = inventories.flatMap(({ run: { loads } }) => loads);
    const of = (key: 'connected' | 'failed') => sum(counts.map((each) => each[key]));
    expect(sum(await total(session, 'SnatConnectionCount', "ConnectionState eq 'Successful'"))).toBe(
      of('connected'),
    );
    expect(sum(await total(session, 'SnatConnectionCount', "ConnectionState eq 'Failed'"))).toBe(
      of('failed'),
    );
    const used = await total(
      session,
      'UsedSnatPorts',
      "BackendIPAddress eq '*' and ProtocolType eq 'TCP'",
      'Maximum',
    );
    expect(Math.max(...used)).toBe(1024);
  });

  test('are those of the time before and after the ports were given out anew', async () => {
    const session = await withLoad(['pool', 0, POOL]);
    await run(session, 'sleep 100');
    const failed = "ConnectionState eq 'Failed'";
    const before = sum(await total(session, 'SnatConnectionCount', failed));
    expect(before).toBeGreaterThan(500);
    await run(session, 'az aks update -g rg -n aks1 --load-balancer-outbound-ports 4000', 'sleep 200');
    expect(sum(await total(session, 'SnatConnectionCount', failed))).toBe(before);
    const used = await total(
      session,
      'UsedSnatPorts',
      "ProtocolType eq 'TCP' and BackendIPAddress eq '*'",
      'Maximum',
    );
    expect(Math.max(...used)).toBe(1200);
  });
});

describe('a program with an end', () => {
  test('ends its pod, and its ports come back after that', async () => {
    const session = createSession({ cloud: cluster });
    await run(
      session,
      'az aks get-credentials -g rg -n aks1',
      'kubectl run burst --image=ricoli/hey --restart=Never -- -z 2m -c 1100 http://pay.example',
    );
    const node = (await run(session, 'kubectl get pod burst -o jsonpath={.spec.nodeName}')).trim();
    const to = () => disposition(session.cloud, `node/${node}`, 'http://pay.example');
    expect(to()).toBe('snat-exhausted');
    await run(session, 'sleep 121');
    expect(await run(session, 'kubectl get pod burst -o jsonpath={.status.phase}')).toBe('Succeeded');
    expect(to()).toBe('snat-exhausted');
    await run(session, 'sleep 240');
    expect(to()).toBe('delivered');
  });
});

describe('a cloud without traffic', () => {
  test('is compiled once, with and without load', () => {
    expect(compile(cluster)).toBe(compileUnloaded(cluster));
  });

  test('survives JSON with the runs that are stored', async () => {
    const session = await withLoad(['pool', 0, POOL]);
    await run(session, 'sleep 30', 'kubectl delete pod pool');
    const copy = JSON.parse(JSON.stringify(session.cloud)) as Cloud;
    const state = (cloud: Cloud) => trafficState(cloud, compileUnloaded(cloud)).inventories;
    expect(state(session.cloud)).toHaveLength(1);
    expect(state(copy)).toEqual(state(session.cloud));
  });

  test('with load, time costs little: an hour of 30 churning pods is looked at in under a second', async () => {
    const session = createSession({ cloud: cluster });
    await run(
      session,
      'az aks get-credentials -g rg -n aks1',
      'kubectl create deployment churn --image=williamyeh/hey --replicas=30 -- /hey -z 10h -c 20 -q 0.5 -disable-keepalive http://pay.example',
      'sleep 3600',
    );
    const { cloud } = session;
    const begun = performance.now();
    compile({ ...cloud, now: cloud.now + 1 });
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
