import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { issueCertificate } from '../../../src/model/certificates/issue.ts';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { serverCertificates } from '../../../src/model/certificates/public-authority.ts';
import { makeKey } from '../../../src/model/certificates/rsa.ts';
import { newAuthority } from '../../../src/model/proxy/mitmproxy-authority.ts';
import { httpProxyConfig } from '../../../src/planner/calculators/http-proxy-config.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { HTTP_PROXY_STARTS } from '../../../src/planner/http-proxy-starts.ts';
import type { FlagValues } from '../../../src/planner/input.ts';
import { holdsPrivateKey } from '../../../src/planner/private-key-text.ts';
import { addressOf, leftOutOfAddress } from '../../../src/ui/calc/url-state.ts';

const seconds = (date: string): number => Date.parse(date) / 1000;
const authority = newAuthority('12.2.3', 'test', seconds('2026-11-02T00:00:00Z'));
const CA = authority.certificate;
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');

const DATE = '2026-11-23';
const PROXY = 'http://10.20.0.4:8080';
const INSIDE = ['.svc', '.cluster.local'];

interface Answer {
  readonly verdict: string;
  readonly outcome: string;
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly findings: readonly {
    readonly severity: string;
    readonly about: string;
    readonly code: string;
    readonly message: string;
    readonly instead: string | null;
  }[];
  readonly file: Readonly<Record<string, unknown>> | null;
  readonly effectiveNoProxy: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly certificates: readonly {
    readonly subject: string;
    readonly isCa: boolean;
    readonly sha256: string;
  }[];
  readonly names: readonly {
    readonly name: string;
    readonly clients: Readonly<Record<string, { readonly via: string; readonly decidedBy: string | null }>>;
  }[];
  readonly mended: readonly string[];
}

function ask(values: FlagValues): Answer & { readonly exitCode: number } {
  const ran = httpProxyConfig.run({ date: [DATE], ...values });
  if (!ran.ok) throw new Error(JSON.stringify(ran.error));
  return { ...(JSON.parse(JSON.stringify(ran.value.json)) as Answer), exitCode: ran.value.exitCode };
}

const fields = (more: FlagValues = {}): FlagValues => ({
  'http-proxy': [PROXY],
  'no-proxy': INSIDE,
  ...more,
});
const file = (content: unknown): FlagValues => ({ config: [JSON.stringify(content)] });
const codes = (answer: Answer): readonly string[] => answer.findings.map(({ code }) => code);

describe('a configuration that is right', () => {
  const answer = ask(fields({ 'trusted-ca': [CA], vnet: ['10.10.0.0/16'] }));
  test('is taken, and the file holds it with the CA in base64', () => {
    expect(answer.outcome).toBe('taken');
    expect(answer.exitCode).toBe(0);
    expect(answer.file).toEqual({ httpProxy: PROXY, noProxy: INSIDE, trustedCa: base64(CA) });
  });
  test('what AKS exempts, in its order, and the six variables', () => {
    expect(answer.effectiveNoProxy).toEqual([
      'konnectivity',
      'API-SERVER-FQDN',
      '10.10.0.0/16',
      'localhost',
      '127.0.0.1',
      '169.254.169.254',
      '10.244.0.0/16',
      '10.0.0.0/16',
      ...INSIDE,
      '168.63.129.16',
    ]);
    expect(Object.keys(answer.variables)).toEqual([
      'HTTP_PROXY',
      'http_proxy',
      'HTTPS_PROXY',
      'https_proxy',
      'NO_PROXY',
      'no_proxy',
    ]);
    expect(answer.variables['https_proxy']).toBe(PROXY);
    expect(answer.variables['NO_PROXY']).toBe(answer.effectiveNoProxy.join(','));
  });
  test('its file is taken again as it is, and says the same', () => {
    const again = ask({ ...file(answer.file), vnet: ['10.10.0.0/16'] });
    expect(again.outcome).toBe('taken');
    expect(again.file).toEqual(answer.file);
    expect(again.effectiveNoProxy).toEqual(answer.effectiveNoProxy);
    expect(again.mended).toEqual([]);
  });
  test('subnets that were brought, no pod range, and the name of the API server', () => {
    const { effectiveNoProxy } = ask(
      fields({ subnet: ['10.10.1.0/24'], 'pod-cidr': ['none'], fqdn: ['shop-1.hcp.westeurope.azmk8s.io'] }),
    );
    expect(effectiveNoProxy).toContain('10.10.1.0/24');
    expect(effectiveNoProxy).toContain('shop-1.hcp.westeurope.azmk8s.io');
    expect(effectiveNoProxy).not.toContain('10.244.0.0/16');
  });
});

const leafPem = toPem(serverCertificates('proxy.contoso.com', seconds(DATE))[0]);
const key = makeKey('leaf');
const name = [{ type: 'CN', value: 'old.contoso.com' }];
const bare = issueCertificate({
  serialNumber: '0A',
  subject: name,
  issuer: name,
  notBefore: seconds('2026-01-01'),
  notAfter: seconds('2028-01-01'),
  publicKey: key,
  signedWith: key,
  extensions: [],
});

describe('a file of which nobody knows what AKS makes', () => {
  test.each([
    ['a key of no configuration', { httpProxy: PROXY, proxyUser: 'ann' }, 'The key proxyUser'],
    ['another spelling', { httpProxy: PROXY, trustedCA: base64(CA) }, 'The key trustedCA, which is spelled'],
    ['another spelling of the proxy', { http_proxy: PROXY }, 'The key http_proxy'],
    ['a number for a proxy', { httpProxy: 5 }, 'whose httpProxy is not text'],
  ])('%s: the answer is that of az aks create', (_, content, message) => {
    const { outcome, refusal, findings } = ask(file(content));
    expect(outcome).toBe('refused');
    expect(refusal?.code).toBe('NotSimulated');
    expect(refusal?.message).toContain(message);
    expect(findings.map((each) => each.message).join()).not.toContain('both cannot be empty');
  });
});

describe('findings', () => {
  const rows: readonly (readonly [string, FlagValues, string, 'error' | 'warning' | 'note'])[] = [
    ['trustedCA for trustedCa', file({ httpProxy: PROXY, trustedCA: base64(CA) }), 'key-spelling', 'error'],
    ['a key of no configuration', file({ httpProxy: PROXY, proxyUser: 'ann' }), 'unknown-key', 'error'],
    ['PEM in a file', file({ httpProxy: PROXY, trustedCa: CA }), 'pem-not-base64', 'error'],
    ['CR LF', fields({ 'trusted-ca': [CA.replaceAll('\n', '\r\n')] }), 'crlf', 'warning'],
    ['DER in base64', fields({ 'trusted-ca': [derOf(CA).toString('base64')] }), 'der', 'error'],
    ['a file in DER', fields({ 'trusted-ca': [derOf(CA).toString('utf8')] }), 'der', 'error'],
    ['base64 of base64', fields({ 'trusted-ca': [base64(base64(CA))] }), 'encoded-twice', 'error'],
    [
      'text in UTF-16',
      fields({ 'trusted-ca': [Buffer.from(`\ufeff${CA}`, 'utf16le').toString('base64')] }),
      'utf-16',
      'error',
    ],
    ['neither PEM nor base64', fields({ 'trusted-ca': ['see mail!'] }), 'not-base64', 'error'],
    ['base64 cut short', fields({ 'trusted-ca': [base64(CA).slice(0, 99)] }), 'not-base64', 'error'],
    ['PEM cut short', fields({ 'trusted-ca': [CA.slice(0, 300)] }), 'unreadable', 'error'],
    ['a private key beside the CA', fields({ 'trusted-ca': [authority.key + CA] }), 'private-key', 'error'],
    ['a private key alone', fields({ 'trusted-ca': [keyToPem(makeKey('x'))] }), 'private-key', 'error'],
    [
      'a private key in a file',
      file({ httpProxy: PROXY, trustedCa: base64(authority.key) }),
      'private-key',
      'error',
    ],
    ["a server's certificate", fields({ 'trusted-ca': [leafPem] }), 'not-a-ca', 'error'],
    ['a common name only', fields({ 'trusted-ca': [toPem(bare)] }), 'common-name-only', 'error'],
    ['an expired CA', fields({ 'trusted-ca': [CA], date: ['2037-01-01'] }), 'expired', 'error'],
    ['a CA that ends soon', fields({ 'trusted-ca': [CA], date: ['2036-09-20'] }), 'expires-soon', 'warning'],
    ['a CA of tomorrow', fields({ 'trusted-ca': [CA], date: ['2026-01-01'] }), 'not-yet-valid', 'error'],
    ['the same twice', fields({ 'trusted-ca': [CA, CA] }), 'repeated', 'note'],
    [
      'a proxy among Services',
      fields({ 'http-proxy': ['http://10.0.0.4:8080'] }),
      'in-service-cidr',
      'error',
    ],
    ['a proxy among pods', fields({ 'http-proxy': ['http://10.244.3.4:8080'] }), 'in-pod-cidr', 'error'],
    ['a proxy on each node', fields({ 'http-proxy': ['http://127.0.0.1:8080'] }), 'loopback', 'error'],
    [
      'a range around the proxy',
      fields({ 'no-proxy': [...INSIDE, '10.20.0.0/16'] }),
      'range-around-proxy',
      'warning',
    ],
    ['a proxy in the VNet', fields({ vnet: ['10.20.0.0/16'] }), 'in-vnet', 'note'],
    ['no .svc', fields({ 'no-proxy': ['.cluster.local'] }), 'no-svc', 'warning'],
    ['no .cluster.local', fields({ 'no-proxy': ['.svc'] }), 'no-cluster-local', 'warning'],
    [
      'https:// for httpProxy',
      fields({ 'http-proxy': ['https://10.20.0.4:8080'] }),
      'https-to-proxy',
      'error',
    ],
    [
      'https:// for httpsProxy',
      fields({ 'https-proxy': ['https://10.20.0.4:8080'] }),
      'https-to-proxy',
      'warning',
    ],
    ['no port', fields({ 'http-proxy': ['http://10.20.0.4'] }), 'no-port', 'warning'],
    ['no scheme', fields({ 'http-proxy': ['10.20.0.4:8080'] }), 'no-scheme', 'error'],
    ['a password', fields({ 'http-proxy': ['http://ann:pw@10.20.0.4:8080'] }), 'credentials', 'error'],
    ['a wildcard', fields({ 'no-proxy': ['*.contoso.com'] }), 'refused', 'error'],
    ['a proxy by its short name', fields({ 'http-proxy': ['http://proxy:8080'] }), 'short-name', 'warning'],
    ['a proxy by its name', fields({ 'http-proxy': ['http://proxy.contoso.com:8080'] }), 'by-name', 'note'],
    [
      'a proxy in the cluster',
      fields({ 'http-proxy': ['http://proxy.infra.svc:8080'] }),
      'name-in-cluster',
      'error',
    ],
    ['mcr exempted', fields({ 'no-proxy': [...INSIDE, 'mcr.microsoft.com'] }), 'mcr', 'warning'],
    ['docker.io without docker.com', fields({ 'no-proxy': [...INSIDE, 'docker.io'] }), 'docker', 'warning'],
    ['a short name of a Service', fields({ names: ['my-svc'] }), 'name-to-proxy', 'warning'],
    ['no http proxy', { 'https-proxy': [PROXY], 'no-proxy': INSIDE }, 'no-http-proxy', 'warning'],
    ['off', file({ httpProxy: PROXY, enabled: false }), 'off', 'note'],
  ];
  test.each(rows)('%s', (_, values, code, severity) => {
    const found = ask(values).findings.find((each) => each.code === code);
    expect(found?.severity, JSON.stringify(ask(values).findings)).toBe(severity);
  });

  test('and none of them for what is right', () => {
    const { findings } = ask(
      fields({
        'https-proxy': [PROXY],
        'trusted-ca': [CA],
        names: ['my-svc.shop.svc', 'https://example.com'],
      }),
    );
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  test('every finding is for a row', () => {
    // A finding that no row asks for could vanish unseen; those of the service are rows of their own elsewhere.
    const asked = new Set(rows.map(([, , code]) => code));
    const all = rows.flatMap(([, values]) => codes(ask(values)));
    const elsewhere = [
      'filled-in',
      'no-ca',
      'nodes-only',
      'added-anyway',
      'ranges',
      'effective',
      'wrong-type',
    ];
    expect([...new Set(all)].filter((code) => !asked.has(code) && !elsewhere.includes(code))).toEqual([]);
  });
});

describe('what AKS refuses', () => {
  test('is named with its code, and every fault, not only the first', () => {
    const answer = ask(
      file({ httpProxy: 'https://10.20.0.4:8080', noProxy: ['*.a.com', 'not a host'], trustedCa: 'LS0t*' }),
    );
    expect(answer.outcome).toBe('refused');
    expect(answer.exitCode).toBe(1);
    expect(answer.refusal?.code).toBe('HTTPProxyWrongUrlError');
    const said = answer.findings.map(({ about, message }) => `${about} ${message}`).join('\n');
    expect(said).toContain(
      "noProxy AKS refuses it: (HTTPProxyConfigInputError) HTTPProxyConfig.NoProxy has the invalid entry '*.a.com'",
    );
    expect(said).toContain("'not a host'");
    expect(said).toMatch(/trustedCa It is neither PEM nor base64/);
  });
  test('more than 20 certificates', () => {
    const many = Array.from(
      { length: 21 },
      (_, at) => newAuthority('12.2.3', `ca ${at % 3}`, seconds(DATE) + at).certificate,
    );
    const answer = ask(fields({ 'trusted-ca': [many.join('')] }));
    expect(answer.outcome).toBe('refused');
    expect(answer.refusal?.message).toContain('has 21 certificates; the most are 20');
  });
  test('no proxy at all', () => {
    expect(ask({ 'no-proxy': INSIDE }).refusal?.message).toBe(
      'HTTPProxy and HTTPSProxy both cannot be empty.',
    );
  });
  test('what can be mended is, and what cannot leaves no file', () => {
    const mended = ask(file({ httpProxy: PROXY, noProxy: 'localhost, *.a.com' }));
    expect(mended.file?.['noProxy']).toEqual(['localhost', '.a.com']);
    expect(ask(file({ httpProxy: 'ftp://x', noProxy: [] })).file).toBeNull();
  });
});

describe('what pods call', () => {
  test('each client decides for itself', () => {
    const { names } = ask(fields({ names: ['http://10.0.171.9', 'my-svc.shop.svc'] }));
    const via = names.map(({ clients }) =>
      Object.entries(clients).map(([client, { via: way }]) => `${client} ${way}`),
    );
    expect(via[0]).toEqual([
      'go direct',
      'curl direct',
      'curl-7.81 proxy',
      'python-urllib proxy',
      'python-requests direct',
    ]);
    expect(via[1]?.every((each) => each.endsWith('direct'))).toBe(true);
    expect(names[0]?.clients['go']?.decidedBy).toBe('10.0.0.0/16');
  });
});

describe('other shapes of the file', () => {
  const config = { httpProxy: PROXY, noProxy: INSIDE };
  test.each([
    [
      'az aks show',
      { httpProxyConfig: config, networkProfile: { podCidr: '10.9.0.0/16', serviceCidr: '10.8.0.0/16' } },
    ],
    [
      'the ARM resource',
      {
        properties: {
          httpProxyConfig: config,
          networkProfile: { podCidr: '10.9.0.0/16', serviceCidr: '10.8.0.0/16' },
        },
      },
    ],
    [
      'a list of one cluster',
      [{ httpProxyConfig: config, networkProfile: { podCidr: '10.9.0.0/16', serviceCidr: '10.8.0.0/16' } }],
    ],
  ])('%s brings its ranges', (_, content) => {
    const answer = ask(file(content));
    expect(answer.file).toEqual(config);
    expect(answer.effectiveNoProxy).toEqual(expect.arrayContaining(['10.9.0.0/16', '10.8.0.0/16']));
  });
  test('fields take the place of its keys', () => {
    const answer = ask({ ...file(config), 'http-proxy': ['http://10.30.0.4:3128'] });
    expect(answer.file).toEqual({ httpProxy: 'http://10.30.0.4:3128', noProxy: INSIDE });
  });
  test.each([
    ['no JSON', 'httpProxy = http://x', /is no JSON/],
    ['a comma too many', '{"httpProxy": "http://10.20.0.4:8080",}', /no strict JSON/],
    ['a list', '[1, 2]', /no JSON object/],
    ['a cluster without a proxy', '{"networkProfile": {}}', /it has no proxy/],
  ])('%s is an input that is wrong', (_, text, message) => {
    const ran = httpProxyConfig.run({ config: [text] });
    expect(ran.ok ? '' : ran.error.map((each) => each.message).join()).toMatch(message);
  });
});

describe('a private key', () => {
  const pem = keyToPem(makeKey('secret'));
  const body = pem.split('\n')[3] ?? '';
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['in PEM', ['--trusted-ca', pem]],
    ['in base64', ['--trusted-ca', base64(pem)]],
    ['beside the CA', ['--trusted-ca', pem + CA]],
    ['in a file', ['--config', JSON.stringify({ httpProxy: PROXY, trustedCa: base64(pem) })]],
    ['in a file that is no JSON', ['--config', pem]],
    ['for the file itself', ['--config', `{ ${pem}`]],
  ];
  test.each(places)('%s is never repeated', (_, args) => {
    for (const format of [[], ['--json']]) {
      const { stdout, stderr } = runCalc(['http-proxy-config', '--http-proxy', PROXY, ...args, ...format]);
      expect(stdout + stderr).not.toContain(body);
      expect(stdout + stderr).not.toContain(base64(body).slice(8, 40));
      expect(stdout + stderr).not.toBe('');
    }
  });
  test.each(places)('%s stays out of the address and of the history', (_, [, text = '']) => {
    expect(holdsPrivateKey(text)).toBe(true);
    const draft = { 'trusted-ca': text, 'http-proxy': PROXY };
    expect(addressOf(draft)).toBe('?http-proxy=http%3A//10.20.0.4%3A8080');
    expect(leftOutOfAddress(draft)).toEqual({});
  });
  test('is found in base64 wherever it begins, and not in a certificate', () => {
    for (let before = 0; before < 9; before++)
      expect(holdsPrivateKey(base64(`${'x'.repeat(before)}-----BEGIN EC PRIVATE KEY-----`))).toBe(true);
    expect(holdsPrivateKey(base64(CA))).toBe(false);
    expect(holdsPrivateKey(CA)).toBe(false);
  });
});

describe('hostile input', () => {
  test('a text that is too long is refused at once', () => {
    const began = Date.now();
    for (const flag of ['trusted-ca', 'config'])
      expect(httpProxyConfig.run({ 'http-proxy': [PROXY], [flag]: ['A'.repeat(3_000_000)] }).ok).toBe(false);
    expect(Date.now() - began).toBeLessThan(1000);
  });
  test('the longest text that is read takes no time', () => {
    const began = Date.now();
    for (const text of [
      'A'.repeat(262_000),
      '-----BEGIN X-----\n'.repeat(14_000),
      '['.repeat(200_000),
      '-'.repeat(262_000),
    ])
      for (const flag of ['trusted-ca', 'config'])
        httpProxyConfig.run({ 'http-proxy': [PROXY], [flag]: [text] });
    expect(Date.now() - began).toBeLessThan(8000);
  });
  test('nothing that is pasted breaks it, and there is always an answer or a reason', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        CA,
        base64(CA),
        authority.key,
        '{}',
        '[]',
        'null',
        '{"httpProxyConfig":null}',
        '\u0000',
        '-----BEGIN CERTIFICATE-----',
      ),
      fc
        .tuple(fc.nat(CA.length), fc.string({ maxLength: 3 }))
        .map(([at, text]) => CA.slice(0, at) + text + CA.slice(at + 2)),
    );
    const flags = [
      'http-proxy',
      'https-proxy',
      'no-proxy',
      'trusted-ca',
      'config',
      'vnet',
      'pod-cidr',
      'service-cidr',
      'names',
      'fqdn',
      'date',
      'cluster',
    ];
    const values = fc.dictionary(fc.constantFrom(...flags), fc.array(junk, { minLength: 1, maxLength: 2 }));
    fc.assert(
      fc.property(values, (given) => {
        const ran = httpProxyConfig.run(given);
        if (!ran.ok) return ran.error.length > 0;
        JSON.stringify(ran.value.json);
        return ran.value.text.length > 0;
      }),
      { numRuns: 300 },
    );
  });
  test('keys of a file that JavaScript knows are keys like others', () => {
    const ran = httpProxyConfig.run({
      config: ['{"__proto__": {"httpProxy": "http://10.20.0.4:8080"}, "constructor": 1}'],
    });
    expect(ran.ok && ran.value.exitCode).toBe(1);
  });
});

test('the configurations to start from say what their buttons say', () => {
  const outcomes = HTTP_PROXY_STARTS.map(({ draft }) =>
    ask(Object.fromEntries(Object.entries(draft).map(([flag, text]) => [flag, [text]]))),
  );
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['taken', 'refused', 'broken', 'taken']);
  expect(outcomes[1]?.findings.filter(({ severity }) => severity === 'error')).toHaveLength(4);
  expect(codes(outcomes[2] ?? outcomes[0] ?? ask(fields()))).toContain('not-a-ca');
});

test('what stands before :// and is no scheme is named', () => {
  const { findings } = ask({
    'http-proxy': ['ht!tp://10.20.0.4:8080'],
    'no-proxy': [...INSIDE, 'https://a.test'],
  });
  expect(findings.find(({ code }) => code === 'no-scheme')).toMatchObject({
    message: '"ht!tp" is no scheme.',
    instead: PROXY,
  });
  expect(findings.filter(({ code }) => code === 'ranges')).toEqual([]);
});
