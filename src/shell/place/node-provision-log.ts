/**
 * What a node's provisioning wrote: the trace of the script and the output of its checks (Azure/AgentBaker,
 * parts/linux/cloud-init/artifacts/cse_cmd.sh, cse_main.sh and cse_start.sh, commit 06836ee of 2026-08-21), as far as
 * it tells of the proxy. The real files are thousands of lines long.
 */
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { epochSeconds } from '../../model/kubernetes/cluster-state.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import { OUTBOUND_CHECK } from '../../model/limits/http-proxy.ts';
import { distributionOf, nodeProxyCa, nodeProxyVariables } from './node-proxy-files.ts';
import { nodeUnits, systemdVersion } from './node-units.ts';
import { statusLines } from './systemctl.ts';

const FOLDER = '/var/log/azure';

/** Returns the two files by path. */
export function nodeProvisionLogs(
  cloud: Cloud,
  cluster: string,
  node: Node,
): Readonly<Record<string, string>> {
  return {
    [`${FOLDER}/cluster-provision.log`]: provisionLog(cloud, cluster, node),
    [`${FOLDER}/cluster-provision-cse-output.log`]: outputLog(cloud, cluster, node),
  };
}

function provisionLog(cloud: Cloud, cluster: string, node: Node): string {
  const value = new Map(nodeProxyVariables(node));
  // pkg/agent, getProxyVariables: in this order, and these only.
  const exported = (['NO_PROXY', 'HTTPS_PROXY', 'http_proxy'] as const).flatMap((name) => {
    const text = value.get(name);
    return text === undefined ? [] : [{ name, text }];
  });
  const ca = nodeProxyCa(node) !== null;
  const fqdn = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters')?.fqdn ?? '';
  const update =
    distributionOf(node) === 'Ubuntu'
      ? [
          '+ update-ca-certificates',
          'Updating certificates in /etc/ssl/certs...',
          'rehash: warning: skipping ca-certificates.crt,it does not contain exactly one certificate or CRL',
          '1 added, 0 removed; done.',
          'Running hooks in /etc/ca-certificates/update.d...',
          'done.',
        ]
      : ['+ update-ca-trust'];
  const lines = [
    "+ '[' -f /opt/azure/containers/base_prep.complete ']'",
    '+ basePrep',
    ...(exported.length === 0
      ? ["+ '[' -n '' ']'"]
      : [
          `+ '[' -n '${exported.map(({ name, text }) => `export ${name}="${text}"; `).join('')}' ']'`,
          `+ eval ${exported.map(({ name, text }) => `export '${name}="${text}";'`).join(' ')}`,
          ...exported.flatMap(({ name, text }) => [`++ export ${name}=${text}`, `++ ${name}=${text}`]),
        ]),
    "+ echo 'private egress proxy address is '\\'''\\'''",
    "private egress proxy address is ''",
    `+ '[' ${exported.length > 0} = true ']'`,
    ...(exported.length === 0
      ? []
      : [
          `+ '[' ${ca} = true ']'`,
          ...(ca ? ['+ configureHTTPProxyCA', ...update] : []),
          '+ configureEtcEnvironment',
        ]),
    "+ echo 'Golden image; skipping dependencies installation'",
    'Golden image; skipping dependencies installation',
    '+ nodePrep',
    `+ retrycmd_if_failure 20 1 15 ${OUTBOUND_CHECK.value.command}`,
    `+ retrycmd_if_failure 34 1 15 curl -v --cacert /etc/kubernetes/certs/ca.crt https://${fqdn}:443`,
    "+ echo 'API server connection check code: 0'",
    'API server connection check code: 0',
    "+ echo 'Custom script finished.'",
    'Custom script finished.',
  ];
  return `${lines.join('\n')}\n`;
}

/** `Tue Sep  1 09:00:01 UTC 2026`, as date prints it. */
function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()] ?? '';
  const month = date.toISOString().slice(5, 7);
  const name = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(Number(month) * 3 - 3, Number(month) * 3);
  const time = date.toISOString().slice(11, 19);
  return `${day} ${name} ${String(date.getUTCDate()).padStart(2)} ${time} UTC ${date.getUTCFullYear()}`;
}

function outputLog(cloud: Cloud, cluster: string, node: Node): string {
  const { command } = OUTBOUND_CHECK.value;
  const since = epochSeconds(node.metadata.creationTimestamp);
  const [, kubelet] = nodeUnits(cloud, cluster, node);
  const lines = [
    `${dateText(since)},${node.metadata.name}`,
    'INFO: cloud-init succeeded',
    'Cloud init status check exit code: 0',
    'cloud-init succeeded',
    ...checkLines(node),
    `Executed "${command}" 1 times.`,
    ...statusLines(kubelet, systemdVersion(node), since),
  ];
  return `${lines.join('\n')}\n`;
}

/** The check's own output, without what curl tells of TLS: it does not look at certificates there. */
function checkLines(node: Node): readonly string[] {
  const { host } = OUTBOUND_CHECK.value;
  const proxy = new Map(nodeProxyVariables(node)).get('HTTPS_PROXY');
  const isOld = systemdVersion(node) < 250;
  const number = isOld ? ' (#0)' : '';
  const version = isOld ? '7.81.0' : '8.5.0';
  const end = [
    `> GET /v2/ HTTP/2`,
    `> Host: ${host}`,
    `> user-agent: curl/${version}`,
    '> accept: */*',
    '> ',
    '< HTTP/2 200 ',
  ];
  if (proxy === undefined) return end;
  const [, address = '', port = '80'] = /^https?:\/\/([^:/]+)(?::(\d+))?/.exec(proxy) ?? [];
  return [
    `*   Trying ${address}:${port}...`,
    `* Connected to ${address} (${address}) port ${port}${number}`,
    ...(isOld
      ? ['* allocate connect request!', `* Establish HTTP proxy tunnel to ${host}:443`]
      : [
          `* CONNECT tunnel: HTTP/1.1 negotiated`,
          '* allocate connect request',
          `* Establish HTTP proxy tunnel to ${host}:443`,
        ]),
    `> CONNECT ${host}:443 HTTP/1.1`,
    `> Host: ${host}:443`,
    `> User-Agent: curl/${version}`,
    '> Proxy-Connection: Keep-Alive',
    '> ',
    '< HTTP/1.1 200 Connection established',
    '< ',
    ...(isOld
      ? ['* Proxy replied 200 to CONNECT request', '* CONNECT phase completed!']
      : ['* CONNECT phase completed', '* CONNECT tunnel established, response 200']),
    ...end,
  ];
}
