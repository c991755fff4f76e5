/** Which source a destination sees, and who reaches a pod, for every plugin: the comparison of the course. */
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { checkTrace } from '../../../../src/model/trace/check-trace.ts';
import type { Disposition } from '../../../../src/model/trace/disposition.ts';
import { describeTrace } from '../../../../src/model/trace/text.ts';
import { nodeAddress, pluginWorld, podAddress, seenSource, traced } from './plugin-world.ts';
import type { Plugin } from './plugin-world.ts';

const POD_PLUGINS = [
  'kubenet',
  'node-subnet',
  'node-subnet-cilium',
  'pod-subnet',
  'pod-subnet-static',
  'pod-subnet-cilium',
  'overlay',
  'overlay-cilium',
] as const satisfies readonly Plugin[];

type Family = 'kubenet' | 'node-subnet' | 'pod-subnet' | 'overlay';

function familyOf(plugin: (typeof POD_PLUGINS)[number]): Family {
  if (plugin === 'kubenet') return 'kubenet';
  if (plugin.startsWith('node-subnet')) return 'node-subnet';
  return plugin.startsWith('pod-subnet') ? 'pod-subnet' : 'overlay';
}

/** `public` is the address of the cluster's load balancer. */
type Source = 'pod' | 'node' | 'public';

interface Outbound {
  readonly flow: string;
  readonly from?: string;
  readonly to: string;
  readonly port?: number;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  readonly sees: Readonly<Record<Family, Source>>;
}

const ALWAYS = (source: Source): Outbound['sees'] => ({
  kubenet: source,
  'node-subnet': source,
  'pod-subnet': source,
  overlay: source,
});
const FLAT: Outbound['sees'] = {
  kubenet: 'node',
  'node-subnet': 'pod',
  'pod-subnet': 'pod',
  overlay: 'node',
};
const ONLY_POD_SUBNET: Outbound['sees'] = { ...FLAT, 'node-subnet': 'node' };

const OUTBOUND: readonly Outbound[] = [
  { flow: 'a pod of the same node', to: 'pod/neighbour', sees: ALWAYS('pod') },
  { flow: 'a pod of the other node', to: 'pod/far', sees: ALWAYS('pod') },
  { flow: 'the other node', to: 'node1', port: 10250, sees: FLAT },
  { flow: 'a VM of the same VNet', to: 'vm/vm-tools', sees: FLAT },
  { flow: 'a VM of a peered VNet', to: 'vm/vm-data', sees: ONLY_POD_SUBNET },
  { flow: 'a data centre', to: 'host/office', sees: ONLY_POD_SUBNET },
  { flow: 'the internet', to: 'internet', sees: ALWAYS('public') },
  { flow: 'the metadata service', to: 'http://169.254.169.254/', sees: ALWAYS('node') },
  { flow: "Azure's DNS", to: '168.63.129.16', protocol: 'udp', port: 53, sees: ALWAYS('node') },
  { flow: "Azure's DNS over TCP", to: '168.63.129.16', port: 53, sees: ALWAYS('node') },
  { flow: 'its own node', to: 'node0', port: 10250, sees: ALWAYS('pod') },
  { flow: 'a ping to a VM of the same VNet', to: 'vm/vm-tools', protocol: 'icmp', sees: FLAT },
  { flow: 'a VM, from the host network', from: 'node0', to: 'vm/vm-tools', sees: ALWAYS('node') },
  { flow: 'a peer, from the host network', from: 'node0', to: 'vm/vm-data', sees: ALWAYS('node') },
  { flow: 'a data centre, from the host network', from: 'node0', to: 'host/office', sees: ALWAYS('node') },
];

describe.each(POD_PLUGINS)('%s: what the other side sees', (plugin) => {
  test.each(OUTBOUND)('$flow', async ({ from = 'pod/client', to, port, protocol, sees }) => {
    const cloud = await pluginWorld(plugin);
    const trace = traced(cloud, from, to, {
      ...(port === undefined ? {} : { port }),
      ...(protocol === undefined ? {} : { protocol }),
    });
    const story = describeTrace(trace).join('\n');
    expect(trace.disposition, story).toBe('delivered');
    expect(trace.reverse?.disposition, story).toBe('delivered');
    const address = {
      pod: podAddress(cloud, 'client'),
      node: nodeAddress(cloud, 0),
      public: publicAddress(cloud),
    }[sees[familyOf(plugin)]];
    expect(seenSource(trace), story).toBe(address);
    checkTrace(trace);
  });
});

function publicAddress(cloud: Parameters<typeof nodeAddress>[0]): string {
  const addresses = Object.values(cloud.resources).flatMap((each) =>
    each.type === 'Microsoft.Network/publicIPAddresses' ? [each.ipAddress] : [],
  );
  expect(addresses).toHaveLength(1);
  return addresses[0] ?? 'none';
}

interface Inbound {
  readonly from: string;
  /** For pods that no route outside the cluster leads to. */
  readonly hidden: Disposition;
  /** For pods with addresses of the VNet. */
  readonly flat: Disposition;
}

const INBOUND: readonly Inbound[] = [
  { from: 'vm/vm-tools', hidden: 'dropped-by-route', flat: 'delivered' },
  { from: 'vm/vm-data', hidden: 'dropped-by-route', flat: 'delivered' },
  { from: 'host/office', hidden: 'no-route', flat: 'delivered' },
  { from: 'internet', hidden: 'no-route', flat: 'no-route' },
];

describe.each(POD_PLUGINS)('%s: who reaches a pod by its address', (plugin) => {
  test.each(INBOUND)('$from', async ({ from, hidden, flat }) => {
    const cloud = await pluginWorld(plugin);
    const trace = traced(cloud, from, 'pod/client');
    const story = describeTrace(trace).join('\n');
    const family = familyOf(plugin);
    const expected = family === 'kubenet' || family === 'overlay' ? hidden : flat;
    expect(trace.disposition, story).toBe(expected);
    if (expected !== 'delivered') return;
    expect(seenSource(trace), story).toBe(formatAddress(trace.hops[0]!.steps[0]!.before.source.address));
    expect(trace.hops.at(-1)?.place).toBe('pod/default/client');
  });

  test('its node, and a node that it is not on', async () => {
    const cloud = await pluginWorld(plugin);
    const own = traced(cloud, 'node0', 'pod/client');
    // kubenet's bridge has an address of the pods' range; elsewhere a node lends its only one.
    expect(seenSource(own)).toBe(plugin === 'kubenet' ? '10.244.0.1' : nodeAddress(cloud, 0));
    expect(seenSource(traced(cloud, 'node0', 'pod/far'))).toBe(nodeAddress(cloud, 0));
  });
});
