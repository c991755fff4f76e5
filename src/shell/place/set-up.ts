/** What a shell finds in a pod, on a node or on a VM: files, variables and programs. */
import { softwareOf } from '../../model/azure/machine-software.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Pod } from '../../model/kubernetes/objects.ts';
import { clusterCa } from '../../model/kubernetes/root-ca.ts';
import { findInternetHost, findOnPremisesHost } from '../../model/outside-host.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { Place } from '../command.ts';
import type { PlaceSetup } from '../place-shell.ts';
import {
  imageTools,
  INTERNET_TOOLS,
  NODE_TOOLS,
  ON_PREMISES_TOOLS,
  VM_TOOLS,
  type Tools,
} from './image-tools.ts';
import { STUB_RESOLVER } from './name-lookup.ts';
import { releaseFile, releaseOf } from './machine-release.ts';
import { nodeFiles } from './node-files.ts';
import { mountedTrust, nodeTrust, type VersionedFiles } from './node-trust.ts';
import { podForwarding } from './kernel-settings.ts';
import { resolvConf } from './resolv-conf.ts';
import { podEnvironment } from './pod-environment.ts';
import { mountsOf, notHidden, type Mounted } from './pod-volumes.ts';
import { programsOf } from './programs.ts';
import { trustFiles } from './trust-files.ts';

/** Returns what identifies the place's file system; null if the place does not exist (any more). */
export function placeKey(cloud: Cloud, place: Place): string | null {
  switch (place.kind) {
    case 'workstation':
      return 'workstation';
    case 'pod': {
      const pod = podOf(cloud, place);
      return pod === null ? null : `pod ${pod.metadata.uid} ${place.container ?? ''} ${place.image ?? ''}`;
    }
    case 'node': {
      const node = cloud.kubernetes[place.cluster]?.nodes[place.name];
      return node === undefined ? null : `node ${node.metadata.uid}`;
    }
    case 'vm':
      return getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines') === null
        ? null
        : `${diskKey(place)} ${place.user ?? 'root'}`;
    case 'on-premises':
      return findOnPremisesHost(cloud, place.name) === null ? null : `on-premises ${place.name}`;
    case 'internet':
      return findInternetHost(cloud, place.name) === null ? null : `internet ${place.name}`;
  }
}

/** Returns what identifies the disk of a VM, which all who are logged in share. */
export function diskKey(place: Extract<Place, { kind: 'vm' }>): string {
  return `vm ${place.id.toLowerCase()}`;
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
      const mounts = podMounts(cloud, place, pod);
      const env = {
        ...(tools.value.trust === 'curl-image' ? { CURL_CA_BUNDLE: '/cacert.pem' } : {}),
        ...podEnvironment(cloud, place.cluster, pod, place.container),
      };
      const own = notHidden(podFiles(pod, clusterCa(cloud, place.cluster)), mounts);
      const setup = setUp(
        { ...tools.value, files: notHidden(tools.value.files, mounts) },
        hostname,
        env,
        { ...own, '/proc/1/environ': environOf(env, hostname) },
        kernelOf(cloud, place.cluster, pod.spec.nodeName),
      );
      const node = cloud.kubernetes[place.cluster]?.nodes[pod.spec.nodeName ?? ''];
      const ofNode = node === undefined ? {} : mountedTrust(node, mounts);
      return ok({ ...setup, lateFiles: { ...notHidden(setup.lateFiles ?? {}, mounts), ...ofNode } });
    }
    case 'node': {
      const node = cloud.kubernetes[place.cluster]?.nodes[place.name];
      if (node === undefined) return err(`Error from server (NotFound): nodes "${place.name}" not found`);
      const { kernelVersion } = node.status.nodeInfo;
      return ok(setUp(NODE_TOOLS, place.name, {}, {}, kernelVersion));
    }
    case 'vm': {
      const vm = getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines');
      if (vm === null) return err(`The VM ${place.id} does not exist.`);
      const release = releaseOf(cloud, place.id);
      const user = place.user ?? 'root';
      const setup = setUp(
        {
          ...VM_TOOLS,
          home: user === 'root' ? VM_TOOLS.home : `/home/${user}`,
          files: {
            ...VM_TOOLS.files,
            '/etc/os-release': releaseFile(release),
            '/etc/environment': LOGIN_ENVIRONMENT,
          },
        },
        vm.osProfile.computerName,
        {},
        {
          '/etc/resolv.conf': resolvConf(cloud, { vm: place.id }),
          '/etc/passwd': passwdOf(vm.osProfile.adminUsername),
        },
        release.kernel,
      );
      return ok({ ...setup, user });
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

/** As Ubuntu's images have it. */
const LOGIN_ENVIRONMENT =
  'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"\n';

/** Of the users that Ubuntu's image brings, those that services run as, and the administrator. */
function passwdOf(admin: string): string {
  return [
    'root:x:0:0:root:/root:/bin/bash',
    'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    `${admin}:x:1000:1000:Ubuntu:/home/${admin}:/bin/bash`,
    '',
  ].join('\n');
}

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
    lateFiles: tools.trust === undefined ? {} : trustFiles(tools.trust),
    env,
    builtins: tools.builtins,
    commands: programsOf(tools),
    promptStyle: tools.style === 'busybox' ? 'ash' : 'bash',
  };
}

/** What the first process of a container was started with. */
function environOf(env: Readonly<Record<string, string>>, hostname: string): string {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return Object.entries({ PATH: path, HOSTNAME: hostname, ...env })
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
}

function podFiles(pod: Pod, authority: string | null): Readonly<Record<string, string>> {
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  return {
    [`${folder}/namespace`]: pod.metadata.namespace ?? 'default',
    ...(authority === null ? {} : { [`${folder}/ca.crt`]: authority }),
  };
}

function podMounts(cloud: Cloud, place: Extract<Place, { kind: 'pod' }>, pod: Pod): readonly Mounted[] {
  return mountsOf(cloud, place.cluster, pod, place.container, () => {
    const node = cloud.kubernetes[place.cluster]?.nodes[pod.spec.nodeName ?? ''];
    return node === undefined ? {} : nodeFiles(cloud, place.cluster, node);
  });
}

/** What others put into a place's file system: it is written when it changes, and leaves with its source. */
export interface ProvidedFiles {
  readonly files: Readonly<Record<string, string>>;
  /** That are there even when they are empty. */
  readonly folders: readonly string[];
  /** Files and folders that programs may not change. */
  readonly readOnly: readonly string[];
  readonly trust: VersionedFiles | null;
}

/** Returns what a node was provisioned with, what is mounted in a container, or what a VM's programs wrote. */
export function providedFiles(cloud: Cloud, place: Place): ProvidedFiles {
  const none = { folders: [], readOnly: [], trust: null };
  if (place.kind === 'vm') return { ...none, files: softwareOf(cloud, place.id).files };
  if (place.kind === 'node') {
    const node = cloud.kubernetes[place.cluster]?.nodes[place.name];
    if (node === undefined) return { ...none, files: {} };
    return { ...none, files: nodeFiles(cloud, place.cluster, node), trust: nodeTrust(node) };
  }
  const pod = place.kind === 'pod' ? podOf(cloud, place) : null;
  if (place.kind !== 'pod' || pod === null) return { ...none, files: {} };
  const mounts = podMounts(cloud, place, pod);
  return {
    trust: null,
    files: Object.assign({}, ...mounts.map(({ files }) => files)) as Readonly<Record<string, string>>,
    folders: mounts.filter(({ covers }) => covers === 'folder').map(({ mountPath }) => mountPath),
    readOnly: mounts.filter(({ access }) => access === 'read-only').map(({ mountPath }) => mountPath),
  };
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
      };
    }
    case 'node':
      return {
        '/etc/hosts': LOCALHOST,
        ...forwardingFile(nodeForwarding(cloud, place.cluster, place.name)),
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
