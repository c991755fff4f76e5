/** What Azure checks in the rules, probes and outbound rules of a load balancer that someone writes by hand. */
import type { Cloud } from '../cloud.ts';
import { INBOUND_IDLE_TIMEOUT, OUTBOUND_RULES_PER_LOAD_BALANCER } from '../limits/load-balancer.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { poolMembers } from './load-balancer-membership.ts';
import { checkOutboundRule } from './load-balancer-outbound-checks.ts';
import { checkProbe } from './load-balancer-probe-checks.ts';
import { checkNetworkName } from './resource-name.ts';
import { sameId } from './resource-store.ts';
import type { LoadBalancer, LoadBalancingRule } from './resources.ts';

const KINDS = [
  'frontendIPConfigurations',
  'backendAddressPools',
  'loadBalancingRules',
  'probes',
  'outboundRules',
] as const;

/**
 * Returns why Azure refuses a part of a load balancer, or null. The pools' members are those of the cloud.
 * Errors: `InvalidResourceName`, `LoadBalancerWithoutFrontendIPCantHaveChildResources`,
 * `LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule`,
 * `MoreThanOneOutboundRuleUsingSameFrontendIPConfigurationAndProtocolIsNotSupported`,
 * those of `checkOutboundRule`; `NotSimulated` where Azure refuses too, with a code that is not documented.
 */
export function checkLoadBalancerParts(cloud: Cloud, balancer: LoadBalancer): AzureError | null {
  return (
    first(KINDS, (kind) => checkNames(balancer, kind)) ??
    checkFrontendsExist(balancer) ??
    first(balancer.probes, checkProbe) ??
    first(balancer.loadBalancingRules, (rule) => checkRule(balancer, rule)) ??
    checkOutboundRuleCount(balancer) ??
    first(balancer.outboundRules, (rule) =>
      checkOutboundRule(cloud, balancer, rule, poolMembers(cloud, rule.backendAddressPool.id)),
    ) ??
    first(balancer.frontendIPConfigurations, ({ id }) => checkSharedFrontend(balancer, id))
  );
}

function first<T>(list: readonly T[], check: (one: T) => AzureError | null): AzureError | null {
  for (const one of list) {
    const refusal = check(one);
    if (refusal !== null) return refusal;
  }
  return null;
}

function checkNames(balancer: LoadBalancer, kind: (typeof KINDS)[number]): AzureError | null {
  return first<{ readonly name: string }>(balancer[kind], ({ name }) => {
    const named = checkNetworkName(`${balancer.type}/${kind}`, name);
    return named.ok ? null : named.error;
  });
}

function checkFrontendsExist(balancer: LoadBalancer): AzureError | null {
  const { loadBalancingRules, probes, outboundRules } = balancer;
  if (balancer.frontendIPConfigurations.length > 0) return null;
  if (loadBalancingRules.length + probes.length + outboundRules.length === 0) return null;
  return azureError(
    'LoadBalancerWithoutFrontendIPCantHaveChildResources',
    `Load balancer ${balancer.id} has no frontend IP configuration, so it cannot have child resources.`,
  );
}

function checkRule(balancer: LoadBalancer, rule: LoadBalancingRule): AzureError | null {
  const { name, protocol, frontendPort, backendPort, idleTimeoutInMinutes } = rule;
  if (protocol === 'All') {
    if (frontendPort !== 0 || backendPort !== 0) {
      return refusedToo(`Rule ${name} of protocol All with a port other than 0`);
    }
    const frontend = balancer.frontendIPConfigurations.find((one) =>
      sameId(one.id, rule.frontendIPConfiguration.id),
    );
    if (frontend?.subnet === null) return refusedToo(`HA ports rule ${name} on a public frontend`);
    const beside = balancer.loadBalancingRules.find(
      (one) => one !== rule && sameId(one.frontendIPConfiguration.id, rule.frontendIPConfiguration.id),
    );
    if (beside !== undefined) {
      return refusedToo(`HA ports rule ${name} beside rule ${beside.name} of the same frontend`);
    }
  } else if (!isPort(frontendPort, 65_534) || !isPort(backendPort, 65_535)) {
    return refusedToo(`Rule ${name} from port ${frontendPort} to port ${backendPort}`);
  }
  const { lowest, highest } = INBOUND_IDLE_TIMEOUT.value;
  if (idleTimeoutInMinutes < lowest || idleTimeoutInMinutes > highest) {
    return refusedToo(
      `Rule ${name} with an idle timeout of ${idleTimeoutInMinutes} minutes (${lowest} to ${highest})`,
    );
  }
  return null;
}

function isPort(port: number, highest: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= highest;
}

function checkOutboundRuleCount(balancer: LoadBalancer): AzureError | null {
  const limit = OUTBOUND_RULES_PER_LOAD_BALANCER.value;
  if (balancer.outboundRules.length <= limit) return null;
  return refusedToo(`Load balancer ${balancer.name} with more than ${limit} outbound rules`);
}

/** A frontend is used by one outbound rule per protocol, and then by rules only that give no SNAT. */
function checkSharedFrontend(balancer: LoadBalancer, id: string): AzureError | null {
  const outbound = balancer.outboundRules.filter((rule) =>
    rule.frontendIPConfigurations.some((one) => sameId(one.id, id)),
  );
  const clash = outbound.filter((rule) =>
    outbound.some(
      (other) =>
        other !== rule &&
        (other.protocol === 'All' || rule.protocol === 'All' || other.protocol === rule.protocol),
    ),
  );
  if (clash.length > 0) {
    // "Is is" is Azure's: https://github.com/Azure/AzLoadBalancerMigration/issues/10.
    return azureError(
      'MoreThanOneOutboundRuleUsingSameFrontendIPConfigurationAndProtocolIsNotSupported',
      `Is is not supported to have more than a single outbound rule using frontendIPConfiguration ${id} with same or overlapping protocol. This frontendIPConfiguration is used by the following outbound rules: ${clash.map((rule) => rule.id).join(',')}`,
    );
  }
  const snat = balancer.loadBalancingRules.find(
    (rule) => sameId(rule.frontendIPConfiguration.id, id) && !rule.disableOutboundSnat,
  );
  if (outbound.length === 0 || snat === undefined) return null;
  // https://github.com/ansible-collections/azure/issues/743
  return azureError(
    'LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule',
    `Load Balancing Rules ${snat.id} must have disableOutboundSNAT set to true when same FrontendIPConfiguration ${id} is referenced by Outbound Rules ${outbound.map((rule) => rule.id).join(',')}.`,
  );
}
