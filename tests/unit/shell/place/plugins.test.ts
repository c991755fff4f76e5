/** What `ip`, `iptables`, `cat` and `kubectl get nnc` show of each network plugin, in the worlds that differ in nothing else. */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { expandScenario } from '../../../../src/shell/scenario-text.ts';
import { runScenario } from '../../../../src/shell/scenario.ts';
import type { Session } from '../../../../src/shell/session.ts';

const read = (name: string): string => readFileSync(`content/scenarios/${name}.sh`, 'utf8');

async function world(plugin: string): Promise<Session> {
  const script = expandScenario(read(`plugins-${plugin}`), read);
  if (!script.ok) throw new Error(script.error);
  const { session, exitCode, stderr } = await runScenario(script.value);
  expect(`${exitCode} ${stderr}`).toBe('0 ');
  return session;
}

const IN_POD = 'kubectl exec -n demo client --';
const ON_NODE =
  "kubectl debug -q node/$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}') -it --image=nicolaka/netshoot --";
const NAT = `${ON_NODE} iptables -t nat -S`;
const CONFLIST = `${ON_NODE} sh -c 'cd /host/etc/cni/net.d && ls && cat *'`;

interface Plugin {
  readonly pods: 'bridged' | 'azv' | 'lxc';
  readonly rows: readonly (readonly [what: string, line: string, shown: RegExp])[];
  readonly absent: readonly (readonly [what: string, line: string, hidden: RegExp])[];
}

const AZURE_POD: Plugin['rows'] = [
  [
    'a pod sends all it sends by a gateway that no machine has',
    `${IN_POD} ip route`,
    /^default via 169\.254\.1\.1 dev eth0 \n169\.254\.1\.1 dev eth0 scope link \n$/,
  ],
  [
    'its MAC is written down for good',
    `${IN_POD} ip neigh`,
    /^169\.254\.1\.1 dev eth0 lladdr aa:aa:aa:aa:aa:aa PERMANENT \n$/,
  ],
  [
    'and is what arp says',
    `${IN_POD} arp -a`,
    /^\? \(169\.254\.1\.1\) at aa:aa:aa:aa:aa:aa \[ether\] PERM on eth0\n$/,
  ],
  [
    'and the kernel’s file',
    `${IN_POD} cat /proc/net/arp`,
    /^169\.254\.1\.1 +0x1 +0x6 +aa:aa:aa:aa:aa:aa +\* +eth0$/m,
  ],
  [
    'the node has a route per pod',
    `${ON_NODE} ip route`,
    /^\d+\.\d+\.\d+\.\d+ dev azv[0-9a-f]{11} proto static $/m,
  ],
  [
    'busybox shows the same without the protocol',
    `${ON_NODE.replace('nicolaka/netshoot', 'busybox')} ip route`,
    /^\d+\.\d+\.\d+\.\d+ dev azv[0-9a-f]{11} $/m,
  ],
  [
    'every veth has the same MAC on the node',
    `${ON_NODE} ip link show type veth`,
    /^\d+: azv[0-9a-f]{11}@if\d+: <.*\n {4}link\/ether aa:aa:aa:aa:aa:aa /,
  ],
  [
    'the node forwards between two of its own pods',
    `${IN_POD} traceroute -n $(kubectl get pod -n demo neighbour -o jsonpath='{.status.podIP}')`,
    /^ 1 {2}10\.20\.0\.\d+ .*\n 2 /m,
  ],
  [
    'which costs a hop',
    `${IN_POD} ping -c 1 $(kubectl get pod -n demo neighbour -o jsonpath='{.status.podIP}')`,
    / ttl=63 /,
  ],
  [
    'the node answers ARP for others on the pod’s device only',
    `${ON_NODE} sh -c 'D=$(ip -br link | grep -oE "^azv[0-9a-f]+" | head -1); sysctl net.ipv4.conf.$D.proxy_arp; cat /proc/sys/net/ipv4/conf/$D/proxy_arp /proc/sys/net/ipv4/conf/eth0/proxy_arp'`,
    /^net\.ipv4\.conf\.azv[0-9a-f]{11}\.proxy_arp = 1\n1\n0\n$/,
  ],
  [
    'ip route selects by protocol',
    `${ON_NODE} ip route show proto static`,
    /^(\d+\.\d+\.\d+\.\d+ dev azv[0-9a-f]{11} proto static \n)+$/,
  ],
  [
    'ip neigh selects by state',
    `${IN_POD} ip neigh show nud permanent`,
    /^169\.254\.1\.1 dev eth0 .* PERMANENT \n$/,
  ],
];

const NO_BRIDGE: Plugin['absent'] = [
  ['no bridge among the devices', `${ON_NODE} ip link show type bridge`, /./],
  ['no bridge for brctl', `${ON_NODE} brctl show`, /cbr0|azure0/],
  ['nothing on a bridge', `${ON_NODE} bridge link`, /./],
];

const KUBE_PROXY: Plugin['rows'] = [['kube-proxy has its chains', NAT, /^-N KUBE-SERVICES$/m]];

const PLUGINS: Readonly<Record<string, Plugin>> = {
  kubenet: {
    pods: 'bridged',
    rows: [
      ...KUBE_PROXY,
      [
        'a pod has its neighbours on the link',
        `${IN_POD} ip route`,
        /^default via 10\.244\.0\.1 dev eth0 \n10\.244\.0\.0\/24 dev eth0 /,
      ],
      [
        'the node has one route for all its pods',
        `${ON_NODE} ip route`,
        /^10\.244\.0\.0\/24 dev cbr0 proto kernel scope link src 10\.244\.0\.1 $/m,
      ],
      [
        'the runtime calls the bridge plugin',
        CONFLIST,
        /^10-containerd-net\.conflist\n(.*\n)*.*"type": "bridge"(.*\n)*.*"subnet": "10\.244\.0\.0\/24"/,
      ],
      [
        'the two pods are on one wire',
        `${IN_POD} ping -c 1 $(kubectl get pod -n demo neighbour -o jsonpath='{.status.podIP}')`,
        / ttl=64 /,
      ],
      [
        'pods keep their address inside the pod range only',
        NAT,
        /^-A IP-MASQ-AGENT -d 10\.244\.0\.0\/16 .*-j RETURN\n-A IP-MASQ-AGENT -m .*-j MASQUERADE$/m,
      ],
    ],
    absent: [],
  },
  'node-subnet': {
    pods: 'azv',
    rows: [
      ...KUBE_PROXY,
      ...AZURE_POD,
      [
        'the runtime calls Azure’s plugin',
        CONFLIST,
        /^10-azure\.conflist\n(.*\n)*.*"mode": "transparent"(.*\n)*.*"azure-vnet-ipam"/,
      ],
      ['pods keep their address in the VNet', NAT, /^-A IP-MASQ-AGENT -d 10\.20\.0\.0\/16 .*-j RETURN$/m],
    ],
    absent: NO_BRIDGE,
  },
  'pod-subnet': {
    pods: 'azv',
    rows: [
      ...KUBE_PROXY,
      ...AZURE_POD,
      [
        'the runtime calls Azure’s plugin, which asks CNS',
        CONFLIST,
        /^10-azure\.conflist\n(.*\n)*.*"azure-cns"/,
      ],
      [
        'CNS hides pods from Azure’s own services only',
        NAT,
        /^-A SWIFT-POSTROUTING -s 10\.20\.4\.0\/22 -d 168\.63\.129\.16\/32 -p udp -m addrtype ! --dst-type LOCAL -m udp --dport 53 -j SNAT --to-source 10\.20\.0\.4$/m,
      ],
      [
        'its chain is called last',
        `${NAT} POSTROUTING`,
        /-j KUBE-POSTROUTING\n-A POSTROUTING -j SWIFT-POSTROUTING\n$/,
      ],
      [
        'pods ask Azure’s DNS all the same',
        `${IN_POD} nslookup example.com 168.63.129.16`,
        /^Server:\t\t168\.63\.129\.16\n(.*\n)+Address: 203\.0\.113\.80$/m,
      ],
    ],
    absent: [...NO_BRIDGE, ['no masquerade agent', NAT, /IP-MASQ-AGENT/]],
  },
  overlay: {
    pods: 'azv',
    rows: [
      ...KUBE_PROXY,
      ...AZURE_POD,
      [
        'the runtime calls Azure’s plugin in its overlay mode',
        CONFLIST,
        /^15-azure-swift-overlay\.conflist\n(.*\n)*.*"mode": "overlay"/,
      ],
      [
        'pods keep their address inside the pod range only',
        NAT,
        /^-A IP-MASQ-AGENT -d 10\.244\.0\.0\/16 .*-j RETURN\n-A IP-MASQ-AGENT -m .*-j MASQUERADE$/m,
      ],
    ],
    absent: NO_BRIDGE,
  },
  'overlay-cilium': {
    pods: 'lxc',
    rows: [
      [
        'a pod’s gateway is Cilium’s router',
        `${IN_POD} ip route`,
        /^default via 169\.254\.23\.0 dev eth0 \n169\.254\.23\.0 dev eth0 scope link \n$/,
      ],
      [
        'the node has a route per pod',
        `${ON_NODE} ip route`,
        /^10\.244\.0\.\d+ dev lxc[0-9a-f]{12} proto kernel scope link $/m,
      ],
      [
        'Cilium has a pair of devices of its own',
        `${ON_NODE} ip addr`,
        /^3: cilium_net@cilium_host: <.*NOARP.*\n(.*\n){1,3}4: cilium_host@cilium_net: .*\n.*\n {4}inet 169\.254\.23\.0\/32 scope global cilium_host$/m,
      ],
      [
        'the runtime calls Cilium',
        CONFLIST,
        /^05-cilium\.conflist\n(.*\n)*.*"cilium-cni"(.*\n)*.*"azure-ipam"/,
      ],
      ['the masquerade agent stays', NAT, /^-A IP-MASQ-AGENT -d 10\.244\.0\.0\/16 /m],
    ],
    absent: [...NO_BRIDGE, ['no chain of kube-proxy', NAT, /KUBE-/]],
  },
};

describe.each(Object.entries(PLUGINS))('%s', (name, plugin) => {
  let session: Session;
  beforeAll(async () => {
    session = await world(name);
  });

  test.each(plugin.rows)('%s', async (_, line, shown) => {
    const result = await session.run(line);
    expect(result.stdout).toMatch(shown);
    expect(session.bugs).toEqual([]);
  });

  test.each(plugin.absent)('%s', async (_, line, hidden) => {
    const result = await session.run(line);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).not.toMatch(hidden);
  });

  test('a pod’s eth0 and its node’s device name each other', async () => {
    const pod = await session.run(`${IN_POD} cat /sys/class/net/eth0/ifindex /sys/class/net/eth0/iflink`);
    const [index = '', peer = ''] = pod.stdout.split('\n');
    const node = await session.run(`${ON_NODE} ip -o link`);
    const device = plugin.pods === 'bridged' ? 'veth' : plugin.pods;
    expect(node.stdout).toMatch(new RegExp(`^${peer}: ${device}[0-9a-f]+@if${index}: `, 'm'));
  });
});

describe('node network configs', () => {
  test.each([
    ['pod-subnet', 'dynamic', 'vnet', '16', '16', 'snet-pods', '10\\.20\\.4\\.0/22'],
    ['pod-subnet-static', 'static', 'vnetblock', '31', '31', 'snet-pods', '10\\.20\\.4\\.0/22'],
    ['overlay', 'static', 'overlay', '0', '256', 'routingdomain_\\S+_overlaysubnet', '10\\.244\\.0\\.0/16'],
  ])('%s has one per node', async (plugin, mode, type, requested, allocated, subnet, range) => {
    const session = await world(plugin);
    const wide = (await session.run('kubectl get nnc -n kube-system -o wide')).stdout.split('\n');
    expect(wide[0]).toMatch(
      /^NAME +REQUESTED IPS +AVAILABILITY ZONE +ALLOCATED IPS +SUBNET +SUBNET CIDR +SUBNET CIDR V6 +NC ID +NC MODE +NC TYPE +NC VERSION$/,
    );
    expect(wide[1]).toMatch(
      new RegExp(
        `^aks-nodepool1-\\d{8}-vmss000000 +${requested} +${allocated} +${subnet} +${range} +[0-9a-f-]{36} +${mode} +${type} +\\d+$`,
      ),
    );
    expect((await session.run('kubectl get nodenetworkconfigs.acn.azure.com -A')).stdout).toMatch(
      new RegExp(
        `^NAMESPACE +NAME +ALLOCATED IPS +NC MODE +NC VERSION\nkube-system +\\S+ +${allocated} +${mode} +\\d+\n`,
      ),
    );
    expect((await session.run('kubectl get nnc')).stderr).toBe('No resources found in default namespace.\n');
    const described = (await session.run('kubectl describe nnc -n kube-system')).stdout;
    expect(described).toMatch(/^API Version: +acn\.azure\.com\/v1alpha$/m);
    expect(described).toMatch(new RegExp(`^ {2}Assigned IP Count: +${allocated}$`, 'm'));
  });

  test.each(['kubenet', 'node-subnet'])('%s has no such type', async (plugin) => {
    const session = await world(plugin);
    expect(await session.run('kubectl get nnc -A')).toEqual({
      stdout: '',
      stderr: 'error: the server doesn\'t have a resource type "nnc"\n',
      exitCode: 1,
    });
    expect((await session.run('kubectl api-resources')).stdout).not.toContain('acn.azure.com');
  });

  test('a veth has the name that Azure’s plugin gives it', async () => {
    const session = await world('overlay');
    const digest = createHash('sha1').update('demo.client').digest('hex').slice(0, 11);
    const address = (await session.run("kubectl get pod -n demo client -o jsonpath='{.status.podIP}'"))
      .stdout;
    expect((await session.run(`${ON_NODE} ip route`)).stdout).toContain(
      `${address} dev azv${digest} proto static \n`,
    );
  });
});
