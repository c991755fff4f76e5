/** `--http-proxy-config`, `--disable-http-proxy` and `--enable-http-proxy`: what az and AKS make of them. */
import { describe, expect, it } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { authority, base64 } from '../../../support/authority.ts';
import { azTerminal } from '../../../support/az.ts';
import { proxiedNetwork } from '../../../support/proxied-network.ts';
import { readHttpProxyConfig } from '../../../../src/model/aks/http-proxy-request.ts';
import type { AzTerminal } from '../../../support/az.ts';

const PROXY = 'http://10.20.0.4:8080';
const CA = authority('proxy', newCloud().now);
const CA_TEXT = base64(CA.certificate);
const SHOW = ['aks', 'show', '-g', 'rg', '-n', 'aks', '--query', 'httpProxyConfig'];

async function withGroup(): Promise<AzTerminal> {
  return azTerminal({ cloud: await proxiedNetwork() });
}

async function createLine(terminal: AzTerminal): Promise<string> {
  const subnet = await terminal.json(
    ...[
      'network',
      'vnet',
      'subnet',
      'show',
      '-g',
      'rg',
      '--vnet-name',
      'vnet',
      '-n',
      'nodes',
      '--query',
      'id',
    ],
  );
  return `aks create -g rg -n aks --node-count 1 --no-ssh-key --vnet-subnet-id ${String(subnet)} -o none`;
}

async function create(terminal: AzTerminal, config: string): Promise<ReturnType<AzTerminal['line']>> {
  terminal.files.set('proxy.json', config);
  return terminal.line(`${await createLine(terminal)} --http-proxy-config proxy.json`);
}

describe('a configuration that AKS takes', () => {
  it('is shown with what AKS exempts, and httpsProxy filled in', async () => {
    const terminal = await withGroup();
    const given = { httpProxy: PROXY, noProxy: ['localhost', '.svc', '10.1.0.0/16'], trustedCa: CA_TEXT };
    const ran = await create(terminal, JSON.stringify(given));
    expect(ran.stderr).toBe('');
    const fqdn = await terminal.json('aks', 'show', '-g', 'rg', '-n', 'aks', '--query', 'fqdn');
    expect(await terminal.json(...SHOW)).toEqual({
      ...given,
      enabled: true,
      httpsProxy: PROXY,
      // As in a capture of 2022, with the user's entries.
      effectiveNoProxy: [
        'konnectivity',
        fqdn,
        '10.42.0.0/16',
        '10.42.1.0/24',
        'localhost',
        '127.0.0.1',
        '169.254.169.254',
        '10.244.0.0/16',
        '10.0.0.0/16',
        '.svc',
        '10.1.0.0/16',
        '168.63.129.16',
      ],
    });
  });

  it.each([
    ['with a slash behind', { httpProxy: `${PROXY}/` }],
    [
      'with a name',
      { httpProxy: 'http://myproxy.server.com:8080', httpsProxy: 'https://myproxy.server.com:8080' },
    ],
    ['without a port', { httpProxy: 'http://proxy' }],
    ['for HTTPS only', { httpsProxy: PROXY }],
    ['with empty texts', { httpProxy: PROXY, httpsProxy: '', trustedCa: '' }],
    ['as az aks show printed it', { httpProxy: PROXY, effectiveNoProxy: ['konnectivity'], enabled: true }],
    ['that is off', { httpProxy: PROXY, enabled: false }],
    ['with two certificates', { httpProxy: PROXY, trustedCa: base64(CA.certificate + CA.certificate) }],
    ['with twenty', { httpProxy: PROXY, trustedCa: base64(CA.certificate.repeat(20)) }],
    ['with line breaks in base64', { httpProxy: PROXY, trustedCa: CA_TEXT.replace(/.{64}/g, '$&\r\n') }],
    ['with CR LF', { httpProxy: PROXY, trustedCa: base64(CA.certificate.replaceAll('\n', '\r\n')) }],
    [
      'with addresses',
      { httpProxy: PROXY, noProxy: ['10.1.2.3', '10.0.0.1/8', 'fd00::/8', 'fd00::1', 'a.b-c.de'] },
    ],
  ])('%s', (_name, config) => {
    expect(readHttpProxyConfig(config, 'new')).toMatchObject({ ok: true });
  });

  it('as a Python literal', async () => {
    const terminal = await withGroup();
    expect((await create(terminal, `{'httpProxy': '${PROXY}', 'noProxy': ['a',],}`)).stderr).toBe('');
    expect(await terminal.json(...SHOW)).toMatchObject({ httpProxy: PROXY, noProxy: ['a'] });
  });
});

describe('a configuration that is refused', () => {
  const BOTH = '(HTTPProxyConfigInputError) HTTPProxy and HTTPSProxy both cannot be empty.';
  const wrong = (url: string, property: string): string =>
    `(HTTPProxyWrongUrlError) The url ${url} is not correct for the property HTTPProxyConfig.${property}`;
  const entry = (text: string): string =>
    `(HTTPProxyConfigInputError) HTTPProxyConfig.NoProxy has the invalid entry '${text}'`;
  it.each([
    ['nothing', {}, BOTH],
    ['null', { httpProxy: null, noProxy: ['a'] }, BOTH],
    ['the property of a template around it', { httpProxyConfig: { httpProxy: PROXY } }, BOTH],
    [
      'another spelling',
      { httpProxy: PROXY, trustedCA: CA_TEXT },
      'The key trustedCA, which is spelled trustedCa',
    ],
    ['an unknown key', { httpProxy: PROXY, ca: CA_TEXT }, 'The key ca of an HTTP proxy configuration'],
    [
      'https for httpProxy',
      { httpProxy: 'https://10.20.0.4:8080' },
      wrong('https://10.20.0.4:8080', 'HTTPProxy'),
    ],
    ['socks', { httpsProxy: 'socks5://10.20.0.4:1' }, wrong('socks5://10.20.0.4:1', 'HTTPSProxy')],
    ['an IPv6 address', { httpProxy: 'http://[fd00::4]:8080' }, 'An HTTP proxy with an IPv6 address'],
    ['no scheme', { httpProxy: '10.20.0.4:8080' }, wrong('10.20.0.4:8080', 'HTTPProxy')],
    [
      'a password',
      { httpProxy: 'http://u:p@10.20.0.4:8080' },
      wrong('http://u:p@10.20.0.4:8080', 'HTTPProxy'),
    ],
    ['a path', { httpProxy: `${PROXY}/a` }, wrong(`${PROXY}/a`, 'HTTPProxy')],
    [
      'a port too high',
      { httpProxy: 'http://10.20.0.4:70000' },
      wrong('http://10.20.0.4:70000', 'HTTPProxy'),
    ],
    ['no address', { httpProxy: 'http://10.20.0.400:80' }, wrong('http://10.20.0.400:80', 'HTTPProxy')],
    ['a wildcard', { httpProxy: PROXY, noProxy: ['*.example.com'] }, entry('*.example.com')],
    ['everything', { httpProxy: PROXY, noProxy: ['*'] }, entry('*')],
    ['a range too long', { httpProxy: PROXY, noProxy: ['10.0.0.0/33'] }, entry('10.0.0.0/33')],
    ['an underscore', { httpProxy: PROXY, noProxy: ['a_b.com'] }, entry('a_b.com')],
    ['a port', { httpProxy: PROXY, noProxy: ['a.com:443'] }, entry('a.com:443')],
    ['a space', { httpProxy: PROXY, noProxy: ['a.com b.com'] }, entry('a.com b.com')],
    ['no list', { httpProxy: PROXY, noProxy: 'a.com' }, 'whose noProxy is not a list of texts'],
    ['no base64', { httpProxy: PROXY, trustedCa: CA.certificate }, '(HTTPProxyConfigCADecodeError)'],
    [
      'base64 with blanks, over which Go does not pass',
      { httpProxy: PROXY, trustedCa: CA_TEXT.replace(/.{64}/g, '$& ') },
      '(HTTPProxyConfigCADecodeError)',
    ],
    [
      'no PEM',
      { httpProxy: PROXY, trustedCa: base64('a certificate') },
      '(HTTPProxyTrustedCAPEMDecodeFailure) failed to decode HTTPProxyConfig.TrustedCA to PEM after base64 decoding.',
    ],
    [
      'base64 twice',
      { httpProxy: PROXY, trustedCa: base64(CA_TEXT) },
      '(HTTPProxyTrustedCAPEMDecodeFailure)',
    ],
    [
      'a key',
      { httpProxy: PROXY, trustedCa: base64(CA.key) },
      'HTTPProxyConfig.TrustedCA has a private key at line 1',
    ],
    [
      'a key besides',
      { httpProxy: PROXY, trustedCa: base64(CA.certificate + CA.key) },
      'has a private key at line',
    ],
    [
      '21 certificates',
      { httpProxy: PROXY, trustedCa: base64(CA.certificate.repeat(21)) },
      'has 21 certificates; the most are 20',
    ],
  ])('%s', async (_name, config, message) => {
    const terminal = await withGroup();
    const before = terminal.cloud();
    const ran = await create(terminal, JSON.stringify(config));
    expect(ran.stderr).toContain(message);
    expect(ran.exitCode).toBe(1);
    expect(terminal.cloud().resources).toBe(before.resources);
  });

  // managed_cluster_decorator.py, get_http_proxy_config; the errors of the decoder are those of Python 3.11.
  it.each([
    [
      '[]',
      'Error reading Http Proxy Config from proxy.json. Please see https://aka.ms/HttpProxyConfig for correct format.',
    ],
    ['', 'Error detail: Expecting value: line 1 column 1 (char 0)'],
    ['{"a":1', "Error detail: Expecting ',' delimiter: line 1 column 7 (char 6)"],
    ['{"a" 1}', "Error detail: Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a":1} x', 'Error detail: Extra data: line 1 column 9 (char 8)'],
    ['{"a":tru}', 'Error detail: Expecting value: line 1 column 6 (char 5)'],
    ['{"a":"x', 'Error detail: Unterminated string starting at: line 1 column 6 (char 5)'],
    ['{\n"a":"b\nc"}', 'Error detail: Invalid control character at: line 2 column 7 (char 8)'],
    ['{,}', 'Error detail: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
  ])('the file %j', async (content, message) => {
    const terminal = await withGroup();
    const ran = await create(terminal, content);
    expect(ran.stderr).toContain(message);
    expect(ran.exitCode).toBe(1);
  });

  it.each(['/dev/stdin', '/dev/fd/63', '~/p.json'])('%s, which is no file to Python', async (path) => {
    const terminal = await withGroup();
    terminal.files.set(path, JSON.stringify({ httpProxy: PROXY }));
    const ran = await terminal.line(`aks create -g rg -n aks --no-ssh-key --http-proxy-config ${path}`);
    expect(ran.stderr).toBe(`ERROR: ${path} is not valid file, or not accessable.\n`);
  });

  it.each(['127.0.0.1', 'localhost', '127.1.2.3'])('a proxy at %s: the node itself', async (host) => {
    const terminal = await withGroup();
    const ran = await create(terminal, JSON.stringify({ httpProxy: `http://${host}:8080` }));
    expect(ran.stderr).toMatch(
      /127\.[\d.]+ is each node itself, and nothing listens on its port 8080\. Exit status 50/,
    );
  });

  it('a file that is not there', async () => {
    const terminal = await withGroup();
    const ran = await terminal.line('aks create -g rg -n aks --no-ssh-key --http-proxy-config none.json');
    expect(ran.stderr).toBe('ERROR: none.json is not valid file, or not accessable.\n');
  });
});

describe('az aks update', () => {
  async function cluster(config: object | null): Promise<AzTerminal> {
    const terminal = await withGroup();
    const ran =
      config === null
        ? await terminal.line(await createLine(terminal))
        : await create(terminal, JSON.stringify(config));
    expect(ran.stderr).toBe('');
    return terminal;
  }
  const update = (terminal: AzTerminal, options: string): ReturnType<AzTerminal['line']> =>
    terminal.line(`aks update -g rg -n aks -o none ${options}`);

  it('switches a proxy off and keeps it, and on again', async () => {
    const terminal = await cluster({ httpProxy: PROXY });
    expect((await update(terminal, '--disable-http-proxy')).stderr).toBe('');
    expect(await terminal.json(...SHOW)).toMatchObject({ enabled: false, httpProxy: PROXY });
    expect((await update(terminal, '--enable-http-proxy')).stderr).toBe('');
    expect(await terminal.json(...SHOW)).toMatchObject({ enabled: true, httpProxy: PROXY });
  });

  it('takes the whole configuration from the file', async () => {
    const terminal = await cluster({ httpProxy: PROXY, noProxy: ['a.com'], trustedCa: CA_TEXT });
    terminal.files.set('next.json', JSON.stringify({ httpProxy: 'http://10.20.0.4:8080/' }));
    expect((await update(terminal, '--http-proxy-config next.json')).stderr).toBe('');
    expect(await terminal.json(...SHOW)).toMatchObject({
      httpProxy: 'http://10.20.0.4:8080/',
      httpsProxy: 'http://10.20.0.4:8080/',
      noProxy: null,
      trustedCa: null,
    });
  });

  it('does not take both switches', async () => {
    const terminal = await cluster({ httpProxy: PROXY });
    const ran = await update(terminal, '--disable-http-proxy --enable-http-proxy');
    expect(ran.stderr).toContain(
      'Cannot specify --enable-http-proxy and --disable-http-proxy at the same time',
    );
  });

  it('enables nothing where there is no configuration', async () => {
    const terminal = await cluster(null);
    expect((await update(terminal, '--enable-http-proxy')).stderr).toContain('both cannot be empty');
    expect(await terminal.json(...SHOW)).toBeNull();
  });
});
