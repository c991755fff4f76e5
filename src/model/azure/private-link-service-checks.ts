/** What Azure asks of a Private Link service before it makes or changes one. */
import type { Cloud } from '../cloud.ts';
import {
  PRIVATE_LINK_NAT_ADDRESSES,
  PRIVATE_LINK_SERVICES_PER_LOAD_BALANCER,
} from '../limits/load-balancer.ts';
import { PRIVATE_LINK_SERVICES_PER_SUBSCRIPTION, SUBSCRIPTIONS_PER_LIST } from '../limits/private-link.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import {
  armKey,
  getResource,
  invalidReference,
  listOwnResources,
  listResources,
  sameId,
} from './resource-store.ts';
import type { FrontendIpConfiguration, LoadBalancer, PrivateLinkService, SubResource } from './resources.ts';
import { findSubnet } from './subnet.ts';

const TYPE = 'Microsoft.Network/privateLinkServices';
const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Returns a frontend of a load balancer by id, or null. */
export function findFrontend(
  cloud: Cloud,
  id: string,
): { readonly balancer: LoadBalancer; readonly frontend: FrontendIpConfiguration } | null {
  const at = id.toLowerCase().lastIndexOf('/frontendipconfigurations/');
  if (at < 0) return null;
  const balancer = getResource(cloud, id.slice(0, at), 'Microsoft.Network/loadBalancers');
  const frontend = balancer?.frontendIPConfigurations.find((one) => sameId(one.id, id));
  return balancer === null || frontend === undefined ? null : { balancer, frontend };
}

/**
 * Returns the frontends of a service as their load balancer writes them. Errors:
 * `InvalidResourceReference`, `PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled`,
 * the limits on NAT addresses, services and subscriptions, and `NotSimulated` for what Azure refuses with
 * codes that are not documented.
 */
export function checkPrivateLinkService(
  cloud: Cloud,
  service: PrivateLinkService,
  subnets: readonly string[],
): Result<readonly SubResource[], AzureError> {
  const refusal = checkLists(service) ?? checkNumbers(cloud, service, subnets);
  if (refusal !== null) return err(refusal);
  const frontends: SubResource[] = [];
  for (const { id } of service.loadBalancerFrontendIpConfigurations) {
    const found = findFrontend(cloud, id);
    if (found === null || found.balancer.location !== service.location) {
      return err(invalidReference(id, service.id));
    }
    const wrong = checkFrontend(cloud, service, found, subnets);
    if (wrong !== null) return err(wrong);
    frontends.push({ id: found.frontend.id });
  }
  for (const subnet of subnets) {
    const found = findSubnet(cloud, subnet);
    if (found === null || found.virtualNetwork.location !== service.location) {
      return err(invalidReference(subnet, service.id));
    }
    if (found.subnet.privateLinkServiceNetworkPolicies === 'Enabled') {
      return err(
        azureError(
          'PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
          `Private link service ${service.id} cannot be created in a subnet ${found.subnet.id} since it has private link service network policies enabled.`,
        ),
      );
    }
  }
  return ok(frontends);
}

function checkFrontend(
  cloud: Cloud,
  service: PrivateLinkService,
  { balancer, frontend }: { readonly balancer: LoadBalancer; readonly frontend: FrontendIpConfiguration },
  subnets: readonly string[],
): AzureError | null {
  const others = listResources(cloud, TYPE).filter((one) => !sameId(one.id, service.id));
  const names = (one: PrivateLinkService, scope: string): boolean =>
    one.loadBalancerFrontendIpConfigurations.some(({ id }) => armKey(id).startsWith(armKey(scope)));
  const taken = others.find((one) =>
    one.loadBalancerFrontendIpConfigurations.some(({ id }) => sameId(id, frontend.id)),
  );
  if (taken !== undefined) {
    return refusedToo(`A second private link service on frontend ${frontend.id}, which has ${taken.id},`);
  }
  const limit = PRIVATE_LINK_SERVICES_PER_LOAD_BALANCER.value;
  if (others.filter((one) => names(one, `${balancer.id}/`)).length >= limit) {
    return azureError(
      'PrivateLinkServiceCountLimitReached',
      `Cannot create more than ${limit} private link services for load balancer ${balancer.id}.`,
    );
  }
  const floating = balancer.loadBalancingRules.some(
    (rule) => rule.enableFloatingIP && sameId(rule.frontendIPConfiguration.id, frontend.id),
  );
  if (frontend.subnet === null) {
    return floating
      ? refusedToo(`A private link service on public frontend ${frontend.name} with floating IP`)
      : null;
  }
  const network = networkOf(frontend.subnet.id);
  const foreign = subnets.find((one) => networkOf(one) !== network);
  return foreign === undefined
    ? null
    : refusedToo(
        `A private link service with NAT addresses in ${foreign}, outside its load balancer's VNet,`,
      );
}

function checkLists({ visibility, autoApproval }: PrivateLinkService): AzureError | null {
  for (const [list, subscriptions] of [
    ['visibility', visibility.subscriptions],
    ['autoApproval', autoApproval.subscriptions],
  ] as const) {
    const wrong = subscriptions.find((one) => one !== '*' && !GUID.test(one));
    if (wrong !== undefined) {
      return azureError(
        'InvalidRequestFormat',
        `Cannot parse the request. '${wrong}' in properties.${list}.subscriptions is not a subscription id.`,
      );
    }
    if (subscriptions.length > SUBSCRIPTIONS_PER_LIST.value) {
      return azureError(
        'PrivateLinkServiceSubscriptionCountLimitReached',
        `Cannot have more than ${SUBSCRIPTIONS_PER_LIST.value} subscriptions in properties.${list}.subscriptions.`,
      );
    }
  }
  // cloud-provider-azure says that it only works with `*`; AKS says a subset, which `*` always holds.
  const seen = new Set(visibility.subscriptions.map(armKey));
  const hidden = seen.has('*') ? undefined : autoApproval.subscriptions.find((one) => !seen.has(armKey(one)));
  return hidden === undefined
    ? null
    : refusedToo(`Auto approval of subscription ${hidden}, which the service is not visible to,`);
}

function checkNumbers(
  cloud: Cloud,
  service: PrivateLinkService,
  subnets: readonly string[],
): AzureError | null {
  const { lowest, highest } = PRIVATE_LINK_NAT_ADDRESSES.value;
  if (subnets.length < lowest || subnets.length > highest) {
    return azureError(
      'PrivateLinkServiceIpConfigurationCountLimitReached',
      `Private link service ${service.id} must have ${lowest} to ${highest} IP configurations, and has ${subnets.length}.`,
    );
  }
  if (service.loadBalancerFrontendIpConfigurations.length === 0) {
    return azureError(
      'PrivateLinkServiceMustHaveLoadBalancerFrontendIPConfiguration',
      `Private link service ${service.id} must reference a load balancer frontend IP configuration.`,
    );
  }
  const others = listOwnResources(cloud, TYPE).filter((one) => !sameId(one.id, service.id)).length;
  if (others < PRIVATE_LINK_SERVICES_PER_SUBSCRIPTION.value) return null;
  return azureError(
    'PrivateLinkServiceCountLimitReached',
    `Cannot create more than ${PRIVATE_LINK_SERVICES_PER_SUBSCRIPTION.value} private link services for this subscription.`,
  );
}

function networkOf(subnetId: string): string {
  return armKey(subnetId).split('/subnets/')[0] ?? '';
}
