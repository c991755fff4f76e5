import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { leaveBackendPools, scaleSetsIn } from './load-balancer-membership.ts';
import { putLoadBalancer } from './load-balancer-put.ts';
import type { FrontendRequest } from './load-balancer-put.ts';
import { requireResourceGroup } from './resource-group.ts';
import { placeOf } from './resource-place.ts';
import { removeUnused } from './resource-removal.ts';
import { findResource, nextEtag, putResource, requireResource } from './resource-store.ts';
import type { LoadBalancer } from './resources.ts';

const TYPE = 'Microsoft.Network/loadBalancers';

export interface LoadBalancerInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly frontendIPConfigurations: readonly (Omit<FrontendRequest, 'id'> & { readonly name: string })[];
  /** Names of pools. */
  readonly backendAddressPools: readonly string[];
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates a Standard load balancer, or puts a new one in the place of the one with that name: rules and
 * probes that are not in the request go, as a PUT does. Errors: `ResourceGroupNotFound`,
 * `InvalidResourceName`, `LocationNotAvailableForResourceType`, `InvalidResourceLocation`, and those of
 * `putLoadBalancer`.
 */
export function createLoadBalancer(cloud: Cloud, input: LoadBalancerInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  return putLoadBalancer(
    cloud,
    {
      ...own,
      tags: input.tags ?? existing?.tags ?? null,
      type: TYPE,
      sku: { name: 'Standard', tier: 'Regional' },
      frontendIPConfigurations: [],
      backendAddressPools: input.backendAddressPools.map((name) => ({
        id: `${id}/backendAddressPools/${name}`,
        name,
      })),
      loadBalancingRules: [],
      probes: [],
      outboundRules: [],
      etag: existing?.etag ?? nextEtag(cloud, id),
      provisioningState: 'Succeeded',
    },
    input.frontendIPConfigurations.map((one) => ({
      ...one,
      id: `${id}/frontendIPConfigurations/${one.name}`,
    })),
  );
}

/** Sets the tags of a load balancer. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function tagLoadBalancer(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  tags: LoadBalancer['tags'],
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  return ok(
    putResource(cloud, { ...found.value, tags, etag: nextEtag(cloud, found.value.id, found.value.etag) }),
  );
}

/**
 * Deletes a load balancer; one that does not exist is no error. NICs leave its pools. Errors:
 * `LoadBalancerInUseByVirtualMachineScaleSet`; `ResourceInUse` for a Private Link service.
 */
export function deleteLoadBalancer(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const balancer = findResource(cloud, TYPE, resourceGroup, name);
  if (balancer === null) return ok(cloud);
  const used = balancer.backendAddressPools.flatMap((pool) =>
    scaleSetsIn(cloud, pool.id).map((set) => ({ pool: pool.name, set: set.id })),
  );
  const [first] = used;
  if (first !== undefined) {
    const pools = used.filter((one) => one.set === first.set).map((one) => one.pool);
    return err(
      azureError(
        'LoadBalancerInUseByVirtualMachineScaleSet',
        `Cannot delete load balancer ${balancer.id} since its child resources ${pools.join(', ')} are in use by virtual machine scale set ${first.set}.`,
      ),
    );
  }
  return removeUnused(
    leaveBackendPools(
      cloud,
      balancer.backendAddressPools.map(({ id }) => id),
    ),
    balancer.id,
  );
}
