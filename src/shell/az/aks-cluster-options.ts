/** Options of clusters that are refused or change nothing, and why; those of networking are in aks-network.ts. */
import { newerFeatureOptions } from './aks-newer-options.ts';
import { ADD_ONS, API_SERVER, CARRIES_NOTHING, MONITORING, NODE_DETAIL, WINDOWS } from './aks-options.ts';
import type { AzOption } from './command.ts';
import { choice, ignored, onlyValue, refused, since } from './option.ts';

/** Of `az aks create` and `az aks update`: who may call the API server, add-ons, keys, Windows. */
export const clusterFeatureOptions: readonly AzOption[] = [
  ...refused(
    'who logs in to the API server carries no packets',
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
  ...since('2.61.0', ...refused(MONITORING, '--ampls-resource-id', 'boolean:--enable-high-log-scale-mode')),
  ...since('2.72.0', ...refused(CARRIES_NOTHING, '--ca-certs --custom-ca-trust-certificates')),
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
