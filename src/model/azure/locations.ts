import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

/** Regions of the public cloud: ARM's short name and the name the portal shows. */
const LOCATIONS: Readonly<Record<string, string>> = {
  australiacentral: 'Australia Central',
  australiaeast: 'Australia East',
  australiasoutheast: 'Australia Southeast',
  austriaeast: 'Austria East',
  belgiumcentral: 'Belgium Central',
  brazilsouth: 'Brazil South',
  brazilsoutheast: 'Brazil Southeast',
  canadacentral: 'Canada Central',
  canadaeast: 'Canada East',
  centralindia: 'Central India',
  centralus: 'Central US',
  chilecentral: 'Chile Central',
  eastasia: 'East Asia',
  eastus: 'East US',
  eastus2: 'East US 2',
  francecentral: 'France Central',
  francesouth: 'France South',
  germanynorth: 'Germany North',
  germanywestcentral: 'Germany West Central',
  indonesiacentral: 'Indonesia Central',
  israelcentral: 'Israel Central',
  italynorth: 'Italy North',
  japaneast: 'Japan East',
  japanwest: 'Japan West',
  koreacentral: 'Korea Central',
  koreasouth: 'Korea South',
  malaysiawest: 'Malaysia West',
  mexicocentral: 'Mexico Central',
  newzealandnorth: 'New Zealand North',
  northcentralus: 'North Central US',
  northeurope: 'North Europe',
  norwayeast: 'Norway East',
  norwaywest: 'Norway West',
  polandcentral: 'Poland Central',
  qatarcentral: 'Qatar Central',
  southafricanorth: 'South Africa North',
  southafricawest: 'South Africa West',
  southcentralus: 'South Central US',
  southeastasia: 'Southeast Asia',
  southindia: 'South India',
  spaincentral: 'Spain Central',
  swedencentral: 'Sweden Central',
  switzerlandnorth: 'Switzerland North',
  switzerlandwest: 'Switzerland West',
  uaecentral: 'UAE Central',
  uaenorth: 'UAE North',
  uksouth: 'UK South',
  ukwest: 'UK West',
  westcentralus: 'West Central US',
  westeurope: 'West Europe',
  westindia: 'West India',
  westus: 'West US',
  westus2: 'West US 2',
  westus3: 'West US 3',
};

/** Returns ARM's short name (`westeurope`) for a location typed in any of the spellings azure-cli takes. */
export function normaliseLocation(text: string): string {
  return text.replaceAll(' ', '').toLowerCase();
}

/** Returns the portal's name of a region (`West Europe`), or null for an unknown one. */
export function locationDisplayName(name: string): string | null {
  return LOCATIONS[name] ?? null;
}

/** Returns every region as ARM's short name and the portal's name, in alphabetical order. */
export function allLocations(): readonly { readonly name: string; readonly displayName: string }[] {
  return Object.entries(LOCATIONS).map(([name, displayName]) => ({ name, displayName }));
}

/**
 * Returns the short name of an existing region. Errors: `LocationNotAvailableForResourceType`, or
 * `LocationNotAvailableForResourceGroup` when `what` is the resource group itself.
 */
export function checkLocation(text: string, what: string): Result<string, AzureError> {
  const name = normaliseLocation(text);
  if (Object.hasOwn(LOCATIONS, name)) return ok(name);
  const available = Object.keys(LOCATIONS).join(',');
  if (what === 'Microsoft.Resources/resourceGroups') {
    return err(
      azureError(
        'LocationNotAvailableForResourceGroup',
        `The provided location '${text}' is not available for resource group. List of available regions is '${available}'.`,
      ),
    );
  }
  return err(
    azureError(
      'LocationNotAvailableForResourceType',
      `The provided location '${text}' is not available for resource type '${what}'. List of available regions for the resource type is '${available}'.`,
    ),
  );
}
