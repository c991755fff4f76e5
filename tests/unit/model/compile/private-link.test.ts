/** Packets over private endpoints. */
import { describe, expect, it } from 'vitest';
import { setConnectionState } from '../../../../src/model/azure/private-link-connection.ts';
import { updateSubnet } from '../../../../src/model/azure/subnet.ts';
import { createNetworkSecurityGroup } from '../../../../src/model/azure/network-security-group.ts';
import { createSecurityRule } from '../../../../src/model/azure/security-rule.ts';
import { resourceId } from '../../../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { GROUP } from '../../../support/kubenet-cluster.ts';
import { FRONTEND_PORT, linkedCloud, PROVIDER, withConsumer } from '../../../support/private-link.ts';

const SAME = PROVIDER.prefix;

function traced(
  cloud: Cloud,
  to: string,
  port: number = FRONTEND_PORT,
  protocol: 'tcp' | 'udp' | 'icmp' = 'tcp',
  from = 'vm/consumer',
): Trace {
  const asked = ask(cloud, { from, to, protocol, ...(protocol === 'icmp' ? {} : { port }) });
  if (!asked.ok) throw new Error(asked.error.message);
  return asked.value.trace;
}

const seen = ({ seenSource }: Trace): string =>
  seenSource === null ? 'nobody' : formatAddress(seenSource.address);
const places = ({ hops }: Trace): readonly string[] => hops.map(({ place }) => place);

describe('a consumer with the addresses of the provider', () => {
  const cloud = withConsumer(linkedCloud(), 'consumer', SAME);

  it('reaches the service, which sees a NAT address', () => {
    const trace = traced(cloud, 'pe/pe-consumer');
    expect(trace.disposition, trace.reason).toBe('delivered');
    expect(places(trace)).toEqual([
      'vm/consumer',
      'fabric/consumer',
      'pe/pe-consumer',
      'fabric/provider',
      'lb/ilb',
      'fabric/provider',
      'vm/provider',
    ]);
    expect(seen(trace)).toBe('10.8.0.6');
  });

  it('gets the answer the way the request came', () => {
    expect(traced(cloud, 'pe/pe-consumer').reverse?.hops.map(({ place }) => place)).toEqual([
      'vm/provider',
      'fabric/provider',
      'lb/ilb',
      'fabric/provider',
      'pe/pe-consumer',
      'fabric/consumer',
      'vm/consumer',
    ]);
  });

  it('has no other way to it', () => {
    expect(traced(cloud, '10.8.0.6')).toMatchObject({ disposition: 'next-hop-unreachable' });
    const back = traced(cloud, '10.8.0.6', 80, 'tcp', 'vm/provider');
    expect(back).toMatchObject({ disposition: 'next-hop-unreachable' });
    expect(places(back)).toEqual(['vm/provider', 'fabric/provider']);
  });

  it.each([
    ['a port without a rule', 80, 'tcp', /no inbound rule for this port/],
    ['UDP where only TCP has a rule', FRONTEND_PORT, 'udp', /no inbound rule for this port/],
    ['ICMP', 0, 'icmp', /^private endpoint pe-consumer/],
  ] as const)('gets no answer to %s', (_, port, protocol, by) => {
    const trace = traced(cloud, 'pe/pe-consumer', port, protocol);
    expect(trace.disposition).toBe('denied-inbound');
    expect(trace.hops.at(-1)?.steps.at(-1)?.by ?? '').toMatch(by);
  });

  it.each(['Pending', 'Rejected'] as const)('passes nothing while the connection is %s', (status) => {
    const [service] = Object.values(cloud.resources).filter(
      ({ type }) => type === 'Microsoft.Network/privateLinkServices',
    );
    if (service?.type !== 'Microsoft.Network/privateLinkServices') throw new Error('no service');
    const name = service.privateEndpointConnections[0]?.name ?? '';
    const changed = unwrap(
      setConnectionState(cloud, { resourceGroup: GROUP, service: 'pls', name }, { status }),
    );
    const trace = traced(changed, 'pe/pe-consumer');
    expect(trace.disposition).toBe('denied-inbound');
    expect(trace.reason).toBe(
      `private endpoint pe-consumer (connection ${status}) drops the packet: only an approved connection carries traffic`,
    );
    expect(places(trace).at(-1)).toBe('pe/pe-consumer');
  });

  it('with floating IP hands over what is for the frontend', () => {
    const floating = withConsumer(linkedCloud({ ...PROVIDER, floatingIp: true }), 'consumer', SAME);
    // The server does not have the frontend's address, so nobody takes what arrives.
    const trace = traced(floating, 'pe/pe-consumer', 80);
    expect(places(trace).at(-1)).toBe('vm/provider');
    expect(trace.disposition).not.toBe('delivered');
  });

  it('is asked for by the security group of its subnet only under network policies', () => {
    const group = unwrap(createNetworkSecurityGroup(cloud, { resourceGroup: GROUP, name: 'shut' }));
    const ruled = unwrap(
      createSecurityRule(
        group,
        { resourceGroup: GROUP, networkSecurityGroup: 'shut', name: 'deny' },
        {
          description: null,
          priority: 100,
          direction: 'Inbound',
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefixes: ['*'],
          sourcePortRanges: ['*'],
          destinationAddressPrefixes: ['10.8.0.5'],
          destinationPortRanges: ['*'],
        },
      ),
    );
    const at = { resourceGroup: GROUP, virtualNetwork: 'consumer', name: 's' };
    const shut = unwrap(
      updateSubnet(ruled, at, {
        networkSecurityGroup: resourceId(ruled, GROUP, 'Microsoft.Network/networkSecurityGroups', 'shut'),
      }),
    );
    expect(traced(shut, 'pe/pe-consumer').disposition).toBe('delivered');
    const routed = unwrap(updateSubnet(shut, at, { privateEndpointNetworkPolicies: 'RouteTableEnabled' }));
    expect(traced(routed, 'pe/pe-consumer').disposition).toBe('delivered');
    for (const policies of ['Enabled', 'NetworkSecurityGroupEnabled'] as const) {
      const policed = unwrap(updateSubnet(shut, at, { privateEndpointNetworkPolicies: policies }));
      expect(traced(policed, 'pe/pe-consumer'), policies).toMatchObject({
        disposition: 'denied-inbound',
        reason: expect.stringMatching(/^deny \(priority 100\) of NSG shut/) as string,
      });
    }
  });
});

describe('two consumers of one service', () => {
  const cloud = withConsumer(withConsumer(linkedCloud(), 'consumer', SAME), 'other', SAME);

  it.each(['consumer', 'other'])('%s gets its own answers', (name) => {
    const trace = traced(cloud, `pe/pe-${name}`, FRONTEND_PORT, 'tcp', `vm/${name}`);
    expect(trace.disposition, trace.reason).toBe('delivered');
    expect(trace.reverse?.hops.map(({ place }) => place)).toContain(`pe/pe-${name}`);
  });
});

describe('with the PROXY protocol', () => {
  it('the header names the consumer', () => {
    const cloud = withConsumer(linkedCloud(PROVIDER, { enableProxyProtocol: true }), 'consumer', SAME);
    const steps = traced(cloud, 'pe/pe-consumer').hops.flatMap((hop) => hop.steps);
    const header = steps.find((step) => step.kind === 'proxy' && step.does === 'header');
    expect(header === undefined ? null : formatAddress(header.client.address)).toBe('10.8.0.4');
    expect(header?.link).toBeGreaterThan(0);
  });
});
