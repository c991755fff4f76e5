/** `az aks get-credentials`: writes the kubeconfig that kubectl reads. */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import { textToBase64 } from '../../model/kubernetes/base64-text.ts';
import { clusterCa } from '../../model/kubernetes/root-ca.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { EMPTY_KUBECONFIG, parseKubeconfig, printKubeconfig } from '../kubectl/kubeconfig.ts';
import type { Kubeconfig } from '../kubectl/kubeconfig.ts';
import { clusterKey } from './aks-options.ts';
import { HOME } from './aks-validation.ts';
import type { AzCommand, AzFailure } from './command.ts';
import { flag, refused, text } from './option.ts';
import { optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';

/** "simulated" in base64: looks like what it is. */
const NOT_A_CERTIFICATE = 'c2ltdWxhdGVk';

export const aksGetCredentials: AzCommand = {
  path: ['aks', 'get-credentials'],
  summary: 'Get access credentials for a managed Kubernetes cluster.',
  options: [
    ...clusterKey,
    flag('--admin -a', 'Get cluster administrator credentials.  Default: cluster user credentials.'),
    text(
      '--context',
      'If specified, overwrite the default context name. The `--admin` parameter takes precedence over `--context`.',
    ),
    text('--file -f', 'Kubernetes configuration file to update. Use "-" to print YAML to stdout instead.', {
      default: '~/.kube/config',
    }),
    text(
      '--format',
      'Specify the format of the returned credential. Available values are ["exec", "azure"].',
      {
        noEffect: 'every credential works here',
      },
    ),
    flag('--overwrite-existing', 'Overwrite any existing cluster entry with the same name.'),
    ...refused('a private API server is not part of this chapter', 'flag:--public-fqdn'),
  ],
  examples: [
    {
      does: 'Get access credentials for a managed Kubernetes cluster.',
      line: 'az aks get-credentials --name MyManagedCluster --resource-group MyResourceGroup',
    },
  ],
  reads: (args) => {
    const path = optionalText(args, 'file');
    return path === undefined || path === '-' ? [] : [path];
  },
  run: (cloud, args, files) => {
    const format = optionalText(args, 'format');
    if (format !== undefined && format !== '' && !['azure', 'exec'].includes(format.toLowerCase())) {
      return usageFailure('--format can only be azure or exec.');
    }
    if (format !== undefined && format !== '' && args['admin'] === true) {
      return usageFailure('--format can only be specified when requesting clusterUser credential.');
    }
    const found = requireManagedCluster(
      cloud,
      textArgument(args, 'resourceGroup'),
      textArgument(args, 'name'),
    );
    if (!found.ok) return refusedByAzure(found.error);
    const addition = credentials(
      found.value,
      args['admin'] === true ? 'admin' : 'user',
      optionalText(args, 'context') ?? null,
      clusterCa(cloud, armKey(found.value.id)),
    );
    const path = optionalText(args, 'file') ?? files.kubeconfig;
    if (path === '-') return ok({ cloud, printed: `${printKubeconfig(addition)}\n` });
    const before = files.read(path);
    const existing = before === null ? null : parseKubeconfig(before, shown(path));
    if (existing !== null && !existing.ok) return usageFailure(existing.error.stderr.trim());
    const merged = merge(
      existing?.value ?? EMPTY_KUBECONFIG,
      addition,
      args['overwriteExisting'] === true ? 'overwrite' : 'keep',
    );
    if (!merged.ok) return merged;
    files.write(path, printKubeconfig(merged.value));
    return ok({
      cloud,
      warnings: [`Merged "${addition.currentContext}" as current context in ${shown(path)}`],
    });
  },
};

function shown(path: string): string {
  return path.replace(/^~(?=\/|$)/, HOME);
}

/** Returns the kubeconfig that AKS hands out for one cluster. */
export function credentials(
  cluster: ManagedCluster,
  role: 'user' | 'admin',
  contextName: string | null,
  authority: string | null,
): Kubeconfig {
  const user = `${role === 'admin' ? 'clusterAdmin' : 'clusterUser'}_${cluster.resourceGroup}_${cluster.name}`;
  const clusterName = contextName ?? cluster.name;
  const context = role === 'admin' ? `${clusterName}-admin` : clusterName;
  return {
    clusters: [
      {
        name: clusterName,
        cluster: {
          server: `https://${cluster.fqdn}:443`,
          'certificate-authority-data': authority === null ? NOT_A_CERTIFICATE : textToBase64(authority),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: clusterName, user } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': NOT_A_CERTIFICATE,
          'client-key-data': NOT_A_CERTIFICATE,
          token: 'simulated',
        },
      },
    ],
    currentContext: context,
  };
}

function merge(
  existing: Kubeconfig,
  addition: Kubeconfig,
  conflicts: 'overwrite' | 'keep',
): Result<Kubeconfig, AzFailure> {
  const clusters = mergeNamed('clusters', existing.clusters, addition.clusters, conflicts);
  if (!clusters.ok) return clusters;
  const users = mergeNamed('users', existing.users, addition.users, conflicts);
  if (!users.ok) return users;
  const contexts = mergeNamed('contexts', existing.contexts, addition.contexts, conflicts);
  if (!contexts.ok) return contexts;
  return ok({
    clusters: clusters.value,
    users: users.value,
    contexts: contexts.value,
    currentContext: addition.currentContext,
  });
}

function mergeNamed<T extends { readonly name: string }>(
  kind: string,
  existing: readonly T[],
  addition: readonly T[],
  conflicts: 'overwrite' | 'keep',
): Result<readonly T[], AzFailure> {
  let merged = existing;
  for (const added of addition) {
    const same = merged.find((each) => each.name === added.name);
    if (same !== undefined && conflicts === 'keep' && JSON.stringify(same) !== JSON.stringify(added)) {
      return err({
        kind: 'usage',
        exitCode: 1,
        message: `A different object named ${added.name} already exists in ${kind} in your kubeconfig file.`,
      });
    }
    merged = [...merged.filter((each) => each !== same), added];
  }
  return ok(merged);
}
