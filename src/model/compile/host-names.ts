import { armKey } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { HostId } from '../network/network.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
}

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)\//i;

/** What a resource may be called: its name, that with its group before it, and with its subscription before both. */
export function namesOfResource({ id, name, resourceGroup }: Named): readonly string[] {
  return [name, `${resourceGroup}/${name}`, `${SUBSCRIPTION.exec(id)?.[1] ?? ''}/${resourceGroup}/${name}`];
}

/** Returns the shortest name of each resource of one type that no other has, by the key of its id. */
export function distinctNames(all: readonly Named[]): ReadonlyMap<ArmKey, string> {
  const holders = new Map<string, number>();
  for (const each of all) {
    for (const name of namesOfResource(each)) {
      holders.set(name.toLowerCase(), (holders.get(name.toLowerCase()) ?? 0) + 1);
    }
  }
  return new Map(
    all.map((each) => {
      const own = namesOfResource(each).find((name) => holders.get(name.toLowerCase()) === 1);
      return [armKey(each.id), own ?? each.name];
    }),
  );
}

/** Returns the HostId of each resource of one type by the key of its id: `KIND/NAME`. */
export function hostNames(kind: string, all: readonly Named[]): ReadonlyMap<ArmKey, HostId> {
  return new Map(Array.from(distinctNames(all), ([key, name]) => [key, `${kind}/${name}`]));
}
