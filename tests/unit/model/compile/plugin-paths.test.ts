/** How packets find their way under each plugin, and who is asked about them: routes, filters, chains, words. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../../../src/model/compile/compile.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import type { Disposition } from '../../../../src/model/trace/disposition.ts';
import { describeTrace } from '../../../../src/model/trace/text.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import {
  after,
  CIDRS,
  deciders,
  nodeAddress,
  nodeNames,
  pluginWorld,
  podAddress,
  seenSource,
  traced,
} from './plugin-world.ts';
import type { Plugin } from './plugin-world.ts';

const AZURE_CNI = [
  'node-subnet',
  'node-subnet-cilium',
  'pod-subnet',
  'pod-subnet-static',
  'pod-subnet-cilium',
  'overlay',
  'overlay-cilium',
] as const satisfies readonly Plugin[];
const AZURE_DATA_PLANE = ['node-subnet', 'pod-subnet', 'pod-subnet-static', 'overlay'] as const;
const CILIUM = ['node-subnet-cilium', 'pod-subnet-cilium', 'overlay-cilium'] as const;

function ends(trace: Trace, disposition: Disposition): void {
  expect(trace.disposition, describeTrace(trace).join('\n')).toBe(disposition);
}

function places(trace: Trace): string {
  return trace.hops.map((hop) => hop.place.split('/').slice(0, 1).join('/')).join(' ');
}

describe.each(AZURE_CNI)('%s', (plugin) => {
  test('pods of one node are routed by it: the TTL falls by one, no bridge switches', async () => {
    const trace = traced(await pluginWorld(plugin), 'pod/client', 'pod/neighbour');
    ends(trace, 'delivered');
    expect(places(trace)).toBe('pod node pod');
    expect(trace.hops.at(-1)?.steps[0]?.before.ttl).toBe(63);
    expect(trace.hops[1]?.steps[0]?.kind).toBe('route');
    expect(deciders(trace).join('\n')).not.toMatch(/bridge|cbr0/);
  });

  test('the pod sends everything to a gateway that is nobody’s, and the node has a route per pod', async () => {
    const cloud = await pluginWorld(plugin);
    const cilium = plugin.endsWith('cilium');
    const trace = traced(cloud, 'pod/client', 'pod/neighbour');
    const [pod, node] = trace.hops;
    expect(pod?.steps[0]?.by).toBe(`default via ${cilium ? '169.254.23.0' : '169.254.1.1'} dev eth0`);
    expect(pod?.steps[1]?.action).toMatch(
      cilium ? /^169\.254\.23\.0 is at .* lxc/ : /^169\.254\.1\.1 is at aa:aa:aa:aa:aa:aa, azv.* permanent/,
    );
    const neighbour = podAddress(cloud, 'neighbour').replaceAll('.', '\\.');
    expect(node?.steps[0]?.by).toMatch(
      new RegExp(
        cilium
          ? `^${neighbour} dev lxc[0-9a-f]{12} proto kernel scope link$`
          : `^${neighbour} dev azv[0-9a-f]{11} proto static$`,
      ),
    );
  });

  test('between nodes the TTL falls by two, as the fabric keeps it', async () => {
    const trace = traced(await pluginWorld(plugin), 'pod/client', 'pod/far');
    expect(places(trace)).toBe('pod node fabric node pod');
    expect(trace.hops.at(-1)?.steps[0]?.before.ttl).toBe(62);
  });

  test('a pod’s port without a listener refuses over the same way', async () => {
    const trace = traced(await pluginWorld(plugin), 'pod/client', 'pod/far', { port: 81 });
    ends(trace, 'refused');
    expect(trace.reverse?.disposition).toBe('delivered');
  });

  test('a node that does not forward loses its own pods', async () => {
    const cloud = withKernelForwardingOff(await pluginWorld(plugin));
    ends(traced(cloud, 'pod/client', 'pod/neighbour'), 'next-hop-unreachable');
    ends(traced(cloud, 'node0', 'pod/client'), 'delivered');
  });

  test('every pod, node and address can be named', async () => {
    const cloud = await pluginWorld(plugin);
    for (const name of ['client', 'neighbour', 'far']) {
      const trace = traced(cloud, 'node1', podAddress(cloud, name));
      ends(trace, 'delivered');
      expect(trace.hops.at(-1)?.place).toBe(`pod/default/${name}`);
      expect(traced(cloud, podAddress(cloud, name), 'internet').hops[0]?.place).toBe(`pod/default/${name}`);
    }
  });
});

describe('the fabric and addresses of pods', () => {
  test.each(['node-subnet', 'node-subnet-cilium'] as const)(
    '%s: NICs that do not forward still pass their own further addresses, and no others',
    async (plugin) => {
      const cloud = await pluginWorld(plugin);
      expect(nicsForwarding(cloud)).toBe(false);
      ends(traced(cloud, 'pod/client', 'pod/far'), 'delivered');
      const unassigned = unassignedAddress(cloud);
      const trace = traced(cloud, 'vm/vm-tools', unassigned);
      ends(trace, 'denied-outbound');
      expect(trace.reason).toMatch(/IP forwarding is off/);
    },
  );

  test.each(['overlay', 'overlay-cilium'] as const)('%s: the NICs forward', async (plugin) => {
    expect(nicsForwarding(await pluginWorld(plugin))).toBe(true);
  });

  test('an address of the VNet that nobody has reaches nobody', async () => {
    const cloud = await pluginWorld('pod-subnet');
    ends(traced(cloud, 'pod/client', '10.20.7.200'), 'next-hop-unreachable');
  });
});

describe('the Overlay domain', () => {
  test('says which node has the range, before any other route', async () => {
    const cloud = await pluginWorld('overlay');
    const trace = traced(cloud, 'pod/client', 'pod/far');
    const route = trace.hops[2]?.steps[0];
    expect(route?.by).toBe(`overlay of cluster aks: 10.244.1.0/24 is on node ${nodeNames(cloud)[1] ?? ''}`);
    expect(route?.action).toBe(`10.244.1.0/24 matches: hand to ${nodeAddress(cloud, 1)}`);
  });

  test('drops what no node has', async () => {
    const trace = traced(await pluginWorld('overlay'), 'pod/client', '10.244.77.7');
    ends(trace, 'dropped-by-route');
    expect(trace.reason).toMatch(
      /overlay of cluster aks: no node has this part of the podCidr 10\.244\.0\.0\/16/,
    );
  });

  test.each([
    ['overlay', 'pod/client', '10.244.1.'],
    ['overlay', 'pod/client', '10.244.0.'],
    ['overlay', 'node0', '10.244.0.'],
    ['overlay-cilium', 'pod/client', '10.244.1.'],
  ] as const)(
    '%s, from %s: what a node has in %s but no pod has goes round between that node and the fabric',
    async (plugin, from, range) => {
      const cloud = await pluginWorld(plugin);
      const trace = traced(cloud, from, unassignedPodAddress(cloud, range));
      ends(trace, 'loop');
      expect(trace.reason).toMatch(
        /^the packet (to .* )?comes back to .*, which (sends it the same way again|drops what claims)/,
      );
    },
  );

  describe('and a route elsewhere that leads to a node', () => {
    const toNodes = (
      cloud: Cloud,
      more = '',
    ): string => `az network route-table create -g rg -n copied -o none
for n in 0 1; do
  az network route-table route create -g rg --route-table-name copied -n r$n --address-prefix 10.244.$n.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address $(test $n = 0 && echo ${nodeAddress(cloud, 0)} || echo ${nodeAddress(cloud, 1)}) -o none
done
az network vnet subnet update -g rg --vnet-name vnet -n tools --route-table copied -o none
az network vnet subnet update -g rg --vnet-name data -n data --route-table copied -o none
${more}`;

    test.each(['overlay', 'overlay-cilium'] as const)(
      '%s: documentation has no such way, so nothing is promised',
      async (plugin) => {
        const world = await pluginWorld(plugin);
        const cloud = await after(world, toNodes(world));
        for (const from of ['vm/vm-tools', 'vm/vm-data']) {
          const trace = traced(cloud, from, 'pod/far');
          ends(trace, 'undetermined');
          expect(trace.reason).toMatch(/from outside the routing domain.*issues\/4871.*gets a Service$/);
        }
        // The control: the cluster itself, and the node at its own address.
        ends(traced(cloud, 'pod/client', 'pod/far'), 'delivered');
        ends(traced(cloud, 'node0', 'pod/far'), 'delivered');
        ends(traced(cloud, 'pod/client', 'vm/vm-tools'), 'delivered');
      },
    );

    test('a wider route is no better, and a group that denies it is certain', async () => {
      const world = await pluginWorld('overlay');
      const wide = await after(world, toNodes(world).replaceAll('10.244.$n.0/24', '10.$((n * 128)).0.0/9'));
      ends(traced(wide, 'vm/vm-tools', 'pod/far'), 'undetermined');
      const denied = await after(world, toNodes(world, denyOn('nodes', 'Inbound', 'source', '10.20.8.0/24')));
      ends(traced(denied, 'vm/vm-tools', 'pod/far'), 'denied-inbound');
    });

    test('kubenet has no domain of its own: there such a route is what the nodes use themselves', async () => {
      const world = await pluginWorld('kubenet');
      const cloud = await after(world, toNodes(world));
      ends(traced(cloud, 'vm/vm-tools', 'pod/far'), 'delivered');
    });
  });

  test('is not diverted by a route table, not even by a longer prefix or one of its own', async () => {
    const cloud = await after(
      await pluginWorld('overlay'),
      routeTable('10.244.1.0/24 10.244.0.0/16 10.244.1.128/25 10.244.0.0/17', 'VirtualAppliance 10.20.8.4'),
    );
    const trace = traced(cloud, 'pod/client', 'pod/far');
    ends(trace, 'delivered');
    const lost = trace.hops[2]?.steps[0]?.lost.filter((each) => each.candidate.startsWith('route '));
    expect(lost?.length).toBeGreaterThan(0);
    for (const each of lost ?? []) expect(each.why).toMatch(/no route table diverts it/);
  });

  test('leaves everything outside the podCidr to the route table', async () => {
    const cloud = await after(await pluginWorld('overlay'), routeTable('10.20.8.0/24', 'None'));
    const trace = traced(cloud, 'pod/client', 'vm/vm-tools');
    ends(trace, 'dropped-by-route');
    expect(seenSource(trace)).toBeNull();
  });

  test('belongs to one cluster: another one in the VNet has the same podCidr, and reaches only its own', async () => {
    const cloud = await after(
      await pluginWorld('overlay'),
      `NODES=$(az network vnet subnet show -g rg --vnet-name vnet -n nodes --query id -o tsv)
ID=$(az identity show -g rg -n id-aks --query id -o tsv)
az aks create -g rg -n other --node-count 1 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --vnet-subnet-id $NODES --assign-identity $ID --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors -o none
az aks get-credentials -g rg -n other --only-show-errors
kubectl run stranger --image=nginx > /dev/null`,
    );
    const stranger = Object.values(cloud.kubernetes)[1]?.pods['default/stranger'];
    expect(stranger?.status.podIP).toMatch(/^10\.244\.0\./);
    // The first cluster's node 1 has 10.244.1.0/24, the second cluster has no such node.
    const abroad = traced(cloud, 'pod/stranger', podAddress(cloud, 'far'));
    ends(abroad, 'dropped-by-route');
    expect(abroad.reason).toMatch(/overlay of cluster other/);
    ends(traced(cloud, 'pod/client', 'pod/far'), 'delivered');
    // The same address means the asker's own pod.
    const own = traced(cloud, 'pod/client', podAddress(cloud, 'neighbour'));
    expect(own.hops.at(-1)?.place).toBe('pod/default/neighbour');
  });
});

function routeTable(prefixes: string, hop: string): string {
  const [type = '', address] = hop.split(' ');
  return `az network route-table create -g rg -n own -o none
for prefix in ${prefixes}; do
  az network route-table route create -g rg --route-table-name own -n r-$(echo $prefix | tr ./ __) --address-prefix $prefix --next-hop-type ${type} ${address === undefined ? '' : `--next-hop-ip-address ${address}`} -o none
done
az network vnet subnet update -g rg --vnet-name vnet -n nodes --route-table own -o none`;
}

/** Denies on a subnet what goes to, or comes from, a prefix on TCP port 80. */
function denyOn(
  subnet: string,
  direction: 'Inbound' | 'Outbound',
  side: 'source' | 'destination',
  at: string,
) {
  return `az network nsg create -g rg -n guard -o none
az network nsg rule create -g rg --nsg-name guard -n deny --priority 100 --direction ${direction} --access Deny --protocol Tcp --${side}-address-prefixes ${at} --destination-port-ranges 80 -o none
az network vnet subnet update -g rg --vnet-name vnet -n ${subnet} --nsg guard -o none`;
}

describe('security groups and pods', () => {
  test.each([
    ['node-subnet', 'nodes', CIDRS.nodes],
    ['node-subnet-cilium', 'nodes', CIDRS.nodes],
    ['pod-subnet', 'pods', CIDRS.pods],
    ['pod-subnet-static', 'pods', CIDRS.pods],
    ['pod-subnet-cilium', 'pods', CIDRS.pods],
    ['overlay', 'nodes', CIDRS.overlay],
    ['overlay-cilium', 'nodes', CIDRS.overlay],
  ] as const)(
    '%s: the group of subnet %s filters pods of different nodes, by their own addresses',
    async (plugin, subnet, range) => {
      const cloud = await after(await pluginWorld(plugin), denyOn(subnet, 'Inbound', 'source', range));
      const trace = traced(cloud, 'pod/client', 'pod/far');
      ends(trace, 'denied-inbound');
      expect(trace.reason).toMatch(/deny \(priority 100\) of NSG guard on (pod )?subnet/);
      // The control: another port, the same node, and the other direction of the same pair of pods' node.
      ends(traced(cloud, 'pod/client', 'pod/far', { port: 81 }), 'refused');
      ends(traced(cloud, 'pod/client', 'pod/neighbour'), 'delivered');
    },
  );

  test.each(['pod-subnet', 'pod-subnet-static', 'pod-subnet-cilium'] as const)(
    '%s: the node subnet’s group says nothing about pods, and the pod subnet’s nothing about nodes',
    async (plugin) => {
      const world = await pluginWorld(plugin);
      const onNodes = await after(world, denyOn('nodes', 'Inbound', 'source', '10.20.0.0/16'));
      ends(traced(onNodes, 'vm/vm-tools', 'pod/far'), 'delivered');
      ends(traced(onNodes, 'pod/client', 'pod/far'), 'delivered');
      const onPods = await after(world, denyOn('pods', 'Outbound', 'destination', '10.20.8.0/24'));
      const trace = traced(onPods, 'pod/client', 'vm/vm-tools');
      ends(trace, 'denied-outbound');
      expect(trace.reason).toMatch(/on pod subnet pods/);
      ends(traced(onPods, 'node0', 'vm/vm-tools'), 'delivered');
    },
  );

  test.each(['pod-subnet', 'pod-subnet-static', 'pod-subnet-cilium'] as const)(
    '%s: the pod subnet’s route table routes pods, and the node subnet’s does not',
    async (plugin) => {
      const world = await pluginWorld(plugin);
      const onNodes = await after(world, routeTable('10.20.8.0/24', 'None'));
      ends(traced(onNodes, 'pod/client', 'vm/vm-tools'), 'delivered');
      ends(traced(onNodes, 'node0', 'vm/vm-tools'), 'dropped-by-route');
      const onPods = await after(
        world,
        routeTable('10.20.8.0/24', 'None').replace('-n nodes --route-table', '-n pods --route-table'),
      );
      const trace = traced(onPods, 'pod/client', 'vm/vm-tools');
      ends(trace, 'dropped-by-route');
      ends(traced(onPods, 'node0', 'vm/vm-tools'), 'delivered');
    },
  );

  test('pod-subnet: a group on the node’s NIC that would drop a pod’s packet leaves it open', async () => {
    const cloud = await pluginWorld('pod-subnet');
    const group = Object.values(cloud.resources).find(
      (each) => each.type === 'Microsoft.Network/networkSecurityGroups',
    );
    const denied = await after(
      cloud,
      `az network nsg rule create -g ${group?.resourceGroup ?? ''} --nsg-name ${group?.name ?? ''} -n deny --priority 100 --direction Inbound --access Deny --protocol Tcp --destination-port-ranges 80 -o none`,
    );
    const trace = traced(denied, 'pod/client', 'pod/far');
    ends(trace, 'undetermined');
    expect(trace.reason).toMatch(/group on the NIC asks about pods of a pod subnet is not documented/);
    ends(traced(denied, 'pod/client', 'pod/far', { port: 81 }), 'refused');
  });

  test('overlay: Azure’s default rules let pods through, a rule that denies VirtualNetwork leaves it open', async () => {
    const world = await pluginWorld('overlay');
    const rows = describeTrace(traced(world, 'pod/client', 'pod/far')).join('\n');
    expect(rows).toMatch(/AllowVnetInBound/);
    const tagged = await after(world, denyOn('nodes', 'Inbound', 'source', 'VirtualNetwork'));
    const trace = traced(tagged, 'pod/client', 'pod/far');
    ends(trace, 'undetermined');
    expect(trace.reason).toMatch(/VirtualNetwork.*pod range of Azure CNI Overlay is not documented/);
    ends(traced(tagged, 'node0', 'pod/far'), 'denied-inbound');
  });
});

describe('who changes a pod’s source', () => {
  test.each([
    ['kubenet', 'vm/vm-tools', 'IP-MASQ-AGENT: MASQUERADE'],
    ['overlay', 'vm/vm-tools', 'IP-MASQ-AGENT: MASQUERADE'],
    ['overlay-cilium', 'vm/vm-tools', 'IP-MASQ-AGENT: MASQUERADE'],
    ['node-subnet', 'vm/vm-tools', 'IP-MASQ-AGENT: RETURN for 10.20.0.0/16'],
    ['node-subnet', 'host/office', 'IP-MASQ-AGENT: MASQUERADE'],
    ['node-subnet-cilium', 'vm/vm-data', 'IP-MASQ-AGENT: MASQUERADE'],
    ['overlay', 'pod/far', 'IP-MASQ-AGENT: RETURN for 10.244.0.0/16'],
  ] as const)('%s towards %s: %s', async (plugin, to, by) => {
    const cloud = await pluginWorld(plugin);
    const steps = traced(cloud, 'pod/client', to).hops[1]?.steps ?? [];
    const [only, ...more] = steps.filter((step) => step.kind === 'translate').map((step) => step.by);
    expect(more).toEqual([]);
    if (by.startsWith('IP-MASQ-AGENT: RETURN for 10.20'))
      expect(only).toMatch(/RETURN for 10\.20\.0\.0\/(16|23)/);
    else expect(only).toBe(by);
  });

  test.each(['pod-subnet', 'pod-subnet-static', 'pod-subnet-cilium'] as const)(
    '%s: nobody but SWIFT-POSTROUTING, for two services of Azure',
    async (plugin) => {
      const cloud = await pluginWorld(plugin);
      const by = (to: string, more = {}): string =>
        deciders(traced(cloud, 'pod/client', to, more)).join('\n');
      expect(by('http://169.254.169.254')).toMatch(
        /SWIFT-POSTROUTING: SNAT to 10\.20\.0\.4 for 169\.254\.169\.254 tcp/,
      );
      expect(by('168.63.129.16', { protocol: 'udp', port: 53 })).toMatch(/SWIFT-POSTROUTING/);
      for (const to of ['vm/vm-tools', 'host/office', 'internet', 'pod/far']) {
        expect(by(to)).not.toMatch(/SWIFT|IP-MASQ/);
      }
      // Anything else of the wire server sees the pod.
      expect(seenSource(traced(cloud, 'pod/client', '168.63.129.16', { port: 80 }))).toBe(
        podAddress(cloud, 'client'),
      );
    },
  );

  const CUSTOM = (cidr: string): string => `kubectl apply -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: azure-ip-masq-agent-config
  namespace: kube-system
  labels: { component: ip-masq-agent, kubernetes.io/cluster-service: "true", addonmanager.kubernetes.io/mode: EnsureExists }
data:
  ip-masq-agent: |
    nonMasqueradeCIDRs:
      - ${cidr}
    masqLinkLocal: true
YAML`;

  test.each(['node-subnet', 'node-subnet-cilium'] as const)(
    '%s: ranges of the custom ConfigMap see the pod, others still the node',
    async (plugin) => {
      const cloud = await after(await pluginWorld(plugin), CUSTOM('10.1.0.0/16'));
      expect(seenSource(traced(cloud, 'pod/client', 'host/office'))).toBe(podAddress(cloud, 'client'));
      expect(seenSource(traced(cloud, 'pod/client', 'vm/vm-data'))).toBe(nodeAddress(cloud, 0));
      expect(deciders(traced(cloud, 'pod/client', 'host/office'))).toContain(
        'IP-MASQ-AGENT: RETURN for 10.1.0.0/16',
      );
    },
  );

  test.each(['node-subnet', 'node-subnet-cilium'] as const)(
    '%s: nobody gives a pod that keeps its source a public address, since outbound rules serve primary addresses',
    async (plugin) => {
      const cloud = await after(await pluginWorld(plugin), CUSTOM('0.0.0.0/0'));
      const trace = traced(cloud, 'pod/client', 'internet');
      ends(trace, 'no-outbound-path');
      expect(trace.reason).toContain('it serves only the primary address of NIC');
      ends(traced(cloud, `node/${nodeNames(cloud)[0] ?? ''}`, 'internet'), 'delivered');
    },
  );

  test('overlay: what keeps its source outside the podCidr gets no answer, as nobody knows the way to a pod', async () => {
    const cloud = await after(await pluginWorld('overlay'), CUSTOM('10.20.8.0/24'));
    const trace = traced(cloud, 'pod/client', 'vm/vm-tools');
    expect(seenSource(trace)).toBe(podAddress(cloud, 'client'));
    ends(trace, 'dropped-by-route');
    expect(trace.reverse?.disposition).toBe('dropped-by-route');
  });

  test('pod-subnet: the ConfigMap changes nothing, since no agent reads it', async () => {
    const cloud = await after(await pluginWorld('pod-subnet'), CUSTOM('192.168.0.0/16'));
    expect(seenSource(traced(cloud, 'pod/client', 'host/office'))).toBe(podAddress(cloud, 'client'));
  });
});

const SERVICES = `kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: far }
spec:
  type: NodePort
  selector: { app: far }
  ports: [{ port: 80, nodePort: 30080 }]
---
apiVersion: v1
kind: Service
metadata: { name: self }
spec: { selector: { app: client }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: local }
spec:
  type: NodePort
  externalTrafficPolicy: Local
  selector: { app: far }
  ports: [{ port: 80, nodePort: 30081 }]
YAML`;

describe('Services', () => {
  test.each(AZURE_DATA_PLANE)(
    '%s: kube-proxy translates on the node, and the pod sees the client',
    async (plugin) => {
      const cloud = await after(await pluginWorld(plugin), SERVICES);
      const trace = traced(cloud, 'pod/client', 'http://far');
      ends(trace, 'delivered');
      expect(seenSource(trace)).toBe(podAddress(cloud, 'client'));
      expect(trace.hops[1]?.steps[0]?.by).toMatch(/^KUBE-SERVICES -> KUBE-SVC-/);
    },
  );

  test.each(AZURE_DATA_PLANE)(
    '%s: a pod that reaches itself through its Service sees its node',
    async (plugin) => {
      const cloud = await after(await pluginWorld(plugin), SERVICES);
      const trace = traced(cloud, 'pod/client', 'http://self');
      ends(trace, 'delivered');
      expect(seenSource(trace)).toBe(nodeAddress(cloud, 0));
    },
  );

  test.each(AZURE_DATA_PLANE)('%s: a node port masquerades, wherever the pod runs', async (plugin) => {
    const cloud = await after(await pluginWorld(plugin), SERVICES);
    for (const at of [0, 1]) {
      const trace = traced(cloud, 'vm/vm-tools', nodeAddress(cloud, at), { port: 30080 });
      ends(trace, 'delivered');
      expect(seenSource(trace)).toBe(nodeAddress(cloud, at));
    }
  });

  test.each(CILIUM)('%s: eBPF chooses at the socket, so no packet carries the cluster IP', async (plugin) => {
    const cloud = await after(await pluginWorld(plugin), SERVICES);
    const trace = traced(cloud, 'pod/client', 'http://far');
    ends(trace, 'delivered');
    expect(seenSource(trace)).toBe(podAddress(cloud, 'client'));
    expect(trace.hops[0]?.steps[0]?.by).toBe('Cilium eBPF at the socket: default/far cluster IP');
    expect(deciders(trace).join('\n')).not.toMatch(/KUBE/);
    const self = traced(cloud, 'pod/client', 'http://self');
    ends(self, 'delivered');
    expect(places(self)).toBe('pod');
  });

  test.each(CILIUM)('%s: a node port keeps the client’s address where the pod runs', async (plugin) => {
    const cloud = await after(await pluginWorld(plugin), SERVICES);
    const here = traced(cloud, 'vm/vm-tools', nodeAddress(cloud, 1), { port: 30080 });
    ends(here, 'delivered');
    expect(seenSource(here)).toBe('10.20.8.4');
    const elsewhere = traced(cloud, 'vm/vm-tools', nodeAddress(cloud, 0), { port: 30080 });
    ends(elsewhere, 'delivered');
    expect(seenSource(elsewhere)).toBe(nodeAddress(cloud, 0));
    expect(deciders(elsewhere).join('\n')).toMatch(/Cilium eBPF: SNAT/);
  });

  test.each(CILIUM)('%s: externalTrafficPolicy Local answers only where the pod runs', async (plugin) => {
    const cloud = await after(await pluginWorld(plugin), SERVICES);
    const here = traced(cloud, 'vm/vm-tools', nodeAddress(cloud, 1), { port: 30081 });
    ends(here, 'delivered');
    expect(seenSource(here)).toBe('10.20.8.4');
    ends(traced(cloud, 'vm/vm-tools', nodeAddress(cloud, 0), { port: 30081 }), 'refused');
    // From inside the cluster every node's port leads to the pod.
    ends(traced(cloud, 'pod/client', nodeAddress(cloud, 0), { port: 30081 }), 'delivered');
  });

  test.each([...AZURE_DATA_PLANE, ...CILIUM])('%s: a host port leads to its pod', async (plugin) => {
    const cloud = await after(
      await pluginWorld(plugin),
      `node=$(kubectl get nodes -o jsonpath="{.items[0].metadata.name}")
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: ported }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers: [{ name: web, image: nginx, ports: [{ containerPort: 80, hostPort: 8088 }] }]
YAML`,
    );
    for (const [from, sees] of [
      ['vm/vm-tools', '10.20.8.4'],
      ['pod/far', null],
      ['pod/client', null],
    ] as const) {
      const trace = traced(cloud, from, nodeAddress(cloud, 0), { port: 8088 });
      ends(trace, 'delivered');
      expect(trace.hops.at(-1)?.place).toBe('pod/default/ported');
      if (sees !== null) expect(seenSource(trace)).toBe(sees);
    }
    const words = deciders(traced(cloud, 'vm/vm-tools', nodeAddress(cloud, 0), { port: 8088 })).join('\n');
    expect(words).toMatch(plugin.endsWith('cilium') ? /Cilium eBPF: host port 8088/ : /CNI-HOSTPORT-DNAT/);
  });
});

describe('a cluster without a CNI plugin', () => {
  test('has nodes on the network, and pods of which nothing is known', async () => {
    const cloud = await after(await pluginWorld('none'), 'kubectl run lost --image=nginx > /dev/null');
    ends(traced(cloud, 'node0', 'vm/vm-tools'), 'delivered');
    ends(traced(cloud, 'node0', 'internet'), 'delivered');
    const pods = Object.values(Object.values(cloud.kubernetes)[0]?.pods ?? {});
    expect(pods.filter((pod) => pod.spec.hostNetwork !== true && pod.status.podIP !== undefined)).toEqual([]);
    const hosts = [...compile(cloud).network.hosts.keys()];
    expect(hosts.filter((id) => id.startsWith('pod/default'))).toEqual([]);
  });
});

function nicsForwarding(cloud: Cloud): boolean {
  const nics = Object.values(cloud.resources).flatMap((each) =>
    each.type === 'Microsoft.Compute/virtualMachineScaleSets'
      ? each.instances.map((instance) => instance.networkInterface.enableIPForwarding)
      : [],
  );
  expect(new Set(nics).size).toBe(1);
  return nics[0] === true;
}

function withKernelForwardingOff(cloud: Cloud): Cloud {
  return {
    ...cloud,
    kubernetes: Object.fromEntries(
      Object.entries(cloud.kubernetes).map(([key, state]) => [
        key,
        {
          ...state,
          nodes: Object.fromEntries(
            Object.entries(state.nodes).map(([name, node]) => [
              name,
              { ...node, simulation: { neighbours: [], ...node.simulation, ipForward: 'off' as const } },
            ]),
          ),
        },
      ]),
    ),
  };
}

/** An address of node 0's NIC that no pod has. */
function unassignedAddress(cloud: Cloud): string {
  const state = Object.values(cloud.kubernetes)[0];
  const used = new Set(Object.values(state?.pods ?? {}).map((pod) => pod.status.podIP));
  const node = state?.nodes[nodeNames(cloud)[0] ?? ''];
  const free = node?.simulation?.podAddresses?.find((each) => !used.has(each));
  if (free === undefined) throw new Error('every address is in use');
  return free;
}

function unassignedPodAddress(cloud: Cloud, start: string): string {
  const used = new Set(
    Object.values(Object.values(cloud.kubernetes)[0]?.pods ?? {}).map((pod) => pod.status.podIP),
  );
  for (let last = 0; last < 256; last++) if (!used.has(`${start}${last}`)) return `${start}${last}`;
  throw new Error('every address is in use');
}
