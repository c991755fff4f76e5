/** The HTTP proxy of `az aks create` and `az aks update`: a file whose JSON goes to the service as it is. */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { HttpProxyRequest } from '../../model/aks/http-proxy-request.ts';
import { whyProxyUnknown } from '../../model/aks/node-egress.ts';
import type { Cloud } from '../../model/cloud.ts';
import { DISABLE_HTTP_PROXY_CLI } from '../../model/limits/http-proxy.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzFiles, AzOption } from './command.ts';
import { flag, text } from './option.ts';
import { optionalText, usageFailure } from './outcome.ts';
import { readPythonJson } from './python-json.ts';

export const httpProxyConfig: AzOption = text(
  '--http-proxy-config',
  'HTTP Proxy configuration for this cluster.',
);

const since = DISABLE_HTTP_PROXY_CLI.value;

/** Only of `az aks update`. */
export const httpProxySwitches: readonly AzOption[] = [
  flag('--disable-http-proxy', 'Disable HTTP Proxy Configuration on the cluster.', { since }),
  flag('--enable-http-proxy', 'Enable HTTP Proxy Configuration on the cluster.', { since }),
];

/** The files that the option names. */
export function httpProxyPaths(args: AzArguments): readonly string[] {
  const path = optionalText(args, 'httpProxyConfig');
  return path === undefined || path === '' ? [] : [path];
}

/**
 * Reads the file; undefined without the option. azure-cli looks only whether the file is there and holds an object
 * (managed_cluster_decorator.py, get_http_proxy_config).
 */
export function readHttpProxyFile(
  args: AzArguments,
  files: AzFiles,
): Result<HttpProxyRequest | undefined, AzFailure> {
  const path = optionalText(args, 'httpProxyConfig');
  if (path === undefined || path === '') return ok(undefined);
  // os.path.isfile: what a process substitution or a pipe gives is no file, and ~ is nobody's home but the shell's.
  const isNoFile = /^(?:~|\/dev\/(?:stdin|fd\/\d+)$)/.test(path);
  const content = isNoFile ? null : files.read(path);
  if (content === null) return usageFailure(`${path} is not valid file, or not accessable.`);
  const parsed = readPythonJson(content);
  if (!parsed.ok) {
    return usageFailure(
      `Failed to parse file '${path}' with exception:\nFailed to parse string as JSON:\n${content}\nError detail: ${parsed.error}`,
    );
  }
  if (isRecord(parsed.value)) return ok(parsed.value);
  return usageFailure(
    `Error reading Http Proxy Config from ${path}. Please see https://aka.ms/HttpProxyConfig for correct format.`,
  );
}

/** Reads the two switches; neither is undefined. */
export function readHttpProxySwitch(args: AzArguments): Result<'enable' | 'disable' | undefined, AzFailure> {
  const enable = args['enableHttpProxy'] === true;
  const disable = args['disableHttpProxy'] === true;
  if (enable && disable) {
    return usageFailure('Cannot specify --enable-http-proxy and --disable-http-proxy at the same time.');
  }
  return ok(enable ? 'enable' : disable ? 'disable' : undefined);
}

/** Warns of a cluster's proxy whose answers nobody here knows. */
export function proxyWarnings(cloud: Cloud, resourceGroup: string, name: string): readonly string[] {
  const cluster = requireManagedCluster(cloud, resourceGroup, name);
  if (!cluster.ok) return [];
  const [pool] = cluster.value.agentPoolProfiles;
  const why = pool === undefined ? null : whyProxyUnknown(cloud, cluster.value, pool);
  return why === null
    ? []
    : [`Not simulated: the way of nodes through the HTTP proxy, since ${why}. They are taken to get out.`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
