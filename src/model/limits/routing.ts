/** What Azure documents about service endpoints, the routes that no route table holds. */
import type { Limit } from './limit.ts';

const SERVICE_ENDPOINTS_OVERVIEW =
  'Virtual network service endpoints, https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview';

/** A service that a subnet can have an endpoint for. */
export interface EndpointService {
  readonly name: string;
  /** The service tag that has its addresses. */
  readonly tag: string;
  /**
   * What the endpoint covers, which Azure writes into `locations`: the region of the VNet and its pair, that
   * region, or `*` for all.
   */
  readonly covers: 'region-and-pair' | 'region' | 'everywhere';
  /** Endings of the names that its public endpoints have. */
  readonly domains: readonly string[];
}

export const SERVICE_ENDPOINTS: Limit<readonly EndpointService[]> = {
  value: [
    {
      name: 'Microsoft.AzureActiveDirectory',
      tag: 'AzureActiveDirectory',
      covers: 'everywhere',
      domains: ['login.microsoftonline.com'],
    },
    {
      name: 'Microsoft.AzureCosmosDB',
      tag: 'AzureCosmosDB',
      covers: 'everywhere',
      domains: ['documents.azure.com'],
    },
    {
      name: 'Microsoft.CognitiveServices',
      tag: 'CognitiveServicesManagement',
      covers: 'everywhere',
      domains: ['cognitiveservices.azure.com'],
    },
    {
      name: 'Microsoft.ContainerRegistry',
      tag: 'AzureContainerRegistry',
      covers: 'everywhere',
      domains: ['azurecr.io'],
    },
    {
      name: 'Microsoft.EventHub',
      tag: 'EventHub',
      covers: 'everywhere',
      domains: ['servicebus.windows.net'],
    },
    { name: 'Microsoft.KeyVault', tag: 'AzureKeyVault', covers: 'everywhere', domains: ['vault.azure.net'] },
    {
      name: 'Microsoft.ServiceBus',
      tag: 'ServiceBus',
      covers: 'everywhere',
      domains: ['servicebus.windows.net'],
    },
    { name: 'Microsoft.Sql', tag: 'Sql', covers: 'region', domains: ['database.windows.net'] },
    {
      name: 'Microsoft.Storage',
      tag: 'Storage',
      covers: 'region-and-pair',
      domains: [
        'blob.core.windows.net',
        'dfs.core.windows.net',
        'file.core.windows.net',
        'queue.core.windows.net',
        'table.core.windows.net',
        'web.core.windows.net',
      ],
    },
    {
      name: 'Microsoft.Storage.Global',
      tag: 'Storage',
      covers: 'everywhere',
      domains: [
        'blob.core.windows.net',
        'dfs.core.windows.net',
        'file.core.windows.net',
        'queue.core.windows.net',
        'table.core.windows.net',
        'web.core.windows.net',
      ],
    },
    { name: 'Microsoft.Web', tag: 'AppService', covers: 'everywhere', domains: ['azurewebsites.net'] },
  ],
  source: SERVICE_ENDPOINTS_OVERVIEW,
  read: '2022-11-06',
  note: 'The page lists the services and says that storage has the paired region too and Azure SQL only the region of the VNet; the output of az in it has the same in `locations`. Others have `*`.',
};

/** The region whose storage a service endpoint covers beside its own. A region that is not here has no pair. */
export const REGION_PAIRS: Limit<Readonly<Record<string, string>>> = {
  value: {
    australiaeast: 'australiasoutheast',
    australiasoutheast: 'australiaeast',
    brazilsouth: 'southcentralus',
    brazilsoutheast: 'brazilsouth',
    canadacentral: 'canadaeast',
    canadaeast: 'canadacentral',
    centralindia: 'southindia',
    centralus: 'eastus2',
    eastasia: 'southeastasia',
    eastus: 'westus',
    eastus2: 'centralus',
    francecentral: 'francesouth',
    francesouth: 'francecentral',
    germanynorth: 'germanywestcentral',
    germanywestcentral: 'germanynorth',
    japaneast: 'japanwest',
    japanwest: 'japaneast',
    koreacentral: 'koreasouth',
    koreasouth: 'koreacentral',
    northcentralus: 'southcentralus',
    northeurope: 'westeurope',
    norwayeast: 'norwaywest',
    norwaywest: 'norwayeast',
    southafricanorth: 'southafricawest',
    southafricawest: 'southafricanorth',
    southcentralus: 'northcentralus',
    southeastasia: 'eastasia',
    southindia: 'centralindia',
    switzerlandnorth: 'switzerlandwest',
    switzerlandwest: 'switzerlandnorth',
    uaecentral: 'uaenorth',
    uaenorth: 'uaecentral',
    uksouth: 'ukwest',
    ukwest: 'uksouth',
    westcentralus: 'westus2',
    westeurope: 'northeurope',
    westindia: 'southindia',
    westus: 'eastus',
    westus2: 'westcentralus',
    westus3: 'eastus',
  },
  source: 'Azure region pairs, https://learn.microsoft.com/azure/reliability/regions-paired',
  read: '2024-08-01',
  note: 'Brazil South, Brazil Southeast, West India and West US 3 have a pair that is paired with somebody else.',
};
