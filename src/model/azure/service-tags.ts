/**
 * Service tags that a security rule may name. Only what is needed to tell a tag from a typing error:
 * which prefixes a tag stands for is `compile`'s question, and most of them have no answer here.
 * Source: https://learn.microsoft.com/azure/virtual-network/service-tags-overview (read 2021-04-23).
 */
const TAGS: readonly string[] = [
  'ActionGroup',
  'ApiManagement',
  'ApplicationInsightsAvailability',
  'AppConfiguration',
  'AppService',
  'AppServiceManagement',
  'AzureActiveDirectory',
  'AzureActiveDirectoryDomainServices',
  'AzureArcInfrastructure',
  'AzureBackup',
  'AzureBotService',
  'AzureCloud',
  'AzureCognitiveSearch',
  'AzureConnectors',
  'AzureContainerRegistry',
  'AzureCosmosDB',
  'AzureDatabricks',
  'AzureDataLake',
  'AzureDevOps',
  'AzureDevSpaces',
  'AzureDigitalTwins',
  'AzureEventGrid',
  'AzureFrontDoor.Backend',
  'AzureFrontDoor.FirstParty',
  'AzureFrontDoor.Frontend',
  'AzureInformationProtection',
  'AzureIoTHub',
  'AzureKeyVault',
  'AzureLoadBalancer',
  'AzureMachineLearning',
  'AzureMonitor',
  'AzureOpenDatasets',
  'AzurePlatformDNS',
  'AzurePlatformIMDS',
  'AzurePlatformLKM',
  'AzureResourceManager',
  'AzureSignalR',
  'AzureSiteRecovery',
  'AzureTrafficManager',
  'BatchNodeManagement',
  'CognitiveServicesManagement',
  'DataFactory',
  'DataFactoryManagement',
  'Dynamics365ForMarketingEmail',
  'EventHub',
  'GatewayManager',
  'GuestAndHybridManagement',
  'HDInsight',
  'Internet',
  'LogicApps',
  'LogicAppsManagement',
  'MicrosoftCloudAppSecurity',
  'MicrosoftContainerRegistry',
  'MicrosoftDefenderForEndpoint',
  'PowerBI',
  'PowerQueryOnline',
  'ServiceBus',
  'ServiceFabric',
  'Sql',
  'SqlManagement',
  'Storage',
  'StorageSyncService',
  'VirtualDesktop',
  'VirtualNetwork',
  'WindowsAdminCenter',
  'WindowsVirtualDesktop',
];

const CANONICAL: ReadonlyMap<string, string> = new Map(TAGS.map((tag) => [tag.toLowerCase(), tag]));

/**
 * Returns the canonical spelling of a service tag, with a region suffix as typed
 * (`Storage.WestEurope`), or null if the text is no tag known here. The portal's old spellings
 * `VIRTUAL_NETWORK` and so on are not tags of ARM rules.
 */
export function canonicalServiceTag(text: string): string | null {
  const whole = CANONICAL.get(text.toLowerCase());
  if (whole !== undefined) return whole;
  const dot = text.indexOf('.');
  const base = dot > 0 ? CANONICAL.get(text.slice(0, dot).toLowerCase()) : undefined;
  return base !== undefined && /^[A-Za-z0-9]+$/.test(text.slice(dot + 1))
    ? `${base}${text.slice(dot)}`
    : null;
}
