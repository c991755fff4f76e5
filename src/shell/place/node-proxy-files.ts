/**
 * The files in which a node keeps its HTTP proxy, as AKS's provisioning scripts write them (Azure/AgentBaker,
 * parts/linux/cloud-init/artifacts/cse_config.sh, configureEtcEnvironment and configureHTTPProxyCA, commit 06836ee of
 * 2026-08-21). They say what the node was set up with, whatever its cluster says now.
 */
import { nodeProxyOf } from '../../model/aks/http-proxy.ts';
import { base64Text } from '../../model/kubernetes/base64-text.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import { NODE_CA_FILES, NODE_PROXY_FILES } from '../../model/limits/http-proxy.ts';

/** What Ubuntu's image has there before anybody writes. */
const UBUNTU_ENVIRONMENT =
  'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"\n';

/** Returns the distribution of a node, as the scripts tell them apart. */
export function distributionOf(node: Node): 'Ubuntu' | 'AzureLinux' {
  return /^(CBL-Mariner|Microsoft Azure Linux|Azure Linux)/.test(node.status.nodeInfo.osImage)
    ? 'AzureLinux'
    : 'Ubuntu';
}

/** Returns the variables that a node was set up with, in the order of the scripts; none without a proxy. */
export function nodeProxyVariables(node: Node): readonly (readonly [string, string])[] {
  const environment = nodeProxyOf(node)?.environment ?? {};
  return ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'].flatMap(
    (name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value] as const];
    },
  );
}

/** Returns the certificates of the proxy on a node's disk, as they were given; null without. */
export function nodeProxyCa(node: Node): string | null {
  const encoded = nodeProxyOf(node)?.config.trustedCa ?? '';
  return encoded === null || encoded === '' ? null : base64Text(encoded);
}

/** Returns the files by path; without a proxy only the environment that the image brings. */
export function nodeProxyFiles(node: Node): Readonly<Record<string, string>> {
  const { environment, apt, systemd, kubelet } = NODE_PROXY_FILES.value;
  const distribution = distributionOf(node);
  const image = distribution === 'Ubuntu' ? UBUNTU_ENVIRONMENT : '';
  const variables = nodeProxyVariables(node);
  if (variables.length === 0) return { [environment]: image };
  const lines = (text: (name: string, value: string) => string | null): string =>
    variables
      .map(([name, value]) => text(name, value))
      .filter((line) => line !== null)
      .map((line) => `${line}\n`)
      .join('');
  const ca = nodeProxyCa(node);
  return {
    [environment]: image + lines((name, value) => `${name}=${value}`),
    [apt]: lines((name, value) => {
      const scheme = /^(https?)_proxy$/.exec(name)?.[1];
      return scheme === undefined ? null : `Acquire::${scheme}::proxy "${value}";`;
    }),
    [systemd]: `[Manager]\n${lines((name, value) => `DefaultEnvironment="${name}=${value}"`)}`,
    [kubelet]: `[Service]\nEnvironmentFile=${environment}\n`,
    ...(ca === null ? {} : { [NODE_CA_FILES.value[distribution].path]: ca }),
  };
}
