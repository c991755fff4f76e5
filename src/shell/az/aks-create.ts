/** `az aks create`. */
import { createManagedCluster, requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../model/aks/create-managed-cluster.ts';
import type { NetworkPlugin, OutboundType } from '../../model/aks/managed-cluster.ts';
import { ok } from '../../model/result.ts';
import { managedClusterJson } from './aks-json.ts';
import {
  clusterFeatureOptions,
  clusterKey,
  createAutoscalerOptions,
  createOnlyOptions,
  nodeOptions,
  possiblyEmpty,
} from './aks-options.ts';
import {
  checkKubernetesVersion,
  checkLinuxHostName,
  checkLoadBalancerNumbers,
  checkNodePoolName,
  checkResourceIdOption,
  readLabels,
  readSshKey,
  readTaints,
  sshKeyPaths,
} from './aks-validation.ts';
import type { AzArguments, AzCommand } from './command.ts';
import { choice, flag, integer, location, tags, text, yes } from './option.ts';
import {
  given,
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';

const PLUGINS: readonly NetworkPlugin[] = ['kubenet', 'azure', 'none'];
const OUTBOUND_TYPES: readonly OutboundType[] = [
  'loadBalancer',
  'userDefinedRouting',
  'managedNATGateway',
  'userAssignedNATGateway',
  'none',
  'block',
];
export const OS_SKUS = [
  'Ubuntu',
  'CBLMariner',
  'Mariner',
  'AzureLinux',
  'Ubuntu2204',
  'Ubuntu2404',
  'Windows2019',
  'Windows2022',
];
/** What a person waits for a cluster. */
const CREATE_SECONDS = 270;

export const aksCreate: AzCommand = {
  path: ['aks', 'create'],
  summary: 'Create a new managed Kubernetes cluster.',
  options: [
    ...clusterKey,
    text('--admin-username -u', 'User account to create on node VMs for SSH access.', {
      default: 'azureuser',
    }),
    text(
      '--assign-identity',
      "Specify an existing user assigned identity for control plane's usage in order to manage cluster resource group.",
    ),
    flag('--disable-rbac', 'Disable Kubernetes Role-Based Access Control.'),
    text(
      '--dns-name-prefix -p',
      'Prefix for hostnames that are created. If not specified, generate a hostname using the managed cluster and resource group names.',
    ),
    text('--dns-service-ip', 'An IP address assigned to the Kubernetes DNS service.'),
    flag(
      '--generate-ssh-keys',
      'Generate SSH public and private key files if missing. The keys will be stored in the ~/.ssh directory.',
    ),
    text(
      '--kubernetes-version -k',
      'Version of Kubernetes to use for creating the cluster, such as "1.16.9".  Values from: `az aks get-versions`.',
    ),
    integer('--load-balancer-idle-timeout', 'Load balancer idle timeout in minutes.'),
    integer('--load-balancer-managed-outbound-ip-count', 'Load balancer managed outbound IP count.'),
    integer('--load-balancer-outbound-ports', 'Load balancer outbound allocated ports.'),
    choice(
      '--load-balancer-sku',
      ['basic', 'standard'],
      "Azure Load Balancer SKU selection for your cluster. basic or standard. Defaults to 'standard'.",
    ),
    location,
    integer('--max-pods -m', 'The maximum number of pods deployable to a node.'),
    choice('--network-plugin', PLUGINS, 'The Kubernetes network plugin to use.'),
    text('--network-policy', 'The Kubernetes network policy to use.'),
    flag('--no-ssh-key -x', 'Do not use or create a local SSH key.'),
    integer(
      '--node-count -c',
      'Number of nodes in the Kubernetes node pool. After creating a cluster, you can change the size of its node pool with `az aks scale`.',
      { default: '3' },
    ),
    text(
      '--node-resource-group',
      "The node resource group is the resource group where all customer's resources will be created in, such as virtual machines.",
    ),
    text('--node-vm-size -s', 'Size of Virtual Machines to create as Kubernetes nodes.'),
    possiblyEmpty(
      '--nodepool-labels',
      'Space-separated labels: key[=value] [key[=value] ...]. See https://aka.ms/node-labels for syntax of labels.',
    ),
    text('--nodepool-name', 'Node pool name, up to 12 alphanumeric characters.', { default: 'nodepool1' }),
    possiblyEmpty(
      '--nodepool-tags',
      'Space-separated tags: key[=value] [key[=value] ...]. Use "" to clear existing tags.',
    ),
    text('--nodepool-taints', 'The node taints for all node pool.', { since: '2.50.0' }),
    choice('--os-sku', OS_SKUS, 'The OS SKU of the agent node pool. Ubuntu or CBLMariner.'),
    choice('--outbound-type', OUTBOUND_TYPES, 'How outbound traffic will be configured for a cluster.'),
    text('--pod-cidr', 'A CIDR notation IP range from which to assign pod IPs when kubenet is used.'),
    text('--service-cidr', 'A CIDR notation IP range from which to assign service cluster IPs.'),
    text(
      '--ssh-key-value',
      "Public key path or key contents to install on node VMs for SSH access. For example, 'ssh-rsa AAAAB...snip...UcyupgH azureuser@linuxvm'.",
      { default: '~/.ssh/id_rsa.pub' },
    ),
    tags,
    choice('--tier', ['free', 'standard', 'premium'], 'Specify SKU tier for managed clusters.', {
      since: '2.47.0',
    }),
    flag('--uptime-sla', 'Enable a paid managed cluster service with a financially backed SLA.'),
    text(
      '--vm-set-type',
      "Agent pool vm set type. VirtualMachineScaleSets or AvailabilitySet. Defaults to 'VirtualMachineScaleSets'.",
    ),
    text('--vnet-subnet-id', 'The ID of a subnet in an existing VNet into which to deploy the cluster.'),
    yes,
    ...nodeOptions,
    ...createAutoscalerOptions,
    ...clusterFeatureOptions,
    ...createOnlyOptions,
  ],
  examples: [
    {
      does: 'Create a kubenet cluster with two nodes.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --network-plugin kubenet --node-count 2 --generate-ssh-keys',
    },
  ],
  reads: sshKeyPaths,
  run: (cloud, args, files) => {
    const checks = [
      checkLinuxHostName(textArgument(args, 'name')),
      checkNodePoolName(optionalText(args, 'nodepoolName')),
      checkResourceIdOption('--assign-identity', optionalText(args, 'assignIdentity')),
      checkResourceIdOption('--vnet-subnet-id', optionalText(args, 'vnetSubnetId')),
      checkLoadBalancerNumbers(args),
    ];
    for (const check of checks) if (!check.ok) return check;
    const version = checkKubernetesVersion(optionalText(args, 'kubernetesVersion'));
    if (!version.ok) return version;
    const policy = optionalText(args, 'networkPolicy');
    if (policy !== undefined && policy !== '' && policy !== policy.toLowerCase()) {
      return usageFailure('--network-policy should be provided in lowercase', 2);
    }
    const set = optionalText(args, 'vmSetType')?.toLowerCase();
    if (set !== undefined && set !== '' && set !== 'virtualmachinescalesets' && set !== 'availabilityset') {
      return usageFailure('--vm-set-type can only be VirtualMachineScaleSets or AvailabilitySet');
    }
    if (optionalText(args, 'dnsNamePrefix') === '') return usageFailure('--dns-prefix has no value');
    const labels = readLabels(args, 'nodepoolLabels');
    if (!labels.ok) return labels;
    const taints = readTaints(optionalText(args, 'nodepoolTaints'));
    if (!taints.ok) return taints;
    const key = readSshKey(args, files);
    if (!key.ok) return key;

    const resourceGroup = textArgument(args, 'resourceGroup');
    const name = textArgument(args, 'name');
    if (requireManagedCluster(cloud, resourceGroup, name).ok) {
      return usageFailure(
        `The cluster '${name}' under resource group '${resourceGroup}' already exists. Please use command 'az aks update' to update the existing cluster, or select a different cluster name to create a new cluster.`,
      );
    }
    const retired = retiredChoice(args, set);
    if (retired !== null) return refusedByAzure(retired);
    const count = optionalNumber(args, 'nodeCount');
    const input: ManagedClusterInput = {
      resourceGroup,
      name,
      location: optionalText(args, 'location') ?? null,
      kubernetesVersion: version.value,
      nodeResourceGroup: notEmpty(optionalText(args, 'nodeResourceGroup')),
      dnsPrefix: optionalText(args, 'dnsNamePrefix') ?? null,
      tags: optionalTags(args) ?? null,
      tier: tierOf(args),
      enableRbac: args['disableRbac'] !== true,
      linuxProfile:
        key.value.key === null
          ? null
          : { adminUsername: optionalText(args, 'adminUsername') ?? 'azureuser', publicKey: key.value.key },
      networkPlugin: PLUGINS.find((each) => each === optionalText(args, 'networkPlugin')) ?? null,
      networkPolicy: policy ?? null,
      podCidr: notEmpty(optionalText(args, 'podCidr')),
      serviceCidr: notEmpty(optionalText(args, 'serviceCidr')),
      dnsServiceIp: notEmpty(optionalText(args, 'dnsServiceIp')),
      outboundType:
        OUTBOUND_TYPES.find((each) => each === optionalText(args, 'outboundType')) ?? 'loadBalancer',
      outbound: given({
        managedOutboundIpCount: optionalNumber(args, 'loadBalancerManagedOutboundIpCount'),
        allocatedOutboundPorts: optionalNumber(args, 'loadBalancerOutboundPorts'),
        idleTimeoutInMinutes: optionalNumber(args, 'loadBalancerIdleTimeout'),
      }),
      identityId: notEmpty(optionalText(args, 'assignIdentity')),
      pool: {
        name: notEmpty(optionalText(args, 'nodepoolName')) ?? 'nodepool1',
        mode: 'System',
        ...(count === undefined ? {} : { count }),
        vmSize: notEmpty(optionalText(args, 'nodeVmSize')),
        ...osOf(optionalText(args, 'osSku')),
        maxPods: zeroIsDefault(optionalNumber(args, 'maxPods')),
        vnetSubnetId: notEmpty(optionalText(args, 'vnetSubnetId')),
        nodeLabels: labels.value ?? null,
        nodeTaints: taints.value ?? null,
        tags: poolTags(args),
      },
    };
    const made = createManagedCluster(cloud, input);
    if (!made.ok) return refusedByAzure(made.error);
    const cluster = requireManagedCluster(made.value, input.resourceGroup, input.name);
    return ok({
      cloud: made.value,
      ...(cluster.ok && args['noWait'] !== true
        ? { output: managedClusterJson(made.value, cluster.value) }
        : {}),
      warnings: key.value.warnings,
      durationSeconds: CREATE_SECONDS,
    });
  },
};

/** Choices that AKS took away: Basic load balancers and availability sets ended on 2025-09-30. */
function retiredChoice(args: AzArguments, set: string | undefined): { code: string; message: string } | null {
  if (optionalText(args, 'loadBalancerSku') === 'basic') {
    return {
      code: 'NotSimulated',
      message:
        'A cluster with a Basic load balancer is not simulated in this workbook. Azure retired the Basic SKU on 2025-09-30.',
    };
  }
  if (set === 'availabilityset') {
    return {
      code: 'NotSimulated',
      message:
        'A cluster on availability sets is not simulated in this workbook. AKS retired them on 2025-09-30.',
    };
  }
  return null;
}

function tierOf(args: AzArguments): 'Free' | 'Standard' | 'Premium' {
  const tier = optionalText(args, 'tier');
  if (tier === 'premium') return 'Premium';
  return tier === 'standard' || args['uptimeSla'] === true ? 'Standard' : 'Free';
}

/** An empty text is the same as none, as in azure-cli. */
export function notEmpty(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** azure-cli sends no number for 0. */
export function zeroIsDefault(value: number | undefined): number | null {
  return value === undefined || value === 0 ? null : value;
}

/** Returns the operating system an OS SKU stands for. */
export function osOf(sku: string | undefined): {
  readonly osType?: 'Linux' | 'Windows';
  readonly osSku?: 'Ubuntu' | 'AzureLinux';
} {
  if (sku === undefined || sku.startsWith('Ubuntu')) return {};
  return sku.startsWith('Windows') ? { osType: 'Windows' } : { osSku: 'AzureLinux' };
}

function poolTags(args: AzArguments): Readonly<Record<string, string>> | null {
  const words = args['nodepoolTags'];
  if (!Array.isArray(words)) return null;
  return Object.fromEntries(
    words.map(String).flatMap((word): [string, string][] => {
      const [key = '', ...rest] = word.split('=');
      return key === '' ? [] : [[key, rest.join('=')]];
    }),
  );
}
