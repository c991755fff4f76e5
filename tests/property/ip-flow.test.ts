/** What Network Watcher says of a packet, against what becomes of the packet. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { findResource, putResource } from '../../src/model/azure/resource-store.ts';
import type { NetworkSecurityGroup, SecurityRule, SubResource } from '../../src/model/azure/resources.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { diagnose } from '../../src/model/compile/configuration-diagnostic.ts';
import { effectiveView } from '../../src/model/compile/effective-view.ts';
import type { EffectiveView } from '../../src/model/compile/effective-view.ts';
import { verifyIpFlow } from '../../src/model/compile/ip-flow.ts';
import { address, formatAddress } from '../../src/model/ip/address.ts';
import { unwrap } from '../../src/model/result.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { createSession } from '../../src/shell/session.ts';
import type { SlowRule } from '../support/golden/slow-security-rules.ts';
import { anyRules } from '../support/random-security-rules.ts';
import { armRule } from '../support/security-rules.ts';

const NSG = 'Microsoft.Network/networkSecurityGroups';
const LEVELS = ['on-subnet', 'on-a', 'on-b'] as const;
const GROUPS = ['web', 'db', 'nobody'] as const;
const A = '10.0.1.4';
const B = '10.0.1.5';
let base: Cloud;

beforeAll(async () => {
  const session = createSession({ cloud: newCloud({ seed: 'ip-flow' }) });
  const ran = await session.run(`set -e
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n v --address-prefixes 10.0.0.0/16 --subnet-name s --subnet-prefixes 10.0.1.0/24 -o none
for n in ${LEVELS.join(' ')}; do az network nsg create -g rg -n $n -o none; done
for n in ${GROUPS.join(' ')}; do az network asg create -g rg -n $n -o none; done
az network vnet subnet update -g rg --vnet-name v -n s --network-security-group on-subnet -o none
az vm create -g rg -n a --image Ubuntu2204 --vnet-name v --subnet s --nsg on-a --asgs web --generate-ssh-keys --only-show-errors -o none
az vm create -g rg -n b --image Ubuntu2204 --vnet-name v --subnet s --nsg on-b --asgs db --generate-ssh-keys --only-show-errors -o none
`);
  expect(ran.stderr).toBe('');
  base = session.cloud;
});

/** A random rule, of which a side may name an application security group instead. */
type AnyRule = SlowRule & { readonly groups: readonly [string | null, string | null] };

const rules = fc
  .tuple(
    anyRules(5, {
      tags: ['VirtualNetwork', 'Internet', 'AzureLoadBalancer'],
      protocols: ['Tcp', 'Udp', '*'],
    }),
    fc.array(fc.tuple(fc.option(fc.constantFrom(...GROUPS)), fc.option(fc.constantFrom(...GROUPS))), {
      minLength: 5,
      maxLength: 5,
    }),
  )
  .map(([all, groups]): readonly AnyRule[] =>
    all.map((rule, at) => ({ ...rule, groups: groups[at] ?? [null, null] })),
  );

function withRules(cloud: Cloud, level: string, own: readonly AnyRule[]): Cloud {
  const found = findResource(cloud, NSG, 'rg', level);
  if (found === null) throw new Error(`no NSG ${level}`);
  return putResource(cloud, { ...found, securityRules: own.map((rule) => toArm(cloud, found, rule)) });
}

function toArm(cloud: Cloud, { id }: NetworkSecurityGroup, rule: AnyRule): SecurityRule {
  const named = (name: string | null): readonly SubResource[] => {
    const group =
      name === null ? null : findResource(cloud, 'Microsoft.Network/applicationSecurityGroups', 'rg', name);
    return group === null ? [] : [{ id: group.id }];
  };
  const [source, destination] = rule.groups;
  return {
    ...armRule(rule),
    ...(source === null
      ? {}
      : {
          sourceAddressPrefix: null,
          sourceAddressPrefixes: [],
          sourceApplicationSecurityGroups: named(source),
        }),
    ...(destination === null
      ? {}
      : {
          destinationAddressPrefix: null,
          destinationAddressPrefixes: [],
          destinationApplicationSecurityGroups: named(destination),
        }),
    id: `${id}/securityRules/${rule.name}`,
    description: null,
    etag: 'W/"0"',
    provisioningState: 'Succeeded',
  };
}

/** `rule-1 on-subnet`, for each security rule that the packet met on its way there, in order. */
function met(trace: Trace): readonly string[] {
  return trace.hops
    .flatMap(({ steps }) => steps)
    .filter(({ kind }) => kind === 'filter')
    .flatMap(({ by }) => {
      const [, rule = '', group = ''] = /^(\S+) \(priority \d+\) of NSG (\S+) on /.exec(by) ?? [];
      return rule === '' ? [] : [`${rule} ${group}`];
    });
}

function sourceIn(trace: Trace): string {
  const [step] = trace.hops.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'filter'));
  if (step === undefined) throw new Error('nobody asked a rule');
  return formatAddress(step.before.source.address);
}

function viewOf(cloud: Cloud, vm: string): EffectiveView {
  const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', 'rg', `${vm}VMNic`);
  const view = nic === null ? null : effectiveView(cloud, nic.id);
  if (view === null) throw new Error(`nothing is in force on ${vm}`);
  return view;
}

const scene = fc.record({
  subnet: rules,
  a: rules,
  b: rules,
  from: fc.constantFrom('vm/a' as const, 'internet' as const),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  port: fc.constantFrom(22, 80, 81, 443, 8080, 30_000),
  sourcePort: fc.constantFrom(443, 1024, 32_768, 65_535),
});

test('IP flow verify and NSG diagnostics name the rule that the trace meets', () => {
  let denied = 0;
  fc.assert(
    fc.property(scene, ({ subnet, a, b, from, protocol, port, sourcePort }) => {
      const cloud = [subnet, a, b].reduce(
        (before, own, at) => withRules(before, LEVELS[at] ?? '', own),
        base,
      );
      const to = from === 'internet' ? publicAddressOf(cloud) : 'vm/b';
      const { trace } = unwrap(ask(cloud, { from, to, protocol, port, sourcePort }));
      const path = met(trace);
      const opener = from === 'vm/a' ? A : sourceIn(trace);
      const asked = { protocol: protocol === 'tcp' ? ('Tcp' as const) : ('Udp' as const) };
      const one = { address: address(opener), port: sourcePort };
      const other = { address: address(B), port };
      const profile = {
        protocol: asked.protocol,
        source: opener,
        destination: B,
        destinationPort: String(port),
      };
      const expectSame = (
        view: EffectiveView,
        direction: 'Inbound' | 'Outbound',
        steps: readonly string[],
      ): void => {
        const [local, remote] = direction === 'Inbound' ? [other, one] : [one, other];
        const { access, rule, group } = unwrap(verifyIpFlow(view, { ...asked, direction, local, remote }));
        const isDenied =
          trace.disposition === (direction === 'Inbound' ? 'denied-inbound' : 'denied-outbound');
        expect(access).toBe(isDenied ? 'Deny' : 'Allow');
        expect(`${rule.name} ${group.name.split('/').at(-1) ?? ''}`).toBe(isDenied ? steps.at(-1) : steps[0]);
        if (isDenied) denied++;
        const found = diagnose(view, { ...profile, direction });
        if (!found.ok) return expect(found.error.code).toBe('NotSimulated');
        expect(found.value.access).toBe(access);
        // Diagnostics ask about any source port, and meet no rule that is for some of them.
        if ([...subnet, ...a, ...b].some(({ sourcePorts }) => !sourcePorts.includes('*'))) return;
        const names = found.value.groups.map(
          ({ matched, group: { name } }) => `${matched.name} ${name.split('/').at(-1) ?? ''}`,
        );
        expect(names.slice(0, steps.length)).toEqual(steps);
      };
      if (from === 'vm/a') expectSame(viewOf(cloud, 'a'), 'Outbound', path.slice(0, 2));
      if (trace.disposition !== 'denied-outbound') {
        expectSame(viewOf(cloud, 'b'), 'Inbound', from === 'vm/a' ? path.slice(2) : path);
      }
    }),
    { numRuns: 600 },
  );
  expect(denied).toBeGreaterThan(40);
}, 60_000);

function publicAddressOf(cloud: Cloud): string {
  const found = findResource(cloud, 'Microsoft.Network/publicIPAddresses', 'rg', 'bPublicIP')?.ipAddress;
  if (found === undefined || found === null) throw new Error('b has no public address');
  return found;
}
