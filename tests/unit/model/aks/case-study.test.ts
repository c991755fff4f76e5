/** The source document's cluster: every row that it prints, from pins for what chance would have drawn. */
import { describe, expect, it } from 'vitest';
import { addAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { deleteObject } from '../../../../src/model/kubernetes/apply.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import { epochSeconds } from '../../../../src/model/kubernetes/cluster-state.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';
import {
  CLUSTER,
  cloudWithCluster,
  GROUP,
  onlyCluster,
  podsIn,
  stateOf,
} from '../../../support/kubenet-cluster.ts';

const NODE_0 = 'aks-nodepool1-11743156-vmss000000';
const NODE_1 = 'aks-pool2-13111960-vmss000000';

/** Suffix on node 0, suffix on node 1. */
const DAEMONS = {
  'azure-ip-masq-agent': ['zqxfm', 'jldz9'],
  'cloud-node-manager': ['dj7zp', 'j27w4'],
  'csi-azuredisk-node': ['xwsqh', 'xddth'],
  'csi-azurefile-node': ['vn2zg', '2nps6'],
  'kube-proxy': ['cvtcg', 'gmrvv'],
} as const;

const NGINX: readonly (readonly [string, string, string])[] = [
  ['6chl2', NODE_0, '10.244.0.14'],
  ['brfzg', NODE_0, '10.244.0.13'],
  ['j2sfj', NODE_0, '10.244.0.11'],
  ['qt67r', NODE_0, '10.244.0.12'],
  ['4dm97', NODE_1, '10.244.1.8'],
  ['dp6tl', NODE_1, '10.244.1.6'],
  ['qm6rw', NODE_1, '10.244.1.5'],
  ['snt2r', NODE_1, '10.244.1.7'],
];

const ARP = ['10.244.0.5', '10.244.0.15', '10.224.0.5', '10.244.0.9', '10.224.0.1'];

function caseStudy(): Cloud {
  const pins: Record<string, string> = {
    'pool-digits/aks/nodepool1': '11743156',
    'pool-digits/aks/pool2': '13111960',
    'replicaset-hash/default/nginx-deploy': '846d6f46b7',
    [`node-age/${NODE_0}`]: String(31 * 60),
    [`node-age/${NODE_1}`]: String(20 * 60),
    [`arp/${NODE_0}`]: ARP.join(','),
  };
  for (const [name, suffixes] of Object.entries(DAEMONS)) {
    for (const [at, suffix] of suffixes.entries()) {
      pins[`pod-suffix/kube-system/${name}/${at}`] = suffix;
      pins[`pod-age/kube-system/${name}-${suffix}`] = String((at === 0 ? 49 : 38) * 60);
    }
  }
  for (const [at, [suffix, node, address]] of NGINX.entries()) {
    pins[`pod-suffix/default/nginx-deploy/${at}`] = suffix;
    pins[`pod-node/default/nginx-deploy/${at}`] = node;
    pins[`pod-ip/default/nginx-deploy-846d6f46b7-${suffix}`] = address;
  }
  const one = cloudWithCluster(
    { pool: { name: 'nodepool1', count: 1 } },
    { now: Date.UTC(2024, 1, 27, 10) / 1000, clock: 'frozen', pins },
  );
  const two = unwrap(
    addAgentPool(one, { resourceGroup: GROUP, cluster: CLUSTER }, { name: 'pool2', count: 1 }),
  );
  const nginx = { name: 'nginx-deploy', namespace: 'default', images: ['nginx'], replicas: 8 };
  return unwrap(createDeployment(two, onlyCluster(two), nginx)).cloud;
}

describe('the kubenet case study', () => {
  const cloud = caseStudy();

  it('has the two nodes that the document shows', () => {
    const rows = Object.values(stateOf(cloud).nodes).map((node) => [
      node.metadata.name,
      node.metadata.labels?.['kubernetes.io/role'],
      (cloud.now - epochSeconds(node.metadata.creationTimestamp)) / 60,
      node.status.nodeInfo.kubeletVersion,
      node.status.addresses[0]?.address,
      node.status.nodeInfo.osImage,
      node.status.nodeInfo.kernelVersion,
      node.status.nodeInfo.containerRuntimeVersion,
      node.spec.podCIDR,
    ]);
    const software = ['Ubuntu 22.04.3 LTS', '5.15.0-1053-azure', 'containerd://1.7.5-1'];
    expect(rows).toEqual([
      [NODE_0, 'agent', 31, 'v1.27.7', '10.224.0.4', ...software, '10.244.0.0/24'],
      [NODE_1, 'agent', 20, 'v1.27.7', '10.224.0.5', ...software, '10.244.1.0/24'],
    ]);
  });

  it('has exactly the ten hostNetwork pods that the document lists', () => {
    const rows = podsIn(cloud, 'kube-system')
      .filter((pod) => pod.status.podIP?.startsWith('10.224.') === true)
      .map((pod) => [
        pod.metadata.name,
        pod.status.containerStatuses?.length,
        (cloud.now - epochSeconds(pod.metadata.creationTimestamp)) / 60,
        pod.status.podIP,
        pod.spec.nodeName,
      ])
      .sort();
    const expected = Object.entries(DAEMONS).flatMap(([name, [first, second]]) => {
      const containers = name.startsWith('csi-') ? 3 : 1;
      return [
        [`${name}-${first}`, containers, 49, '10.224.0.4', NODE_0],
        [`${name}-${second}`, containers, 38, '10.224.0.5', NODE_1],
      ];
    });
    expect(rows).toEqual(expected.sort());
    expect(rows).toHaveLength(10);
  });

  it('has the nginx pods with the addresses of both listings', () => {
    const rows = podsIn(cloud, 'default').map((pod) => [
      pod.metadata.name,
      pod.spec.nodeName,
      pod.status.podIP,
      pod.status.phase,
    ]);
    expect(rows).toEqual(
      NGINX.map(([suffix, node, address]) => [`nginx-deploy-846d6f46b7-${suffix}`, node, address, 'Running']),
    );
  });

  it('gives a pod made anew the address after the last one, which was a pinned one', () => {
    const gone = 'nginx-deploy-846d6f46b7-qt67r';
    const after = unwrap(deleteObject(cloud, onlyCluster(cloud), 'Pod', `default/${gone}`));
    const addresses = podsIn(after, 'default')
      .filter(({ spec }) => spec.nodeName === NODE_0)
      .map(({ status }) => status.podIP)
      .sort();
    expect(addresses).toEqual(['10.244.0.11', '10.244.0.13', '10.244.0.14', '10.244.0.15']);
  });

  it('knows the pinned neighbours', () => {
    expect(stateOf(cloud).nodes[NODE_0]?.simulation?.neighbours).toEqual(ARP.map((address) => ({ address })));
  });

  it('has the same rows after a trip through JSON', () => {
    expect(JSON.parse(JSON.stringify(cloud))).toEqual(cloud);
  });
});
