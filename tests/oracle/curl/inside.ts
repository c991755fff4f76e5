/** Runs in the namespace: starts the servers and the proxies, runs curl for each case and prints what it said. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '../../../src/model/certificates/issue.ts';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { publicRoot, serverCertificates } from '../../../src/model/certificates/public-authority.ts';
import { makeKey } from '../../../src/model/certificates/rsa.ts';
import { OTHER, PROXY, WEB } from '../../unit/shell/place/proxy-world.ts';
import { CASES, commandOf, PLAIN_PORT, PROXIES, SELF_SIGNED_PORT } from './cases.ts';
import { WGET_CASES } from './wget-cases.ts';
import type { Ran } from './normal.ts';

const NOW = Math.floor(Date.now() / 1000);
const folder = mkdtempSync(join(tmpdir(), 'curl-witness-'));
const children: ChildProcess[] = [];

/** As the simulated servers answer; who asks is not compared. */
function answers(name: string, address: string, port: number): RequestListener {
  return (request, response) => {
    const body = `client address: 192.0.2.1\nserver: ${name} (web server) at ${address}:${port}\n`;
    response.sendDate = false;
    response.setHeader('Server', 'web server');
    response.setHeader('Content-Type', 'text/plain');
    response.setHeader('Content-Length', body.length);
    response.removeHeader('Connection');
    response.shouldKeepAlive = true;
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

async function serve(): Promise<void> {
  const listening: Promise<void>[] = [];
  const plain = (address: string, port: number, name: string): void => {
    const server = createServer({ keepAliveTimeout: 0 }, answers(name, address, port));
    listening.push(new Promise((resolve) => server.listen(port, address, resolve)));
  };
  const secure = (address: string, port: number, name: string, chain: string, key: string): void => {
    const server = createTlsServer(
      { cert: chain, key, ALPNProtocols: ['http/1.1'], keepAliveTimeout: 0 },
      answers(name, address, port),
    );
    listening.push(new Promise((resolve) => server.listen(port, address, resolve)));
  };
  for (const { name, address } of [WEB, OTHER]) {
    plain(address, 80, 'host/web');
    const chain = serverCertificates(name, NOW).map(toPem).join('');
    secure(address, 443, 'host/web', chain, keyToPem(makeKey(`server ${name}`)));
  }
  plain(PROXY, PLAIN_PORT, 'vm/vm-proxy');
  const key = makeKey('witness, self-signed');
  const subject = [{ type: 'CN', value: 'vm-proxy' }];
  const own = issueCertificate({
    serialNumber: '01',
    subject,
    issuer: subject,
    notBefore: NOW - 86_400,
    notAfter: NOW + 86_400,
    publicKey: key,
    signedWith: key,
    extensions: [{ kind: 'subjectAltName', names: [{ kind: 'dns', value: 'vm-proxy' }] }],
  });
  secure(PROXY, SELF_SIGNED_PORT, 'vm/vm-proxy', toPem(own), keyToPem(key));
  await Promise.all(listening);
}

async function startProxies(): Promise<void> {
  writeFileSync(join(folder, 'root.pem'), toPem(publicRoot()));
  const confdir = join(folder, 'confdir');
  mkdirSync(confdir);
  for (const { port, options } of Object.values(PROXIES)) {
    const set = [
      `confdir=${confdir}`,
      `ssl_verify_upstream_trusted_ca=${join(folder, 'root.pem')}`,
      ...options,
    ].flatMap((each) => ['--set', each]);
    const child = spawn('mitmdump', ['--listen-host', PROXY, '-p', String(port), '-q', ...set], {
      stdio: 'ignore',
    });
    children.push(child);
    // The first makes the CA that all have.
    await until(port);
  }
  writeFileSync(
    join(folder, 'mitmproxy-ca-cert.pem'),
    readFileSync(join(confdir, 'mitmproxy-ca-cert.pem'), 'utf8'),
  );
}

async function until(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, PROXY, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => {
        resolve(false);
      });
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`mitmdump does not listen on ${port}`);
}

/** Not spawnSync: the servers answer in this process. */
function run(command: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', `exec ${command}`], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('close', (code) => {
      resolve({ stdout, stderr, exitCode: code ?? -1 });
    });
  });
}

try {
  await serve();
  await startProxies();
  const results: Record<string, Ran> = {};
  for (const each of [...CASES, ...WGET_CASES])
    results[each.name] = await run(commandOf(each), each.env ?? {});
  const version = (program: string): string =>
    spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
  process.stdout.write(
    JSON.stringify({ curl: version('curl'), wget: version('wget'), mitmproxy: version('mitmdump'), results }),
  );
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
