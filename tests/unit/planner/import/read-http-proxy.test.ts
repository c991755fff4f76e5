import { describe, expect, test } from 'vitest';
import { nodeProxyOf } from '../../../../src/model/aks/http-proxy.ts';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import { importCloud } from '../../../../src/planner/import/import-cloud.ts';
import type { Imported } from '../../../../src/planner/import/import-cloud.ts';
import { traceFlow } from '../../../../src/planner/packet-tracer.ts';

const ROOT = '/subscriptions/2c39e355-0751-4cdf-81d7-737b0005c0ba/resourceGroups';
const SUBNET = `${ROOT}/MC_rg_aks_westeurope/providers/Microsoft.Network/virtualNetworks/aks-vnet/subnets/aks-subnet`;
const NODE = 'aks-nodepool1-1-vmss000000';
const PROXY = 'http://10.224.9.4:8080';

const documents = (httpProxyConfig: object | null): readonly object[] => [
  {
    id: `${ROOT}/rg/providers/Microsoft.ContainerService/managedClusters/aks`,
    name: 'aks',
    location: 'westeurope',
    fqdn: 'aks.hcp.westeurope.azmk8s.io',
    nodeResourceGroup: 'MC_rg_aks_westeurope',
    httpProxyConfig,
    agentPoolProfiles: [{ name: 'nodepool1', count: 1, osType: 'Linux', maxPods: 250, vnetSubnetId: SUBNET }],
    networkProfile: {
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      outboundType: 'loadBalancer',
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.0.0.0/16',
      dnsServiceIp: '10.0.0.10',
    },
  },
  {
    id: SUBNET.split('/subnets/')[0],
    addressSpace: { addressPrefixes: ['10.224.0.0/12'] },
    subnets: [{ id: SUBNET, name: 'aks-subnet', addressPrefix: '10.224.0.0/16' }],
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: NODE },
    spec: {
      podCIDR: '10.244.0.0/24',
      providerID: `azure://${ROOT}/MC_rg_aks_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-1-vmss/virtualMachines/0`,
    },
    status: { addresses: [{ type: 'InternalIP', address: '10.224.0.4' }] },
  },
];

function read(httpProxyConfig: object | null): Imported {
  const imported = importCloud(documents(httpProxyConfig).map((each) => JSON.stringify(each)));
  if (!imported.ok) throw new Error(imported.error.map(({ message }) => message).join('\n'));
  return imported.value;
}

const PRINTED = {
  effectiveNoProxy: ['konnectivity', '10.224.0.0/12'],
  enabled: true,
  httpProxy: PROXY,
  httpsProxy: null,
  noProxy: ['a.example'],
  trustedCa: null,
};

describe('httpProxyConfig of az aks show', () => {
  test('is the cluster’s, and its nodes are taken to have it', () => {
    const { cloud, leftOut, notes } = read(PRINTED);
    expect(leftOut.filter(({ what }) => /proxy/i.test(what))).toEqual([]);
    expect(notes.join(' ')).toContain('present HTTP proxy configuration');
    const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
    expect(cluster?.httpProxyConfig).toEqual({
      enabled: true,
      httpProxy: PROXY,
      httpsProxy: PROXY,
      noProxy: ['a.example'],
      trustedCa: null,
    });
    const node = Object.values(cloud.kubernetes).flatMap(({ nodes }) => Object.values(nodes))[0];
    expect(node === undefined ? null : nodeProxyOf(node)?.environment['HTTPS_PROXY']).toBe(PROXY);
  });

  test('sends what a node asks for to the proxy', () => {
    const traced = traceFlow(read(PRINTED), { from: `node/${NODE}`, to: 'https://mcr.microsoft.com/v2/' });
    if (!traced.ok) throw new Error(traced.error.message);
    expect(traced.value.answer.over?.proxy).toBe(PROXY);
    expect(traced.value.disposition).not.toBe('delivered');
  });

  test.each([
    ['none', null],
    ['one that names no proxy', { ...PRINTED, httpProxy: null }],
    ['one that is off', { ...PRINTED, enabled: false }],
  ])('%s: nodes have no proxy', (_name, config) => {
    const { cloud } = read(config);
    const nodes = Object.values(cloud.kubernetes).flatMap((state) => Object.values(state.nodes));
    expect(nodes.map(nodeProxyOf)).toEqual([null]);
  });
});
