import { describe, expect, test } from 'vitest';
import { importCloud } from '../../../../src/planner/import/import-cloud.ts';
import type { Imported } from '../../../../src/planner/import/import-cloud.ts';
import { traceFlow, tracerEnds } from '../../../../src/planner/packet-tracer.ts';

/** A cluster as `az aks show` and `kubectl get` print one, cut to what somebody would paste into a chat. */
const GROUP = '/subscriptions/2c39e355-0751-4cdf-81d7-737b0005c0ba/resourceGroups/MC_rg_aks_westeurope';
const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/aks-vnet/subnets/aks-subnet`;
const SCALE_SET = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-1-vmss`;

const cluster = (name = 'aks') => ({
  // The service writes its own ids with a small g.
  id: `/subscriptions/2c39e355-0751-4cdf-81d7-737b0005c0ba/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`,
  name,
  kind: 'Base',
  location: 'westeurope',
  fqdn: `${name}.hcp.westeurope.azmk8s.io`,
  nodeResourceGroup: name === 'aks' ? 'MC_rg_aks_westeurope' : `MC_rg_${name}_westeurope`,
  agentPoolProfiles: [{ name: 'nodepool1', count: 2, osType: 'Linux', maxPods: 250, vnetSubnetId: null }],
  networkProfile: {
    networkPlugin: 'azure',
    networkPluginMode: 'overlay',
    networkDataplane: 'azure',
    networkPolicy: 'none',
    outboundType: 'loadBalancer',
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.0.0.0/16',
    dnsServiceIp: '10.0.0.10',
  },
});
const vnet = {
  id: SUBNET.split('/subnets/')[0],
  addressSpace: { addressPrefixes: ['10.224.0.0/12'] },
  subnets: [{ id: SUBNET, name: 'aks-subnet', addressPrefix: '10.224.0.0/16' }],
};
const node = (index: number) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `aks-nodepool1-1-vmss00000${index}` },
  spec: { podCIDR: `10.244.${index}.0/24`, providerID: `azure://${SCALE_SET}/virtualMachines/${index}` },
  status: { addresses: [{ type: 'InternalIP', address: `10.224.0.${4 + index}` }] },
});
const pod = (name: string, index: number, ip: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    nodeName: `aks-nodepool1-1-vmss00000${index}`,
    containers: [{ name: 'c', image: 'registry.example.com/shop:1.2' }],
    ...more,
  },
  status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: 'True' }] },
});
const service = (spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    clusterIP: '10.0.12.3',
    selector: { app: 'web' },
    ports: [{ port: 80, targetPort: 8080 }],
    ...spec,
  },
});
const OBJECTS = [node(0), node(1), pod('client', 0, '10.244.0.10'), pod('web', 1, '10.244.1.20'), service()];
const listOf = (items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });

function read(...documents: readonly unknown[]): Imported {
  const imported = importCloud(documents.map((each) => JSON.stringify(each)));
  if (!imported.ok) throw new Error(imported.error.map(({ message }) => message).join('\n'));
  return imported.value;
}

function asked(imported: Imported, to: string, from = 'pod/shop/client') {
  const traced = traceFlow(imported, { from, to, port: to.startsWith('pod/') ? 8080 : 80 });
  return traced.ok
    ? { disposition: traced.value.disposition, remarks: traced.value.remarks.join(' ') }
    : traced.error.message;
}

describe('a cluster without az vmss nic list', () => {
  const imported = read([cluster()], [vnet], listOf(OBJECTS));

  test('has its nodes by their addresses, which is said', () => {
    expect(imported.leftOut.map(({ name, what, weight }) => `${weight} ${name}: ${what}`)).toEqual([
      'decides Node aks-nodepool1-1-vmss000000: the security group of its NIC',
      'may-matter Node aks-nodepool1-1-vmss000000: its NIC',
      'decides Node aks-nodepool1-1-vmss000001: the security group of its NIC',
      'may-matter Node aks-nodepool1-1-vmss000001: its NIC',
    ]);
    expect(tracerEnds(imported.cloud).map(({ end }) => end)).toEqual(
      expect.arrayContaining(['node/aks-nodepool1-1-vmss000000', 'pod/shop/web', 'service/shop/web']),
    );
  });

  test('carries packets between pods of images that nobody knows, and says what is assumed', () => {
    expect(asked(imported, 'pod/shop/web')).toMatchObject({
      disposition: 'delivered',
      remarks: expect.stringContaining('is assumed: no JSON says what runs there') as string,
    });
    expect(asked(imported, 'http://web.shop')).toMatchObject({ disposition: 'delivered' });
  });
});

test('the security group that AKS made is on every node, and without its pool nobody knows how it goes out', () => {
  const group = `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-12345678-nsg`;
  const rule = {
    name: 'DenyOut',
    priority: 100,
    direction: 'Outbound',
    access: 'Deny',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '8080',
  };
  const imported = read([cluster()], [vnet], listOf(OBJECTS), { id: group, securityRules: [rule] });
  expect(asked(imported, 'pod/shop/web')).toMatchObject({ disposition: 'denied-outbound' });
  expect(imported.leftOut.map(({ what }) => what)).toContain('the backend pools of its NIC');
});

test('what no cluster is without, and nobody pasted, decides flows to Services', () => {
  const [first, second, client, web, shop] = OBJECTS;
  const reading = (...objects: readonly (object | undefined)[]) =>
    read([cluster()], [vnet], listOf(objects.filter((each) => each !== undefined)));
  const services = reading(first, second, client, web);
  expect(asked(services, '10.0.12.3')).toMatchObject({ disposition: 'undetermined' });
  expect(asked(services, 'pod/shop/web')).toMatchObject({ disposition: 'delivered' });
  const pods = reading(first, second, shop);
  expect(asked(pods, 'service/shop/web', 'node/aks-nodepool1-1-vmss000000')).toMatchObject({
    disposition: 'undetermined',
  });
  const nodes = reading(first, client, web, shop);
  expect(asked(nodes, 'pod/shop/web')).toMatchObject({ disposition: 'undetermined' });
});

test.each<readonly [string, readonly object[], string, string, string]>([
  [
    'a policy of Cilium',
    [
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'deny', namespace: 'shop' },
      },
    ],
    'CiliumNetworkPolicy shop/deny',
    'pod/shop/web',
    'undetermined',
  ],
  [
    'a policy of Cilium in another namespace',
    [
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'deny', namespace: 'other' },
      },
    ],
    'CiliumNetworkPolicy other/deny',
    'pod/shop/web',
    'delivered',
  ],
  [
    'external IPs of a Service',
    [service({ externalIPs: ['192.0.2.7'] })],
    'Service shop/web',
    'service/shop/web',
    'undetermined',
  ],
  [
    'endpoints that do not follow from the selector',
    [
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [{ addresses: ['192.0.2.9'] }],
        ports: [{ port: 8080 }],
      },
    ],
    'Service shop/web',
    'service/shop/web',
    'undetermined',
  ],
  [
    'a sidecar of a mesh',
    [
      pod('web', 1, '10.244.1.20', {
        initContainers: [{ name: 'istio-init', image: 'docker.io/istio/proxyv2' }],
      }),
    ],
    'Pod shop/web',
    'pod/shop/web',
    'undetermined',
  ],
  [
    'a kind that nobody knows',
    [{ apiVersion: 'example.com/v1', kind: 'Wormhole', metadata: { name: 'w', namespace: 'shop' } }],
    'Wormhole shop/w',
    'pod/shop/web',
    'delivered',
  ],
])('%s is named', (_, objects, name, to, disposition) => {
  const imported = read([cluster()], [vnet], listOf([...OBJECTS, ...objects]));
  expect(imported.leftOut.map((each) => each.name)).toContain(name);
  expect(asked(imported, to)).toMatchObject({ disposition });
});

test('a list of one kind leaves the kind of its items out', () => {
  const bare = OBJECTS.filter(({ kind }) => kind === 'Pod').map(
    ({ kind: _kind, apiVersion: _version, ...rest }) => rest,
  );
  const others = OBJECTS.filter(({ kind }) => kind !== 'Pod');
  const imported = read([cluster()], [vnet], listOf(others), {
    apiVersion: 'v1',
    kind: 'PodList',
    items: bare,
  });
  expect(asked(imported, 'pod/shop/web')).toMatchObject({ disposition: 'delivered' });
});

test('with two clusters, objects that do not say which they are of are named', () => {
  const imported = read([cluster(), cluster('other')], [vnet], listOf(OBJECTS), listOf([service()]));
  const homeless = imported.leftOut.find(({ what }) => what === '1 Kubernetes object');
  expect(homeless?.effect).toContain('There are 2 clusters');
  expect(asked(imported, 'pod/shop/web', 'pod/shop/client')).toMatchObject({ disposition: 'delivered' });
});
