/** `inside.ts SET`, in the namespace: starts the servers, runs the lines of each case in a home of its own, prints what they said. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '../../../src/model/certificates/issue.ts';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { serverCertificates } from '../../../src/model/certificates/public-authority.ts';
import { makeKey } from '../../../src/model/certificates/rsa.ts';
import { WEB } from '../../unit/shell/place/proxy-world.ts';
import type { MitmCase } from './cases.ts';
import { CASES, isCaseSet } from './case-sets.ts';
import type { Said } from './normal.ts';
import { UNTRUSTED_PORT } from './simulated.ts';

const NOW = Math.floor(Date.now() / 1000);

function answers(port: number): RequestListener {
  return (request, response) => {
    const body = `client address: 192.0.2.1\nserver: host/web (web server) at ${WEB.address}:${port}\n`;
    response.setHeader('Content-Length', body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

const listening = (
  server: { listen: (port: number, address: string, done: () => void) => void },
  port: number,
  address: string,
): Promise<void> =>
  new Promise((resolve) => {
    server.listen(port, address, resolve);
  });

async function serve(): Promise<void> {
  await listening(createServer({ keepAliveTimeout: 0 }, answers(80)), 80, WEB.address);
  const secure = (cert: string, key: string, port: number) =>
    createTlsServer({ cert, key, ALPNProtocols: ['http/1.1'], keepAliveTimeout: 0 }, answers(port));
  const chain = serverCertificates(WEB.name, NOW).map(toPem).join('');
  await listening(secure(chain, keyToPem(makeKey(`server ${WEB.name}`)), 443), 443, WEB.address);
  const key = makeKey('witness, self-signed');
  const subject = [{ type: 'CN', value: 'vm-debian' }];
  const own = issueCertificate({
    serialNumber: '01',
    subject,
    issuer: subject,
    notBefore: NOW - 86_400,
    notAfter: NOW + 86_400,
    publicKey: key,
    signedWith: key,
    extensions: [{ kind: 'subjectAltName', names: [{ kind: 'dns', value: 'vm-debian' }] }],
  });
  await listening(secure(toPem(own), keyToPem(key), UNTRUSTED_PORT), UNTRUSTED_PORT, '127.0.0.1');
}

/** A machine with much to do takes longer to start and to end a program: the next line waits for that. */
function patient(line: string, index: number, lines: readonly string[]): string {
  if (line.startsWith('kill $(cat')) {
    const pid = line.slice('kill '.length);
    return `P=${pid}; kill $P; while kill -0 $P 2> /dev/null; do sleep 0.1; done`;
  }
  if (line !== 'sleep 3') return line;
  const start = lines[index - 2] ?? '';
  const port = /--listen-port (\d+)/.exec(start)?.[1] ?? '8080';
  const until = (times: number, what: string): string =>
    `for i in $(seq ${times}); do ${what} && break; sleep 0.25; done`;
  // It listens before its CA is all written; a start that is refused writes none.
  return [
    until(240, `ss -Hltn | grep -q ":${port} "`),
    ...(start.includes('confdir') ? [] : [until(40, '[ -s ~/.mitmproxy/mitmproxy-dhparam.pem ]')]),
    'sleep 0.5',
  ].join('; ');
}

/** Not spawnSync: the servers answer in this process. */
function run({ lines }: MitmCase): Promise<Said> {
  const home = mkdtempSync(join(tmpdir(), 'mitm-home-'));
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', lines.map(patient).join('\n')], {
      cwd: home,
      // A program whose output goes to a file keeps it back otherwise, until there is a lot of it.
      env: { PATH: process.env['PATH'] ?? '', HOME: home, PYTHONUNBUFFERED: '1', COLUMNS: '80' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('close', () => {
      rmSync(home, { recursive: true, force: true });
      resolve({ stdout: stdout.replaceAll(home, '/root'), stderr: stderr.replaceAll(home, '/root') });
    });
  });
}

const [, , set = ''] = process.argv;
if (!isCaseSet(set)) throw new Error(`no set of cases: ${set}`);
await serve();
const results: Record<string, Said> = {};
for (const each of CASES[set]) results[each.name] = await run(each);
const mitmproxy = spawnSync('mitmdump', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
process.stdout.write(JSON.stringify({ mitmproxy, results }));
process.exit(0);
