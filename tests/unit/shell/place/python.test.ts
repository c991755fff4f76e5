/** Python as a client: what it fetches with urllib and requests, over a proxy and without, and what it is not. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';
import { readPythonScript } from '../../../../src/shell/place/python-script.ts';

let cloud: Cloud;

beforeAll(async () => {
  const session = createSession({ cloud: newCloud({ seed: 'python' }) });
  const ran = await session.run(
    [
      'az group create -n rg -l westeurope',
      'az network vnet create -g rg -n v --address-prefix 10.20.0.0/16 --subnet-name s --subnet-prefix 10.20.0.0/24',
      'az vm create -g rg -n vm --image Ubuntu2404 --vnet-name v --subnet s --generate-ssh-keys',
    ].join(' && '),
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  cloud = session.cloud;
});

async function onMachine(): Promise<Session> {
  const session = createSession({ cloud });
  await session.run('ssh azureuser@$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
  await session.run('sudo apt-get install -y mitmproxy; mitmdump > m.log 2>&1 &');
  return session;
}

const URLLIB = (url: string): string =>
  `python3 -c 'import urllib.request; print(urllib.request.urlopen("${url}").status)'`;
const REQUESTS = (url: string, more = ''): string =>
  `python3 -c 'import requests; print(requests.get("${url}"${more}).status_code)'`;
const CA = '/home/azureuser/.mitmproxy/mitmproxy-ca-cert.pem';
const PROXY = 'https_proxy=http://127.0.0.1:8080';

describe('python3 -c', () => {
  test('fetches, and prints what is asked of the answer', async () => {
    const session = await onMachine();
    const line = `python3 -c 'import urllib.request; r = urllib.request.urlopen("http://ifconfig.me/"); print(r.status, r.reason); print("done")'`;
    expect(await session.run(line)).toEqual({ stdout: '200 OK\ndone\n', stderr: '', exitCode: 0 });
    const address = (await session.run('curl -s http://ifconfig.me')).stdout;
    expect((await session.run(REQUESTS('http://ifconfig.me').replace('status_code', 'text'))).stdout).toBe(
      `${address}\n`,
    );
  });

  test.each([
    ['urllib trusts what OpenSSL trusts', URLLIB, 'SSL_CERT_FILE'],
    ['requests has a bundle and a variable of its own', REQUESTS, 'REQUESTS_CA_BUNDLE'],
  ] as const)('%s', async (_name, fetch, variable) => {
    const session = await onMachine();
    const url = 'https://example.com/';
    const untrusting = await session.run(`${PROXY} ${fetch(url)}`);
    expect(untrusting.stderr).toContain(
      '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)',
    );
    expect(untrusting.exitCode).toBe(1);
    expect((await session.run(`${PROXY} ${variable}=${CA} ${fetch(url)}`)).stdout).toBe('200\n');
    expect((await session.run(`${PROXY} no_proxy=.com ${fetch(url)}`)).stdout).toBe('200\n');
    expect((await session.run('grep -c "GET https://example.com/" m.log')).stdout).toBe('1\n');
  });

  test('a proxy that refuses, and one that is not there', async () => {
    const session = await onMachine();
    const last = async (line: string) => (await session.run(line)).stderr.trim().split('\n').at(-1);
    const url = 'https://nosuch.example.net/';
    expect(await last(`${PROXY} ${URLLIB(url)}`)).toBe(
      'urllib.error.URLError: <urlopen error Tunnel connection failed: 502 Bad Gateway>',
    );
    expect(await last(`${PROXY} ${REQUESTS(url)}`)).toBe(
      "requests.exceptions.ProxyError: HTTPSConnectionPool(host='nosuch.example.net', port=443): Max retries exceeded with url: / (Caused by ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 502 Bad Gateway')))",
    );
    expect(await last(`https_proxy=http://127.0.0.1:1 ${URLLIB(url)}`)).toBe(
      'urllib.error.URLError: <urlopen error [Errno 111] Connection refused>',
    );
    expect(await last(REQUESTS('https://example.com', ', verify="/nofile"'))).toBe(
      'OSError: Could not find a suitable TLS CA certificate bundle, invalid path: /nofile',
    );
  });

  test.each([
    ["python3 -c 'print(1+1)'", '(not "print(1+1)")'],
    [`python3 -c 'import socket'`, 'the module socket'],
    ['python3 -m json.tool', 'the module json.tool'],
    ['pip install requests', 'installing packages of Python'],
    ['python3 -m pip install requests', 'installing packages of Python'],
    ['uv pip install requests', 'installing packages of Python'],
  ])('%s is refused by name', async (line, why) => {
    const refused = await (await onMachine()).run(line);
    expect(refused.stderr).toContain(why);
    expect(refused.stderr).toContain('not simulated in this workbook');
    expect(refused.exitCode).toBe(1);
  });
});

describe('what is read as a script', () => {
  test.each([
    'from urllib.request import urlopen\nprint(urlopen("http://a/").read().decode("utf-8"))',
    'import requests\nr = requests.get("http://a/", timeout=5, verify=False)  # one\nprint(r.status_code, r.text)',
    "import urllib.request;urllib.request.urlopen('http://a/', timeout=2.5)",
  ])('%s', (code) => {
    expect(readPythonScript(code).ok).toBe(true);
  });

  test.each([
    ['for i in range(3): pass', 'for i in range(3): pass'],
    ['import requests; r = requests.get("http://a/", headers={"A": "b"})', 'headers'],
    ['import requests; print(requests.post("http://a/"))', 'post'],
    ['import requests; r = requests.get("http://a/"); print(r.json())', 'json'],
    ['import urllib.request; print(urllib.request.urlopen("http://a/").text)', '.text'],
  ])('%s is not', (code, part) => {
    const read = readPythonScript(code);
    expect(read.ok ? '' : read.error).toContain(part);
  });
});
