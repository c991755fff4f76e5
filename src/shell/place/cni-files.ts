/** What a node has in `/etc/cni/net.d`: which CNI plugin the container runtime calls, and how. */
import { getResource } from '../../model/azure/resource-store.ts';
import { ipamOf, type Ipam } from '../../model/aks/ipam.ts';
import type { NetworkProfile } from '../../model/aks/managed-cluster.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Node } from '../../model/kubernetes/objects.ts';

/** Holds nothing but what `cniFiles` gives. */
export const CNI_FOLDER = '/etc/cni/net.d';

/** Azure's agent pool of a node, as AKS labels it. */
const POOL_LABEL = 'kubernetes.azure.com/agentpool';

/** Returns the configuration by path; none for a cluster without a CNI plugin, whose owner brings one. */
export function cniFiles(cloud: Cloud, cluster: string, node: Node): Readonly<Record<string, string>> {
  const owner = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters');
  if (owner === null) return {};
  const pool = owner.agentPoolProfiles.find((each) => each.name === node.metadata.labels?.[POOL_LABEL]);
  const file = configuration(
    owner.networkProfile,
    ipamOf(owner.networkProfile, pool ?? null),
    node.spec.podCIDR ?? '',
  );
  return file === null ? {} : { [`${CNI_FOLDER}/${file.name}`]: file.text };
}

interface ConfigurationFile {
  readonly name: string;
  readonly text: string;
}

function configuration(profile: NetworkProfile, ipam: Ipam, podCidr: string): ConfigurationFile | null {
  // CNS writes this one whatever the addresses come from (azure-container-networking, CiliumGenerator).
  if (profile.networkDataplane === 'cilium') return written('05-cilium.conflist', CILIUM);
  switch (ipam) {
    case 'kubenet':
      // containerd fills kubenet's template in when the node gets its range.
      return podCidr === '' ? null : written('10-containerd-net.conflist', kubenet(podCidr), 4);
    case 'node-subnet':
      return written('10-azure.conflist', azure({ ipam: { type: 'azure-vnet-ipam' } }), 3);
    case 'pod-subnet-dynamic':
    case 'pod-subnet-static':
      return written(
        '10-azure.conflist',
        azure({ executionMode: 'v4swift', ipam: { type: 'azure-cns' } }),
        3,
      );
    case 'overlay':
      return written(
        '15-azure-swift-overlay.conflist',
        azure({ ipam: { mode: 'overlay', type: 'azure-cns' }, dns: {}, runtimeConfig: { dns: {} } }),
      );
    case 'none':
      return null;
  }
}

function written(name: string, content: object, indent: number | string = '\t'): ConfigurationFile {
  return { name, text: `${JSON.stringify(content, null, indent)}\n` };
}

const PORT_MAP = { type: 'portmap', capabilities: { portMappings: true }, snat: true };

/** Azure's plugin: pods are routed, not bridged. The address beside is that of a DNS cache on the node. */
function azure(rest: object): object {
  return {
    cniVersion: '0.3.0',
    name: 'azure',
    plugins: [
      { type: 'azure-vnet', mode: 'transparent', ipsToRouteViaHost: ['169.254.20.10'], ...rest },
      PORT_MAP,
    ],
  };
}

const CILIUM = {
  cniVersion: '0.3.1',
  name: 'cilium',
  plugins: [
    {
      type: 'cilium-cni',
      ipam: { type: 'azure-ipam' },
      'enable-debug': true,
      'log-file': '/var/log/cilium-cni.log',
    },
  ],
};

function kubenet(podCidr: string): object {
  return {
    cniVersion: '0.3.1',
    name: 'kubenet',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cbr0',
        mtu: 1500,
        addIf: 'eth0',
        isGateway: true,
        ipMasq: false,
        promiscMode: true,
        hairpinMode: false,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: podCidr }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true }, externalSetMarkChain: 'KUBE-MARK-MASQ' },
    ],
  };
}
