/** Options that several `az aks` commands share, and why the others are refused or change nothing. */
import type { Cloud } from '../../model/cloud.ts';
import type { AzArguments, AzOption, Json } from './command.ts';
import { ignored, list, noWaitFlag, refused, resourceGroup, text } from './option.ts';

export const clusterName: AzOption = text('--name -n', 'Name of the managed cluster.', { required: true });

export const clusterKey: readonly AzOption[] = [clusterName, resourceGroup];

export const poolClusterName: AzOption = text('--cluster-name', 'The cluster name.', { required: true });

export const poolName: AzOption = text('--nodepool-name --name -n', 'The node pool name.', {
  required: true,
});

export const poolKey: readonly AzOption[] = [poolClusterName, poolName, resourceGroup];

/** A list that `""` or nothing empties, as azure-cli's nargs='*'. */
export function possiblyEmpty(names: string, help: string): AzOption {
  return { ...list(names, help), type: { kind: 'list', empty: 'allowed' } };
}

/** Allowed values of options that are refused or ignored; azure-cli refuses other values first. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  '--auto-upgrade-channel': ['rapid', 'stable', 'patch', 'node-image', 'none'],
  '--azure-keyvault-kms-key-vault-network-access': ['Public', 'Private'],
  '--eviction-policy': ['Delete', 'Deallocate'],
  '--gpu-instance-profile': ['MIG1g', 'MIG2g', 'MIG3g', 'MIG4g', 'MIG7g'],
  '--node-osdisk-type': ['Managed', 'Ephemeral'],
  '--priority': ['Regular', 'Spot'],
  '--scale-down-mode': ['Delete', 'Deallocate'],
};

/** Gives options that take one of a few values their list. */
export function withAllowedValues(options: readonly AzOption[]): readonly AzOption[] {
  return options.map((option) => {
    const values = ALLOWED[option.names[0] ?? ''];
    return values === undefined ? option : { ...option, type: { kind: 'enum', values } };
  });
}

const AUTOSCALER = 'the cluster autoscaler does not run here; set the number of nodes yourself';
const NODE_DETAIL = 'disks, accelerators and kernel settings of nodes carry no packets';
const CARRIES_NOTHING = 'encryption, identity tokens, secrets and upgrade channels carry no packets';
const NODE_PLACEMENT = 'all nodes stand in one place here, without zones, host groups or public addresses';
const WINDOWS = 'Windows nodes need network plugin azure';

/** Of `az aks create` and `az aks nodepool add`. */
export const nodeOptions: readonly AzOption[] = withAllowedValues([
  ...refused(
    NODE_DETAIL,
    'flag:--enable-encryption-at-host',
    'flag:--enable-fips-image',
    'flag:--enable-ultra-ssd',
    '--node-osdisk-size',
    '--node-osdisk-type',
    '--gpu-instance-profile',
    '--kubelet-config',
    '--linux-os-config',
    '--snapshot-id',
    '--aks-custom-headers',
  ),
  ...refused(
    NODE_PLACEMENT,
    'flag:--enable-node-public-ip',
    '--host-group-id',
    '--node-public-ip-prefix-id',
    '--ppg',
    'list:--zones -z',
  ),
  ...refused('pods with addresses of their own subnet need network plugin azure', '--pod-subnet-id'),
  noWaitFlag,
]);

export const autoscalerOptions: readonly AzOption[] = refused(AUTOSCALER, '--max-count', '--min-count');

/** `az aks create` names it without a short form. */
export const createAutoscalerOptions: readonly AzOption[] = [
  ...autoscalerOptions,
  ...refused(
    AUTOSCALER,
    'flag:--enable-cluster-autoscaler',
    'list:--cluster-autoscaler-profile --ca-profile',
  ),
];

export const changeAutoscalerOptions: readonly AzOption[] = [
  ...autoscalerOptions,
  ...refused(
    AUTOSCALER,
    'flag:--enable-cluster-autoscaler -e',
    'flag:--disable-cluster-autoscaler -d',
    'flag:--update-cluster-autoscaler -u',
  ),
];

/** Of `az aks create` and `az aks update`: who may call the API server, add-ons, keys, Windows. */
export const clusterFeatureOptions: readonly AzOption[] = withAllowedValues([
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
    'add-ons and integrations bring workloads that are not modelled',
    '--attach-acr',
    'flag:--enable-blob-driver',
    'flag:--enable-keda',
    'flag:--enable-defender',
    '--defender-config',
  ),
  ...refused(
    CARRIES_NOTHING,
    '--auto-upgrade-channel',
    'flag:--enable-azure-keyvault-kms',
    '--azure-keyvault-kms-key-id',
    '--azure-keyvault-kms-key-vault-network-access',
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
    '--nat-gateway-idle-timeout',
    '--nat-gateway-managed-outbound-ip-count',
  ),
  ...refused(
    'the load balancer uses addresses that AKS makes; give their number instead',
    '--load-balancer-outbound-ip-prefixes',
    '--load-balancer-outbound-ips',
  ),
]);

/** Only of `az aks create`. */
export const createOnlyOptions: readonly AzOption[] = [
  ...refused(
    'a private API server is not part of this chapter',
    'flag:--enable-private-cluster',
    '--fqdn-subdomain',
    '--private-dns-zone',
  ),
  ...refused(
    'add-ons and integrations bring workloads that are not modelled',
    '--aci-subnet-name',
    '--appgw-id',
    '--appgw-name',
    '--appgw-subnet-cidr',
    '--appgw-subnet-id',
    '--appgw-watch-namespace',
    '--data-collection-settings',
    '--enable-addons -a',
    'boolean:--enable-msi-auth-for-monitoring',
    'flag:--enable-sgxquotehelper',
    'boolean:--enable-syslog',
    '--workspace-resource-id',
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
  ...refused('without the role the cluster could not join its subnet', 'flag:--skip-subnet-role-assignment'),
  ...refused(WINDOWS, '--windows-admin-username'),
  ...refused(
    'only kubenet is, so far, and it has no modes, data planes or second address family to choose from',
    '--network-plugin-mode',
    '--network-dataplane',
    '--ip-families',
    '--pod-cidrs',
    '--service-cidrs',
    '--pod-ip-allocation-mode',
  ).map((option) => ({ ...option, since: '2.47.0' })),
  ...refused(
    'features of newer clusters that are not part of this chapter',
    'flag:--enable-acns',
    'flag:--enable-app-routing',
    '--sku',
    'flag:--enable-azure-service-mesh',
    'flag:--enable-cost-analysis',
    'flag:--enable-image-cleaner',
    'flag:--enable-vpa',
    'flag:--enable-apiserver-vnet-integration',
    '--apiserver-subnet-id',
    '--node-provisioning-mode',
    '--load-balancer-backend-pool-type',
    '--nodepool-allowed-host-ports',
    '--nodepool-asg-ids',
    '--bootstrap-artifact-source',
    'flag:--enable-static-egress-gateway',
    '--k8s-support-plan',
  ).map((option) => ({ ...option, since: '2.48.0' })),
  ...refused(
    CARRIES_NOTHING,
    'flag:--enable-workload-identity',
    '--node-os-upgrade-channel',
    '--ssh-access',
  ).map((option) => ({ ...option, since: '2.47.0' })),
  ...refused(NODE_DETAIL, '--node-osdisk-diskencryptionset-id -d'),
  ...ignored('AKS dropped the Docker bridge with containerd', '--docker-bridge-address'),
];

/** Returns what a change prints: nothing with `--no-wait`, since azure-cli does not wait to see it. */
export function waited(
  args: AzArguments,
  print: (cloud: Cloud) => Json,
): ((cloud: Cloud) => Json) | undefined {
  return args['noWait'] === true ? undefined : print;
}
