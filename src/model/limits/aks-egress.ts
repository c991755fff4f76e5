/**
 * What a cluster in the global Azure cloud must be able to reach, as documented. In names, `<region>` stands for the
 * cluster's location, and `*` for one or more labels.
 */
import type { Limit } from './limit.ts';

const OUTBOUND_RULES =
  'Outbound network and FQDN rules for AKS clusters, https://learn.microsoft.com/azure/aks/outbound-rules-control-egress';
const READ = '2026-06-18';

/** When the cluster needs an endpoint. */
export type EgressNeed =
  /** Nodes do not come up without it. */
  | 'required'
  /** Listed among the required ones, but nothing of today's nodes asks for it. */
  | 'superseded'
  | 'without-konnectivity'
  | 'custom-dns'
  /** Pods outside kube-system and gatekeeper-system that call the API server, which do so by its address. */
  | 'pods-call-api-server'
  | 'optional'
  | 'gpu'
  | 'windows'
  | EgressAddOn;

export type EgressAddOn =
  'defender' | 'key-vault-secrets-provider' | 'monitor' | 'policy' | 'cost-analysis' | 'extensions';

export interface EgressEndpoint {
  /** A host name with `<region>` and a leading `*`, or what stands for addresses in network rules. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** What the connection asks for first, so that an application rule can decide; null for network rules. */
  readonly request: 'https' | 'http' | null;
  readonly need: EgressNeed;
  readonly purpose: string;
}

function https(need: EgressNeed, purpose: string, ...names: readonly string[]): readonly EgressEndpoint[] {
  return names.map((name) => ({ name, protocol: 'tcp', port: 443, request: 'https', need, purpose }));
}

function http(need: EgressNeed, purpose: string, ...names: readonly string[]): readonly EgressEndpoint[] {
  return names.map((name) => ({ name, protocol: 'tcp', port: 80, request: 'http', need, purpose }));
}

/** FQDN rules that every cluster needs. */
export const REQUIRED_FQDNS: Limit<readonly EgressEndpoint[]> = {
  value: [
    ...https('required', 'system images: the registry', 'mcr.microsoft.com'),
    ...https('required', 'system images: the layers, from the CDN', '*.data.mcr.microsoft.com'),
    ...https('required', 'nodes and konnectivity reach the API server', '*.hcp.<region>.azmk8s.io'),
    ...https('required', 'the Azure API', 'management.azure.com'),
    ...https('required', 'Microsoft Entra authentication', 'login.microsoftonline.com'),
    ...https('required', 'the packages that apt-get takes', 'packages.microsoft.com'),
    ...https('required', 'Kubernetes and Azure CNI binaries', 'packages.aks.azure.com'),
    ...https('superseded', 'another name of the registry', 'mcr-0001.mcr-msedge.net'),
    ...https(
      'superseded',
      'Kubernetes and Azure CNI binaries before packages.aks.azure.com',
      'acs-mirror.azureedge.net',
    ),
  ],
  source: OUTBOUND_RULES,
  read: READ,
  note: 'The page still lists acs-mirror.azureedge.net and says that packages.aks.azure.com will replace it; it was retired on 2025-05-31 (https://github.com/Azure/AKS/issues/4792), so new nodes are taken to need the successor only. mcr-0001.mcr-msedge.net is where mcr.microsoft.com leads by CNAME: clients still ask for mcr.microsoft.com, so a firewall that reads names never sees it. A private cluster does not need the name of the API server.',
};

/** Network rules; `AzureCloud.<region>` may be replaced by the address of the API server. */
export const REQUIRED_NETWORK_RULES: Limit<readonly EgressEndpoint[]> = {
  value: [
    {
      name: 'AzureCloud.<region>',
      protocol: 'udp',
      port: 1194,
      request: null,
      need: 'without-konnectivity',
      purpose: 'tunnel between nodes and control plane',
    },
    {
      name: 'AzureCloud.<region>',
      protocol: 'tcp',
      port: 9000,
      request: null,
      need: 'without-konnectivity',
      purpose: 'tunnel between nodes and control plane',
    },
    {
      name: 'ntp.ubuntu.com',
      protocol: 'udp',
      port: 123,
      request: null,
      need: 'superseded',
      purpose: 'time',
    },
    {
      name: 'the custom DNS servers',
      protocol: 'udp',
      port: 53,
      request: null,
      need: 'custom-dns',
      purpose: 'names',
    },
    {
      name: 'the address of the API server',
      protocol: 'tcp',
      port: 443,
      request: null,
      need: 'pods-call-api-server',
      purpose: 'pods that call the API server by its address',
    },
  ],
  source: OUTBOUND_RULES,
  read: READ,
  note: 'The tutorial limit-egress-traffic still asks for 1194 and 9000; this page says that clusters with konnectivity-agent, which all new ones have, do not need them, and nodes made after March 2021 no NTP. Decided: not needed.',
};

/** Without these, nodes get updates of the operating system only with a new node image. */
export const OPTIONAL_FQDNS: Limit<readonly EgressEndpoint[]> = {
  value: [
    ...http(
      'optional',
      'security patches of Ubuntu',
      'security.ubuntu.com',
      'azure.archive.ubuntu.com',
      'changelogs.ubuntu.com',
    ),
    ...https('optional', 'security patches of Ubuntu', 'snapshot.ubuntu.com'),
  ],
  source: OUTBOUND_RULES,
  read: READ,
};

/** What some node pools and add-ons need besides. */
export const FURTHER_FQDNS: Limit<readonly EgressEndpoint[]> = {
  value: [
    ...https('gpu', 'drivers of GPUs', 'nvidia.github.io', 'us.download.nvidia.com', 'download.docker.com'),
    ...https('windows', 'binaries of Windows', 'onegetcdn.azureedge.net', 'go.microsoft.com'),
    ...http(
      'windows',
      'binaries of Windows',
      '*.mp.microsoft.com',
      'www.msftconnecttest.com',
      'ctldl.windowsupdate.com',
    ),
    ...https(
      'defender',
      'Microsoft Defender for Containers',
      'login.microsoftonline.com',
      '*.ods.opinsights.azure.com',
      '*.oms.opinsights.azure.com',
      '*.cloud.defender.microsoft.com',
    ),
    ...https('key-vault-secrets-provider', 'Azure Key Vault', 'vault.azure.net'),
    ...https(
      'monitor',
      'Azure Monitor',
      'dc.services.visualstudio.com',
      '*.ods.opinsights.azure.com',
      '*.oms.opinsights.azure.com',
      '*.in.applicationinsights.azure.com',
      '*.monitoring.azure.com',
      'global.handler.control.monitor.azure.com',
      '<region>.handler.control.monitor.azure.com',
      '*.ingest.monitor.azure.com',
      '*.metrics.ingest.monitor.azure.com',
    ),
    ...https(
      'policy',
      'Azure Policy',
      'data.policy.core.windows.net',
      'store.policy.core.windows.net',
      'dc.services.visualstudio.com',
    ),
    ...https('cost-analysis', 'cost analysis', 'management.azure.com', 'login.microsoftonline.com'),
    ...https(
      'extensions',
      'cluster extensions',
      '<region>.dp.kubernetesconfiguration.azure.com',
      'mcr.microsoft.com',
      '*.data.mcr.microsoft.com',
      'arcmktplaceprod.azurecr.io',
      'arcmktplaceprod.centralindia.data.azurecr.io',
      'arcmktplaceprod.japaneast.data.azurecr.io',
      'arcmktplaceprod.westus2.data.azurecr.io',
      'arcmktplaceprod.westeurope.data.azurecr.io',
      'arcmktplaceprod.eastus.data.azurecr.io',
      '*.ingestion.msftcloudes.com',
      '*.microsoftmetrics.com',
      'marketplaceapi.microsoft.com',
    ),
  ],
  source: OUTBOUND_RULES,
  read: READ,
  note: 'Azure Monitor may be allowed by a network rule for service tag AzureMonitor, TCP 443, instead.',
};

/** Names that replace those above in other clouds; their clusters are not simulated. */
export const OTHER_CLOUD_FQDNS: Limit<
  Readonly<Record<'AzureChinaCloud' | 'AzureUSGovernment', readonly string[]>>
> = {
  value: {
    AzureChinaCloud: [
      '*.hcp.<region>.cx.prod.service.azk8s.cn',
      '*.tun.<region>.cx.prod.service.azk8s.cn',
      'mcr.microsoft.com',
      '*.data.mcr.microsoft.com',
      'management.chinacloudapi.cn',
      'login.chinacloudapi.cn',
      'packages.microsoft.com',
      '*.azk8s.cn',
      'mcr.azure.cn',
      '*.data.mcr.azure.cn',
    ],
    AzureUSGovernment: [
      '*.hcp.<region>.cx.aks.containerservice.azure.us',
      'mcr.microsoft.com',
      '*.data.mcr.microsoft.com',
      'management.usgovcloudapi.net',
      'login.microsoftonline.us',
      'packages.microsoft.com',
      'acs-mirror.azureedge.net',
      'packages.aks.azure.com',
    ],
  },
  source: OUTBOUND_RULES,
  read: READ,
  note: '21Vianet also needs TCP 22 to the control plane.',
};

/** What the FQDN tag AzureKubernetesService of Azure Firewall stands for. */
export interface FqdnTagContent {
  readonly name: string;
  /** Patterns of names that are in it. */
  readonly included: readonly string[];
  /** Patterns of names of which reports disagree: whether they are in it is not known. */
  readonly uncertain: readonly string[];
}

export const AZURE_KUBERNETES_SERVICE_TAG: Limit<FqdnTagContent> = {
  value: {
    name: 'AzureKubernetesService',
    included: [
      '*.azmk8s.io',
      ...[...REQUIRED_FQDNS.value, ...OPTIONAL_FQDNS.value]
        .map(({ name }) => name)
        .filter((name) => !name.includes('<region>')),
    ],
    uncertain: [
      ...new Set(
        FURTHER_FQDNS.value
          .map(({ name }) => name)
          .filter((name) => !name.includes('<region>'))
          .filter(
            (name) =>
              !REQUIRED_FQDNS.value.some((each) => each.name === name) &&
              !OPTIONAL_FQDNS.value.some((each) => each.name === name),
          ),
      ),
      '*.handler.control.monitor.azure.com',
      '*.dp.kubernetesconfiguration.azure.com',
    ],
  },
  source:
    'FQDN tags overview, https://learn.microsoft.com/azure/firewall/fqdn-tags; Control egress traffic using Azure Firewall in AKS, https://learn.microsoft.com/azure/aks/limit-egress-traffic',
  read: READ,
  note: 'The content is published nowhere. Decided: what every cluster needs and Ubuntu’s optional names (the tutorial gives the tag with http=80 too), after https://github.com/MicrosoftDocs/azure-docs/issues/121740 (*.azmk8s.io) and https://github.com/Azure/AKS/issues/4792 (packages.aks.azure.com came by itself). Add-ons: “core AKS service, no addons or extensions” (https://github.com/mspnp/aks-baseline/issues/289) against clusters where some of their names were let through (https://github.com/mspnp/aks-baseline/pull/200, https://github.com/Azure/AKS/issues/2215), so those are uncertain. Images of Docker Hub and other registries are not in it.',
};

/** Service tags that addresses of these names may be in; names of others are in none. */
export const SERVICE_TAGS_OF_NAMES: Limit<
  readonly { readonly name: string; readonly tags: readonly string[] }[]
> = {
  value: [
    { name: '.azmk8s.io', tags: ['AzureCloud'] },
    {
      name: 'mcr.microsoft.com',
      tags: ['MicrosoftContainerRegistry', 'AzureFrontDoor.FirstParty', 'AzureCloud'],
    },
    { name: 'management.azure.com', tags: ['AzureResourceManager', 'AzureCloud'] },
    { name: 'login.microsoftonline.com', tags: ['AzureActiveDirectory', 'AzureCloud'] },
    { name: 'packages.microsoft.com', tags: ['AzureFrontDoor.FirstParty', 'AzureCloud'] },
    { name: 'packages.aks.azure.com', tags: ['AzureFrontDoor.FirstParty', 'AzureCloud'] },
    { name: '.azurecr.io', tags: ['AzureContainerRegistry', 'AzureCloud'] },
  ],
  source:
    'Azure service tags overview, https://learn.microsoft.com/azure/virtual-network/service-tags-overview',
  read: '2024-08-01',
  note: 'MicrosoftContainerRegistry depends on AzureFrontDoor.FirstParty. Which of the packages’ addresses are in a tag is not documented: both are behind Azure Front Door.',
};

/** Returns the service tags that the address of a name may be in. */
export function tagsOfName(host: string): readonly string[] {
  return (
    SERVICE_TAGS_OF_NAMES.value.find(
      ({ name }) => host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`),
    )?.tags ?? []
  );
}
