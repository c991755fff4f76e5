import { describe, expect, it } from 'vitest';
import {
  ALL_MIGRATION_TYPES,
  migrationTargets,
  outboundMigration,
} from '../../../../src/model/aks/outbound-migration.ts';
import type { MigrationType, NetworkKind } from '../../../../src/model/aks/outbound-migration.ts';

/** The tables of https://learn.microsoft.com/azure/aks/egress-outboundtype, 2026-08-05, as printed there. */
const MANAGED = `
from                | loadBalancer | managedNATGatewayV2 | managedNATGateway | none | block
loadBalancer        | N/A          | Supported           | Supported         | Supported | Supported
managedNATGatewayV2 | Not Supported | N/A                | Not Supported     | Not Supported | Not Supported
managedNATGateway   | Not Supported | Supported          | N/A               | Supported | Supported
none                | Supported    | Supported           | Supported         | N/A | Supported
block               | Supported    | Supported           | Supported         | Supported | N/A`;
const BROUGHT = `
from                   | loadBalancer | userAssignedNATGateway | userDefinedRouting | none | block
loadBalancer           | N/A          | Supported              | Supported          | Supported | Not Supported
userAssignedNATGateway | Supported    | N/A                    | Supported          | Supported | Not Supported
userDefinedRouting     | Supported    | Supported              | N/A                | Supported | Not Supported
none                   | Supported    | Supported              | Supported          | N/A | Not Supported`;

interface Cell {
  readonly from: MigrationType;
  readonly to: MigrationType;
  readonly says: string;
}

function cellsOf(table: string): readonly Cell[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((word) => word.trim()));
  const typed = (name: string | undefined): MigrationType => {
    const found = ALL_MIGRATION_TYPES.find((each) => each === name);
    if (found === undefined) throw new Error(`${String(name)} is no outbound type`);
    return found;
  };
  return rows.flatMap((row) =>
    row.slice(1).map((says, at) => ({ from: typed(row[0]), to: typed(head[at + 1]), says })),
  );
}

const SAYS: Readonly<Record<string, string>> = { yes: 'Supported', no: 'Not Supported', same: 'N/A' };
/** Cells that another source contradicts, with what we decided. */
const CONTESTED: readonly (readonly [MigrationType, MigrationType, 'yes' | 'no'])[] = [
  ['managedNATGatewayV2', 'none', 'yes'],
  ['managedNATGatewayV2', 'block', 'yes'],
  ['managedNATGateway', 'loadBalancer', 'no'],
  ['managedNATGateway', 'userDefinedRouting', 'no'],
];

describe.each([
  ['managed', MANAGED],
  ['brought', BROUGHT],
] as const)('the table of a %s VNet', (network, table) => {
  it.each(cellsOf(table))('$from to $to: $says', ({ from, to, says }) => {
    const found = outboundMigration(from, to, network);
    const contested = CONTESTED.find(([f, t]) => network === 'managed' && f === from && t === to);
    if (contested === undefined) expect(SAYS[found.supported]).toBe(says);
    else expect([found.supported, found.decided]).toEqual(['contested', contested[2]]);
  });

  it('supports nothing that it does not name', () => {
    const named = new Set(cellsOf(table).map(({ from, to }) => `${from} ${to}`));
    const others = ALL_MIGRATION_TYPES.flatMap((from) =>
      ALL_MIGRATION_TYPES.filter((to) => from !== to && !named.has(`${from} ${to}`)).map(
        (to) => outboundMigration(from, to, network).decided,
      ),
    );
    expect(new Set(others)).toEqual(new Set(['no']));
  });
});

it('says what a migration changes exactly where it is decided yes', () => {
  for (const network of ['managed', 'brought'] satisfies NetworkKind[]) {
    for (const from of ALL_MIGRATION_TYPES) {
      const targets = migrationTargets(from, network);
      for (const to of ALL_MIGRATION_TYPES) {
        const { decided, changes } = outboundMigration(from, to, network);
        expect([from, to, changes !== null]).toEqual([from, to, decided === 'yes']);
        expect(targets.includes(to)).toBe(decided === 'yes');
      }
    }
  }
});

it('removes what the old type had and makes what the new one has', () => {
  const { changes } = outboundMigration('loadBalancer', 'managedNATGateway', 'managed');
  expect(changes?.makes.join()).toContain('NAT gateway');
  expect(changes?.removes.join()).toContain('aksOutboundRule');
  expect(outboundMigration('loadBalancer', 'userAssignedNATGateway', 'brought').changes?.makes).toEqual([]);
});
