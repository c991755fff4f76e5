/** What the documentation of Azure Firewall says, example by example. */
import { describe, expect, test } from 'vitest';
import { evaluateFirewall } from '../../../../src/model/firewall/evaluate.ts';
import type { FirewallVerdict } from '../../../../src/model/firewall/evaluate.ts';
import { matchesPattern } from '../../../../src/model/firewall/pattern.ts';
import { PUBLIC } from '../../../../src/model/azure/datacenter-addresses.ts';
import {
  classicConfiguration,
  packetOf,
  policyConfiguration,
  rule,
} from '../../../support/firewall-rules.ts';
import type {
  SlowCollection,
  SlowFirewall,
  SlowPacket,
  SlowRule,
} from '../../../support/golden/slow-firewall.ts';

const IANA = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

function firewall(collections: readonly SlowCollection[], parts: Partial<SlowFirewall> = {}): SlowFirewall {
  return {
    policies: [{ name: 'policy', groups: [{ name: 'group', priority: 200, collections }] }],
    ipGroups: {},
    held: {},
    tagNames: {},
    dnsProxy: false,
    privateRanges: IANA,
    ...parts,
  };
}

function collection(
  name: string,
  type: SlowCollection['type'],
  priority: number,
  action: 'Allow' | 'Deny',
  ...rules: readonly SlowRule[]
): SlowCollection {
  return { name, type, priority, action, rules };
}

/** `TCP 10.0.0.4 > 10.1.0.4:22`, with what it asks for behind it: `https google.com`, or `unsaid`. */
function packet(text: string, parts: Partial<SlowPacket> = {}): SlowPacket {
  const [protocol = '', source = '', , to = '', ...request] = text.split(' ');
  const [destination = '', port] = to.split(':');
  return {
    fromInternet: false,
    protocol: protocol === 'UDP' ? 'UDP' : protocol === 'ICMP' ? 'ICMP' : 'TCP',
    source,
    destinations: [destination],
    names: [],
    port: port === undefined ? null : Number(port),
    request: request.length === 0 ? null : request.join(' '),
    ...parts,
  };
}

function ask(setup: SlowFirewall, asked: SlowPacket): FirewallVerdict {
  return evaluateFirewall(policyConfiguration(setup).rules, packetOf(asked));
}

function decidedBy({ decided }: FirewallVerdict): string {
  return typeof decided === 'string' ? decided : decided.origin.rule;
}

const named = (name: string, priority: number, collections: readonly SlowCollection[]) => ({
  name,
  priority,
  collections,
});
const one = (name: string, type: SlowCollection['type'], priority: number): SlowCollection =>
  collection(name, type, priority, 'Allow', rule(`r-${name}`, {}));

describe('rule processing (firewall/rule-processing, 2026-03-23)', () => {
  test('the order of the example: ten collections in four groups of two policies', () => {
    const { rules } = policyConfiguration({
      ...firewall([]),
      // Written in another order than they are asked in.
      policies: [
        {
          name: 'parent',
          groups: [
            named('BaseRCG2', 300, [one('NetworkRC2', 'network', 1300), one('AppRC2', 'application', 1200)]),
            named('BaseRCG1', 200, [
              one('NetworkRC1', 'network', 800),
              one('DNATRC3', 'dnat', 610),
              one('DNATRC1', 'dnat', 600),
            ]),
          ],
        },
        {
          name: 'child',
          groups: [
            named('ChildRCG1', 300, [one('ChAppRC1', 'application', 900), one('ChNetRC1', 'network', 700)]),
            named('ChildRCG2', 650, [
              one('ChDNATRC3', 'dnat', 3000),
              one('ChAppRC2', 'application', 2000),
              one('ChNetRC2', 'network', 1100),
            ]),
          ],
        },
      ],
    });
    const order = [...rules.dnat, ...rules.network, ...rules.application];
    expect(order.map(({ origin }) => origin.collection.name).join(', ')).toBe(
      'DNATRC1, DNATRC3, ChDNATRC3, NetworkRC1, NetworkRC2, ChNetRC1, ChNetRC2, AppRC2, ChAppRC1, ChAppRC2',
    );
  });

  const allowWeb = collection(
    'net',
    'network',
    200,
    'Allow',
    rule('Allow-web', { destinations: ['*'], ports: ['80', '443'] }),
  );
  const denyGoogle = collection(
    'app',
    'application',
    100,
    'Deny',
    rule('Deny-google', { names: ['google.com'] }),
  );
  const ssh = (name: string, priority: number, action: 'Allow' | 'Deny') =>
    collection(
      `${action}-collection`,
      'network',
      priority,
      action,
      rule(name, { destinations: ['*'], ports: ['22'] }),
    );

  test.each([
    [
      'example 1: google.com is allowed because of a matching network rule',
      [allowWeb, denyGoogle],
      'TCP 10.0.0.4 > 203.0.113.5:443 https google.com',
      'allow',
      'Allow-web',
    ],
    [
      'without the network rule the application rule denies it',
      [denyGoogle],
      'TCP 10.0.0.4 > 203.0.113.5:443 https google.com',
      'deny',
      'Deny-google',
    ],
    [
      'example 2: SSH is denied by the collection of the higher priority',
      [ssh('Allow-SSH', 200, 'Allow'), ssh('Deny-SSH', 100, 'Deny')],
      'TCP 10.0.0.4 > 203.0.113.5:22',
      'deny',
      'Deny-SSH',
    ],
    [
      'with the priorities the other way round it is allowed',
      [ssh('Allow-SSH', 100, 'Allow'), ssh('Deny-SSH', 200, 'Deny')],
      'TCP 10.0.0.4 > 203.0.113.5:22',
      'allow',
      'Allow-SSH',
    ],
    [
      'all traffic is denied by default',
      [],
      'TCP 10.0.0.4 > 203.0.113.5:443 https google.com',
      'deny',
      'default',
    ],
    [
      'application rules know HTTP, HTTPS and MSSQL on their ports, and nothing else',
      [collection('app', 'application', 100, 'Allow', rule('all', { names: ['*'] }))],
      'TCP 10.0.0.4 > 203.0.113.5:8443 https google.com',
      'deny',
      'default',
    ],
    [
      'TLS on the port of an HTTP rule is not HTTP',
      [
        collection(
          'app',
          'application',
          100,
          'Allow',
          rule('all', { names: ['*'], applications: ['Http:443'] }),
        ),
      ],
      'TCP 10.0.0.4 > 203.0.113.5:443 https google.com',
      'deny',
      'default',
    ],
    [
      'MSSQL by its server name',
      [
        collection(
          'app',
          'application',
          100,
          'Allow',
          rule('sql', { names: ['sql-1.database.windows.net'], applications: ['Mssql:1433'] }),
        ),
      ],
      'TCP 10.0.0.4 > 203.0.113.5:1433 mssql sql-1.database.windows.net',
      'allow',
      'sql',
    ],
    [
      'TLS that names no server matches no application rule',
      [collection('app', 'application', 100, 'Allow', rule('all', { names: ['*'] }))],
      'TCP 10.0.0.4 > 203.0.113.5:443 https -',
      'deny',
      'default',
    ],
    [
      'Any with a port is TCP and UDP',
      [
        collection(
          'net',
          'network',
          100,
          'Allow',
          rule('any', { protocols: ['Any'], destinations: ['*'], ports: ['443'] }),
        ),
      ],
      'ICMP 10.0.0.4 > 203.0.113.5',
      'deny',
      'default',
    ],
    [
      'and with every port every protocol',
      [collection('net', 'network', 100, 'Allow', rule('any', { protocols: ['Any'], destinations: ['*'] }))],
      'ICMP 10.0.0.4 > 203.0.113.5',
      'allow',
      'any',
    ],
    [
      'rules of a collection are read from the top',
      [
        collection(
          'net',
          'network',
          100,
          'Allow',
          rule('first', { destinations: ['203.0.113.0/24'] }),
          rule('second', { destinations: ['203.0.113.5'] }),
        ),
      ],
      'TCP 10.0.0.4 > 203.0.113.5:22',
      'allow',
      'first',
    ],
  ] as const)('%s', (_name, collections, text, verdict, by) => {
    const answer = ask(firewall(collections), packet(text));
    expect([answer.verdict, decidedBy(answer)]).toEqual([verdict, by]);
  });

  test('a connection of which nobody knows the name: open where an application rule could let it through', () => {
    const web = collection('app', 'application', 100, 'Allow', rule('mcr', { names: ['mcr.microsoft.com'] }));
    const unsaid = packet('TCP 10.0.0.4 > 203.0.113.5:443');
    const answer = ask(firewall([web]), unsaid);
    expect(answer.verdict).toBe('undetermined');
    expect(answer.reasons.join()).toContain('which name the connection asks for on port 443');
    expect(ask(firewall([web]), { ...unsaid, port: 22 }).verdict).toBe('deny');
    expect(ask(firewall([{ ...web, action: 'Deny' }]), unsaid).verdict).toBe('deny');
  });

  test('names of the platform may be in the built-in collection, unless an application rule denies all', () => {
    const disk = packet('TCP 10.0.0.4 > 203.0.113.5:443 https md-1.blob.storage.azure.net');
    expect(ask(firewall([]), disk)).toMatchObject({ verdict: 'undetermined', stage: 'infrastructure' });
    const denyAll = collection('last', 'application', 65_000, 'Deny', rule('all', { names: ['*'] }));
    expect(ask(firewall([denyAll]), disk)).toMatchObject({ verdict: 'deny', stage: 'application' });
    const account = packet('TCP 10.0.0.4 > 203.0.113.5:443 https mine.blob.core.windows.net');
    expect(ask(firewall([]), account)).toMatchObject({ verdict: 'deny', stage: 'default' });
  });
});

describe('inbound (firewall/rule-processing, 2026-03-23; firewall/tutorial-firewall-dnat)', () => {
  const publish = collection(
    'nat',
    'dnat',
    100,
    'Allow',
    rule('web', { destinations: ['203.0.113.10'], ports: ['80'], translated: '10.42.1.240:8080' }),
  );
  const inbound = packet('TCP 198.51.100.7 > 203.0.113.10:80', { fromInternet: true });

  test('a DNAT rule lets the translated traffic through, under an address of the firewall', () => {
    expect(ask(firewall([publish]), inbound)).toMatchObject({
      verdict: 'allow',
      stage: 'dnat',
      source: 'private',
      translated: { translatedPort: 8080 },
    });
  });

  test('to a public target, as that of a public Service, it goes under a public address', () => {
    const rules = publish.rules.map((each) => ({ ...each, translated: '203.0.113.80:80' }));
    expect(ask(firewall([{ ...publish, rules }]), inbound)).toMatchObject({
      verdict: 'allow',
      source: 'public',
    });
  });

  test('no network rule is asked after it, not even one that denies', () => {
    const deny = collection('net', 'network', 100, 'Deny', rule('deny', { destinations: ['*'] }));
    expect(ask(firewall([publish, deny]), inbound).verdict).toBe('allow');
  });

  test('no other rule lets anything in from the internet', () => {
    const allow = collection(
      'net',
      'network',
      100,
      'Allow',
      rule('all', { protocols: ['Any'], destinations: ['*'] }),
    );
    const names = collection('app', 'application', 100, 'Allow', rule('names', { names: ['*'] }));
    const answer = ask(firewall([allow, names]), inbound);
    expect(answer).toMatchObject({ verdict: 'deny', stage: 'default' });
    expect(answer.reasons).toEqual(['from the internet only DNAT rules let anything in']);
  });
});

describe('asterisks in target FQDNs (firewall/firewall-faq, 2022-09-12)', () => {
  test.each([
    ['www.contoso.com', 'www.contoso.com', true],
    ['*.contoso.com', 'any.contoso.com', true],
    ['*.contoso.com', 'sub1.any.contoso.com', true],
    ['*.contoso.com', 'contoso.com', false],
    ['*contoso.com', 'contoso.com', true],
    ['*contoso.com', 'example.anycontoso.com', true],
    ['*contoso.com', 'th3re4lcontoso.com', true],
    ['*', 'anything.example', true],
    ['contoso.com', 'www.contoso.com', false],
  ] as const)('%s and %s: %s', (pattern, name, fits) => {
    expect(matchesPattern(pattern, name)).toBe(fits);
    const app = collection(
      'app',
      'application',
      100,
      'Allow',
      rule('names', { names: [pattern.toUpperCase()] }),
    );
    const asked = packet(`TCP 10.0.0.4 > 203.0.113.5:443 https ${name}`);
    expect(ask(firewall([app]), asked).verdict).toBe(fits ? 'allow' : 'deny');
  });

  test.each(['www.contoso.*', '*.contoso.*', 'www.*contoso.com'])('%s is not supported', (pattern) => {
    const app = collection('app', 'application', 100, 'Allow', rule('names', { names: [pattern] }));
    const { problems, rules } = policyConfiguration(firewall([app]));
    expect(problems.join()).toContain('left-most');
    const asked = packetOf(packet('TCP 10.0.0.4 > 203.0.113.5:443 https www.contoso.com'));
    expect(evaluateFirewall(rules, asked).verdict).toBe('deny');
  });
});

describe('the source that the destination sees (firewall/snat-private-range, 2023-08-02)', () => {
  const network = collection('net', 'network', 100, 'Allow', rule('all', { destinations: ['*'] }));
  const application = collection('app', 'application', 100, 'Allow', rule('names', { names: ['*'] }));
  const toPublic = 'TCP 10.0.0.4 > 203.0.113.5:443 https www.contoso.com';
  const toSpoke = 'TCP 10.0.0.4 > 10.2.0.4:443 https www.contoso.com';
  const toCarrierGrade = 'TCP 10.0.0.4 > 100.64.1.1:443 https www.contoso.com';

  test.each([
    ['a network rule to the internet: the public address', network, IANA, toPublic, 'public'],
    ['a network rule to RFC 1918: as it was sent', network, IANA, toSpoke, 'unchanged'],
    ['and to RFC 6598', network, IANA, toCarrierGrade, 'unchanged'],
    ['application rules always translate: to the internet', application, IANA, toPublic, 'public'],
    ['and to RFC 1918', application, IANA, toSpoke, 'private'],
    ['0.0.0.0/0: never, for network rules', network, ['0.0.0.0/0'], toPublic, 'unchanged'],
    ['but application rules do all the same', application, ['0.0.0.0/0'], toSpoke, 'private'],
    ['255.255.255.255/32: always', network, ['255.255.255.255/32'], toSpoke, 'private'],
    ['and to the internet', network, ['255.255.255.255/32'], toPublic, 'public'],
    [
      'IANAPrivateRanges and registered addresses of an organisation',
      network,
      ['IANAPrivateRanges', '203.0.113.0/24'],
      toPublic,
      'unchanged',
    ],
    ['a list of one’s own replaces the default', network, ['192.168.1.0/24'], toSpoke, 'private'],
  ] as const)('%s', (_name, allow, privateRanges, text, source) => {
    const setup = firewall([allow], { privateRanges });
    expect(ask(setup, packet(text)).source).toBe(source);
    expect(evaluateFirewall(classicConfiguration(setup).rules, packetOf(packet(text))).source).toBe(source);
  });
});

describe('names and tags in rules', () => {
  const time = collection(
    'net',
    'network',
    100,
    'Allow',
    rule('time', { protocols: ['UDP'], destinationNames: ['ntp.ubuntu.com'], ports: ['123'] }),
  );
  const ntp = packet('UDP 10.0.0.4 > 203.0.113.123:123', { names: ['ntp.ubuntu.com'] });

  test('FQDNs in network rules need the DNS proxy (firewall/fqdn-filtering-network-rules)', () => {
    expect(ask(firewall([time], { dnsProxy: true }), ntp).verdict).toBe('allow');
    const off = ask(firewall([time]), ntp);
    expect(off.verdict).toBe('deny');
    expect(off.lost[0]?.why[0]?.packet).toContain('DNS proxy is off');
    expect(ask(firewall([time], { dnsProxy: true }), { ...ntp, names: ['time.windows.com'] }).verdict).toBe(
      'deny',
    );
    expect(ask(firewall([time], { dnsProxy: true }), { ...ntp, names: 'unknown' }).verdict).toBe(
      'undetermined',
    );
  });

  test('AzureCloud.<region> holds what subscriptions hold there, not what they hold elsewhere, and perhaps the rest', () => {
    const tunnel = collection(
      'net',
      'network',
      100,
      'Allow',
      rule('tunnel', { destinations: ['AzureCloud.westeurope'], ports: ['9000'] }),
    );
    const held = { westeurope: ['203.0.113.4/30'], northeurope: ['198.51.100.0/24'] };
    const to = (address: string) =>
      ask(firewall([tunnel], { held }), packet(`TCP 10.0.0.4 > ${address}:9000`)).verdict;
    expect(['203.0.113.5', '198.51.100.7', '192.0.2.1', '10.2.0.4'].map(to)).toEqual([
      'allow',
      'deny',
      'undetermined',
      'deny',
    ]);
  });

  test('the FQDN tag AzureKubernetesService covers what a cluster needs, and no other tag is known', () => {
    const tagged = (tag: string) =>
      firewall([collection('app', 'application', 100, 'Allow', rule('tag', { nameTags: [tag] }))]);
    const to = (host: string) => packet(`TCP 10.0.0.4 > 203.0.113.5:443 https ${host}`);
    expect(ask(tagged('AzureKubernetesService'), to('mcr.microsoft.com')).verdict).toBe('allow');
    expect(ask(tagged('AzureKubernetesService'), to('registry-1.docker.io')).verdict).toBe('deny');
    expect(ask(tagged('WindowsUpdate'), to('registry-1.docker.io')).verdict).toBe('undetermined');
    expect(policyConfiguration(tagged('AzureKubernetes')).problems.join()).toContain('which there is not');
  });

  test('a name that nobody resolved: open only if an address would change the answer', () => {
    const nearby = collection(
      'net',
      'network',
      100,
      'Allow',
      rule('nearby', { destinations: ['10.0.0.0/8'] }),
    );
    const single = collection(
      'net',
      'network',
      100,
      'Allow',
      rule('single', { destinations: ['203.0.113.5'] }),
    );
    const web = collection('app', 'application', 100, 'Allow', rule('mcr', { names: ['mcr.microsoft.com'] }));
    const to = (collections: readonly SlowCollection[], host: string) =>
      evaluateFirewall(policyConfiguration(firewall(collections)).rules, {
        ...packetOf(packet(`TCP 10.0.0.4 > 203.0.113.9:443 https ${host}`)),
        destination: { within: PUBLIC },
        names: [host],
      });
    expect(to([nearby, web], 'mcr.microsoft.com')).toMatchObject({ verdict: 'allow', stage: 'application' });
    expect(to([nearby, web], 'example.org').verdict).toBe('deny');
    expect(to([single, web], 'mcr.microsoft.com')).toMatchObject({ verdict: 'allow', source: 'public' });
    expect(to([single, web], 'example.org').reasons.join()).toContain(
      'whether example.org resolves to an address in 203.0.113.5',
    );
  });

  test('an IP group that nobody knows leaves it open', () => {
    const grouped = collection(
      'net',
      'network',
      100,
      'Allow',
      rule('grouped', { destinationGroups: ['/ipGroups/hosts'] }),
    );
    const asked = packet('TCP 10.0.0.4 > 10.2.0.4:22');
    expect(ask(firewall([grouped]), asked).verdict).toBe('undetermined');
    expect(ask(firewall([grouped], { ipGroups: { hosts: ['10.2.0.0/24'] } }), asked).verdict).toBe('allow');
    expect(ask(firewall([grouped], { ipGroups: { hosts: ['10.3.0.0/24'] } }), asked).verdict).toBe('deny');
  });
});
