/**
 * Security groups as Terraform has them, turned into ARM's form: `terraform show -json`, configuration in
 * JSON, or the objects alone
 * (https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/network_security_group).
 */

type Bag = Readonly<Record<string, unknown>>;

const GROUP = 'azurerm_network_security_group';
const RULE = 'azurerm_network_security_rule';

/** Returns the data in ARM's form if it is Terraform's, else as it is. */
export function asArm(data: unknown): unknown {
  const text = JSON.stringify(data);
  if (
    !/"(azurerm_network_security_(group|rule)|security_rule|(source|destination)_(port_range|address_prefix)(s|es)?)"/.test(
      text,
    )
  )
    return data;
  const groups: Bag[] = [];
  const loose: Bag[] = [];
  collect(data, null, groups, loose);
  const named = new Set(groups.map(({ name }) => name));
  const merged = groups.map((group) => ({
    ...group,
    securityRules: [
      ...(Array.isArray(group['securityRules']) ? (group['securityRules'] as unknown[]) : []),
      ...loose.filter((rule) => rule['group'] === group['name']),
    ],
  }));
  const others = loose.filter((rule) => !named.has(rule['group']));
  return merged.length > 0 ? [...merged, ...(others.length > 0 ? [others] : [])] : others;
}

function collect(data: unknown, type: string | null, groups: Bag[], loose: Bag[]): void {
  if (Array.isArray(data)) {
    for (const each of data) collect(each, type, groups, loose);
    return;
  }
  const bag = bagOf(data);
  if (bag === null) return;
  const own = typeof bag['type'] === 'string' ? bag['type'] : type;
  if (bagOf(bag['values']) !== null && own !== null) {
    collect(bag['values'], own, groups, loose);
  } else if (bag['security_rule'] !== undefined || (own === GROUP && typeof bag['name'] === 'string')) {
    const rules = Array.isArray(bag['security_rule']) ? bag['security_rule'] : [bag['security_rule']];
    groups.push({
      name: bag['name'] ?? 'nsg',
      resourceGroup: bag['resource_group_name'] ?? null,
      securityRules: rules.flatMap((each: unknown) => ruleOf(bagOf(each))),
    });
  } else if (bag['priority'] !== undefined && bag['direction'] !== undefined) {
    loose.push(...ruleOf(bag));
  } else {
    for (const [key, value] of Object.entries(bag))
      collect(value, key === GROUP || key === RULE ? key : own, groups, loose);
  }
}

function ruleOf(bag: Bag | null): readonly Bag[] {
  if (bag === null) return [];
  const rule: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(bag)) {
    // Terraform writes what is not set as an empty text or list.
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    const side = /^(source|destination)_application_security_group_ids$/.exec(key)?.[1];
    if (side !== undefined && Array.isArray(value))
      rule[`${side}ApplicationSecurityGroups`] = value.map((id: unknown) => ({ id }));
    else rule[key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  const group = bag['network_security_group_name'];
  if (typeof group !== 'string') return [rule];
  const resourceGroup = typeof bag['resource_group_name'] === 'string' ? bag['resource_group_name'] : '';
  const id = `/subscriptions//resourceGroups/${resourceGroup}/providers/Microsoft.Network/networkSecurityGroups/${group}/securityRules/${String(bag['name'])}`;
  return [{ ...rule, id, group }];
}

function bagOf(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : null;
}
