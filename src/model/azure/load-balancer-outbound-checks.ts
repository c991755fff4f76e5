/** What Azure checks in an outbound rule, when it is written and when its pool gets another member. */
import type { Cloud } from '../cloud.ts';
import { ALLOCATED_OUTBOUND_PORTS, PORTS_PER_ADDRESS } from '../limits/aks.ts';
import { OUTBOUND_RULE_IDLE_TIMEOUT } from '../limits/load-balancer.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { getResource, sameId } from './resource-store.ts';
import type { FrontendIpConfiguration, IpConfiguration, LoadBalancer } from './resources.ts';

type OutboundRule = LoadBalancer['outboundRules'][number];
type PoolMember = Pick<IpConfiguration, 'id' | 'primary'>;

/**
 * Returns why an outbound rule cannot be, with these members of its pool, or null:
 * `SpecifiedAllocatedOutboundPortsForOutboundRule…`,
 * `OutboundRuleCannotBeUsedWithBackendAddressPoolThatIsReferencedBySecondaryIpConfigs`; `NotSimulated` where Azure
 * refuses too, with a code that is not documented.
 */
export function checkOutboundRule(
  cloud: Cloud,
  balancer: LoadBalancer,
  rule: OutboundRule,
  members: readonly PoolMember[],
): AzureError | null {
  const frontends = balancer.frontendIPConfigurations.filter((one) =>
    rule.frontendIPConfigurations.some(({ id }) => sameId(id, one.id)),
  );
  if (frontends.length === 0) return refusedToo(`Outbound rule ${rule.name} without a frontend`);
  if (frontends.some((one) => one.publicIPAddress === null && one.publicIPPrefix === undefined)) {
    return refusedToo(`Outbound rule ${rule.name} on an internal frontend`);
  }
  const { lowest, highest } = OUTBOUND_RULE_IDLE_TIMEOUT.value;
  if (rule.idleTimeoutInMinutes < lowest || rule.idleTimeoutInMinutes > highest) {
    return refusedToo(
      `Outbound rule ${rule.name} with an idle timeout of ${rule.idleTimeoutInMinutes} minutes (${lowest} to ${highest})`,
    );
  }
  const addresses = frontends.reduce((sum, one) => sum + frontendAddresses(cloud, one), 0);
  const second = members.find((one) => !one.primary);
  if (second !== undefined) {
    // Only primary configurations: https://learn.microsoft.com/azure/load-balancer/outbound-rules#limitations; the
    // code: https://github.com/hashicorp/terraform-provider-azurerm/issues/9084. The text is ours.
    return azureError(
      'OutboundRuleCannotBeUsedWithBackendAddressPoolThatIsReferencedBySecondaryIpConfigs',
      `Outbound rule ${rule.id} cannot be used with backend address pool ${rule.backendAddressPool.id}, which secondary IP configuration ${second.id} is in.`,
    );
  }
  return checkAllocatedPorts(rule, addresses, members.length);
}

function frontendAddresses(cloud: Cloud, { publicIPPrefix }: FrontendIpConfiguration): number {
  if (publicIPPrefix === undefined) return 1;
  const block = getResource(cloud, publicIPPrefix.id, 'Microsoft.Network/publicIPPrefixes');
  return block === null ? 0 : 2 ** (32 - block.prefixLength);
}

// Codes: https://github.com/MicrosoftDocs/azure-docs/pull/124508; wording of the last: Azure/AzLoadBalancerMigration issue 114.
function checkAllocatedPorts(rule: OutboundRule, addresses: number, members: number): AzureError | null {
  const ports = rule.allocatedOutboundPorts;
  const start = `Specified Allocated Outbound Ports ${ports} for Outbound Rule ${rule.id}`;
  const code = 'SpecifiedAllocatedOutboundPortsForOutboundRule';
  const { step, highest } = ALLOCATED_OUTBOUND_PORTS.value;
  if (ports % step !== 0) {
    return azureError(`${code}IsNotAMultipleOfEight`, `${start} is not a multiple of ${step}.`);
  }
  if (ports < 0 || ports > highest) {
    return azureError(
      `${code}ExceedsTotalNumberOfAllowedPortsPerRule`,
      `${start} exceeds total number of allowed ports per rule of ${highest}.`,
    );
  }
  const each = members === 0 ? Infinity : (addresses * PORTS_PER_ADDRESS.value) / members;
  if (ports <= each) return null;
  return azureError(
    `${code}ExceedsTotalNumberOfAvailablePorts`,
    `${start} exceeds total number of available ports per backend instance of ${Math.floor(each / step) * step} based upon desired pool size. Reduce allocated ports or increase number of IP addresses for outbound rule.`,
  );
}
