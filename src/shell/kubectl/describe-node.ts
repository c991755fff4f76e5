import type { KubernetesState, Node } from '../../model/kubernetes/objects.ts';
import { isActive } from '../../model/kubernetes/pod-status.ts';
import { parseQuantity } from '../../model/kubernetes/quantity.ts';
import { humanSince, longTime, pairLines } from './describe-parts.ts';
import { roles } from './rows.ts';

export function describeNode(node: Node, state: KubernetesState, now: number): string[] {
  const { metadata, spec, status } = node;
  const taints = spec.taints ?? [];
  const pods = Object.values(state.pods)
    .filter((pod) => pod.spec.nodeName === metadata.name && isActive(pod))
    .sort((a, b) => (podKey(a.metadata) < podKey(b.metadata) ? -1 : 1));
  const sum = (kind: 'requests' | 'limits', name: 'cpu' | 'memory') =>
    pods.reduce((total, pod) => total + podQuantity(pod.spec.containers, kind, name), 0);
  return [
    `Name:\t${metadata.name}`,
    `Roles:\t${roles(metadata.labels)}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`,
    ...(taints.length === 0
      ? ['Taints:\t<none>']
      : taints.map(
          (taint, at) =>
            `${at === 0 ? 'Taints:' : ''}\t${taint.key}${taint.value === undefined ? '' : `=${taint.value}`}:${taint.effect}`,
        )),
    `Unschedulable:\t${String(spec.unschedulable === true)}`,
    'Conditions:',
    '  Type\tStatus\tReason\tMessage',
    '  ----\t------\t------\t-------',
    ...status.conditions.map((each) => `  ${each.type} \t${each.status} \t${each.reason} \t${each.message}`),
    'Addresses:',
    ...status.addresses.map((each) => `  ${each.type}:\t${each.address}`),
    'Capacity:',
    ...quantities(status.capacity),
    'Allocatable:',
    ...quantities(status.allocatable),
    'System Info:',
    `  Kernel Version:\t${status.nodeInfo.kernelVersion}`,
    `  OS Image:\t${status.nodeInfo.osImage}`,
    `  Operating System:\t${status.nodeInfo.operatingSystem}`,
    `  Architecture:\t${status.nodeInfo.architecture}`,
    `  Container Runtime Version:\t${status.nodeInfo.containerRuntimeVersion}`,
    `  Kubelet Version:\t${status.nodeInfo.kubeletVersion}`,
    ...(spec.podCIDR === undefined
      ? []
      : [`PodCIDR:\t${spec.podCIDR}`, `PodCIDRs:\t${(spec.podCIDRs ?? []).join(',')}`]),
    `ProviderID:\t${spec.providerID}`,
    `Non-terminated Pods:\t(${pods.length} in total)`,
    '  Namespace\tName\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge',
    '  ---------\t----\t------------\t----------\t---------------\t-------------\t---',
    ...pods.map((pod) => {
      const cell = (kind: 'requests' | 'limits', name: 'cpu' | 'memory') =>
        share(podQuantity(pod.spec.containers, kind, name), node, name);
      return `  ${pod.metadata.namespace ?? ''}\t${pod.metadata.name}\t${cell('requests', 'cpu')}\t${cell('limits', 'cpu')}\t${cell('requests', 'memory')}\t${cell('limits', 'memory')}\t${humanSince(pod.metadata.creationTimestamp, now)}`;
    }),
    'Allocated resources:',
    '  (Total limits may be over 100 percent, i.e., overcommitted.)',
    '  Resource\tRequests\tLimits',
    '  --------\t--------\t------',
    `  cpu\t${share(sum('requests', 'cpu'), node, 'cpu')}\t${share(sum('limits', 'cpu'), node, 'cpu')}`,
    `  memory\t${share(sum('requests', 'memory'), node, 'memory')}\t${share(sum('limits', 'memory'), node, 'memory')}`,
  ];
}

function podKey(metadata: { readonly namespace?: string; readonly name: string }): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function quantities(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `  ${name}:\t${value}`);
}

type Resources = Node['status']['capacity'];

function podQuantity(
  containers: readonly {
    readonly resources?: { readonly requests?: Resources; readonly limits?: Resources };
  }[],
  kind: 'requests' | 'limits',
  name: 'cpu' | 'memory',
): number {
  return containers.reduce(
    (sum, container) => sum + (parseQuantity(container.resources?.[kind]?.[name] ?? '0') ?? 0),
    0,
  );
}

/** `100m (5%)` of the node's allocatable CPU, `70Mi (1%)` of its memory. */
function share(amount: number, node: Node, name: 'cpu' | 'memory'): string {
  const whole = parseQuantity(node.status.allocatable[name] ?? '0') ?? 0;
  const percent = whole === 0 ? 0 : Math.floor((amount / whole) * 100);
  const shown = name === 'cpu' ? cpuText(amount) : memoryText(amount);
  return `${shown} (${percent}%)`;
}

function cpuText(cores: number): string {
  return cores === 0 ? '0' : Number.isInteger(cores) ? String(cores) : `${Math.round(cores * 1000)}m`;
}

function memoryText(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return bytes === 0 ? '0' : Number.isInteger(mebibytes) ? `${mebibytes}Mi` : String(bytes);
}
