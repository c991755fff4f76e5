/** Scopes of roles: a subscription, a resource group, a resource, or a subnet. */
import type { Cloud } from '../cloud.ts';
import { armKey, findResourceGroup } from './resource-store.ts';

/** Reports whether a scope is there, without regard to case. */
export function scopeExists(cloud: Cloud, scope: string): boolean {
  const key = armKey(scope);
  const subscription = armKey(`/subscriptions/${cloud.subscription.id}`);
  if (key === subscription || cloud.resources[key] !== undefined) return true;
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)$/.exec(key);
  if (group !== null)
    return key.startsWith(subscription) && findResourceGroup(cloud, group[1] ?? '') !== null;
  // A subnet or another child: its parent must be there.
  const parent = key.split('/').slice(0, -2).join('/');
  const holder = cloud.resources[parent];
  return (
    holder?.type === 'Microsoft.Network/virtualNetworks' &&
    holder.subnets.some((subnet) => armKey(subnet.id) === key)
  );
}

/** Reports whether what is assigned at `holder` holds at `scope` too: at itself and at everything below. */
export function scopeCovers(holder: string, scope: string): boolean {
  const above = armKey(holder).replace(/\/+$/, '');
  const key = armKey(scope);
  return key === above || key.startsWith(`${above}/`);
}
