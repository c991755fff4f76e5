/** Private Link between VNets of any addresses, the same ones included. */
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { compile } from '../../src/model/compile/compile.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { FRONTEND_PORT, linkedCloud, withConsumer } from '../support/private-link.ts';

const PREFIXES = ['10.8.0.0/24', '10.8.0.0/26', '10.8.0.0/16', '10.9.0.0/24', '192.168.7.0/27'];

const draft = fc.record({
  provider: fc.constantFrom(...PREFIXES),
  consumers: fc.array(fc.constantFrom(...PREFIXES), { minLength: 1, maxLength: 3 }),
  natAddresses: fc.integer({ min: 1, max: 8 }),
  approved: fc.infiniteStream(fc.boolean()),
});

function traced(cloud: Cloud, from: string, to: string, port: number): Trace {
  const asked = ask(cloud, { from, to, protocol: 'tcp', port });
  if (!asked.ok) throw new Error(asked.error.message);
  return asked.value.trace;
}

describe('Private Link', () => {
  it('delivers exactly where the connection is approved, and hides the consumer', () => {
    fc.assert(
      fc.property(draft, ({ provider, consumers, natAddresses, approved }) => {
        const states = consumers.map((_, at) => ({ at, isApproved: approved.next().value === true }));
        const cloud = states.reduce(
          (next, { at, isApproved }) =>
            withConsumer(next, `c${at}`, consumers[at] ?? '', {
              approval: isApproved ? 'automatic' : 'manual',
            }),
          linkedCloud({ prefix: provider, natAddresses, floatingIp: false }),
        );
        for (const { at, isApproved } of states) {
          const trace = traced(cloud, `vm/c${at}`, `pe/pe-c${at}`, FRONTEND_PORT);
          if (!isApproved) {
            if (trace.disposition !== 'denied-inbound') throw new Error(trace.reason);
            continue;
          }
          if (trace.disposition !== 'delivered') throw new Error(trace.reason);
          const seen = formatAddress(trace.seenSource!.address);
          const nat = natAddressesOf(cloud);
          if (!nat.includes(seen))
            throw new Error(`the server sees ${seen}, no NAT address of ${nat.join()}`);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('makes no route from one VNet to the other', () => {
    fc.assert(
      fc.property(draft, ({ provider, consumers, natAddresses }) => {
        const cloud = consumers.reduce(
          (next, prefix, at) => withConsumer(next, `c${at}`, prefix),
          linkedCloud({ prefix: provider, natAddresses, floatingIp: false }),
        );
        const { hosts } = compile(cloud).network;
        for (const [id, host] of hosts) {
          if (!id.startsWith('fabric/')) continue;
          for (const { routes } of host.tables.values()) {
            for (const { target, by } of routes) {
              const leaves = target.kind === 'connected' && /^(pe|peering)\//.test(target.interface);
              if (leaves) throw new Error(`${id} has a route of its own to ${target.interface}: ${by}`);
            }
          }
        }
        for (let at = 0; at < consumers.length; at++) {
          const back = traced(cloud, 'vm/provider', `vm/c${at}`, 80);
          const met = back.hops.map(({ place }) => place);
          if (met.includes(`vm/c${at}`)) throw new Error(`vm/provider reaches vm/c${at}: ${back.reason}`);
        }
      }),
      { numRuns: 15 },
    );
  });
});

function natAddressesOf(cloud: Cloud): readonly string[] {
  return Object.values(cloud.resources).flatMap((one) =>
    one.type === 'Microsoft.Network/privateLinkServices'
      ? one.ipConfigurations.map(({ privateIPAddress }) => privateIPAddress)
      : [],
  );
}
