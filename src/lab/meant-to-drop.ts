/** A trace names the rule that drops a packet, and learners answer with it where another one has to change. */
import { DEFAULT_SECURITY_RULES } from '../model/azure/network-security-group.ts';
import { listResources } from '../model/azure/resource-store.ts';
import type { Cloud } from '../model/cloud.ts';

/** What to tell who blames a rule that drops what it is meant to drop; null if `name` is no such rule. */
export function meantToDrop(cloud: Cloud, name: string): string | null {
  const rules = listResources(cloud, 'Microsoft.Network/networkSecurityGroups').flatMap(
    ({ securityRules }) => securityRules,
  );
  const found = [...rules, ...DEFAULT_SECURITY_RULES].find(
    (rule) => rule.access === 'Deny' && rule.name.toLowerCase() === name.toLowerCase(),
  );
  return found === undefined
    ? null
    : `${found.name} drops what nothing before it allows, and is meant to. What ought to have let this call through, and why did it not?`;
}
