/** The order that the migration checker prints, carried out: every line runs, and packets switch when it says. */
import { describe, expect, test } from 'vitest';
import type { MigrationType, NetworkKind } from '../../src/model/aks/outbound-migration.ts';
import { planMigration } from '../../src/planner/outbound-migration.ts';
import { runScenario } from '../../src/shell/scenario.ts';
import type { Session } from '../../src/shell/session.ts';
import { scenarioText } from '../support/scenario-text.ts';

/** What stands for names in the checker's lines. */
const NAMES = [
  'GROUP=rg-out CLUSTER=aks-out NETWORK_GROUP=rg-out VNET=vnet-out NODE_SUBNET=snet-nodes NAT_GATEWAY=natgw-new',
  'APPLIANCE=10.60.1.4 ROUTE_TABLE=rt-out DEFAULT_ROUTE=default',
];

/** Worlds that begin with a type; the one of the load balancer in a VNet of one's own is made from routes. */
const WORLDS: Readonly<Record<string, { readonly scenario: string; readonly first: readonly string[] }>> = {
  'managed loadBalancer': { scenario: 'egress-load-balancer', first: [] },
  'managed managedNATGatewayV2': { scenario: 'egress-managed-nat', first: [] },
  'managed none': { scenario: 'egress-none', first: [] },
  'managed block': { scenario: 'egress-block', first: [] },
  'brought userDefinedRouting': { scenario: 'egress-routes', first: [] },
  'brought userAssignedNATGateway': { scenario: 'egress-own-nat', first: ['NAT_GATEWAY=natgw-out'] },
  'brought loadBalancer': {
    scenario: 'egress-routes',
    first: [
      'az aks update -g rg-out -n aks-out --outbound-type loadBalancer -o none',
      'az network vnet subnet update -g rg-out --vnet-name vnet-out -n snet-nodes --remove routeTable -o none',
    ],
  },
};

async function run(session: Session, line: string): Promise<string> {
  const { stdout, stderr, exitCode } = await session.run(line);
  if (exitCode !== 0) throw new Error(`${line}\n${stderr}`);
  return stdout.trim();
}

/** What the partner sees of a pod, or how the packet ends. */
async function seen(session: Session): Promise<string> {
  const filter = 'if .seenSource == null then .disposition else .seenSource.address end';
  return run(
    session,
    `netpath --from pod/default/client --to host/partner --port 443 -o json | jq -r '${filter}'`,
  );
}

describe.each<[NetworkKind, MigrationType, readonly MigrationType[]]>([
  ['managed', 'loadBalancer', ['managedNATGatewayV2', 'none', 'block']],
  ['managed', 'managedNATGatewayV2', ['none', 'block']],
  ['managed', 'none', ['loadBalancer', 'managedNATGatewayV2', 'block']],
  ['managed', 'block', ['loadBalancer', 'managedNATGatewayV2', 'none']],
  ['brought', 'userDefinedRouting', ['loadBalancer', 'userAssignedNATGateway', 'none']],
  ['brought', 'userAssignedNATGateway', ['loadBalancer', 'none']],
  ['brought', 'loadBalancer', ['userAssignedNATGateway', 'userDefinedRouting', 'none']],
])('in a VNet that is %s, from %s', (vnet, from, targets) => {
  test.each(targets)(
    'to %s',
    async (to) => {
      const world = WORLDS[`${vnet} ${from}`];
      if (world === undefined) throw new Error(`no world for ${from}`);
      const started = await runScenario(scenarioText(world.scenario), { name: world.scenario });
      if (started.exitCode !== 0) throw new Error(started.stderr);
      const { session } = started;
      for (const line of [...NAMES, ...world.first]) await run(session, line);
      const before = await seen(session);

      const plan = planMigration(from, to, vnet, null);
      const made = plan.steps
        .filter(({ phase }) => phase === 'before')
        .flatMap(({ commands }) => commands.filter((each) => / create /.test(each)));
      for (const line of made) await run(session, `${line} -o none`);
      expect(await seen(session), 'nothing changes beforehand').toBe(before);
      if (made.some((each) => each.includes('-n pip-egress')))
        await run(session, 'IP_ID=$(az network public-ip show -g rg-out -n pip-egress --query id -o tsv)');

      const after: { readonly line: string; readonly seen: string }[] = [];
      for (const line of plan.steps
        .filter(({ phase }) => phase === 'change')
        .flatMap(({ commands }) => commands)) {
        await run(session, `${line} -o none`);
        after.push({ line, seen: await seen(session) });
      }
      expect(
        await run(session, 'az aks show -g rg-out -n aks-out --query networkProfile.outboundType -o tsv'),
      ).toBe(to === 'managedNATGatewayV2' ? 'managedNATGateway' : to);
      const switched = after.find((each) => each.seen !== before)?.line ?? '';
      const what = plan.switches ?? '';
      const said = what.startsWith('When the route 0.0.0.0/0 is taken away')
        ? 'route delete'
        : what.startsWith('When the route table comes')
          ? '--route-table'
          : what.startsWith('When the NAT gateway comes')
            ? '--nat-gateway $'
            : what.startsWith('When the NAT gateway is taken off')
              ? '--remove natGateway'
              : 'az aks update';
      expect(switched, JSON.stringify(after)).toContain(said);
      const last = after.at(-1)?.seen ?? '';
      if (to === 'none') expect(last).toBe('no-outbound-path');
      else if (to === 'block') expect(last).toBe('denied-outbound');
      else expect(last).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    },
    60_000,
  );
});
