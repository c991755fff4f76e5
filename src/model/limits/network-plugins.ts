/** What each network plugin and data plane of AKS can do, as documented, feature by feature. */
import { OVERLAY_DEFAULT_FROM } from './aks.ts';
import type { Limit } from './limit.ts';

/** A way to network a cluster: where pod addresses come from, and whether Cilium is the data plane. */
export type PluginOption =
  | 'kubenet'
  | 'node-subnet'
  | 'node-subnet-cilium'
  | 'pod-subnet-dynamic'
  | 'pod-subnet-dynamic-cilium'
  | 'pod-subnet-static'
  | 'pod-subnet-static-cilium'
  | 'overlay'
  | 'overlay-cilium';

/**
 * `yes`; `no`; a condition that must be met; or nothing that the documentation says. Each with a
 * sentence where there is more to say.
 */
export interface PluginSupport {
  readonly support: 'yes' | 'no' | 'condition' | 'unknown';
  readonly why?: string;
}

export type PluginFeature =
  | 'pods-reachable'
  | 'pod-source'
  | 'windows'
  | 'policy-azure'
  | 'policy-calico'
  | 'policy-cilium'
  | 'virtual-nodes'
  | 'agic'
  | 'agc'
  | 'dual-stack'
  | 'private-link-service'
  | 'static-egress-gateway'
  | 'node-auto-provisioning'
  | 'network-isolated'
  | 'shared-subnet'
  | 'pod-rules';

export type PluginSupportTable = Readonly<Record<PluginOption, PluginSupport>>;

const CNI_OVERVIEW =
  'AKS networking concepts: CNI, https://learn.microsoft.com/azure/aks/concepts-network-cni-overview';
const OVERLAY = 'Azure CNI Overlay, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay';
const POD_SUBNET =
  'Azure CNI Pod Subnet, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet';
const LEGACY = 'Legacy CNI options, https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni';
const KUBENET = 'Use kubenet with AKS, https://learn.microsoft.com/azure/aks/configure-kubenet';
const CILIUM =
  'Azure CNI Powered by Cilium, https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium';
const POLICIES = 'Use network policies, https://learn.microsoft.com/azure/aks/use-network-policies';

const yes: PluginSupport = { support: 'yes' };
const no = (why: string): PluginSupport => ({ support: 'no', why });
const condition = (why: string): PluginSupport => ({ support: 'condition', why });
const unknown = (why: string): PluginSupport => ({ support: 'unknown', why });

interface Families {
  readonly kubenet: PluginSupport;
  readonly nodeSubnet: PluginSupport;
  readonly dynamic: PluginSupport;
  readonly staticBlock: PluginSupport;
  readonly overlay: PluginSupport;
  /** With Cilium as the data plane, where that changes the answer. */
  readonly cilium?: PluginSupport;
  readonly overlayCilium?: PluginSupport;
}

function table(of: Families): PluginSupportTable {
  return {
    kubenet: of.kubenet,
    'node-subnet': of.nodeSubnet,
    'node-subnet-cilium': of.cilium ?? of.nodeSubnet,
    'pod-subnet-dynamic': of.dynamic,
    'pod-subnet-dynamic-cilium': of.cilium ?? of.dynamic,
    'pod-subnet-static': of.staticBlock,
    'pod-subnet-static-cilium': of.cilium ?? of.staticBlock,
    overlay: of.overlay,
    'overlay-cilium': of.overlayCilium ?? of.cilium ?? of.overlay,
  };
}

const isOverlay = no(
  'Pods have addresses that only the cluster knows; from outside they are reached through a Service or an ingress.',
);
const nodeAddress = no("Outside the cluster, traffic of pods carries the node's address.");
const ciliumOnly = no('The Cilium policy engine comes only with the Cilium data plane.');
const ciliumOwn = no('With the Cilium data plane, Cilium is the only policy engine.');
const noPodSubnet = no('Pods share the subnet of their nodes, and so its NSG, route table and NAT gateway.');

export const PLUGIN_SUPPORT: Readonly<Record<PluginFeature, Limit<PluginSupportTable>>> = {
  'pods-reachable': {
    value: table({ kubenet: isOverlay, nodeSubnet: yes, dynamic: yes, staticBlock: yes, overlay: isOverlay }),
    source: CNI_OVERVIEW,
    read: '2026-07-10',
  },
  'pod-source': {
    value: table({
      kubenet: nodeAddress,
      nodeSubnet: condition(
        "Machines of the VNet see the pod's address; peers and on-premises hosts see the node's, unless their ranges are added to nonMasqueradeCIDRs.",
      ),
      dynamic: yes,
      staticBlock: yes,
      overlay: nodeAddress,
    }),
    source: LEGACY,
    read: '2026-04-16',
    note: 'A page of 2024 says that no flat model translates; the masquerade rules of Node Subnet beyond the VNet say otherwise, and they decide.',
  },
  windows: {
    value: table({
      kubenet: no('kubenet has no Windows nodes.'),
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: yes,
      overlay: yes,
      cilium: no('The Cilium data plane is for Linux nodes only.'),
    }),
    source: CNI_OVERVIEW,
    read: '2026-07-10',
    note: 'Windows Server 2019 is no longer supported by AKS, so its exceptions no longer matter.',
  },
  'policy-azure': {
    value: table({
      kubenet: no('Azure Network Policy Manager does not run with kubenet.'),
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: yes,
      overlay: yes,
      cilium: ciliumOwn,
    }),
    source: POLICIES,
    read: '2026-08-18',
  },
  'policy-calico': {
    value: table({
      kubenet: yes,
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: yes,
      overlay: yes,
      cilium: ciliumOwn,
    }),
    source: POLICIES,
    read: '2026-08-18',
  },
  'policy-cilium': {
    value: table({
      kubenet: ciliumOnly,
      nodeSubnet: ciliumOnly,
      dynamic: ciliumOnly,
      staticBlock: ciliumOnly,
      overlay: ciliumOnly,
      cilium: yes,
    }),
    source: CILIUM,
    read: '2026-08-05',
  },
  'virtual-nodes': {
    value: table({
      kubenet: no('Virtual nodes need pods with addresses of the VNet.'),
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: yes,
      overlay: no('Virtual nodes need pods with addresses of the VNet.'),
      cilium: unknown('No page says whether virtual nodes work with the Cilium data plane.'),
      overlayCilium: no('Virtual nodes need pods with addresses of the VNet.'),
    }),
    source: CNI_OVERVIEW,
    read: '2026-07-10',
  },
  agic: {
    value: table({ kubenet: yes, nodeSubnet: yes, dynamic: yes, staticBlock: yes, overlay: yes }),
    source: CNI_OVERVIEW,
    read: '2026-07-10',
  },
  agc: {
    value: table({
      kubenet: no('Application Gateway for Containers does not work with kubenet.'),
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: yes,
      overlay: yes,
    }),
    source: CNI_OVERVIEW,
    read: '2026-07-10',
    note: 'With Overlay generally available since the release notes of 2025-08-29.',
  },
  'dual-stack': {
    value: table({
      kubenet: no(
        'Dual-stack networking of today needs Overlay; the old one for kubenet is no longer documented.',
      ),
      nodeSubnet: no('Dual-stack networking needs Overlay.'),
      dynamic: no('Dual-stack networking needs Overlay.'),
      staticBlock: unknown('The release notes of 2026-06-19 mention it, and no page describes it.'),
      overlay: yes,
      overlayCilium: condition('From Kubernetes 1.29.'),
    }),
    source: 'Use Azure CNI Overlay, https://learn.microsoft.com/azure/aks/azure-cni-overlay',
    read: '2026-07-31',
  },
  'private-link-service': {
    value: table({
      kubenet: yes,
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: no('A Private Link Service of a LoadBalancer Service does not work with static blocks.'),
      overlay: yes,
    }),
    source: POD_SUBNET,
    read: '2024-05-21',
  },
  'static-egress-gateway': {
    value: table({
      kubenet: unknown('The page names neither kubenet nor Node Subnet.'),
      nodeSubnet: unknown('The page names neither kubenet nor Node Subnet.'),
      dynamic: no('Static Egress Gateway does not support Pod Subnet.'),
      staticBlock: no('Static Egress Gateway does not support Pod Subnet.'),
      overlay: condition('IPv4 only.'),
      overlayCilium: condition('IPv4 only, and not with eBPF host routing.'),
    }),
    source: 'Static Egress Gateway, https://learn.microsoft.com/azure/aks/configure-static-egress-gateway',
    read: '2026-08-06',
  },
  'node-auto-provisioning': {
    value: table({
      kubenet: no('Node auto-provisioning does not work with kubenet.'),
      nodeSubnet: yes,
      dynamic: no('Node auto-provisioning does not support dynamic allocation.'),
      staticBlock: unknown(
        'The release notes of January 2025 allow all but Calico and kubenet; the page does not name static blocks.',
      ),
      overlay: yes,
    }),
    source:
      'Node auto-provisioning networking, https://learn.microsoft.com/azure/aks/node-auto-provisioning-networking',
    read: '2024-06-13',
  },
  'network-isolated': {
    value: table({
      kubenet: no('A network isolated cluster cannot use kubenet.'),
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: yes,
      overlay: yes,
    }),
    source: 'Network isolated clusters, https://learn.microsoft.com/azure/aks/concepts-network-isolated',
    read: '2026-06-15',
    note: 'The page excludes kubenet and names no other plugin.',
  },
  'shared-subnet': {
    value: table({
      kubenet: no('A kubenet cluster has its subnet, and its route table, to itself.'),
      nodeSubnet: yes,
      dynamic: yes,
      staticBlock: condition('A pod subnet is used with static blocks or dynamically, never with both.'),
      overlay: yes,
    }),
    source: KUBENET,
    read: '2026-04-16',
  },
  'pod-rules': {
    value: table({
      kubenet: noPodSubnet,
      nodeSubnet: noPodSubnet,
      dynamic: yes,
      staticBlock: yes,
      overlay: noPodSubnet,
    }),
    source: POD_SUBNET,
    read: '2024-05-21',
  },
};

/** What speaks for or against each option whatever is asked of it. */
export const PLUGIN_STANDING: Readonly<Record<PluginOption, Limit<string>>> = {
  overlay: {
    value: `What az aks create makes by default from Kubernetes ${OVERLAY_DEFAULT_FROM.value}, and what AKS recommends for most clusters.`,
    source: OVERLAY,
    read: '2026-07-31',
  },
  'overlay-cilium': {
    value: 'The default of AKS Automatic: Overlay without kube-proxy and with a policy engine built in.',
    source: CILIUM,
    read: '2026-08-05',
  },
  'pod-subnet-dynamic': {
    value: 'The flat model that AKS recommends: pods take addresses of the VNet as they come, 16 at a time.',
    source: POD_SUBNET,
    read: '2024-05-21',
  },
  'pod-subnet-dynamic-cilium': {
    value: 'The recommended flat model, with Cilium instead of kube-proxy and iptables.',
    source: CILIUM,
    read: '2026-08-05',
  },
  'pod-subnet-static': {
    value:
      'The flat model for very many pods: blocks of 16, fixed for the life of a node. Kubernetes 1.28 or newer.',
    source: POD_SUBNET,
    read: '2024-05-21',
  },
  'pod-subnet-static-cilium': {
    value: 'The flat model for very many pods, with Cilium instead of kube-proxy and iptables.',
    source: CILIUM,
    read: '2026-08-05',
  },
  'node-subnet': {
    value: 'Legacy: every node reserves the addresses of all its pods when it is made.',
    source: LEGACY,
    read: '2026-04-16',
  },
  'node-subnet-cilium': {
    value: 'Legacy addressing, with Cilium instead of kube-proxy and iptables.',
    source: CILIUM,
    read: '2026-08-05',
  },
  kubenet: {
    value: 'Legacy: one route for each node, and its end is announced.',
    source: KUBENET,
    read: '2026-04-16',
  },
};

/** First day without support for Azure Network Policy Manager. */
export const AZURE_POLICY_RETIREMENT: Limit<{ readonly linux: string; readonly windows: string }> = {
  value: { linux: '2028-09-30', windows: '2026-09-30' },
  source: POLICIES,
  read: '2026-08-18',
};
