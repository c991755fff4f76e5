import { beforeEach, describe, expect, test } from 'vitest';
import { exampleTexts, SMALL_EXAMPLE } from '../../../../src/planner/import/example-network.ts';
import { isRefused } from '../../../../src/ui/tracer/protocol.ts';
import type { Action, Loaded } from '../../../../src/ui/tracer/protocol.ts';
import { TracerHost } from '../../../../src/ui/tracer/tracer-host.ts';
import { scenarioText } from '../../../support/scenario-text.ts';

const EXAMPLE: Action = { kind: 'open', source: { kind: 'texts', texts: exampleTexts(SMALL_EXAMPLE) } };
const FLOW = { from: 'vm/web-1', to: 'vm/web-2', protocol: 'tcp', port: '443', client: '' } as const;

let host: TracerHost;

beforeEach(() => {
  host = new TracerHost(
    async (name) => (name === 'hub-and-spoke' ? scenarioText(name) : null),
    () => 0,
  );
});

async function done(action: Action): Promise<Loaded> {
  const reply = await host.do(action);
  if (isRefused(reply)) throw new Error(reply.issues[0]?.message);
  return reply;
}

function traced(flow: Parameters<TracerHost['trace']>[0]['flow'] = FLOW, where: 'now' | 'kept' = 'now') {
  const reply = host.trace({ flow, in: where });
  return isRefused(reply)
    ? `${reply.issues[0]?.flag ?? ''}: ${reply.issues[0]?.message ?? ''}`
    : reply.path.disposition;
}

test('a scenario, then another network in its place; a refused one changes nothing', async () => {
  const scenario = await done({ kind: 'open', source: { kind: 'scenario', name: 'hub-and-spoke' } });
  expect(scenario.summary).toContain('4 VNets, 5 VMs');
  expect(isRefused(await host.do({ kind: 'open', source: { kind: 'scenario', name: 'no-such' } }))).toBe(
    true,
  );
  expect(isRefused(await host.do({ kind: 'open', source: { kind: 'texts', texts: ['{'] } }))).toBe(true);
  expect(traced({ ...FLOW, from: 'vm/vm-blue', to: 'vm/vm-shared', port: '80' })).toBe('delivered');
  await done(EXAMPLE);
  expect(traced()).toBe('delivered');
});

describe('a pasted network', () => {
  beforeEach(() => done(EXAMPLE));

  test('is changed by commands, and compared with what was kept', async () => {
    await done({ kind: 'keep' });
    const ran = await done({
      kind: 'run',
      script:
        'az network nsg rule update -g rg-example --nsg-name nsg-spoke-2 -n AllowWeb --access Deny -o none',
    });
    expect(ran).toMatchObject({ output: { exitCode: 0, text: '' }, isKept: true });
    expect([traced(FLOW, 'kept'), traced()]).toEqual(['delivered', 'denied-inbound']);
    const compared = host.compare({ protocol: 'tcp', port: '443', ends: '' });
    if (isRefused(compared)) throw new Error(compared.issues[0]?.message);
    const pairs = compared.diff.changes.map(({ from, to }) => `${from} ${to}`);
    expect(pairs).toEqual(['vm/router vm/web-2', 'vm/web-1 vm/web-2']);
    expect(compared.diff.changes[1]).toMatchObject({
      before: { disposition: 'delivered' },
      after: {
        disposition: 'denied-inbound',
        decidedBy: expect.stringContaining('AllowWeb (priority 100)') as string,
      },
      what: ['disposition', 'seen source'],
    });
    const two = host.compare({ protocol: 'tcp', port: '443', ends: 'vm/router vm/web-1' });
    expect(isRefused(two) ? two : two.diff.changes).toEqual([]);
  });

  test('says what a failing script printed, and keeps the network', async () => {
    const ran = await done({
      kind: 'run',
      script: 'echo one\naz network vnet show -g rg-example -n nobody\necho two >&2',
    });
    expect(ran.output?.text).toMatch(/^one\n[^]*ResourceNotFound[^]*two\n$/);
    expect(traced()).toBe('delivered');
  });

  test.each([
    [{ ...FLOW, from: '' }, 'from: Where the flow starts is not chosen.'],
    [{ ...FLOW, to: ' ' }, 'to: Where the flow goes is not chosen.'],
    [{ ...FLOW, to: 'vm/nobody' }, 'to: there is no virtual machine nobody.'],
    [{ ...FLOW, port: '70000' }, 'port: "70000" is no port: 1 to 65535.'],
    [{ ...FLOW, protocol: 'icmp' as const }, 'port: ICMP has no ports: leave it empty.'],
  ])('refuses %o', (flow, said) => {
    expect(traced(flow)).toBe(said);
  });

  test('comes back from its file as it was', async () => {
    await done({
      kind: 'run',
      script: 'az network vnet peering delete -g rg-example --vnet-name hub -n to-spoke-2',
    });
    const before = traced();
    const file = host.save();
    await done({ kind: 'open', source: { kind: 'empty' } });
    expect(traced()).toContain('from: ');
    await done({ kind: 'open', source: { kind: 'texts', texts: [file] } });
    expect(traced()).toBe(before);
    expect(before).not.toBe('delivered');
  });

  test.each([
    ['cut off', (file: string) => file.slice(0, -5)],
    ['of another version', (file: string) => file.replace('"version":1', '"version":9')],
    [
      'with a resource that is none',
      (file: string) => file.replace('"ipConfigurations":[', '"ipConfigurations":[7,'),
    ],
    ['without its cloud', (file: string) => file.replace('"cloud":{', '"clout":{')],
  ])('is refused from a file %s', async (_, spoil) => {
    const file = spoil(host.save());
    const reply = await host.do({ kind: 'open', source: { kind: 'texts', texts: [file] } });
    expect(isRefused(reply)).toBe(true);
    expect(traced()).toBe('delivered');
  });
});

test('every address in an answer has its range', async () => {
  await done(EXAMPLE);
  const view = host.trace({ flow: FLOW, in: 'now' });
  if (isRefused(view)) throw new Error('refused');
  expect(view.ranges).toMatchObject({ '10.1.0.4': { letter: 'O' }, '10.2.0.4': { letter: 'O' } });
});

describe('pods whose variables name a proxy', () => {
  const FROM_POD = { ...FLOW, from: 'pod/default/client', to: 'https://example.com', port: '' } as const;

  beforeEach(async () => {
    host = new TracerHost(
      async () => scenarioText('proxy-world'),
      () => 0,
    );
    await done({ kind: 'open', source: { kind: 'scenario', name: 'proxy-world' } });
  });

  function viewed(flow: Parameters<TracerHost['trace']>[0]['flow']) {
    const reply = host.trace({ flow, in: 'now' });
    if (isRefused(reply)) throw new Error(reply.issues[0]?.message);
    return reply;
  }

  test('are marked among the ends, and so are the nodes', async () => {
    const { ends } = await done({ kind: 'run', script: 'true' });
    const named = ends.filter(({ proxies }) => proxies === 'named').map(({ kind }) => kind);
    expect(named).toContain('pod');
    expect(named).toContain('node');
    expect(named).not.toContain('vm');
  });

  test('go over it as the client that is chosen goes', () => {
    const over = viewed(FROM_POD);
    expect(over.asked).toMatch(
      /^TCP port 443 from client at .* to https:\/\/example\.com at .* over the proxy/,
    );
    expect(over.path.ways.map((way) => way.connections.length)).toEqual([2, 2]);
    expect(over.remarks.join()).toMatch(/Client curl asks the proxy/);
    const direct = viewed({ ...FROM_POD, client: 'none' });
    expect(direct.path.ways[0]?.connections).toHaveLength(1);
  });

  test('and a client that was chosen for a URL does no harm to other ends', () => {
    expect(viewed({ ...FROM_POD, to: 'host/web', port: '443', client: 'go' }).path.disposition).toBe(
      'delivered',
    );
  });
});
