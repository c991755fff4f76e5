/** Options of clusters that are refused or change nothing, and why; those of networking are in aks-network.ts. */
import { CARRIES_NOTHING, NODE_DETAIL, WINDOWS } from './aks-options.ts';
import type { AzOption } from './command.ts';
import { choice, ignored, onlyValue, refused, since } from './option.ts';

const ADD_ONS = 'add-ons and integrations bring workloads that are not modelled';
const API_SERVER = 'a private API server is not part of this chapter';
const MONITORING = 'what is measured and stored carries no packets of yours';
const STORAGE = 'storage carries no packets of yours';

/** Of `az aks create` and `az aks update`: who may call the API server, add-ons, keys, Windows. */
export const clusterFeatureOptions: readonly AzOption[] = [
  ...refused(
    'the API server answers everyone here, so limits on it would show nothing',
    '--api-server-authorized-ip-ranges',
    '--aad-admin-group-object-ids',
    '--aad-tenant-id',
    'flag:--enable-aad',
    'flag:--enable-azure-rbac',
    'flag:--disable-public-fqdn',
  ),
  ...refused(
    ADD_ONS,
    '--attach-acr',
    'flag:--enable-blob-driver',
    'flag:--enable-keda',
    'flag:--enable-defender',
    '--defender-config',
  ),
  onlyValue(
    '--auto-upgrade-channel',
    ['rapid', 'stable', 'patch', 'node-image', 'none'],
    'none',
    CARRIES_NOTHING,
  ),
  choice(
    '--azure-keyvault-kms-key-vault-network-access',
    ['Public', 'Private'],
    `Not simulated: ${CARRIES_NOTHING}.`,
    { notSimulated: CARRIES_NOTHING },
  ),
  ...refused(
    CARRIES_NOTHING,
    'flag:--enable-azure-keyvault-kms',
    '--azure-keyvault-kms-key-id',
    '--azure-keyvault-kms-key-vault-resource-id',
    'flag:--disable-local-accounts',
    'flag:--enable-oidc-issuer',
    'flag:--enable-secret-rotation',
    '--rotation-poll-interval',
    '--assign-kubelet-identity',
  ),
  ...ignored('every cluster has a managed identity here, as by default', 'flag:--enable-managed-identity'),
  ...refused(
    'the storage drivers always run, as on a cluster with the defaults',
    'flag:--disable-disk-driver',
    'flag:--disable-file-driver',
    'flag:--disable-snapshot-controller',
  ),
  ...refused(
    WINDOWS,
    '--windows-admin-password',
    'flag:--enable-ahub',
    'flag:--enable-windows-gmsa',
    '--gmsa-dns-server',
    '--gmsa-root-domain-name',
  ),
  ...refused('the HTTP proxy is not part of this chapter', '--http-proxy-config'),
  ...refused(
    'a managed NAT gateway is not part of this chapter',
    'integer:--nat-gateway-idle-timeout',
    'integer:--nat-gateway-managed-outbound-ip-count',
  ),
  ...refused(
    'the load balancer uses addresses that AKS makes; give their number instead',
    '--load-balancer-outbound-ip-prefixes',
    '--load-balancer-outbound-ips',
  ),
];

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
  ...since(
    '2.61.0',
    ...refused(MONITORING, 'flag:--enable-cost-analysis', 'boolean:--enable-high-log-scale-mode'),
  ),
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
    onlyValue(
      '--bootstrap-artifact-source',
      ['Direct', 'Cache'],
      'Direct',
      'images come from where they are',
    ),
    ...refused('images come from where they are', '--bootstrap-container-registry-resource-id'),
  ),
  ...since('2.72.0', ...refused(CARRIES_NOTHING, '--ca-certs --custom-ca-trust-certificates')),
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

/** Only of `az aks create`. */
export const createOnlyOptions: readonly AzOption[] = [
  ...refused(API_SERVER, 'flag:--enable-private-cluster', '--fqdn-subdomain', '--private-dns-zone'),
  ...refused(
    ADD_ONS,
    '--aci-subnet-name',
    '--appgw-id',
    '--appgw-name',
    '--appgw-subnet-cidr',
    '--appgw-subnet-id',
    '--appgw-watch-namespace',
    '--data-collection-settings',
    'flag:--enable-sgxquotehelper',
    'boolean:--enable-syslog',
  ),
  ...refused(
    'clusters run under a managed identity here',
    '--service-principal',
    '--client-secret',
    '--aad-client-app-id',
    '--aad-server-app-id',
    '--aad-server-app-secret',
  ),
  ...refused('edge zones are other places with other rules', '--edge-zone'),
  ...refused(WINDOWS, '--windows-admin-username'),
  ...refused(NODE_DETAIL, '--node-osdisk-diskencryptionset-id -d'),
  ...ignored('AKS dropped the Docker bridge with containerd', '--docker-bridge-address'),
  ...since('2.57.0', ...refused(ADD_ONS, 'flag:--enable-azure-service-mesh --enable-asm')),
  ...since('2.59.0', ...refused(ADD_ONS, 'flag:--enable-app-routing', '--revision')),
  ...since('2.61.0', ...refused(MONITORING, '--ampls-resource-id')),
  ...since('2.73.0', ...refused(ADD_ONS, '--app-routing-default-nginx-controller --ardnc')),
  ...since(
    '2.86.0',
    ...refused(
      'AKS Automatic is not part of this course',
      'flag:--enable-hosted-system',
      '--node-subnet-id',
      '--system-node-subnet-id',
    ),
  ),
  ...newerFeatureOptions,
];
