/**
 * `az aks egress-endpoints list`, of the extension aks-preview. Categories and shape: the example
 * OutboundNetworkDependenciesEndpointsList.json of Azure/azure-rest-api-specs, 2025-05-01; which names are in them:
 * those of the page on required rules, which is newer.
 */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import {
  FURTHER_FQDNS,
  OPTIONAL_FQDNS,
  REQUIRED_FQDNS,
  REQUIRED_NETWORK_RULES,
} from '../../model/limits/aks-egress.ts';
import type { EgressEndpoint } from '../../model/limits/aks-egress.ts';
import { clusterKey } from './aks-options.ts';
import type { AzCommand, AzOutcome, Json } from './command.ts';
import { isObject } from './output-format.ts';
import { shown, textArgument } from './outcome.ts';

/** The names of a category, as the page has them. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  'azure-resource-management': ['management.azure.com', 'login.microsoftonline.com'],
  images: ['mcr.microsoft.com', '*.data.mcr.microsoft.com'],
  artifacts: ['packages.microsoft.com', 'acs-mirror.azureedge.net', 'packages.aks.azure.com'],
  'time-sync': ['ntp.ubuntu.com'],
  'ubuntu-optional': OPTIONAL_FQDNS.value.map(({ name }) => name),
  gpu: namesFor('gpu'),
  windows: namesFor('windows'),
  apiserver: ['*.hcp.<region>.azmk8s.io'],
};

function namesFor(need: EgressEndpoint['need']): readonly string[] {
  return FURTHER_FQDNS.value.filter((each) => each.need === need).map(({ name }) => name);
}

const ALL: readonly EgressEndpoint[] = [
  ...REQUIRED_FQDNS.value,
  ...OPTIONAL_FQDNS.value,
  ...FURTHER_FQDNS.value,
  ...REQUIRED_NETWORK_RULES.value,
];

function endpointsJson(cluster: ManagedCluster): Json {
  const monitoring = cluster.monitoring === undefined ? {} : { 'addon-monitoring': namesFor('monitor') };
  return Object.entries({ ...CATEGORIES, ...monitoring }).map(([category, names]) => ({
    category,
    endpoints: names.flatMap((name) => {
      const found = ALL.find((each) => each.name === name);
      if (found === undefined) return [];
      const protocol = found.request === null ? found.protocol.toUpperCase() : PROTOCOLS[found.request];
      return [
        {
          domainName: name.replace('<region>', cluster.location),
          endpointDetails: [{ description: null, ipAddress: null, port: found.port, protocol }],
        },
      ];
    }),
  }));
}

const PROTOCOLS = { https: 'Https', http: 'Http' } as const;

const table: NonNullable<AzOutcome['table']> = (output) =>
  (Array.isArray(output) ? output : [])
    .filter(isObject)
    .map(({ category }) => ({ Category: typeof category === 'string' ? category : '' }));

export const aksEgressEndpointsList: AzCommand = {
  path: ['aks', 'egress-endpoints', 'list'],
  summary: 'List egress endpoints that are required or recommended to be whitelisted for a cluster.',
  options: clusterKey,
  run: (cloud, args) =>
    shown(
      cloud,
      requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
      endpointsJson,
      table,
    ),
};
