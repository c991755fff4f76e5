import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError, notSimulated, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { rulesOfPolicy } from './firewall-policy-group.ts';
import { dnsProxyOf, dnsProxyRequired, resolvedNames } from './firewall-policy-rule-checks.ts';
import type { AzureFirewall, FirewallPolicy } from './firewall-resources.ts';
import { singleAddress, strayAddress } from './firewall-rule-checks.ts';
import { placeOf } from './resource-place.ts';
import {
  getResource,
  listResources,
  nextEtag,
  putResource,
  requireResource,
  sameId,
} from './resource-store.ts';

const TYPE = 'Microsoft.Network/firewallPolicies';

/** Lowest first: a policy takes a parent of its own tier or below. */
const TIERS: readonly FirewallPolicy['sku']['tier'][] = ['Basic', 'Standard', 'Premium'];

export interface FirewallPolicyInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly tier?: FirewallPolicy['sku']['tier'];
  readonly threatIntelMode?: FirewallPolicy['threatIntelMode'];
  /** The id of the parent. */
  readonly basePolicyId?: string | null;
  readonly dnsSettings?: FirewallPolicy['dnsSettings'];
  readonly snat?: FirewallPolicy['snat'];
  readonly tags?: FirewallPolicy['tags'];
}

/**
 * Creates a firewall policy, or replaces the settings of the one with that name, whose rule collection groups
 * stay. Errors: those of `placeOf`, and as `updateFirewallPolicy`.
 */
export function createFirewallPolicy(cloud: Cloud, input: FirewallPolicyInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const basePolicyId = input.basePolicyId ?? null;
  return settle(cloud, existing, {
    ...own,
    tags: input.tags ?? null,
    type: TYPE,
    sku: { tier: input.tier ?? existing?.sku.tier ?? 'Standard' },
    threatIntelMode: input.threatIntelMode ?? 'Alert',
    basePolicy: basePolicyId === null ? null : { id: basePolicyId },
    dnsSettings: input.dnsSettings ?? null,
    snat: input.snat ?? null,
    ruleCollectionGroups: existing?.ruleCollectionGroups ?? [],
    etag: nextEtag(cloud, own.id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** What to change; absent keys stay. */
export interface FirewallPolicyChanges {
  readonly tier?: FirewallPolicy['sku']['tier'];
  readonly threatIntelMode?: FirewallPolicy['threatIntelMode'];
  readonly basePolicyId?: string | null;
  readonly dnsSettings?: FirewallPolicy['dnsSettings'];
  readonly snat?: FirewallPolicy['snat'];
  readonly tags?: FirewallPolicy['tags'];
}

/**
 * Changes the settings of a policy. Errors: `ResourceGroupNotFound`, `ResourceNotFound`,
 * `FirewallPolicyBasePolicyDoesnotExist` also for a parent in another region, those about who may inherit
 * from whom, and `NotSimulated` for invalid DNS servers and private ranges, and where rules need the DNS proxy
 * that the change takes away: the codes of these are not public.
 */
export function updateFirewallPolicy(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: FirewallPolicyChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const policy = found.value;
  return settle(cloud, policy, {
    ...policy,
    sku: { tier: changes.tier ?? policy.sku.tier },
    threatIntelMode: changes.threatIntelMode ?? policy.threatIntelMode,
    basePolicy:
      changes.basePolicyId === undefined
        ? policy.basePolicy
        : changes.basePolicyId === null
          ? null
          : { id: changes.basePolicyId },
    dnsSettings: changes.dnsSettings === undefined ? policy.dnsSettings : changes.dnsSettings,
    snat: changes.snat === undefined ? policy.snat : changes.snat,
    tags: changes.tags === undefined ? policy.tags : changes.tags,
    etag: nextEtag(cloud, policy.id, policy.etag),
  });
}

/** Deletes a policy with its groups; one that does not exist is no error. Errors: a firewall or a child policy uses it. */
export function deleteFirewallPolicy(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

/** Returns the policies that inherit from a policy. */
export function childPolicies(cloud: Cloud, id: string): readonly FirewallPolicy[] {
  return listResources(cloud, TYPE).filter(
    ({ basePolicy }) => basePolicy !== null && sameId(basePolicy.id, id),
  );
}

/** Returns the firewalls that a policy configures itself, not through a child. */
export function firewallsOfPolicy(cloud: Cloud, id: string): readonly AzureFirewall[] {
  return listResources(cloud, 'Microsoft.Network/azureFirewalls').filter(
    ({ firewallPolicy }) => firewallPolicy !== null && sameId(firewallPolicy.id, id),
  );
}

function settle(
  cloud: Cloud,
  existing: FirewallPolicy | null,
  policy: FirewallPolicy,
): Result<Cloud, AzureError> {
  if (existing !== null && existing.sku.tier !== policy.sku.tier) {
    return err(notSimulated('Changing the tier of a firewall policy'));
  }
  const parent = parentOf(cloud, policy);
  if (!parent.ok) return parent;
  const refused =
    tierRefused(policy) ??
    dnsRefused(policy) ??
    snatRefused(policy) ??
    proxyTakenAway(cloud, policy, parent.value);
  return refused === null ? ok(putResource(cloud, policy)) : err(refused);
}

/**
 * The parent that a policy names; null if none. The code and sentence are in
 * https://github.com/Azure/terraform-azurerm-avm-ptn-alz-connectivity-hub-and-spoke-vnet/issues/84 (2025-11-03).
 * That a base policy has no parent itself, and that a child has at least its parent's tier:
 * https://learn.microsoft.com/azure/firewall-manager/policy-overview (2024); their codes are on no public record.
 */
function parentOf(cloud: Cloud, policy: FirewallPolicy): Result<FirewallPolicy | null, AzureError> {
  if (policy.basePolicy === null) return ok(null);
  const { id } = policy.basePolicy;
  const parent = getResource(cloud, id, TYPE);
  if (parent === null || parent.location !== policy.location) {
    return err(
      azureError(
        'FirewallPolicyBasePolicyDoesnotExist',
        `Base Firewall Policy ${id} does not exist. Please make sure base policy ID is a valid firewall policy ID in same region.`,
      ),
    );
  }
  if (sameId(parent.id, policy.id)) {
    return err(refusedToo(`Firewall policy ${policy.name} as its own parent`));
  }
  const [child] = childPolicies(cloud, policy.id);
  if (parent.basePolicy !== null || child !== undefined) {
    const base = parent.basePolicy === null ? policy.name : parent.name;
    return err(refusedToo(`Firewall policy ${base} with a parent and a child`));
  }
  if (policy.sku.tier === 'Basic' || TIERS.indexOf(parent.sku.tier) > TIERS.indexOf(policy.sku.tier)) {
    return err(
      refusedToo(
        `Firewall policy ${policy.name} of tier ${policy.sku.tier} with parent ${parent.name} of tier ${parent.sku.tier}`,
      ),
    );
  }
  return ok(parent);
}

/** What a firewall of tier Basic has not, its policy cannot ask for (https://learn.microsoft.com/azure/firewall/basic-features, 2023). */
function tierRefused({ name, sku, threatIntelMode, dnsSettings }: FirewallPolicy): AzureError | null {
  if (sku.tier !== 'Basic') return null;
  if (threatIntelMode === 'Deny') {
    return refusedToo(
      `Threat intelligence mode Deny in firewall policy ${name} of tier Basic, which has alerts only,`,
    );
  }
  return dnsSettings?.enableProxy === true
    ? refusedToo(`A DNS proxy in firewall policy ${name} of tier Basic`)
    : null;
}

function dnsRefused(policy: FirewallPolicy): AzureError | null {
  const stray = policy.dnsSettings?.servers.find((server) => singleAddress(server) === null);
  return stray === undefined
    ? null
    : refusedToo(`DNS server ${stray} of firewall policy ${policy.name}, no IPv4 address,`);
}

function snatRefused(policy: FirewallPolicy): AzureError | null {
  if (policy.snat?.autoLearnPrivateRanges === 'Enabled') {
    return notSimulated('Learning private ranges from a route server');
  }
  const stray = strayAddress(
    (policy.snat?.privateRanges ?? []).filter((range) => range.toLowerCase() !== 'ianaprivateranges'),
    'not-allowed',
  );
  return stray === undefined
    ? null
    : refusedToo(`Private range ${stray} of firewall policy ${policy.name}, no address or prefix,`);
}

/** Rules with names need the proxy, in this policy and in children that have no DNS settings of their own. */
function proxyTakenAway(
  cloud: Cloud,
  policy: FirewallPolicy,
  parent: FirewallPolicy | null,
): AzureError | null {
  const affected = [
    { of: policy, by: parent },
    ...childPolicies(cloud, policy.id).map((child) => ({ of: child, by: policy })),
  ];
  for (const { of, by } of affected) {
    if (dnsProxyOf(of, by) === 'on') continue;
    const needy = rulesOfPolicy(of).find((rule) => resolvedNames(rule).length > 0);
    if (needy !== undefined) return dnsProxyRequired(needy);
  }
  return null;
}
