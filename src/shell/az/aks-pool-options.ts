/** Options of node pools, which `az aks create` and `az aks nodepool` share. */
import { matchOptions, NODE_DETAIL, NODE_PLACEMENT, possiblyEmpty } from './aks-options.ts';
import type { AzOption } from './command.ts';
import { choice, flag, integer, list, noWaitFlag, onlyValue, refused, since, text } from './option.ts';

export const maxPods = integer(
  '--max-pods -m',
  'The maximum number of pods deployable to a node. If not specified, defaults based on network-plugin. 30 for "azure", 110 for "kubenet", or 250 for "none".',
);

export const vnetSubnetId = text(
  '--vnet-subnet-id',
  'The Resource Id of a subnet in an existing VNet into which to deploy the cluster.',
);

/** Where pods get addresses of a subnet of their own. */
export const podSubnetOptions: readonly AzOption[] = [
  text(
    '--pod-subnet-id',
    'The Resource Id of a subnet in an existing VNet into which to assign pods in the cluster (requires azure network-plugin).',
  ),
  choice(
    '--pod-ip-allocation-mode',
    ['DynamicIndividual', 'StaticBlock'],
    'Set the ip allocation mode for how Pod IPs from the Azure Pod Subnet are allocated to the nodes in the AKS cluster. The choice is between dynamic batches of individual IPs or static allocation of a set of CIDR blocks.',
    { since: '2.75.0' },
  ),
];

const counts: readonly AzOption[] = [
  integer(
    '--max-count',
    'Maximum nodes count used for autoscaler, when "--enable-cluster-autoscaler" specified.',
  ),
  integer(
    '--min-count',
    'Minimum nodes count used for autoscaler, when "--enable-cluster-autoscaler" specified.',
  ),
];

/** The autoscaler where a pool is made; `az aks create` has no short form of the flag. */
export function autoscalerOptions(names: string): readonly AzOption[] {
  return [flag(names, 'Enable cluster autoscaler.'), ...counts];
}

/** The autoscaler where a pool is changed. */
export const changeAutoscalerOptions: readonly AzOption[] = [
  ...autoscalerOptions('--enable-cluster-autoscaler -e'),
  flag('--disable-cluster-autoscaler -d', 'Disable cluster autoscaler.'),
  flag('--update-cluster-autoscaler -u', 'Update min-count or max-count for cluster autoscaler.'),
];

/** How nodes are replaced on upgrade: of `az aks nodepool add`, `update` and `upgrade`. */
export const upgradeSettingOptions: readonly AzOption[] = [
  text(
    '--max-surge',
    'Extra nodes used to speed upgrade. When specified, it represents the number or percent used, eg. 5 or 33%.',
  ),
  text(
    '--max-unavailable',
    'The maximum number or percentage of nodes that can be simultaneously unavailable during upgrade. When specified, it represents the number or percent used, eg. 1 or 5%.',
    { since: '2.74.0' },
  ),
  integer(
    '--drain-timeout',
    'When nodes are drain how long to wait for all pods to be evicted, in minutes. Default is 30.',
    { since: '2.54.0' },
  ),
  integer(
    '--node-soak-duration',
    'Amount of time (in minutes) to wait after draining a node and before reimaging the node and moving on to next node.',
    { since: '2.57.0' },
  ),
  choice(
    '--undrainable-node-behavior',
    ['Cordon', 'Schedule'],
    'Define the behavior for undrainable nodes during upgrade.',
    { since: '2.74.0' },
  ),
];

export const mode = choice(
  '--mode',
  ['System', 'User', 'Gateway'],
  'The mode for a node pool which defines a node pool\'s primary function. If set as "System", AKS prefers system pods scheduling to node pools with mode `System`.',
);

export const labels: AzOption = possiblyEmpty(
  '--labels',
  'The node labels for the node pool. See https://aka.ms/node-labels for syntax of labels.',
);

const DEALLOCATE = 'nodes that go are gone here';
export const scaleDownMode = onlyValue('--scale-down-mode', ['Delete', 'Deallocate'], 'Delete', DEALLOCATE);

const HOST_PORTS = 'ports of nodes and application security groups are not part of this chapter';
const NEWER_DETAIL = 'boot security, drivers and messages of nodes carry no packets';

/** Of `az aks create` and `az aks nodepool add`. */
export const nodeOptions: readonly AzOption[] = [
  ...refused(
    NODE_DETAIL,
    'flag:--enable-encryption-at-host',
    'flag:--enable-fips-image',
    'flag:--enable-ultra-ssd',
    '--node-osdisk-size',
    '--kubelet-config',
    '--linux-os-config',
    '--snapshot-id',
    '--aks-custom-headers',
  ),
  choice(
    '--gpu-instance-profile',
    ['MIG1g', 'MIG2g', 'MIG3g', 'MIG4g', 'MIG7g'],
    `Not simulated: ${NODE_DETAIL}.`,
    { notSimulated: NODE_DETAIL },
  ),
  onlyValue('--node-osdisk-type', ['Managed', 'Ephemeral'], 'Managed', NODE_DETAIL),
  ...refused(
    NODE_PLACEMENT,
    'flag:--enable-node-public-ip',
    '--host-group-id',
    '--node-public-ip-prefix-id',
    '--ppg',
    'list:--zones -z',
  ),
  ...since('2.56.0', ...refused(NODE_PLACEMENT, '--crg-id', 'list:--node-public-ip-tags')),
  ...since('2.66.0', ...refused(NEWER_DETAIL, 'flag:--enable-secure-boot', 'flag:--enable-vtpm')),
  ...since('2.70.0', ...refused(NEWER_DETAIL, '--message-of-the-day')),
  ...since('2.76.0', ...refused('all node pools are scale sets of one size here', '--vm-sizes')),
  ...since(
    '2.80.0',
    choice('--workload-runtime', ['KataVmIsolation'], `Not simulated: ${NODE_DETAIL}.`, {
      notSimulated: NODE_DETAIL,
    }),
  ),
  ...matchOptions,
  noWaitFlag,
];

/** Only of `az aks nodepool add`. */
export const poolOnlyOptions: readonly AzOption[] = [
  scaleDownMode,
  onlyValue(
    '--priority',
    ['Regular', 'Spot'],
    'Regular',
    'Azure takes no nodes back here, so Spot would show nothing',
  ),
  choice('--eviction-policy', ['Delete', 'Deallocate'], 'Not simulated: there are no Spot nodes.', {
    notSimulated: 'there are no Spot nodes here',
  }),
  ...refused('there are no Spot nodes here', '--spot-max-price'),
  ...since('2.55.0', ...refused(HOST_PORTS, 'list:--allowed-host-ports', 'list:--asg-ids')),
  ...since(
    '2.60.0',
    ...refused('Windows nodes are not part of this course', 'flag:--disable-windows-outbound-nat'),
  ),
  ...since(
    '2.72.0',
    choice('--gpu-driver', ['Install', 'None'], `Not simulated: ${NODE_DETAIL}.`, {
      notSimulated: NODE_DETAIL,
    }),
  ),
  ...since(
    '2.75.0',
    ...refused('static egress gateways are not part of this chapter', 'integer:--gateway-prefix-size'),
  ),
  ...since(
    '2.76.0',
    text(
      '--vm-set-type',
      'Agent pool vm set type. VirtualMachineScaleSets, AvailabilitySet or VirtualMachines.',
    ),
  ),
  ...since('2.80.0', ...refused('the DNS cache of nodes is not part of this chapter', '--localdns-config')),
  ...since('2.87.0', ...refused('images are here at once', 'flag:--enable-artifact-streaming')),
];

/** Only of `az aks nodepool update`. */
export const poolChangeOptions: readonly AzOption[] = [
  scaleDownMode,
  ...refused('preview features are not part of this chapter', '--aks-custom-headers'),
  ...since('2.55.0', ...refused(HOST_PORTS, 'list:--allowed-host-ports', 'list:--asg-ids')),
  ...since('2.61.0', ...refused('the operating system of nodes stays as it was made', '--os-sku')),
  ...since('2.64.0', ...refused(NODE_DETAIL, 'flag:--enable-fips-image', 'flag:--disable-fips-image')),
  ...since(
    '2.66.0',
    ...refused(
      NEWER_DETAIL,
      'flag:--enable-secure-boot',
      'flag:--enable-vtpm',
      'flag:--disable-secure-boot',
      'flag:--disable-vtpm',
    ),
  ),
  ...since(
    '2.82.0',
    choice('--gpu-driver', ['Install', 'None'], `Not simulated: ${NODE_DETAIL}.`, {
      notSimulated: NODE_DETAIL,
    }),
  ),
  ...since('2.80.0', ...refused('the DNS cache of nodes is not part of this chapter', '--localdns-config')),
  ...since(
    '2.87.0',
    ...refused(
      'images are here at once',
      'flag:--enable-artifact-streaming',
      'flag:--disable-artifact-streaming',
    ),
  ),
  ...matchOptions,
];

/** Operating systems of nodes as azure-cli names them. */
export const OS_SKUS = [
  'Ubuntu',
  'CBLMariner',
  'Mariner',
  'AzureLinux',
  'AzureLinux3',
  'AzureContainerLinux',
  'Ubuntu2204',
  'Ubuntu2404',
  'Windows2019',
  'Windows2022',
  'Windows2025',
];

export const osSku = choice('--os-sku', OS_SKUS, 'The OS SKU of the agent node pool. Ubuntu or AzureLinux.');

export const nodeCount = integer(
  '--node-count -c',
  'Number of nodes in the Kubernetes agent pool. After creating a cluster, you can change the size of its node pool with `az aks scale`.',
  { default: '3' },
);

export const nodeVmSize = text(
  '--node-vm-size -s',
  'Size of Virtual Machines to create as Kubernetes nodes.',
);

/** What `az aks create` calls differently. */
export const createPoolOptions: readonly AzOption[] = [
  maxPods,
  nodeCount,
  nodeVmSize,
  osSku,
  vnetSubnetId,
  ...podSubnetOptions,
  ...autoscalerOptions('--enable-cluster-autoscaler'),
  possiblyEmpty(
    '--nodepool-labels',
    'Space-separated labels: key[=value] [key[=value] ...]. See https://aka.ms/node-labels for syntax of labels.',
  ),
  text('--nodepool-name', 'Node pool name, up to 12 alphanumeric characters.', { default: 'nodepool1' }),
  possiblyEmpty(
    '--nodepool-tags',
    'Space-separated tags: key[=value] [key[=value] ...]. Use "" to clear existing tags.',
  ),
  text('--nodepool-taints', 'The node taints for all node pool.', { since: '2.51.0' }),
  ...since(
    '2.55.0',
    { ...list('--nodepool-allowed-host-ports', `Not simulated: ${HOST_PORTS}.`), notSimulated: HOST_PORTS },
    { ...list('--nodepool-asg-ids', `Not simulated: ${HOST_PORTS}.`), notSimulated: HOST_PORTS },
  ),
  ...nodeOptions,
];
