/** Options of clusters that came after azure-cli 2.45 and are refused, or taken with one value only. */
import {
  ADD_ONS,
  API_SERVER,
  CARRIES_NOTHING,
  matchOptions,
  MONITORING,
  STORAGE,
  WINDOWS,
} from './aks-options.ts';
import type { AzOption } from './command.ts';
import { choice, onlyValue, refused, since } from './option.ts';

/** Newer options that `az aks create` and `az aks update` share. */
export const newerFeatureOptions: readonly AzOption[] = [
  ...since(
    '2.46.0',
    ...refused(
      'a second address family is not part of this course',
      'integer:--load-balancer-managed-outbound-ipv6-count',
    ),
  ),
  ...since(
    '2.47.0',
    ...refused(
      CARRIES_NOTHING,
      'flag:--enable-workload-identity',
      'flag:--enable-image-cleaner',
      'integer:--image-cleaner-interval-hours',
    ),
  ),
  ...since(
    '2.49.0',
    ...refused(
      MONITORING,
      'flag:--enable-azure-monitor-metrics',
      '--azure-monitor-workspace-resource-id',
      'flag:--enable-windows-recording-rules',
      '--grafana-resource-id',
      '--ksm-metric-annotations-allow-list',
      '--ksm-metric-labels-allow-list',
    ),
  ),
  ...since(
    '2.51.0',
    onlyValue(
      '--k8s-support-plan',
      ['KubernetesOfficial', 'AKSLongTermSupport'],
      'KubernetesOfficial',
      'long-term support changes no packets',
    ),
  ),
  ...since(
    '2.52.0',
    ...refused(ADD_ONS, 'flag:--enable-vpa'),
    onlyValue(
      '--node-os-upgrade-channel',
      ['NodeImage', 'None', 'Unmanaged', 'SecurityPatch'],
      'NodeImage',
      CARRIES_NOTHING,
    ),
  ),
  ...since(
    '2.56.0',
    onlyValue(
      '--load-balancer-backend-pool-type',
      ['nodeIPConfiguration', 'nodeIP'],
      'nodeIPConfiguration',
      'the load balancer reaches nodes by their IP configurations here',
    ),
  ),
  ...since(
    'the extension aks-preview',
    onlyValue(
      '--cluster-service-load-balancer-health-probe-mode',
      ['Servicenodeport', 'Shared'],
      'Servicenodeport',
      'every Service has probes of its own here; one shared probe is a preview',
    ),
  ),
  ...since(
    '2.59.0',
    ...refused(
      STORAGE,
      'maybe:--enable-azure-container-storage',
      '--storage-pool-name',
      '--storage-pool-option',
      '--storage-pool-size',
      '--storage-pool-sku',
    ),
  ),
  ...since('2.61.0', ...refused(MONITORING, 'flag:--enable-cost-analysis')),
  ...since('2.62.0', ...refused(STORAGE, '--ephemeral-disk-nvme-perf-tier', '--ephemeral-disk-volume-type')),
  ...since(
    '2.68.0',
    ...refused(
      'advanced container networking services are not part of this course',
      'flag:--enable-acns',
      'flag:--disable-acns-observability',
      'flag:--disable-acns-security',
    ),
    onlyValue(
      '--nrg-lockdown-restriction-level',
      ['Unrestricted', 'ReadOnly'],
      'Unrestricted',
      'the node resource group is open to changes here, as by default',
    ),
  ),
  ...since(
    '2.71.0',
    choice(
      '--bootstrap-artifact-source',
      ['Direct', 'Cache'],
      'Configure artifact source when bootstrap the cluster: Cache lets nodes join without a way to the internet.',
    ),
    ...refused('the registry is the one that AKS makes', '--bootstrap-container-registry-resource-id'),
  ),
  ...since(
    '2.73.0',
    ...refused(API_SERVER, 'flag:--enable-apiserver-vnet-integration', '--apiserver-subnet-id'),
  ),
  ...since(
    '2.75.0',
    ...refused('static egress gateways are not part of this chapter', 'flag:--enable-static-egress-gateway'),
  ),
  ...since(
    '2.76.0',
    ...refused(ADD_ONS, 'flag:--enable-ai-toolchain-operator', 'flag:--disable-run-command'),
    onlyValue(
      '--node-provisioning-mode',
      ['Manual', 'Auto'],
      'Manual',
      'nodes come with node pools here, not by node auto-provisioning',
    ),
    ...refused(
      'nodes come with node pools here, not by node auto-provisioning',
      '--node-provisioning-default-pools',
    ),
  ),
  ...since(
    '2.77.0',
    ...refused(STORAGE, '--container-storage-version'),
    onlyValue('--sku', ['base', 'automatic'], 'base', 'AKS Automatic is not part of this course'),
  ),
  ...since(
    '2.79.0',
    ...refused(
      'advanced container networking services are not part of this course',
      '--acns-advanced-networkpolicies',
    ),
  ),
  ...since('2.84.0', ...refused(MONITORING, 'flag:--enable-container-network-logs')),
  ...since(
    '2.85.0',
    ...refused(
      'advanced container networking services are not part of this course',
      '--acns-transit-encryption-type',
      '--acns-datapath-acceleration-mode',
    ),
  ),
  ...since(
    '2.86.0',
    ...refused(ADD_ONS, 'flag:--enable-app-routing-istio --enable-ari', 'flag:--enable-gateway-api'),
    ...refused(MONITORING, 'flag:--enable-azure-monitor-app-monitoring'),
  ),
  ...since('2.88.0', ...refused(MONITORING, 'flag:--enable-control-plane-metrics --enable-cp-metrics')),
];

/** Only of `az aks update`: what it can take back of what the options above refuse, and ways between kinds of clusters. */
export const updateOnlyOptions: readonly AzOption[] = [
  ...refused('the nodes keep the identity they were made with', '--assign-kubelet-identity'),
  ...since(
    '2.47.0',
    ...refused(CARRIES_NOTHING, 'flag:--disable-image-cleaner', 'flag:--disable-workload-identity'),
  ),
  ...since('2.49.0', ...refused(MONITORING, 'flag:--disable-azure-monitor-metrics')),
  ...since(
    '2.51.0',
    ...refused('use az aks nodepool update for the taints of one pool', '--nodepool-taints'),
  ),
  ...since('2.52.0', ...refused(ADD_ONS, 'flag:--disable-vpa')),
  ...since(
    '2.53.0',
    ...refused(API_SERVER, '--private-dns-zone'),
    ...refused(WINDOWS, 'flag:--disable-windows-gmsa'),
    ...refused(
      'upgrades go by the rules here',
      'flag:--disable-force-upgrade',
      'flag:--enable-force-upgrade',
      '--upgrade-override-until',
    ),
  ),
  ...since(
    '2.59.0',
    ...refused(STORAGE, 'maybe:--disable-azure-container-storage', '--azure-container-storage-nodepools'),
  ),
  ...since('2.61.0', ...refused(MONITORING, 'flag:--disable-cost-analysis')),
  ...since(
    '2.68.0',
    ...refused('advanced container networking services are not part of this course', 'flag:--disable-acns'),
    ...refused('a second address family is not part of this course', '--ip-families'),
  ),
  ...since(
    '2.73.0',
    ...refused(API_SERVER, 'flag:--enable-private-cluster', 'flag:--disable-private-cluster'),
  ),
  ...since(
    '2.75.0',
    ...refused('static egress gateways are not part of this chapter', 'flag:--disable-static-egress-gateway'),
    ...refused(ADD_ONS, '--assignee-principal-type -t'),
  ),
  ...since(
    '2.76.0',
    ...refused(ADD_ONS, 'flag:--disable-ai-toolchain-operator', 'flag:--enable-run-command'),
    ...refused('all node pools are scale sets of one size here', 'flag:--migrate-vmas-to-vms'),
    onlyValue(
      '--load-balancer-sku',
      ['basic', 'standard'],
      'standard',
      'Azure retired the Basic SKU on 2025-09-30',
    ),
  ),
  ...since('2.79.0', ...refused(CARRIES_NOTHING, '--ca-certs --custom-ca-trust-certificates')),
  ...since('2.84.0', ...refused(MONITORING, 'flag:--disable-container-network-logs')),
  ...since('2.85.0', ...refused(MONITORING, 'boolean:--enable-high-log-scale-mode')),
  ...since(
    '2.86.0',
    ...refused(ADD_ONS, 'flag:--disable-app-routing-istio --disable-ari', 'flag:--disable-gateway-api'),
    ...refused(MONITORING, 'flag:--disable-azure-monitor-app-monitoring'),
  ),
  ...since('2.88.0', ...refused(MONITORING, 'flag:--disable-control-plane-metrics --disable-cp-metrics')),
  ...matchOptions,
];
