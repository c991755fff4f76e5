import { armKey } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { HostId } from '../network/network.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
}

/**
 * Returns the HostId of each resource of one type by the key of its id: `KIND/NAME`, with its group and at last its
 * whole id where the name alone is not unique.
 */
export function hostNames(kind: string, all: readonly Named[]): ReadonlyMap<ArmKey, HostId> {
  const names = (each: Named): readonly string[] => [
    each.name,
    `${each.resourceGroup}/${each.name}`,
    armKey(each.id),
  ];
  return new Map(
    all.map((one) => {
      const own = names(one).find((name, at) =>
        all.every((other) => other === one || names(other)[at]?.toLowerCase() !== name.toLowerCase()),
      );
      return [armKey(one.id), `${kind}/${own ?? one.name}`];
    }),
  );
}
