/**
 * The services of a node that a troubleshooter looks at: containerd and kubelet, with the files that AKS's image and
 * provisioning scripts give them (Azure/AgentBaker, parts/linux/cloud-init/artifacts: kubelet.service, cse_config.sh,
 * cse_main.sh, commit 06836ee of 2026-08-21; containerd's own unit is that of its package, containerd v1.7).
 */
import { getResource } from '../../model/azure/resource-store.ts';
import { drawInteger } from '../../model/chance.ts';
import type { Cloud } from '../../model/cloud.ts';
import { epochSeconds } from '../../model/kubernetes/cluster-state.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import { NODE_PROXY_FILES } from '../../model/limits/http-proxy.ts';
import { nodeJournal } from './node-journal.ts';
import { nodeProxyFiles, nodeProxyVariables } from './node-proxy-files.ts';
import type { ServiceManager, SystemdUnit, UnitFile } from './systemd-unit.ts';

const DROP_INS = '/etc/systemd/system/kubelet.service.d';

const CONTAINERD = `# Copyright The containerd Authors.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.

[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd

Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
# Having non-zero Limit*s causes performance problems due to accounting overhead
# in the kernel. We recommend using cgroups to do container-local accounting.
LimitNPROC=infinity
LimitCORE=infinity
# Comment TasksMax if your systemd version does not supports it.
# Only systemd 226 and above support this version.
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;

const CONTAINERD_START = `[Service]
ExecStartPost=/sbin/iptables -P FORWARD ACCEPT
LimitNOFILE=1048576
`;

const KUBELET = `[Unit]
Description=Kubelet
ConditionPathExists=/opt/bin/kubelet
Wants=network-online.target containerd.service
After=network-online.target containerd.service

[Service]
Restart=always
RestartSec=2
EnvironmentFile=/etc/default/kubelet
# Graceful termination (SIGTERM)
SuccessExitStatus=143
ExecStartPre=/bin/bash /opt/azure/containers/kubelet.sh
ExecStartPre=/bin/bash /opt/azure/containers/ensure_imds_restriction.sh
ExecStartPre=/bin/mkdir -p /var/lib/kubelet
ExecStartPre=/bin/mkdir -p /var/lib/cni
ExecStartPre=/bin/bash -c "if [ $(mount | grep \\"/var/lib/kubelet\\" | wc -l) -le 0 ] ; then /bin/mount --bind /var/lib/kubelet /var/lib/kubelet ; fi"
ExecStartPre=/bin/mount --make-shared /var/lib/kubelet

ExecStartPre=-/sbin/ebtables -t nat --list
ExecStartPre=-/sbin/iptables -t nat --numeric --list

ExecStartPre=/bin/bash /opt/azure/containers/validate-kubelet-credentials.sh
ExecStartPre=/bin/sh -c 'until [ -S /run/containerd/containerd.sock ]; do sleep 0.1; done'

ExecStart=/opt/bin/kubelet \\
        --enable-server \\
        --node-labels="\${KUBELET_NODE_LABELS}" \\
        --v=2 \\
        --volume-plugin-dir=/etc/kubernetes/volumeplugins \\
        $KUBELET_TLS_BOOTSTRAP_FLAGS \\
        $KUBELET_CONFIG_FILE_FLAGS \\
        $KUBELET_CONTAINERD_FLAGS \\
        $KUBELET_CONTAINER_RUNTIME_FLAG \\
        $KUBELET_CGROUP_FLAGS \\
        $KUBELET_FLAGS

[Install]
WantedBy=multi-user.target
`;

/** Kubernetes 1.32 and later have kubelet watched (cse_config.sh, ensureKubelet). */
const WATCHED_SINCE = 32;

function kubeletDropIns(cloud: Cloud, cluster: string, node: Node): readonly UnitFile[] {
  const fqdn = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters')?.fqdn ?? '';
  const minor = Number(/^v1\.(\d+)/.exec(node.status.nodeInfo.kubeletVersion)?.[1] ?? '0');
  const proxy = nodeProxyFiles(node)[NODE_PROXY_FILES.value.kubelet];
  const files: readonly (readonly [string, string])[] = [
    ['10-cgroupv2', '[Service]\nEnvironment="KUBELET_CGROUP_FLAGS=--cgroup-driver=systemd"\n'],
    [
      '10-containerd-base-flag',
      '[Service]\nEnvironment="KUBELET_CONTAINERD_FLAGS=--runtime-request-timeout=15m --container-runtime-endpoint=unix:///run/containerd/containerd.sock --runtime-cgroups=/system.slice/containerd.service"\n',
    ],
    [
      '10-credential-validation',
      `[Service]\nEnvironment="CREDENTIAL_VALIDATION_KUBE_CA_FILE=/etc/kubernetes/certs/ca.crt"\nEnvironment="CREDENTIAL_VALIDATION_APISERVER_URL=https://${fqdn}:443"\n`,
    ],
    ...(proxy === undefined ? [] : [['10-httpproxy', proxy] as const]),
    [
      '10-tlsbootstrap',
      '[Service]\nEnvironment="KUBELET_TLS_BOOTSTRAP_FLAGS=--kubeconfig /var/lib/kubelet/kubeconfig --bootstrap-kubeconfig /var/lib/kubelet/bootstrap-kubeconfig"\n',
    ],
    ...(minor < WATCHED_SINCE ? [] : [['10-watchdog', '[Service]\nWatchdogSec=60s\n'] as const]),
  ];
  return files.map(([name, text]) => ({ path: `${DROP_INS}/${name}.conf`, text }));
}

/** Returns a node's services, without their journal. */
export function nodeUnits(cloud: Cloud, cluster: string, node: Node): readonly [SystemdUnit, SystemdUnit] {
  const since = epochSeconds(node.metadata.creationTimestamp);
  const pid = (name: string, from: number) =>
    from + drawInteger(cloud, `pid/${node.metadata.uid}/${name}`, 400);
  const isNoble = systemdVersion(node) >= 250;
  return [
    {
      name: 'containerd.service',
      description: 'containerd container runtime',
      documentation: 'https://containerd.io',
      file: { path: `${isNoble ? '/usr' : ''}/lib/systemd/system/containerd.service`, text: CONTAINERD },
      dropIns: [{ path: '/etc/systemd/system/containerd.service.d/exec_start.conf', text: CONTAINERD_START }],
      enabled: 'enabled',
      state: { kind: 'running', pid: pid('containerd', 1800), since },
      commandLine: '/usr/bin/containerd',
    },
    {
      name: 'kubelet.service',
      description: 'Kubelet',
      file: { path: '/etc/systemd/system/kubelet.service', text: KUBELET },
      dropIns: kubeletDropIns(cloud, cluster, node),
      enabled: 'enabled',
      state: { kind: 'running', pid: pid('kubelet', 2400), since },
      commandLine: '/opt/bin/kubelet --enable-server --v=2 --volume-plugin-dir=/etc/kubernetes/volumeplugins',
    },
  ];
}

/** Returns the version of systemd: 249 on Ubuntu 22.04, 255 on 24.04. */
export function systemdVersion(node: Node): number {
  return /^Ubuntu (\d+)/.exec(node.status.nodeInfo.osImage)?.[1] === '22' ? 249 : 255;
}

/** Returns the service manager of a node. */
export function nodeServices(cloud: Cloud, cluster: string, node: Node): ServiceManager {
  const units = nodeUnits(cloud, cluster, node);
  const own: readonly (readonly [string, string])[] = [
    ['LANG', 'C.UTF-8'],
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin'],
  ];
  return {
    systemd: systemdVersion(node),
    hostname: node.metadata.name,
    units,
    environment: [...own, ...nodeProxyVariables(node)].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    journal: nodeJournal(cloud, cluster, node, units),
  };
}

/** Returns the files of the services, by path, with what their processes were started with. */
export function nodeUnitFiles(cloud: Cloud, cluster: string, node: Node): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const proxy = nodeProxyVariables(node)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
  for (const unit of nodeUnits(cloud, cluster, node)) {
    for (const { path, text } of [unit.file, ...unit.dropIns]) files[path] = text;
    if (unit.state.kind === 'running')
      files[`/proc/${unit.state.pid}/environ`] =
        `LANG=C.UTF-8\0PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin\0${proxy}`;
  }
  const labels = Object.entries(node.metadata.labels ?? {})
    .filter(([name]) => /^(agentpool|kubernetes\.azure\.com\/)/.test(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  files['/etc/default/kubelet'] =
    `KUBELET_FLAGS=--cloud-provider=external --max-pods=${node.status.capacity['pods'] ?? ''} --node-ip=${internalAddress(node)}\n` +
    `KUBELET_REGISTER_SCHEDULABLE=true\nKUBELET_NODE_LABELS=${labels.join(',')}\n`;
  files['/etc/crictl.yaml'] = 'runtime-endpoint: unix:///run/containerd/containerd.sock\n';
  return files;
}

function internalAddress(node: Node): string {
  return node.status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '';
}
