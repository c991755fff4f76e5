/** Add-ons of clusters: `--enable-addons` of `az aks create`, `az aks enable-addons` and `disable-addons`. */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { defaultWorkspace, disableMonitoring, enableMonitoring } from '../../model/aks/monitoring.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { parseResourceId } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { managedClusterJson } from './aks-json.ts';
import { clusterKey, waited } from './aks-options.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption } from './command.ts';
import { boolean, noWaitFlag, refused, since, text } from './option.ts';
import { changed, optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';

const CHANGE_SECONDS = 90;

/** The names that azure-cli knows (acs/_consts.py). */
const ADD_ONS: readonly string[] = [
  'http_application_routing',
  'monitoring',
  'virtual-node',
  'kube-dashboard',
  'azure-policy',
  'ingress-appgw',
  'confcom',
  'open-service-mesh',
  'azure-keyvault-secrets-provider',
];

const workspace = text(
  '--workspace-resource-id',
  'The resource ID of an existing Log Analytics Workspace to use for storing monitoring data.',
);
const monitoringIdentity = boolean(
  '--enable-msi-auth-for-monitoring',
  'Enable Managed Identity Auth for Monitoring addon.',
  { default: 'True' },
);

export const addOnOptions: readonly AzOption[] = [
  text('--enable-addons -a', 'Enable the Kubernetes addons in a comma-separated list.'),
  monitoringIdentity,
  workspace,
  ...refused(
    'the cluster autoscaler does not run by itself here',
    'list:--cluster-autoscaler-profile --ca-profile',
  ),
];

/** Returns the add-ons that a new cluster is to have. Errors: azure-cli's, and `NotSimulated` by name. */
export function readAddOns(args: AzArguments): Result<readonly string[], AzFailure> {
  const wanted = split(optionalText(args, 'enableAddons') ?? '');
  const twice = [...new Set(wanted.filter((each, at) => wanted.indexOf(each) !== at))];
  if (twice.length > 0) {
    return usageFailure(
      `Duplicate addon${twice.length > 1 ? 's' : ''} '${twice.join(',')}' found in option --enable-addons.`,
    );
  }
  const unknown = wanted.filter((each) => !ADD_ONS.includes(each));
  if (unknown.length > 0) {
    return usageFailure(
      `'${unknown.join(',')}' ${unknown.length > 1 ? 'are' : 'is'} not recognized by the --enable-addons argument.`,
    );
  }
  if ((optionalText(args, 'workspaceResourceId') ?? '') !== '' && !wanted.includes('monitoring')) {
    return usageFailure('"--workspace-resource-id" requires "--enable-addons monitoring".');
  }
  if (wanted.includes('virtual-node')) {
    return usageFailure(
      '"--enable-addons virtual-node" requires "--aci-subnet-name" and "--vnet-subnet-id".',
    );
  }
  return simulated(wanted);
}

function simulated(wanted: readonly string[]): Result<readonly string[], AzFailure> {
  const other = wanted.find((each) => each !== 'monitoring');
  return other === undefined ? ok(wanted) : refusedByAzure(notSimulated(`The add-on ${other}`));
}

function split(text: string): readonly string[] {
  return text.split(',').filter((each) => each !== '');
}

/** Returns the cloud with a cluster's add-ons running. */
export function startAddOns(
  cloud: Cloud,
  cluster: ManagedCluster,
  wanted: readonly string[],
  args: AzArguments,
): ReturnType<typeof enableMonitoring> {
  if (!wanted.includes('monitoring')) return ok(cloud);
  return enableMonitoring(cloud, cluster, workspaceOf(cloud, cluster, args));
}

/** azure-cli mends the slashes of the id, and makes a workspace if there is none. */
function workspaceOf(cloud: Cloud, cluster: ManagedCluster, args: AzArguments): string {
  const given = (optionalText(args, 'workspaceResourceId') ?? '').trim().replace(/\/+$/, '');
  if (given === '') return defaultWorkspace(cloud, cluster.location);
  return given.startsWith('/') ? given : `/${given}`;
}

const addons = (help: string): AzOption => text('--addons -a', help, { required: true });

export const aksAddOnCommands: readonly AzCommand[] = [
  {
    path: ['aks', 'enable-addons'],
    summary: 'Enable Kubernetes addons.',
    options: [
      addons('Enable the Kubernetes addons in a comma-separated list.'),
      ...clusterKey,
      monitoringIdentity,
      workspace,
      noWaitFlag,
      ...refused(
        'only the add-on monitoring is simulated, with its defaults',
        '--appgw-id',
        '--appgw-name',
        '--appgw-subnet-cidr',
        '--appgw-subnet-id',
        '--appgw-watch-namespace',
        '--data-collection-settings',
        'flag:--enable-secret-rotation',
        'flag:--enable-sgxquotehelper',
        'boolean:--enable-syslog',
        '--rotation-poll-interval',
        '--subnet-name -s',
      ),
      ...since(
        '2.61.0',
        ...refused(
          'only the add-on monitoring is simulated, with its defaults',
          '--ampls-resource-id',
          'boolean:--enable-high-log-scale-mode',
        ),
      ),
    ],
    examples: [
      {
        does: 'Have the agents of Container Insights run on every node.',
        line: 'az aks enable-addons -g MyResourceGroup -n MyManagedCluster --addons monitoring',
      },
    ],
    run: (cloud, args) =>
      changeAddOns(cloud, args, (cluster) => {
        const id = optionalText(args, 'workspaceResourceId');
        if (id !== undefined && parseResourceId(id) === null) {
          return usageFailure('--workspace-resource-id is not a valid Azure resource ID.');
        }
        if (cluster.monitoring !== undefined) {
          return usageFailure(
            'The monitoring addon is already enabled for this managed cluster.\nTo change monitoring configuration, run "az aks disable-addons -a monitoring"before enabling it again.',
          );
        }
        return changed(
          enableMonitoring(cloud, cluster, workspaceOf(cloud, cluster, args)),
          waited(args, (after) => printCluster(after, args)),
          CHANGE_SECONDS,
        );
      }),
  },
  {
    path: ['aks', 'disable-addons'],
    summary: 'Disable Kubernetes addons.',
    options: [addons('Disable the Kubernetes addons in a comma-separated list.'), ...clusterKey, noWaitFlag],
    examples: [
      {
        does: 'Take the agents of Container Insights away.',
        line: 'az aks disable-addons -g MyResourceGroup -n MyManagedCluster --addons monitoring',
      },
    ],
    run: (cloud, args) =>
      changeAddOns(cloud, args, (cluster) =>
        changed(
          ok(disableMonitoring(cloud, cluster)),
          waited(args, (after) => printCluster(after, args)),
          CHANGE_SECONDS,
        ),
      ),
  },
];

/** Runs a change of the add-on monitoring, the one that is simulated, on the cluster of a line. */
function changeAddOns(cloud: Cloud, args: AzArguments, change: (cluster: ManagedCluster) => Ran): Ran {
  const found = requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  if (!found.ok) return refusedByAzure(found.error);
  const wanted = split(textArgument(args, 'addons'));
  const unknown = wanted.find((each) => !ADD_ONS.includes(each));
  if (unknown !== undefined || wanted.length === 0) {
    return usageFailure(`Invalid addon name: ${unknown ?? ''}.`);
  }
  const known = simulated(wanted);
  return known.ok ? change(found.value) : known;
}

function printCluster(cloud: Cloud, args: AzArguments): ReturnType<typeof managedClusterJson> | null {
  const found = requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  return found.ok ? managedClusterJson(cloud, found.value) : null;
}
