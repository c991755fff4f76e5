/** Azure Firewall: what creates, changes and deletes one. Every change is a PUT of the whole, as azure-cli sends it. */
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { checkFirewall } from './azure-firewall-checks.ts';
import { placeFirewall } from './azure-firewall-place.ts';
import type { FirewallIpRequest } from './azure-firewall-place.ts';
import { checkFirewallRules } from './azure-firewall-rule-checks.ts';
import { deleteByName } from './delete-by-name.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall } from './firewall-resources.ts';
import { placeOf } from './resource-place.ts';
import { nextEtag, putResource, requireResource } from './resource-store.ts';

const TYPE = 'Microsoft.Network/azureFirewalls';

/** What a firewall is made of; absent keys are those of a new one. */
export interface AzureFirewallProperties {
  readonly tier?: AzureFirewall['sku']['tier'];
  readonly threatIntelMode?: AzureFirewall['threatIntelMode'];
  readonly zones?: readonly string[] | null;
  readonly tags?: AzureFirewall['tags'];
  /** Id, or null for none. */
  readonly firewallPolicyId?: string | null;
  readonly ipConfigurations?: readonly FirewallIpRequest[];
  /** Null takes it away. */
  readonly managementIpConfiguration?: FirewallIpRequest | null;
  readonly networkRuleCollections?: AzureFirewall['networkRuleCollections'];
  readonly applicationRuleCollections?: AzureFirewall['applicationRuleCollections'];
  readonly natRuleCollections?: AzureFirewall['natRuleCollections'];
  readonly additionalProperties?: AzureFirewall['additionalProperties'];
}

export interface AzureFirewallInput extends AzureFirewallProperties {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
}

/**
 * Creates a firewall, or replaces the one with that name: what is not named again is gone. Errors: those of
 * `placeOf`, `checkFirewall`, `placeFirewall` and `checkFirewallRules`.
 */
export function createAzureFirewall(cloud: Cloud, input: AzureFirewallInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  return putFirewall(
    cloud,
    existing,
    {
      ...own,
      type: TYPE,
      tags: input.tags ?? existing?.tags ?? null,
      sku: { name: 'AZFW_VNet', tier: input.tier ?? 'Standard' },
      threatIntelMode: input.threatIntelMode ?? 'Alert',
      zones: input.zones ?? null,
      ipConfigurations: [],
      firewallPolicy: reference(input.firewallPolicyId ?? null),
      networkRuleCollections: input.networkRuleCollections ?? [],
      applicationRuleCollections: input.applicationRuleCollections ?? [],
      natRuleCollections: input.natRuleCollections ?? [],
      additionalProperties: input.additionalProperties ?? {},
      etag: nextEtag(cloud, own.id, existing?.etag),
      provisioningState: 'Succeeded',
    },
    input.ipConfigurations ?? [],
    input.managementIpConfiguration ?? null,
  );
}

/** Changes a firewall; absent keys stay. Errors: the firewall's absence, and as `createAzureFirewall`. */
export function updateAzureFirewall(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: AzureFirewallProperties,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const was = found.value;
  return putFirewall(
    cloud,
    was,
    {
      ...was,
      tags: changes.tags === undefined ? was.tags : changes.tags,
      sku: { ...was.sku, tier: changes.tier ?? was.sku.tier },
      threatIntelMode: changes.threatIntelMode ?? was.threatIntelMode,
      zones: changes.zones === undefined ? was.zones : changes.zones,
      firewallPolicy:
        changes.firewallPolicyId === undefined ? was.firewallPolicy : reference(changes.firewallPolicyId),
      networkRuleCollections: changes.networkRuleCollections ?? was.networkRuleCollections,
      applicationRuleCollections: changes.applicationRuleCollections ?? was.applicationRuleCollections,
      natRuleCollections: changes.natRuleCollections ?? was.natRuleCollections,
      additionalProperties: changes.additionalProperties ?? was.additionalProperties,
      etag: nextEtag(cloud, was.id, was.etag),
    },
    changes.ipConfigurations ?? ipRequests(was),
    changes.managementIpConfiguration === undefined
      ? managementRequest(was)
      : changes.managementIpConfiguration,
  );
}

/** Deletes a firewall; one that does not exist is no error. */
export function deleteAzureFirewall(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

/** Returns the IP configurations of a firewall as a request names them. */
export function ipRequests(firewall: AzureFirewall): readonly FirewallIpRequest[] {
  return firewall.ipConfigurations.map(({ name, subnet, publicIPAddress }) => ({
    name,
    subnetId: subnet?.id ?? null,
    publicIpAddressId: publicIPAddress?.id ?? null,
  }));
}

function managementRequest({ managementIpConfiguration: one }: AzureFirewall): FirewallIpRequest | null {
  if (one === undefined) return null;
  return {
    name: one.name,
    subnetId: one.subnet?.id ?? null,
    publicIpAddressId: one.publicIPAddress?.id ?? null,
  };
}

function reference(id: string | null): { readonly id: string } | null {
  return id === null ? null : { id };
}

function putFirewall(
  cloud: Cloud,
  existing: AzureFirewall | null,
  firewall: AzureFirewall,
  configurations: readonly FirewallIpRequest[],
  management: FirewallIpRequest | null,
): Result<Cloud, AzureError> {
  const placed = placeFirewall(cloud, firewall, existing, configurations, management);
  if (!placed.ok) return placed;
  const settled = withOneEtag(placed.value.firewall);
  const refused = checkFirewall(cloud, existing, settled) ?? checkFirewallRules(cloud, settled);
  if (refused !== null) return err(refused);
  return ok(putResource(placed.value.cloud, settled));
}

/** The parts of a firewall have the entity tag of the whole. */
function withOneEtag(firewall: AzureFirewall): AzureFirewall {
  const { etag } = firewall;
  return {
    ...firewall,
    networkRuleCollections: firewall.networkRuleCollections.map((one) => ({ ...one, etag })),
    applicationRuleCollections: firewall.applicationRuleCollections.map((one) => ({ ...one, etag })),
    natRuleCollections: firewall.natRuleCollections.map((one) => ({ ...one, etag })),
  };
}
