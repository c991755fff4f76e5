/** A firewall sees two different connections: towards the proxy CONNECT as HTTP, behind it the name of the server. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { compile } from '../../../../src/model/compile/compile.ts';
import { directoryOf } from '../../../../src/model/compile/directory.ts';
import { resolveSource } from '../../../../src/model/compile/ends.ts';
import { senderSees } from '../../../../src/model/compile/firewall-proxy.ts';
import { traceOverProxy } from '../../../../src/model/compile/relayed.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import type {
  ApplicationRuleText,
  Collection,
  FirewallText,
  NetworkRuleText,
} from '../../../support/firewall.ts';
import { withProxy } from '../../../support/forward-proxy.ts';
import { behindFirewall, NAMES, traced as direct } from './firewall-world.ts';

/** The client is vm/two in one spoke, the proxy vm/one in the other; the firewall is on both ways. */
const PROXY = '10.1.1.4';

function application(...rules: readonly ApplicationRuleText[]): readonly Collection<ApplicationRuleText>[] {
  return [{ name: 'app', priority: 200, rules }];
}

function network(...rules: readonly NetworkRuleText[]): readonly Collection<NetworkRuleText>[] {
  return [{ name: 'net', priority: 100, rules }];
}

const TO_PROXY: NetworkRuleText = {
  name: 'to-proxy',
  destinationAddresses: [PROXY],
  destinationPorts: ['8080'],
};
const HTTP_8080 = { protocolType: 'Http', port: 8080 } as const;

async function traced(
  text: FirewallText,
  scheme: 'http' | 'https',
  host = NAMES.web,
): Promise<[Cloud, Trace]> {
  const cloud = withProxy(await behindFirewall(text), 'one');
  const directory = directoryOf(compile(cloud));
  const port = scheme === 'https' ? 443 : 80;
  const answer = traceOverProxy(
    directory,
    unwrap(resolveSource(directory, 'vm/two')),
    { scheme: 'http', host: PROXY, port: 8080 },
    { scheme, host, port, path: '/' },
    () => 40_000,
  );
  return [cloud, unwrap(answer).trace];
}

describe('a firewall on both ways', () => {
  // The world is built by commands, once.
  beforeAll(() => behindFirewall());

  test('with a network rule to the proxy, and an application rule for it: the name is that of TLS', async () => {
    const [, all] = await traced(
      {
        network: network(TO_PROXY),
        application: application({ name: 'web', sourceAddresses: [PROXY], targetFqdns: [NAMES.web] }),
      },
      'https',
    );
    expect(all.disposition).toBe('delivered');
    expect(all.relayed?.legs.map((leg) => leg.hops.some(({ place }) => place === 'firewall/fw'))).toEqual([
      true,
      true,
    ]);
  });

  test('an application rule on 8080 sees the name of the server in CONNECT', async () => {
    const web = { protocols: [HTTP_8080], targetFqdns: [NAMES.web] };
    const onwards = { name: 'onwards', sourceAddresses: [PROXY], targetFqdns: ['*'] };
    const rules = { application: application({ name: 'connect', ...web }, onwards) };
    const [, good] = await traced(rules, 'https');
    expect(good.relayed?.legs[0]?.flow.request).toEqual({ protocol: 'http', host: NAMES.web });
    const [, bad] = await traced(rules, 'https', NAMES.other);
    expect(bad.disposition).toBe('denied-outbound');
    expect(bad.relayed?.legs).toHaveLength(1);
  });

  test('the proxy’s own connection is denied: TLS is reset, of HTTP the page comes through', async () => {
    const rules = {
      network: network(TO_PROXY),
      application: application({ name: 'none', targetFqdns: ['a.b'] }),
    };
    const [cloud, https] = await traced(rules, 'https');
    expect(https).toMatchObject({ disposition: 'denied-outbound', seenSource: null });
    expect(https.relayed?.legs).toHaveLength(2);
    expect(senderSees(compile(cloud), https)).toMatch(/^that the tunnel opens, and then an error in TLS/);
    const [other, http] = await traced(rules, 'http');
    expect(senderSees(compile(other), http)).toMatch(/^a page with status 470, .* by way of the proxy$/);
  });

  test('only the proxy is let out, and the client is not', async () => {
    const rules = {
      network: network(TO_PROXY),
      application: application({ name: 'web', sourceAddresses: [PROXY], targetFqdns: [NAMES.web] }),
    };
    const [cloud, over] = await traced(rules, 'https');
    expect(over.disposition).toBe('delivered');
    expect(direct(cloud, 'vm/two', `https://${NAMES.web}/`).disposition).toBe('denied-outbound');
  });
});
