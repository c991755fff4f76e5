/** `~/.kube/config`, as `az aks get-credentials` writes it and `kubectl config` changes it. */
import { stringify } from 'yaml';
import { listResources } from '../../model/azure/resource-store.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { clientError, type KubectlFailure } from './failure.ts';
import { parseYaml } from '../yaml-text.ts';

export interface NamedCluster {
  readonly name: string;
  readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
}

export interface NamedContext {
  readonly name: string;
  readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string };
}

export interface NamedUser {
  readonly name: string;
  readonly user: Readonly<Record<string, unknown>>;
}

export interface Kubeconfig {
  readonly clusters: readonly NamedCluster[];
  readonly contexts: readonly NamedContext[];
  readonly users: readonly NamedUser[];
  readonly currentContext: string;
}

export const EMPTY_KUBECONFIG: Kubeconfig = { clusters: [], contexts: [], users: [], currentContext: '' };

interface ParsedKubeconfig {
  readonly text: string;
  readonly path: string;
  readonly result: Result<Kubeconfig, KubectlFailure>;
}

/** What was parsed last: each kubectl reads the file, which seldom changes between them. */
let last: ParsedKubeconfig | null = null;

/** Returns the text of a kubeconfig parsed; anything that is not one is an error in kubectl's words. */
export function parseKubeconfig(text: string, path: string): Result<Kubeconfig, KubectlFailure> {
  if (last?.text === text && last.path === path) return last.result;
  const result = readKubeconfig(text, path);
  last = { text, path, result };
  return result;
}

function readKubeconfig(text: string, path: string): Result<Kubeconfig, KubectlFailure> {
  let data: unknown;
  try {
    data = parseYaml(text);
  } catch (problem) {
    const what = problem instanceof Error ? (problem.message.split('\n')[0] ?? '') : '';
    return err(clientError(`error loading config file "${path}": yaml: ${what}`));
  }
  if (data === null || data === undefined) return ok(EMPTY_KUBECONFIG);
  if (!isRecord(data)) {
    return err(
      clientError(`error loading config file "${path}": couldn't get version/kind; json parse error`),
    );
  }
  return ok({
    clusters: namedList(data['clusters'], 'cluster').map(({ name, value }) => ({
      name,
      cluster: {
        server: textOf(value['server']),
        ...(typeof value['certificate-authority-data'] === 'string'
          ? { 'certificate-authority-data': value['certificate-authority-data'] }
          : {}),
      },
    })),
    contexts: namedList(data['contexts'], 'context').map(({ name, value }) => ({
      name,
      context: {
        cluster: textOf(value['cluster']),
        user: textOf(value['user']),
        ...(typeof value['namespace'] === 'string' && value['namespace'] !== ''
          ? { namespace: value['namespace'] }
          : {}),
      },
    })),
    users: namedList(data['users'], 'user').map(({ name, value }) => ({ name, user: value })),
    currentContext: textOf(data['current-context']),
  });
}

export function printKubeconfig(config: Kubeconfig): string {
  return stringify(
    {
      apiVersion: 'v1',
      clusters: config.clusters.map(({ name, cluster }) => ({ cluster, name })),
      contexts: config.contexts.map(({ name, context }) => ({ context, name })),
      'current-context': config.currentContext,
      kind: 'Config',
      users: config.users.map(({ name, user }) => ({ name, user })),
    },
    { indentSeq: false, lineWidth: 0 },
  );
}

export function kubeconfigPath(flag: string | null, context: Pick<CommandContext, 'env'>): string {
  const home = context.env.get('HOME') ?? '/home/learner';
  return flag ?? context.env.get('KUBECONFIG')?.split(':')[0] ?? `${home}/.kube/config`;
}

/** Where a context leads: a cluster of the cloud, and the namespace to use. */
export function resolveContext(
  config: Kubeconfig,
  wanted: string | null,
  cloud: Cloud,
): Result<
  { readonly cluster: ArmKey; readonly namespace: string; readonly contextName: string },
  KubectlFailure
> {
  const name = wanted ?? config.currentContext;
  if (name === '') return err(REFUSED);
  const context = config.contexts.find((each) => each.name === name)?.context;
  if (context === undefined) {
    return err(
      wanted === null && config.contexts.length === 0
        ? REFUSED
        : clientError(`context "${name}" does not exist`),
    );
  }
  const server = config.clusters.find((each) => each.name === context.cluster)?.cluster.server ?? '';
  const host = /^https?:\/\/([^:/]+)/.exec(server)?.[1] ?? '';
  const managed = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters').find(
    (each) => each.fqdn === host,
  );
  const cluster = managed?.id.toLowerCase();
  if (
    managed === undefined ||
    cluster === undefined ||
    cloud.kubernetes[cluster] === undefined ||
    managed.powerState.code === 'Stopped'
  ) {
    return err({
      stderr: `Unable to connect to the server: dial tcp: lookup ${host === '' ? server : host}: no such host\n`,
      exitCode: 1,
    });
  }
  return ok({ cluster, namespace: context.namespace ?? 'default', contextName: name });
}

const REFUSED: KubectlFailure = {
  stderr:
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
  exitCode: 1,
};

function namedList(
  value: unknown,
  key: string,
): readonly { readonly name: string; readonly value: Readonly<Record<string, unknown>> }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (!isRecord(each) || typeof each['name'] !== 'string') return [];
    const inner = each[key];
    return [{ name: each['name'], value: isRecord(inner) ? inner : {} }];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
