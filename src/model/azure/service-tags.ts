/**
 * Service tags that a security rule may name. Only what is needed to tell a tag from a typing error:
 * which prefixes a tag stands for is `compile`'s question, and most of them have no answer here.
 * Source: https://learn.microsoft.com/azure/virtual-network/service-tags-overview (2024), whose column
 * "Can be regional?" divides the two lists; AzureFrontDoor has regions only beside its three parts.
 */
import { locationDisplayName } from './locations.ts';

const REGIONAL: readonly string[] = [
  'ApiManagement',
  'AppService',
  'AutonomousDevelopmentPlatform',
  'AzureCloud',
  'AzureConnectors',
  'AzureContainerAppsService',
  'AzureContainerRegistry',
  'AzureCosmosDB',
  'AzureDevOps',
  'AzureFrontDoor.Backend',
  'AzureFrontDoor.FirstParty',
  'AzureFrontDoor.Frontend',
  'AzureIoTHub',
  'AzureKeyVault',
  'AzureWebPubSub',
  'BatchNodeManagement',
  'DataFactory',
  'Dynamics365ForMarketingEmail',
  'EventHub',
  'HDInsight',
  'M365ManagementActivityApi',
  'M365ManagementActivityApiWebhook',
  'MicrosoftContainerRegistry',
  'PowerPlatformInfra',
  'PowerPlatformPlex',
  'ServiceBus',
  'Sql',
  'Storage',
];

const GLOBAL: readonly string[] = [
  'ActionGroup',
  'AppConfiguration',
  'ApplicationInsightsAvailability',
  'AppServiceManagement',
  'AzureActiveDirectory',
  'AzureActiveDirectoryDomainServices',
  'AzureAdvancedThreatProtection',
  'AzureArcInfrastructure',
  'AzureAttestation',
  'AzureBackup',
  'AzureBotService',
  'AzureCognitiveSearch',
  'AzureDatabricks',
  'AzureDataExplorerManagement',
  'AzureDataLake',
  'AzureDeviceUpdate',
  'AzureDevSpaces',
  'AzureDigitalTwins',
  'AzureEventGrid',
  'AzureHealthcareAPIs',
  'AzureInformationProtection',
  'AzureLoadBalancer',
  'AzureLoadTestingInstanceManagement',
  'AzureMachineLearning',
  'AzureMachineLearningInference',
  'AzureManagedGrafana',
  'AzureMonitor',
  'AzureOpenDatasets',
  'AzurePlatformDNS',
  'AzurePlatformIMDS',
  'AzurePlatformLKM',
  'AzureResourceManager',
  'AzureSentinel',
  'AzureSignalR',
  'AzureSiteRecovery',
  'AzureSphere',
  'AzureSpringCloud',
  'AzureStack',
  'AzureTrafficManager',
  'AzureUpdateDelivery',
  'ChaosStudio',
  'CognitiveServicesFrontend',
  'CognitiveServicesManagement',
  'DataFactoryManagement',
  'Dynamics365BusinessCentral',
  'EOPExternalPublishedIPs',
  'GatewayManager',
  'GuestAndHybridManagement',
  'Internet',
  'KustoAnalytics',
  'LogicApps',
  'LogicAppsManagement',
  'Marketplace',
  'MicrosoftAzureFluidRelay',
  'MicrosoftCloudAppSecurity',
  'MicrosoftDefenderForEndpoint',
  'MicrosoftPurviewPolicyDistribution',
  'PowerBI',
  'PowerQueryOnline',
  'ServiceFabric',
  'SqlManagement',
  'StorageSyncService',
  'VirtualDesktop',
  'VirtualNetwork',
  'WindowsAdminCenter',
  'WindowsVirtualDesktop',
];

const inSmallLetters = (tags: readonly string[]): ReadonlyMap<string, string> =>
  new Map(tags.map((tag) => [tag.toLowerCase(), tag]));
const WITH_REGIONS = inSmallLetters(REGIONAL);
const ALL = inSmallLetters([...REGIONAL, ...GLOBAL]);

/** A tag, and the region behind its dot: `westeurope`, or null for all regions. */
export interface ServiceTag {
  readonly name: string;
  readonly region: string | null;
}

/**
 * Reads a service tag in any letters, `Storage` or `Storage.WestEurope`; null if the text is no tag known
 * here, names a region that there is not, or a region of a tag that has none. The portal's old spellings
 * `VIRTUAL_NETWORK` and so on are not tags of ARM rules.
 */
export function readServiceTag(text: string): ServiceTag | null {
  const whole = ALL.get(text.toLowerCase());
  if (whole !== undefined) return { name: whole, region: null };
  const dot = text.lastIndexOf('.');
  const name = dot > 0 ? WITH_REGIONS.get(text.slice(0, dot).toLowerCase()) : undefined;
  const region = text.slice(dot + 1).toLowerCase();
  return name === undefined || locationDisplayName(region) === null ? null : { name, region };
}

/** Returns the canonical spelling of a service tag, with a region suffix as typed, or null if it is none. */
export function canonicalServiceTag(text: string): string | null {
  const tag = readServiceTag(text);
  if (tag === null) return null;
  return tag.region === null ? tag.name : `${tag.name}${text.slice(text.lastIndexOf('.'))}`;
}
