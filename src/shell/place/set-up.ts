/** What a shell finds in a pod, on a node or on a VM: files, variables and programs. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Pod } from '../../model/kubernetes/objects.ts';
import { findInternetHost, findOnPremisesHost } from '../../model/outside-host.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { Place } from '../command.ts';
import type { PlaceSetup } from '../place-shell.ts';
import { CNI_FOLDER, cniFiles } from './cni-files.ts';
import {
  imageTools,
  INTERNET_TOOLS,
  NODE_TOOLS,
  ON_PREMISES_TOOLS,
  osRelease,
  VM_TOOLS,
  type Tools,
} from './image-tools.ts';
import { STUB_RESOLVER } from './name-lookup.ts';
import { podForwarding } from './kernel-settings.ts';
import { resolvConf } from './resolv-conf.ts';
import { podEnvironment } from './pod-environment.ts';
import { programsOf } from './programs.ts';

/** Returns what identifies the place's file system; null if the place does not exist (any more). */
export function placeKey(cloud: Cloud, place: Place): string | null {
  switch (place.kind) {
    case 'workstation':
      return 'workstation';
    case 'pod': {
      const pod = podOf(cloud, place);
      return pod === null ? null : `pod ${pod.metadata.uid} ${place.image ?? ''}`;
    }
    case 'node': {
      const node = cloud.kubernetes[place.cluster]?.nodes[place.name];
      return node === undefined ? null : `node ${node.metadata.uid}`;
    }
    case 'vm':
      return getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines') === null
        ? null
        : `vm ${place.id.toLowerCase()}`;
    case 'on-premises':
      return findOnPremisesHost(cloud, place.name) === null ? null : `on-premises ${place.name}`;
    case 'internet':
      return findInternetHost(cloud, place.name) === null ? null : `internet ${place.name}`;
  }
}

export function podOf(cloud: Cloud, place: Extract<Place, { kind: 'pod' }>): Pod | null {
  return cloud.kubernetes[place.cluster]?.pods[`${place.namespace}/${place.name}`] ?? null;
}

/** Returns what a new shell in the place starts with, or why there can be none. */
export function setUpPlace(
  cloud: Cloud,
  place: Exclude<Place, { kind: 'workstation' }>,
): Result<PlaceSetup, string> {
  switch (place.kind) {
    case 'pod': {
      const pod = podOf(cloud, place);
      if (pod === null) return err(`Error from server (NotFound): pods "${place.name}" not found`);
      const tools = toolsOfPlace(cloud, place);
      if (!tools.ok) return tools;
      const hostname = pod.spec.hostNetwork === true ? (pod.spec.nodeName ?? place.name) : place.name;
      return ok(
        setUp(
          tools.value,
          hostname,
          podEnvironment(cloud, place.cluster, pod),
          podFiles(cloud, place.cluster, pod),
          kernelOf(cloud, place.cluster, pod.spec.nodeName),
        ),
      );
    }
    case 'node': {
      const node = cloud.kubernetes[place.cluster]?.nodes[place.name];
      if (node === undefined) return err(`Error from server (NotFound): nodes "${place.name}" not found`);
      const { kernelVersion, osImage } = node.status.nodeInfo;
      const tools = { ...NODE_TOOLS, files: { '/etc/os-release': osRelease(osImage) } };
      return ok(
        setUp(
          tools,
          place.name,
          {},
          { '/etc/resolv.conf': resolvConf(cloud, { node: place.name }) },
          kernelVersion,
        ),
      );
    }
    case 'vm': {
      const vm = getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines');
      if (vm === null) return err(`The VM ${place.id} does not exist.`);
      return ok(
        setUp(
          VM_TOOLS,
          vm.osProfile.computerName,
          {},
          { '/etc/resolv.conf': resolvConf(cloud, { vm: place.id }) },
        ),
      );
    }
    case 'on-premises':
      return findOnPremisesHost(cloud, place.name) === null
        ? err(`The host ${place.name} does not exist.`)
        : ok(setUp(ON_PREMISES_TOOLS, place.name, {}, {}, ON_PREMISES_KERNEL));
    case 'internet':
      return findInternetHost(cloud, place.name) === null
        ? err(`The host ${place.name} does not exist.`)
        : ok(
            setUp(
              INTERNET_TOOLS,
              place.name,
              {},
              { '/etc/resolv.conf': `nameserver ${STUB_RESOLVER}\n` },
              ON_PREMISES_KERNEL,
            ),
          );
  }
}

/** Returns the programs of a place; an error for an image whose content we do not know. */
export function toolsOfPlace(cloud: Cloud, place: Place): Result<Tools, string> {
  switch (place.kind) {
    case 'workstation':
    case 'node':
      return ok(NODE_TOOLS);
    case 'vm':
      return ok(VM_TOOLS);
    case 'on-premises':
      return ok(ON_PREMISES_TOOLS);
    case 'internet':
      return ok(INTERNET_TOOLS);
    case 'pod': {
      const image = place.image ?? podOf(cloud, place)?.spec.containers[0]?.image ?? '';
      const tools = imageTools(image);
      return tools === null
        ? err(
            `which programs the image "${image}" has is not known to this workbook; try nginx, busybox, nicolaka/netshoot, ubuntu or curlimages/curl`,
          )
        : ok(tools);
    }
  }
}

/** Returns a program's name without the path that it usually has; images of load generators have theirs in /. */
export function programName(program: string): string {
  return /^(\/(usr\/)?(local\/)?s?bin\/|\/(go\/bin\/)?(hey|wrk)$)/.test(program)
    ? (program.split('/').at(-1) ?? '')
    : program;
}

/** Reports whether a program can be executed there, by name or by the path it usually has. */
export function hasProgram(tools: Tools, program: string): boolean {
  const name = programName(program);
  return tools.builtins.includes(name) || tools.programs.includes(name);
}

/** Of the machines that are no nodes: a node says which it has. */
export const KERNEL = '5.15.0-1053-azure';

const ON_PREMISES_KERNEL = '5.15.0-119-generic';

/** Azure's Linux images have no line for the machine itself: its name is in Azure's DNS. */
const LOCALHOST = '127.0.0.1 localhost\n';

function setUp(
  tools: Tools,
  hostname: string,
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  kernel = KERNEL,
): PlaceSetup {
  return {
    home: tools.home,
    user: 'root',
    hostname,
    kernel,
    files: { ...files, ...tools.files },
    env,
    builtins: tools.builtins,
    commands: programsOf(tools),
    promptStyle: tools.style === 'busybox' ? 'ash' : 'bash',
  };
}

function podFiles(cloud: Cloud, cluster: string, pod: Pod): Readonly<Record<string, string>> {
  const files = {
    '/var/run/secrets/kubernetes.io/serviceaccount/namespace': pod.metadata.namespace ?? 'default',
  };
  const node = cloud.kubernetes[cluster]?.nodes[pod.spec.nodeName ?? ''];
  if (node === undefined || !isNodeDebugger(pod)) return files;
  // A debugging pod has the node's file system under /host.
  const own = {
    '/etc/os-release': osRelease(node.status.nodeInfo.osImage),
    '/etc/hostname': `${node.metadata.name}\n`,
    '/etc/resolv.conf': resolvConf(cloud, { node: node.metadata.name }),
  };
  return { ...files, ...underHost(own) };
}

function underHost(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`/host${path}`, text]));
}

/** Reports whether `kubectl debug node/…` made the pod. */
export function isNodeDebugger(pod: Pod): boolean {
  return pod.spec.hostNetwork === true && pod.metadata.name.startsWith('node-debugger-');
}

/** Returns the files of a place that follow the cloud, so they are written anew before each command. */
export function liveFiles(cloud: Cloud, place: Place): Readonly<Record<string, string>> {
  switch (place.kind) {
    case 'workstation':
      return {};
    case 'pod': {
      const pod = podOf(cloud, place);
      if (pod === null) return {};
      return {
        '/etc/hosts': podHosts(pod),
        '/etc/resolv.conf': podResolvConf(cloud, place.cluster, pod),
        ...forwardingFile(
          pod.spec.hostNetwork === true
            ? nodeForwarding(cloud, place.cluster, pod.spec.nodeName)
            : podForwarding(cloud, place.cluster),
        ),
        ...(isNodeDebugger(pod) ? underHost(nodeCniFiles(cloud, place.cluster, pod.spec.nodeName)) : {}),
      };
    }
    case 'node':
      return {
        '/etc/hosts': LOCALHOST,
        ...forwardingFile(nodeForwarding(cloud, place.cluster, place.name)),
        ...nodeCniFiles(cloud, place.cluster, place.name),
      };
    case 'vm': {
      const vm = getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines');
      return {
        '/etc/hosts': LOCALHOST,
        ...forwardingFile(vm?.simulation.forwarding === 'on' ? '1' : '0'),
      };
    }
    case 'on-premises':
    case 'internet':
      return { '/etc/hosts': LOCALHOST, ...forwardingFile('0') };
  }
}

function nodeCniFiles(
  cloud: Cloud,
  cluster: string,
  name: string | undefined,
): Readonly<Record<string, string>> {
  const node = name === undefined ? undefined : cloud.kubernetes[cluster]?.nodes[name];
  return node === undefined ? {} : cniFiles(cloud, cluster, node);
}

/** Folders that hold nothing but files that follow the cloud, so that what is gone goes. */
export const LIVE_FOLDERS: readonly string[] = [CNI_FOLDER, `/host${CNI_FOLDER}`];

function forwardingFile(forwarding: '0' | '1'): Readonly<Record<string, string>> {
  return { '/proc/sys/net/ipv4/ip_forward': `${forwarding}\n` };
}

function kernelOf(cloud: Cloud, cluster: string, name: string | undefined): string | undefined {
  return name === undefined
    ? undefined
    : cloud.kubernetes[cluster]?.nodes[name]?.status.nodeInfo.kernelVersion;
}

function nodeForwarding(cloud: Cloud, cluster: string, name: string | undefined): '0' | '1' {
  const node = name === undefined ? undefined : cloud.kubernetes[cluster]?.nodes[name];
  return node?.simulation?.ipForward === 'off' ? '0' : '1';
}

/** The hosts file that the kubelet manages. */
function podHosts(pod: Pod): string {
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
  ];
  const address = pod.status.podIP;
  if (address !== undefined && pod.spec.hostNetwork !== true) lines.push(`${address}\t${pod.metadata.name}`);
  return `${lines.join('\n')}\n`;
}

/** hostNetwork pods with the default DNS policy `ClusterFirst` get the node's own resolver. */
function podResolvConf(cloud: Cloud, cluster: string, pod: Pod): string {
  const usesNode =
    pod.spec.dnsPolicy === 'Default' ||
    (pod.spec.hostNetwork === true && pod.spec.dnsPolicy !== 'ClusterFirstWithHostNet');
  if (usesNode) return resolvConf(cloud, { node: pod.spec.nodeName ?? '' });
  const managed = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters');
  const namespace = pod.metadata.namespace ?? 'default';
  return (
    `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local internal.cloudapp.net\n` +
    `nameserver ${managed?.networkProfile.dnsServiceIp ?? ''}\noptions ndots:5\n`
  );
}
