import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../src/model/cloud.ts';
import { runScenario } from '../../../src/shell/scenario.ts';
import { createSession, type Session } from '../../../src/shell/session.ts';

const NODE_0 = 'aks-nodepool1-11743156-vmss000000';
let cloud: Cloud;
let kubeconfig = '';
let session: Session;

beforeAll(async () => {
  const outcome = await runScenario(readFileSync('content/scenarios/kubenet-case-study.sh', 'utf8'));
  cloud = outcome.session.cloud;
  kubeconfig = (await outcome.session.readFile('.kube/config')) ?? '';
});

beforeEach(async () => {
  session = createSession({ cloud });
  await session.writeFile('.kube/config', kubeconfig);
});

const inPodA = (command: string) => session.run(`kubectl exec -n demo pod-a -- ${command}`);
const onNode0 = (command: string) =>
  session.run(`kubectl debug node/${NODE_0} -it --image=ubuntu -- chroot /host ${command}`);

describe('programs in a pod', () => {
  test.each([
    [
      'ip route',
      'ip route',
      'default via 10.244.0.1 dev eth0 \n10.244.0.0/24 dev eth0 proto kernel scope link src 10.244.0.15 \n',
    ],
    [
      'ip route get, a neighbour',
      'ip route get 10.244.0.16',
      '10.244.0.16 dev eth0 src 10.244.0.15 uid 0 \n    cache \n',
    ],
    [
      'ip route get, far away',
      'ip route get 10.244.1.27',
      '10.244.1.27 via 10.244.0.1 dev eth0 src 10.244.0.15 uid 0 \n    cache \n',
    ],
    ['ip -br addr', 'ip -br addr show eth0', 'eth0@if17        UP             10.244.0.15/24 \n'],
    [
      'ip -o addr, one line for each address',
      'ip -4 -o addr show eth0',
      '3: eth0    inet 10.244.0.15/24 brd 10.244.0.255 scope global eth0\\       valid_lft forever preferred_lft forever\n',
    ],
    [
      'ip -4 addr, without the hardware',
      'ip -4 addr show dev eth0',
      /^3: eth0@if17: <[A-Z_,]+> mtu 1500 .* qlen 1000 link-netnsid 0\n {4}inet 10\.244\.0\.15\/24 .*\n.*\n$/,
    ],
    ['hostname', 'hostname', 'pod-a\n'],
    [
      'a program by its path',
      '/sbin/ip -br addr show eth0',
      'eth0@if17        UP             10.244.0.15/24 \n',
    ],
    ['hostname -I', 'hostname -I', '10.244.0.15 \n'],
    ['hostname -i', 'hostname -i', '10.244.0.15\n'],
    [
      '/proc/net/arp',
      'cat /proc/net/arp',
      /^IP address .*Device\n10\.244\.0\.1 {7}0x1 {9}0x2 {9}[0-9a-f:]{17} {5}\* {8}eth0\n$/,
    ],
    [
      '/proc/net/route, with addresses backwards',
      'cat /proc/net/route',
      /\neth0\t00000000\t0100F40A\t0003\t.*\neth0\t0000F40A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t/,
    ],
    ["the device's other end", 'cat /sys/class/net/eth0/iflink', '17\n'],
    ['curl -w', "curl -s -o /dev/null -w '%{remote_port} %{scheme}' 10.244.1.27", '80 http'],
    ['curl --resolve', 'curl -s --resolve a:80:10.244.1.27 http://a', /^client address: 10\.244\.0\.15\n/],
    ['sysctl: a namespace inherits it', 'sysctl -n net.ipv4.ip_forward', '1\n'],
    ['the same as a file', 'cat /proc/sys/net/ipv4/ip_forward', '1\n'],
    ['and for its device', 'sysctl -n net.ipv4.conf.eth0.forwarding', '1\n'],
    [
      'getent',
      'getent hosts nginx-deploy.default',
      /^10\.0\.\d+\.\d+ +nginx-deploy\.default\.svc\.cluster\.local\n$/,
    ],
    ['dig +short', 'dig +short kubernetes.default.svc.cluster.local', '10.0.0.1\n'],
    [
      'resolv.conf',
      'cat /etc/resolv.conf',
      /^search demo\.svc\.cluster\.local .*\nnameserver 10\.0\.0\.10\noptions ndots:5\n$/,
    ],
    ['env', 'env', /KUBERNETES_SERVICE_HOST=10\.0\.0\.1\n/],
    [
      'a web server in the cluster sees the pod',
      'curl -s http://10.244.1.27',
      /^client address: 10\.244\.0\.15\n/,
    ],
    ['a web server outside sees the public address', 'curl -s ifconfig.me', /^198\.51\.100\.\d+\n$/],
    ['the status code only', `curl -s -o /dev/null -w '%{http_code}' http://10.244.1.27`, '200'],
    ['wget', 'wget -qO- http://10.244.0.16', /^client address: 10\.244\.0\.15\n/],
    [
      'traceroute names the nodes as routers',
      'traceroute -n 10.244.1.27',
      / 1 {2}10\.244\.0\.1 .*\n 2 {2}10\.224\.0\.5 .*\n 3 {2}10\.244\.1\.27 /,
    ],
    ['ping counts the routers', 'ping -c 1 10.244.1.27', /ttl=62 /],
    [
      'ping says how much it sends',
      'ping -c 1 -s 1472 -M do 10.244.1.27',
      /^PING 10\.244\.1\.27 \(10\.244\.1\.27\) 1472\(1500\) bytes of data\.\n1480 bytes from /,
    ],
    ['ping with just enough time to live', 'ping -c 1 -t 3 10.244.1.27', /, 1 received, 0% packet loss/],
    [
      'traceroute from a later hop, asking once',
      'traceroute -n -q 1 -f 3 10.244.1.27',
      /packets\n 3 {2}10\.244\.1\.27 {2}\S+ ms\n$/,
    ],
    ['ping a neighbour crosses no router', 'ping -c 1 10.244.0.16', /ttl=64 /],
  ])('%s', async (_, command, expected) => {
    const { stdout, exitCode } = await inPodA(command);
    if (typeof expected === 'string') expect(stdout).toBe(expected);
    else expect(stdout).toMatch(expected);
    expect(exitCode).toBe(0);
    expect(session.bugs).toEqual([]);
  });

  test.each([
    [
      'nobody has the address',
      'curl -sS -m 2 http://10.244.1.200',
      28,
      'curl: (28) Connection timed out after 2001 milliseconds',
    ],
    [
      'a connection timeout',
      'curl -sS --connect-timeout 3 http://10.244.1.200',
      28,
      'curl: (28) Connection timed out after 3001 milliseconds',
    ],
    ['no such name', 'curl -sS http://nope.example', 6, 'curl: (6) Could not resolve host: nope.example'],
    ['an option of the real curl', 'curl --data-binary @x 10.244.1.27', 2, '--data-binary is not simulated'],
    ['a letter of the real curl', 'curl -6 10.244.1.27', 2, '-6 is not simulated'],
    ['nc from an address', 'nc -zv -s 10.244.0.15 10.244.1.27 80', 1, 'source address (-s) is not simulated'],
    ['an unknown option', 'curl --frob', 2, 'curl: option --frob: is unknown'],
    ['no route of that kind', 'ip route get x', 1, 'Error: inet address is expected'],
    ['no such device', 'ip addr show eth9', 1, 'Device "eth9" does not exist.'],
    ['a connection by redirection', "bash -c 'echo > /dev/tcp/10.0.0.1/80'", 1, 'use nc or curl'],
    ['a protocol, even with -s', 'curl -s telnet://10.244.1.27:80', 1, 'is not simulated'],
    ['a variable of curl -w', "curl -s -w '%{json}' 10.244.1.27", 1, 'is not simulated'],
    [
      'an address that answers no ARP, with a short limit',
      'curl -m 1 10.244.0.99',
      28,
      'timed out after 1001',
    ],
    ['an address that answers no ARP', 'curl 10.244.0.99', 7, 'after 3066 ms'],
    ['a real program of the image', 'mtr 10.244.1.27', 1, 'is not simulated'],
    ['packets larger than the MTU', 'ping -c 1 -s 2000 10.244.1.27', 1, 'is not simulated'],
    ['no time to live', 'ping -c 1 -t 0 10.244.1.27', 1, 'out of range: 1 <= value <= 255'],
    ['traceroute by an interface', 'traceroute -i eth0 10.244.1.27', 1, 'is not simulated'],
    ['changing a route', 'ip route add 10.9.0.0/16 via 10.244.0.1', 1, 'is not simulated'],
    ['capturing packets', 'tcpdump -i any', 1, 'tcpdump: capturing packets'],
    ['changing the kernel of a pod', 'sysctl -w net.ipv4.ip_forward=1', 255, 'Read-only file system'],
  ])('%s: %s', async (_, command, exitCode, message) => {
    const before = session.cloud;
    const result = await inPodA(command);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
    expect(session.cloud).toBe(before);
  });

  test.each([
    ['on its own node', 1, '10.244.0.1'],
    ['on the other node', 2, '10.224.0.5'],
  ])('a packet whose time runs out %s', async (_, ttl, router) => {
    const { stdout, exitCode } = await inPodA(`ping -c 1 -t ${ttl} 10.244.1.27`);
    expect(stdout).toContain(`\nFrom ${router} icmp_seq=1 Time to live exceeded\n`);
    expect(stdout).toContain('1 packets transmitted, 0 received, +1 errors, 100% packet loss');
    expect(exitCode).toBe(1);
  });

  test('a silent curl says nothing and fails all the same', async () => {
    const result = await inPodA('curl -s -m 1 http://10.244.1.200');
    expect([result.stdout, result.stderr, result.exitCode]).toEqual([
      '',
      'command terminated with exit code 28\n',
      28,
    ]);
  });

  test('a pod learns its neighbour by talking to it, and the node learns nothing', async () => {
    const before = await onNode0('ip neigh');
    expect((await inPodA('ip neigh')).stdout).not.toContain('10.244.0.16');
    await inPodA('ping -c 1 10.244.0.16');
    expect((await inPodA('ip neigh')).stdout).toContain('10.244.0.16 dev eth0 lladdr ');
    expect((await onNode0('ip neigh')).stdout).toBe(before.stdout);
  });

  test('the bridge of a node learns a pod that another node sends to', async () => {
    expect((await onNode0('ip neigh')).stdout).not.toContain('10.244.0.16');
    await session.run('kubectl exec -n demo pod-c -- ping -c 1 10.244.0.16');
    expect((await onNode0('ip neigh')).stdout).toContain('10.244.0.16 dev cbr0 lladdr ');
  });

  test.each([
    ['nc -z -w 1 10.244.0.16 81', 1, ''],
    [
      'curl -sS 10.244.0.16:81',
      7,
      'curl: (7) Failed to connect to 10.244.0.16 port 81 after 1 ms: Could not connect to server',
    ],
    ['wget -O - http://10.244.0.16:81', 4, 'Connection refused'],
  ])('a packet is sent although nobody takes the connection: %s', async (line, exitCode, words) => {
    expect((await onNode0('ip neigh')).stdout).not.toContain('10.244.0.16');
    const result = await session.run(`kubectl exec -n demo pod-c -- ${line}`);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(words);
    expect((await onNode0('ip neigh')).stdout).toContain('10.244.0.16 dev cbr0 lladdr ');
  });
});

describe('which image has which program', () => {
  test.each([
    ['nginx has curl', 'kubectl exec deploy/nginx-deploy -- curl -s http://10.244.1.27', 0],
    ['nginx has no ip', 'kubectl exec deploy/nginx-deploy -- ip route', 1],
    ['nginx has no ping', 'kubectl exec deploy/nginx-deploy -- ping 10.0.0.1', 1],
    ['busybox has no curl', 'kubectl debug -n demo pod-a -it --image=busybox -- curl x', 1],
    ['busybox has ip', 'kubectl debug -n demo pod-a -it --image=busybox -- ip route', 0],
    ['a shell is there by its path', 'kubectl exec deploy/nginx-deploy -- /bin/bash -c true', 0],
  ])('%s', async (_, line, exitCode) => {
    const result = await session.run(line);
    expect(result.exitCode).toBe(exitCode);
    if (exitCode !== 0)
      expect(result.stderr).toContain(
        'OCI runtime exec failed: exec failed: unable to start container process',
      );
  });

  test('an image that is not known says so instead of guessing', async () => {
    const result = await session.run('kubectl debug -n demo pod-a -it --image=example.com/mine -- ls');
    expect(result.stderr).toContain('which programs the image "example.com/mine" has is not known');
    expect(result.exitCode).toBe(1);
  });
});

describe('on a node', () => {
  test.each([
    ['a state that is none', 'ip neigh show nud foo', 'Error: argument "foo" is wrong: nud state is bad\n'],
    ['no state', 'ip neigh show nud', 'Command line is not complete. Try option "help"\n'],
    [
      'a word that is no address',
      'ip neigh show foo',
      'Error: any valid prefix is expected rather than "foo".\n',
    ],
  ])('ip neigh refuses %s as iproute2 does', async (_, line, message) => {
    expect((await onNode0(line)).stderr).toContain(message);
  });

  test('the translation rules are those the model walks', async () => {
    const { stdout } = await onNode0('iptables -t nat -S');
    expect(stdout).toMatch(/^-A KUBE-SEP-\w+ -p tcp .* -m tcp -j DNAT --to-destination 10\.244\.0\.11:80$/m);
    expect(stdout).toContain('-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n');
    expect(stdout).toContain('-A IP-MASQ-AGENT -d 10.244.0.0/16 -m comment');
    expect(stdout).toContain(
      '-A IP-MASQ-AGENT -m comment --comment "ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)" -j MASQUERADE',
    );
    expect(stdout).toMatch(
      /-A KUBE-SERVICES -d 10\.0\.\d+\.\d+\/32 -p tcp -m comment --comment "default\/nginx-deploy cluster IP" -m tcp --dport 80 -j KUBE-SVC-/,
    );
    expect(stdout.match(/-A KUBE-SVC-\w+ .*--comment "default\/nginx-deploy -> /g)).toHaveLength(8);
  });

  test('the bridge has one port per pod with an address of its own', async () => {
    const { stdout } = await onNode0('brctl show');
    const pods = Object.values(Object.values(session.cloud.kubernetes)[0]?.pods ?? {}).filter(
      (pod) =>
        pod.spec.nodeName === NODE_0 && pod.spec.hostNetwork !== true && pod.status.phase === 'Running',
    );
    expect(stdout.match(/veth[0-9a-f]{8}/g)).toHaveLength(pods.length);
  });

  test('switching forwarding off cuts its pods off, and switching it on mends them', async () => {
    const reach = async () => (await inPodA('curl -s -m 1 http://10.244.1.27')).exitCode;
    expect(await reach()).toBe(0);
    await onNode0('sysctl -w net.ipv4.ip_forward=0');
    expect((await onNode0('cat /proc/sys/net/ipv4/ip_forward')).stdout).toBe('0\n');
    expect(await reach()).toBe(28);
    await onNode0('sysctl -w net.ipv4.ip_forward=1');
    expect(await reach()).toBe(0);
  });

  test('the debugging pod stays behind, completed, as on a real cluster', async () => {
    await onNode0('true');
    const { stdout } = await session.run('kubectl get pods | grep node-debugger');
    expect(stdout).toMatch(new RegExp(`^node-debugger-${NODE_0}-\\w{5} +0/1 +Completed`));
  });
});

describe('shells that one enters', () => {
  test('what a shell in a pod does to its variables ends with it', async () => {
    const home = async (): Promise<string> =>
      (await session.run('kubectl exec -n demo pod-a -- env')).stdout.match(/^HOME=.*$/m)?.[0] ?? 'no HOME';
    const before = await home();
    await session.run("kubectl exec -n demo pod-a -- sh -c 'unset HOME; readonly Q=1'");
    expect(await home()).toBe(before);
    expect((await session.run("kubectl exec -n demo pod-a -- sh -c 'Q=2; echo $Q'")).stdout).toBe('2\n');
    const inside = ['kubectl exec -it -n demo pod-a -- sh', 'unset HOME', 'Q=3; cd /tmp; f() { echo f; }'];
    for (const line of [...inside, 'exit', 'kubectl exec -it -n demo pod-a -- sh']) await session.run(line);
    expect((await session.run('echo "[$Q]"; pwd')).stdout).not.toContain('3');
    expect((await session.run('pwd')).stdout).not.toBe('/tmp\n');
    expect((await session.run('f')).exitCode).toBe(127);
    await session.run('exit');
    expect(await home()).toBe(before);
  });

  test('kubectl exec -it leads into the pod, exit leads back', async () => {
    await session.run('kubectl exec -it -n demo pod-a -- sh');
    expect(session.place).toMatchObject({ kind: 'pod', name: 'pod-a' });
    expect(session.prompt).toBe('root@pod-a:~# ');
    expect((await session.run('hostname; cd /tmp; X=1')).stdout).toBe('pod-a\n');
    expect((await session.run('pwd; echo $X')).stdout).toBe('/tmp\n1\n');
    expect((await session.run('kubectl get pods')).exitCode).toBe(127);
    await session.run('exit');
    expect(session.place).toEqual({ kind: 'workstation' });
    expect(session.state).toBe('open');
  });

  test('kubectl debug node leads onto the node, chroot /host to its own programs', async () => {
    await session.run(`kubectl debug node/${NODE_0} -it --image=busybox`);
    expect(session.prompt).toBe('/ # ');
    expect((await session.run('ip route')).stdout).toContain(
      'default via 10.224.0.1 dev eth0  src 10.224.0.4  metric 100 \n',
    );
    await session.run('chroot /host');
    expect(session.prompt).toBe(`root@${NODE_0}:~# `);
    expect((await session.run('ip route')).stdout).toContain(
      'default via 10.224.0.1 dev eth0 proto dhcp src 10.224.0.4 metric 100 \n',
    );
    await session.run('exit');
    await session.run('exit');
    expect(session.place).toEqual({ kind: 'workstation' });
  });

  test('a kernel setting changes by sysctl, is read back at once, and is not written as a file', async () => {
    const set = await session.run(
      `kubectl debug node/${NODE_0} --image=ubuntu -- chroot /host sh -c 'sysctl -w net.ipv4.ip_forward=0; cat /proc/sys/net/ipv4/ip_forward; sysctl -w net.ipv4.ip_forward=1 > /dev/null; cat /proc/sys/net/ipv4/ip_forward'`,
    );
    expect(set.stdout).toBe('net.ipv4.ip_forward = 0\n0\n1\n');
    const written = await session.run(
      `kubectl debug node/${NODE_0} --image=busybox -- sh -c 'echo 0 > /proc/sys/net/ipv4/ip_forward'`,
    );
    expect(written.stderr).toContain("can't write /proc/sys/net/ipv4/ip_forward");
  });

  test("without an image, kubectl debug on a node takes Azure's own and says so; on a pod it refuses", async () => {
    const onNode = await session.run(`kubectl debug node/${NODE_0} -- ip route show`);
    expect(onNode.exitCode).toBe(0);
    expect(onNode.stdout).toContain('10.244.0.0/24 dev cbr0 scope link  src 10.244.0.1');
    expect(onNode.stderr).toMatch(/^Warning: real kubectl asks for --image here/);
    const onPod = await session.run('kubectl debug some-pod -- ip route show');
    expect(onPod).toMatchObject({ exitCode: 1, stderr: 'error: you must specify --image or --set-image\n' });
  });

  test('files of a pod stay for as long as the pod lives', async () => {
    await session.run("kubectl exec -n demo pod-a -- sh -c 'echo kept > /tmp/f'");
    expect((await session.run('kubectl exec -n demo pod-a -- cat /tmp/f')).stdout).toBe('kept\n');
    expect((await session.run('kubectl exec -n demo pod-b -- cat /tmp/f')).exitCode).toBe(1);
  });
});

describe('on a virtual machine', () => {
  const onVm = (script: string) =>
    session.run(
      `az vm run-command invoke -g rg-kubenet -n vm-backend --command-id RunShellScript --scripts '${script}' --query value[0].message -o tsv`,
    );

  test.each([
    'python3 -m http.server 8000 &',
    'nohup python3 -m http.server 8000 > /dev/null 2>&1 &',
    'sudo nohup python3 -m http.server 8000 &',
  ])('%s answers with the client it sees', async (serve) => {
    expect((await inPodA('curl -s -m 1 http://10.225.0.4:8000')).exitCode).toBe(7);
    await onVm(serve);
    expect((await inPodA('curl -s http://10.225.0.4:8000')).stdout).toMatch(
      /^client address: 10\.224\.0\.4\n/,
    );
  });

  test('a stopped web server refuses', async () => {
    await onVm('systemctl stop nginx');
    expect((await inPodA('curl -s http://10.225.0.4')).exitCode).toBe(7);
  });

  test('a pod cannot be reached from outside the cluster by its own address', async () => {
    expect((await onVm('curl -s -m 2 http://10.244.0.15 || echo failed')).stdout).toContain('failed');
  });
});
