/** `--enable-addons` of `az aks create`, checked as azure-cli checks it (acs/managed_cluster_decorator.py). */
import { notSimulated } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzOption } from './command.ts';
import { boolean, refused, text } from './option.ts';
import { optionalText, refusedByAzure, usageFailure } from './outcome.ts';

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

export const addOnOptions: readonly AzOption[] = [
  text('--enable-addons -a', 'Enable the Kubernetes addons in a comma-separated list.'),
  boolean('--enable-msi-auth-for-monitoring', 'Enable Managed Identity Auth for Monitoring addon.', {
    default: 'True',
  }),
  text(
    '--workspace-resource-id',
    'The resource ID of an existing Log Analytics Workspace to use for storing monitoring data.',
  ),
  ...refused(
    'the cluster autoscaler does not run by itself here',
    'list:--cluster-autoscaler-profile --ca-profile',
  ),
];

/** Checks the names of add-ons. Errors: azure-cli's, and `NotSimulated` for each that is left out. */
export function checkAddOns(args: AzArguments): Result<null, AzFailure> {
  const wanted = (optionalText(args, 'enableAddons') ?? '').split(',').filter((each) => each !== '');
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
  const workspace = optionalText(args, 'workspaceResourceId') ?? '';
  if (workspace !== '' && !wanted.includes('monitoring')) {
    return usageFailure('"--workspace-resource-id" requires "--enable-addons monitoring".');
  }
  if (wanted.includes('virtual-node')) {
    return usageFailure(
      '"--enable-addons virtual-node" requires "--aci-subnet-name" and "--vnet-subnet-id".',
    );
  }
  const [first] = wanted;
  if (first !== undefined) return refusedByAzure(notSimulated(`The add-on ${first}`));
  return ok(null);
}
