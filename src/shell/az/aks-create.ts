/** `az aks create`. */
import { createManagedCluster, requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../model/aks/create-managed-cluster.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import { authorizedRanges, readRanges } from './aks-api-server.ts';
import { addOnOptions, readAddOns, startAddOns } from './aks-addons.ts';
import { createOnlyOptions, clusterFeatureOptions } from './aks-cluster-options.ts';
import { httpProxyConfig, httpProxyPaths, proxyWarnings, readHttpProxyFile } from './aks-http-proxy.ts';
import { managedClusterJson } from './aks-json.ts';
import { checkNetworkPolicy, networkOptions, notEmpty, readNetwork } from './aks-network.ts';
import { laterIf, waitingSeconds } from './aks-operation.ts';
import { clusterKey } from './aks-options.ts';
import { checkOutboundNumbers } from './aks-outbound.ts';
import {
  AUTOSCALER_WARNING,
  readAutoscaler,
  readOsSku,
  readSubnets,
  zeroIsDefault,
} from './aks-pool-arguments.ts';
import { createPoolOptions } from './aks-pool-options.ts';
import {
  checkKubernetesVersion,
  checkLinuxHostName,
  checkNodeCounts,
  checkNodePoolName,
  checkResourceIdOption,
  readLabels,
  readSshKey,
  readTaints,
  sshKeyPaths,
} from './aks-validation.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { choice, flag, location, tags, text, yes } from './option.ts';
import {
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';

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
    text(
      '--assign-kubelet-identity',
      "Specify an existing user assigned identity for kubelet's usage, which is typically used to pull image from ACR.",
    ),
    flag('--disable-rbac', 'Disable Kubernetes Role-Based Access Control.'),
    text(
      '--dns-name-prefix -p',
      'Prefix for hostnames that are created. If not specified, generate a hostname using the managed cluster and resource group names.',
    ),
    flag(
      '--generate-ssh-keys',
      'Generate SSH public and private key files if missing. The keys will be stored in the ~/.ssh directory.',
    ),
    text(
      '--kubernetes-version -k',
      'Version of Kubernetes to use for creating the cluster, such as "1.16.9".  Values from: `az aks get-versions`.',
    ),
    location,
    flag('--no-ssh-key -x', 'Do not use or create a local SSH key.'),
    text(
      '--node-resource-group',
      "The node resource group is the resource group where all customer's resources will be created in, such as virtual machines.",
    ),
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
    yes,
    ...networkOptions,
    ...createPoolOptions,
    ...addOnOptions,
    ...clusterFeatureOptions,
    authorizedRanges,
    httpProxyConfig,
    ...createOnlyOptions,
  ],
  examples: [
    {
      does: 'Create a cluster whose pods have addresses of an overlay, with Azure CNI.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --network-plugin azure --network-plugin-mode overlay --pod-cidr 192.168.0.0/16 --generate-ssh-keys',
    },
    {
      does: 'Create a cluster whose data plane is Cilium.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --network-plugin azure --network-plugin-mode overlay --network-dataplane cilium --generate-ssh-keys',
    },
    {
      does: 'Create a cluster whose nodes and pods have addresses of one subnet.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --network-plugin azure --vnet-subnet-id $SUBNET_ID --generate-ssh-keys',
    },
    {
      does: 'Create a cluster whose pods have addresses of a subnet of their own.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --network-plugin azure --vnet-subnet-id $NODE_SUBNET_ID --pod-subnet-id $POD_SUBNET_ID --generate-ssh-keys',
    },
    {
      does: 'Create a cluster with a managed NAT gateway that has two public addresses.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2 --nat-gateway-idle-timeout 4 --generate-ssh-keys',
    },
    {
      does: 'Create a kubenet cluster with two nodes.',
      line: 'az aks create -g MyResourceGroup -n MyManagedCluster --network-plugin kubenet --node-count 2 --generate-ssh-keys',
    },
  ],
  reads: (args) => [...sshKeyPaths(args), ...httpProxyPaths(args)],
  run: (cloud, args, files) => {
    const named = checkLinuxHostName(textArgument(args, 'name'));
    if (!named.ok) return named;
    const key = readSshKey(args, files);
    if (!key.ok) return key;
    const version = checkKubernetesVersion(optionalText(args, 'kubernetesVersion'));
    if (!version.ok) return version;
    if (optionalText(args, 'dnsNamePrefix') === '') return usageFailure('--dns-prefix has no value');
    const set = optionalText(args, 'vmSetType')?.toLowerCase();
    if (set !== undefined && set !== '' && set !== 'virtualmachinescalesets' && set !== 'availabilityset') {
      return usageFailure('--vm-set-type can only be VirtualMachineScaleSets or AvailabilitySet');
    }
    const checks = [
      checkOutboundNumbers(args),
      checkNetworkPolicy(args),
      checkResourceIdOption('--assign-identity', optionalText(args, 'assignIdentity')),
      checkResourceIdOption('--assign-kubelet-identity', optionalText(args, 'assignKubeletIdentity')),
      checkNodePoolName(optionalText(args, 'nodepoolName')),
      checkResourceIdOption('--vnet-subnet-id', optionalText(args, 'vnetSubnetId')),
      checkResourceIdOption('--pod-subnet-id', optionalText(args, 'podSubnetId')),
      checkNodeCounts(args),
    ];
    for (const check of checks) if (!check.ok) return check;
    const labels = readLabels(args, 'nodepoolLabels');
    if (!labels.ok) return labels;
    const taints = readTaints(optionalText(args, 'nodepoolTaints'));
    if (!taints.ok) return taints;

    const resourceGroup = textArgument(args, 'resourceGroup');
    const name = textArgument(args, 'name');
    if (requireManagedCluster(cloud, resourceGroup, name).ok) {
      return usageFailure(
        `The cluster '${name}' under resource group '${resourceGroup}' already exists. Please use command 'az aks update' to update the existing cluster, or select a different cluster name to create a new cluster.`,
      );
    }
    const retired = retiredChoice(args, set);
    if (retired !== null) return refusedByAzure(retired);
    const autoscaler = readAutoscaler(args, 'System');
    if (!autoscaler.ok) return autoscaler;
    const system = readOsSku(args);
    if (!system.ok) return system;
    const network = readNetwork(args);
    if (!network.ok) return network;
    const addOns = readAddOns(args);
    if (!addOns.ok) return addOns;
    const ranges = readRanges(args);
    if (!ranges.ok) return ranges;
    const proxy = readHttpProxyFile(args, files);
    if (!proxy.ok) return proxy;
    const kubeletIdentityId = notEmpty(optionalText(args, 'assignKubeletIdentity'));
    if (kubeletIdentityId !== null && notEmpty(optionalText(args, 'assignIdentity')) === null) {
      return usageFailure(
        '--assign-kubelet-identity can only be specified when --assign-identity is specified',
      );
    }
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
      ...network.value,
      identityId: notEmpty(optionalText(args, 'assignIdentity')),
      kubeletIdentityId,
      bootstrapArtifactSource: optionalText(args, 'bootstrapArtifactSource') === 'Cache' ? 'Cache' : null,
      authorizedIpRanges: ranges.value ?? [],
      ...(proxy.value === undefined ? {} : { httpProxyConfig: proxy.value }),
      pool: {
        name: notEmpty(optionalText(args, 'nodepoolName')) ?? 'nodepool1',
        mode: 'System',
        ...(count === undefined ? {} : { count }),
        vmSize: notEmpty(optionalText(args, 'nodeVmSize')),
        ...system.value,
        maxPods: zeroIsDefault(optionalNumber(args, 'maxPods')),
        ...readSubnets(args),
        ...autoscaler.value,
        nodeLabels: labels.value ?? null,
        nodeTaints: taints.value ?? null,
        tags: poolTags(args),
      },
    };
    const made = createManagedCluster(cloud, input, laterIf(args, CREATE_SECONDS, 'cluster'));
    if (!made.ok) return refusedByAzure(made.error);
    const cluster = requireManagedCluster(made.value, input.resourceGroup, input.name);
    if (!cluster.ok) return refusedByAzure(cluster.error);
    const complete = startAddOns(made.value, cluster.value, addOns.value, args);
    if (!complete.ok) return refusedByAzure(complete.error);
    return ok({
      cloud: complete.value,
      ...(args['noWait'] === true ? {} : { output: printCluster(complete.value, resourceGroup, name) }),
      warnings: [
        ...key.value.warnings,
        ...(autoscaler.value.enableAutoScaling === true ? [AUTOSCALER_WARNING] : []),
        ...proxyWarnings(complete.value, resourceGroup, name),
      ],
      durationSeconds: waitingSeconds(args, CREATE_SECONDS),
    });
  },
};

function printCluster(cloud: Cloud, resourceGroup: string, name: string): Json {
  const found = requireManagedCluster(cloud, resourceGroup, name);
  return found.ok ? managedClusterJson(cloud, found.value) : null;
}

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
