import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession } from '../../../../src/shell/session.ts';
import type { Session } from '../../../../src/shell/session.ts';

let cluster: Cloud;

beforeAll(async () => {
  const session = createSession({
    cloud: newCloud({
      seed: 'load programs',
      outsideHosts: [
        {
          kind: 'internet',
          name: 'pay',
          address: '203.0.113.80',
          dnsNames: ['pay.example'],
          ports: [80, 443],
        },
      ],
    }),
  });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n aks1 --node-count 1 --generate-ssh-keys',
    'az aks get-credentials -g rg -n aks1',
    'kubectl create deployment web --image=nginx',
    'kubectl expose deployment web --port=80',
    'kubectl run tools --image=williamyeh/hey --command -- sleep infinity',
    'kubectl run wrk --image=skandyla/wrk --command -- sleep infinity',
    'kubectl run probe --image=nicolaka/netshoot --command -- sleep infinity',
  ]) {
    const ran = await session.run(line);
    expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
  }
  cluster = session.cloud;
});

async function open(): Promise<Session> {
  const session = createSession({ cloud: cluster });
  await session.run('az aks get-credentials -g rg -n aks1');
  return session;
}

const counted = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 'NaN');

describe('hey', () => {
  test('reports every request of a Service that answers', async () => {
    const { stdout, exitCode } = await (
      await open()
    ).run('kubectl exec tools -- hey -n 105 -c 10 http://web');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Status code distribution:\n  [200]\t100 responses\n');
    expect(stdout).not.toContain('Error distribution');
    const bars = [...stdout.matchAll(/^ {2}\d+\.\d{3} \[(\d+)\]\t\|∎*$/gm)].map(([, each]) => Number(each));
    expect(bars).toHaveLength(11);
    expect(bars.reduce((sum, each) => sum + each, 0)).toBe(100);
    expect(stdout.split('\n').filter((line) => /^ {2}\d+% in \d\.\d{4} secs$/.test(line))).toHaveLength(7);
  });

  test('moves the clock by as long as it ran', async () => {
    const session = await open();
    const before = session.cloud.now;
    await session.run('kubectl exec tools -- hey -z 5m -c 2 -q 1 http://pay.example');
    expect(session.cloud.now - before).toBe(300);
  });

  test('has a connection for each request without keep-alive, and errors where no port is left', async () => {
    const session = await open();
    const { stdout } = await session.run(
      'kubectl exec tools -- hey -n 3000 -c 300 -disable-keepalive -t 5 http://pay.example',
    );
    const answered = counted(stdout, /\[200\]\t(\d+) responses/);
    const failed = counted(stdout, /\[(\d+)\]\tGet "http:\/\/pay.example": context deadline exceeded/);
    expect(answered).toBe(1024);
    expect(answered + failed).toBe(3000);
    expect((await session.run('kubectl exec probe -- curl -sS -m 2 http://pay.example')).exitCode).toBe(28);
    await session.run('sleep 240');
    expect((await session.run('kubectl exec probe -- curl -sS -m 2 http://pay.example')).exitCode).toBe(0);
  });

  test('keeps few connections with keep-alive, however many requests there are', async () => {
    const session = await open();
    const { stdout } = await session.run('kubectl exec tools -- hey -n 30000 -c 300 http://pay.example');
    expect(stdout).toContain('[200]\t30000 responses');
    expect(session.cloud.traffic?.[0]).toMatchObject({ workers: { count: 300 }, openFor: null });
  });

  test.each([
    ['http://nosuch', /lookup nosuch on [\d.]+:53: no such host/],
    ['https://web:80', /http: server gave HTTP response to HTTPS client/],
    ['web', /unsupported protocol scheme ""/],
  ])('hey %s: every request is an error', async (url, error) => {
    const { stdout, exitCode } = await (await open()).run(`kubectl exec tools -- hey -n 4 -c 2 ${url}`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(error);
    expect(stdout).toContain('  [4]\tGet ');
    expect(stdout).toContain('Average:\t NaN secs');
  });

  test('writes a line for each answer as csv', async () => {
    const { stdout } = await (await open()).run('kubectl exec tools -- hey -n 6 -c 2 -o csv http://web');
    const [heading, ...lines] = stdout.trim().split('\n');
    expect(heading).toBe(
      'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset',
    );
    expect(lines).toHaveLength(6);
    expect(lines.every((line) => /^(\d+\.\d{4},){6}200,\d+\.\d{4}$/.test(line))).toBe(true);
  });
});

describe('wrk', () => {
  test('reports requests, latency and the distribution', async () => {
    const { stdout } = await (
      await open()
    ).run('kubectl exec wrk -- wrk -t2 -c10 -d30s --latency http://web');
    expect(stdout).toMatch(/^Running 30s test @ http:\/\/web\n {2}2 threads and 10 connections\n/);
    expect(stdout).toMatch(/^ {4}Latency +[\d.]+us +[\d.]+us +[\d.]+us +[\d.]+%$/m);
    expect(stdout).toMatch(/^ {4}50%|^ {5}50% /m);
    expect(stdout).toMatch(/^ {2}\d+ requests in 30\.00s, [\d.]+[KMG]?B read$/m);
    expect(stdout).not.toContain('Socket errors');
  });

  test('gives up before it starts if its first connection finds no port', async () => {
    const session = await open();
    await session.run('kubectl run pool --image=ricoli/hey -- -z 1h -c 1100 http://pay.example');
    const ran = await session.run('kubectl exec wrk -- wrk http://pay.example');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('unable to connect to pay.example:http Connection timed out');
  });
});

describe('connections that load has open', () => {
  test('are in netstat and ss of the pod, and of no other', async () => {
    const session = await open();
    await session.run('kubectl run pool --image=ricoli/hey -- -z 1h -c 1100 http://pay.example');
    const states = await session.run(
      "kubectl exec pool -- netstat -tn | awk 'NR > 2 {print $6}' | sort | uniq -c | awk '{print $2, $1}'",
    );
    expect(states.stdout).toBe('ESTABLISHED 1024\nSYN_SENT 76\n');
    const ports = await session.run(
      "kubectl exec pool -- netstat -tn | awk 'NR > 2 {print $4}' | sort -u | wc -l",
    );
    expect(Number(ports.stdout)).toBe(1100);
    const debug = 'kubectl debug pool -i -q --image=nicolaka/netshoot --';
    expect((await session.run(`${debug} ss -s`)).stdout).toContain('(estab 1024,');
    const filtered = await session.run(`${debug} ss -Htn state established dst 203.0.113.80:80 | wc -l`);
    expect(Number(filtered.stdout)).toBe(1024);
    expect((await session.run('kubectl exec probe -- ss -Htn')).stdout).toBe('');
    expect((await session.run('kubectl exec probe -- ss -tn "sport = :80"')).stderr).toContain(
      'not simulated',
    );
  });

  test("are in the node's table, with those that were closed lately", async () => {
    const session = await open();
    await session.run('kubectl run pool --image=ricoli/hey -- -z 1h -c 4 http://pay.example');
    await session.run(
      "kubectl run poll --image=curlimages/curl --command -- sh -c 'while true; do curl -s http://pay.example; sleep 1; done'",
    );
    await session.run('sleep 300');
    const node = '$(kubectl get nodes -o name)';
    const conntrack = async (options: string) =>
      (await session.run(`kubectl debug ${node} -q -i --image=nicolaka/netshoot -- conntrack ${options}`))
        .stdout;
    const established = (await conntrack('-L --state ESTABLISHED')).trim().split('\n');
    expect(established).toHaveLength(4);
    expect(established[0]).toMatch(
      /^tcp {6}6 \d+ ESTABLISHED src=10\.244\.\d+\.\d+ dst=203\.0\.113\.80 sport=(\d+) dport=80 src=203\.0\.113\.80 dst=10\.224\.0\.4 sport=80 dport=\1 \[ASSURED\]/,
    );
    // One a second and a little more, and Linux forgets after 120.
    const lately = (await conntrack('-L --state TIME_WAIT')).trim().split('\n').length;
    expect(lately).toBeGreaterThan(110);
    expect(lately).toBeLessThanOrEqual(120);
    expect(Number(await conntrack('-C'))).toBe(4 + lately);
  });
});

describe('the log of a pod whose program made load', () => {
  const said = async (session: Session, line: string): Promise<string> => {
    const ran = await session.run(line);
    expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
    return ran.stdout;
  };

  test('has what the program says by hand, once it has ended', async () => {
    const byHand = await said(await open(), 'kubectl exec tools -- hey -n 105 -c 10 -H "A: b c" http://web');
    const session = await open();
    await said(
      session,
      'kubectl run once --image=williamyeh/hey --restart=Never -- -n 105 -c 10 -H "A: b c" http://web',
    );
    const logged = await said(session, 'kubectl logs once');
    expect(logged).toContain('Status code distribution:\n  [200]\t100 responses\n');
    expect(logged.split('\n')).toHaveLength(byHand.split('\n').length);
    expect(await said(session, 'kubectl logs once --tail=5')).toContain('[200]\t100 responses');
  });

  test('counts the connections that found no port, as the metrics of the time do', async () => {
    const session = await open();
    await said(
      session,
      'kubectl run burst --image=williamyeh/hey --restart=Never -- -z 1m -c 1100 -t 30 http://pay.example',
    );
    await said(session, 'sleep 30');
    expect(await said(session, 'kubectl logs burst')).toBe('');
    await said(session, 'sleep 40');
    const failed = counted(await said(session, 'kubectl logs burst'), /\[(\d+)\]\tGet /);
    const balancer = await said(
      session,
      'az network lb show -g MC_rg_aks1_westeurope -n kubernetes --query id -o tsv',
    );
    const metrics = await said(
      session,
      `az monitor metrics list --resource ${balancer.trim()} --metric SnatConnectionCount --filter "ConnectionState eq 'Failed'" --offset 10m --query "sum(value[0].timeseries[0].data[].total)"`,
    );
    expect([failed, Number(metrics)]).toEqual([152, 152]);
    await said(session, 'sleep 600');
    expect(counted(await said(session, 'kubectl logs burst'), /\[(\d+)\]\tGet /)).toBe(152);
  });

  test('is that of wrk, with what it says if it cannot connect', async () => {
    const session = await open();
    await said(session, 'kubectl run w --image=skandyla/wrk --restart=Never -- -c 100 -d 30s http://web');
    expect(await said(session, 'kubectl logs w')).toMatch(/^Running 30s test @ http:\/\/web\n.*\n$/);
    await said(session, 'sleep 31');
    expect(await said(session, 'kubectl logs w')).toMatch(/requests in 30\.\d\ds/);
    await said(session, 'kubectl exec tools -- hey -n 2000 -c 1000 -disable-keepalive http://pay.example');
    await said(session, 'kubectl run v --image=skandyla/wrk --restart=Never -- -d 30s http://pay.example');
    await said(session, 'sleep 31');
    expect(await said(session, 'kubectl logs v')).toBe(
      'unable to connect to pay.example:http Connection timed out\n',
    );
  });
});
