/** What Azure documents of the HTTP proxy of a cluster. */
import type { Limit } from './limit.ts';

const PAGE =
  'HTTP proxy support in Azure Kubernetes Service (AKS), https://learn.microsoft.com/azure/aks/http-proxy';
const READ = '2026-08-26';
const SCRIPTS =
  'Azure/AgentBaker, parts/linux/cloud-init/artifacts/cse_config.sh (configureEtcEnvironment, configureHTTPProxyCA), https://github.com/Azure/AgentBaker';
const SCRIPTS_READ = '2026-08-21';

/** The most certificates that `trustedCa` may hold. */
export const TRUSTED_CA_CERTIFICATES: Limit = {
  value: 20,
  unit: 'certificates',
  source: PAGE,
  read: READ,
};

/** The most that the certificates of a new cluster may take, in bytes of text. */
export const TRUSTED_CA_BYTES: Limit = {
  value: 35 * 1024,
  unit: 'bytes',
  source: PAGE,
  read: READ,
  note: 'The page says 35 KB, for new clusters only, and not whether before or after base64: taken for the PEM text, since that is the content of the certificates.',
};

/** The variables of a pod, in the order in which the page lists them, and in which pods have them. */
export const PROXY_VARIABLE_NAMES: Limit<
  readonly ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']
> = {
  value: ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'],
  source: PAGE,
  read: READ,
};

/** A pod with this annotation, whose value is `true`, gets no variables. */
export const NO_PROXY_VARIABLES_ANNOTATION: Limit<string> = {
  value: 'kubernetes.azure.com/no-http-proxy-vars',
  source: PAGE,
  read: READ,
};

/** The MutatingWebhookConfiguration that adds the variables. */
export const PROXY_WEBHOOK: Limit<string> = {
  value: 'aks-webhook-admission-controller',
  source:
    'HTTP Proxy being automatically injected into Pods, https://github.com/Azure/AKS/issues/3174 (the page says only "a mutating admission webhook")',
  read: '2022-09-01',
};

/** What AKS exempts in every cluster, besides the names and ranges of the cluster itself. */
export const ALWAYS_EXEMPT: Limit<readonly string[]> = {
  value: ['konnectivity', 'localhost', '127.0.0.1', '169.254.169.254', '168.63.129.16'],
  source:
    'Adding http_proxy_config to azurerm_kubernetes_cluster (the list of defaults), https://github.com/hashicorp/terraform-provider-azurerm/pull/14177',
  read: '2021-11-15',
  note: 'No page of Azure lists them. That the names under .svc and .cluster.local are not among them: https://github.com/Azure/AKS/issues/3174.',
};

/** The oldest azure-cli with `--disable-http-proxy` and `--enable-http-proxy`. */
export const DISABLE_HTTP_PROXY_CLI: Limit<string> = { value: '2.85.0', source: PAGE, read: READ };

/** The oldest azure-cli with `--http-proxy-config` outside its extension for previews. */
export const HTTP_PROXY_CONFIG_CLI: Limit<string> = {
  value: '2.39.0',
  source:
    '[AKS] az aks create/update: Add parameter --http-proxy-config, https://github.com/Azure/azure-cli/pull/23352 and the release notes',
  read: '2022-07-27',
};

/** The file that a node keeps the certificates of the proxy in, and the program that takes them in. */
export const NODE_CA_FILES: Limit<
  Readonly<Record<'Ubuntu' | 'AzureLinux', { readonly path: string; readonly command: string }>>
> = {
  value: {
    Ubuntu: { path: '/usr/local/share/ca-certificates/proxyCA.crt', command: 'update-ca-certificates' },
    AzureLinux: { path: '/usr/share/pki/ca-trust-source/anchors/proxyCA.crt', command: 'update-ca-trust' },
  },
  source: SCRIPTS,
  read: SCRIPTS_READ,
};

/** The files that a node keeps its proxy in. */
export const NODE_PROXY_FILES: Limit<{
  readonly environment: string;
  readonly apt: string;
  readonly systemd: string;
  readonly kubelet: string;
}> = {
  value: {
    environment: '/etc/environment',
    apt: '/etc/apt/apt.conf.d/95proxy',
    systemd: '/etc/systemd/system.conf.d/proxy.conf',
    kubelet: '/etc/systemd/system/kubelet.service.d/10-httpproxy.conf',
  },
  source: SCRIPTS,
  read: SCRIPTS_READ,
};

/** What a node asks for to see whether it gets out, before it joins. */
export const OUTBOUND_CHECK: Limit<{ readonly command: string; readonly host: string }> = {
  value: {
    command: 'curl -v --insecure --proxy-insecure https://mcr.microsoft.com/v2/',
    host: 'mcr.microsoft.com',
  },
  source: 'Azure/AgentBaker, pkg/agent (getOutBoundCmd), https://github.com/Azure/AgentBaker',
  read: SCRIPTS_READ,
  note: 'With --insecure nobody looks at certificates, and without --fail every answer of a server will do: a wrong trustedCa shows later, when containerd pulls an image.',
};
