/** Whether a cluster may go from one outbound type to another, what that changes, and in which order. */
import { ALL_MIGRATION_TYPES, MIGRATION_TYPES, outboundMigration } from '../model/aks/outbound-migration.ts';
import type { MigrationType, NetworkKind, OutboundMigration } from '../model/aks/outbound-migration.ts';
import type { ClusterFacts } from './outbound-cluster-json.ts';
import { effectsOf, migrationSteps, switchesWhen } from './outbound-migration-steps.ts';
import type { MigrationEffects, MigrationStep } from './outbound-migration-steps.ts';

export interface MigrationCell {
  readonly vnet: NetworkKind;
  readonly from: MigrationType;
  readonly to: MigrationType;
  readonly migration: OutboundMigration;
}

export interface MigrationPlan extends MigrationCell, MigrationEffects {
  /** When new connections begin to leave by the new way; null where nothing migrates. */
  readonly switches: string | null;
  readonly steps: readonly MigrationStep[];
  /** Types to go through instead, the shortest ways only; empty where the migration itself is possible. */
  readonly detours: readonly (readonly MigrationType[])[];
}

/** Returns every cell of the table of such a VNet, row by row, as AKS prints it. */
export function migrationTable(vnet: NetworkKind): readonly MigrationCell[] {
  const types = MIGRATION_TYPES[vnet];
  return types.flatMap((from) =>
    types.map((to) => ({ vnet, from, to, migration: outboundMigration(from, to, vnet) })),
  );
}

/** Returns the kinds of VNet in which a cluster can have this type. */
export function networksOf(type: MigrationType): readonly NetworkKind[] {
  return (['managed', 'brought'] as const).filter((vnet) => MIGRATION_TYPES[vnet].includes(type));
}

/** Returns the plan of one migration. `cluster` makes names, subnets and warnings those of a real one. */
export function planMigration(
  from: MigrationType,
  to: MigrationType,
  vnet: NetworkKind,
  cluster: ClusterFacts | null,
): MigrationPlan {
  const migration = outboundMigration(from, to, vnet);
  const isPossible = migration.decided === 'yes';
  return {
    vnet,
    from,
    to,
    migration,
    switches: isPossible ? switchesWhen(from, to) : null,
    ...(isPossible ? effectsOf(from, to, cluster) : { breaks: [], stays: [] }),
    steps: isPossible ? migrationSteps(from, to, cluster) : [],
    detours: migration.decided === 'no' ? detours(from, to, vnet) : [],
  };
}

/** The shortest ways of supported migrations. */
function detours(
  from: MigrationType,
  to: MigrationType,
  vnet: NetworkKind,
): readonly (readonly MigrationType[])[] {
  const reached = new Set<MigrationType>([from]);
  let ways: readonly (readonly MigrationType[])[] = [[from]];
  while (ways.length > 0) {
    const longer = ways.flatMap((way) => {
      const last = way.at(-1) ?? from;
      return ALL_MIGRATION_TYPES.filter(
        (next) => !reached.has(next) && outboundMigration(last, next, vnet).decided === 'yes',
      ).map((next) => [...way, next]);
    });
    const found = longer.filter((way) => way.at(-1) === to);
    if (found.length > 0) return found;
    for (const way of longer) reached.add(way.at(-1) ?? from);
    ways = longer;
  }
  return [];
}
