/** Service endpoints of a subnet (https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview). */
import { REGION_PAIRS, SERVICE_ENDPOINTS } from '../limits/routing.ts';
import type { EndpointService } from '../limits/routing.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { Subnet } from './resources.ts';

export type ServiceEndpoint = NonNullable<Subnet['serviceEndpoints']>[number];

/** Returns what is known of a service by its name in any letters, `Microsoft.Storage`; null if there is none. */
export function endpointService(name: string): EndpointService | null {
  const small = name.toLowerCase();
  return SERVICE_ENDPOINTS.value.find((each) => each.name.toLowerCase() === small) ?? null;
}

/**
 * Returns the endpoints for these services in a VNet of that region, each service once. Error:
 * `InvalidServiceEndpoint` for a service that has none; the name of the code is ours.
 */
export function serviceEndpoints(
  services: readonly string[],
  location: string,
): Result<readonly ServiceEndpoint[], AzureError> {
  const found: ServiceEndpoint[] = [];
  for (const name of services) {
    const service = endpointService(name);
    if (service === null) {
      return err(
        azureError(
          'InvalidServiceEndpoint',
          `${name} is not a service that a subnet in ${location} can have an endpoint for. Services: ${SERVICE_ENDPOINTS.value.map((each) => each.name).join(', ')}.`,
        ),
      );
    }
    if (found.some((each) => each.service === service.name)) continue;
    found.push({ service: service.name, locations: locationsOf(service, location) });
  }
  const storage = found.filter(({ service }) => service.startsWith('Microsoft.Storage'));
  if (storage.length > 1) {
    return err(
      azureError(
        'SubnetHasMultipleStorageServiceEndpoints',
        'A subnet has either the service endpoint Microsoft.Storage or Microsoft.Storage.Global, not both.',
      ),
    );
  }
  return ok(found);
}

function locationsOf({ covers }: EndpointService, location: string): readonly string[] {
  switch (covers) {
    case 'everywhere':
      return ['*'];
    case 'region':
      return [location];
    case 'region-and-pair': {
      const pair = REGION_PAIRS.value[location];
      return pair === undefined ? [location] : [location, pair];
    }
  }
}
