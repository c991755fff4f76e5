/** A session of `openssl s_client` with `openssl s_server` on loopback, and what the simulation says of the same. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { handshake } from '../../../src/shell/place/openssl-s-client-text.ts';
import type { ChainCase } from './chains.ts';
import type { Said } from './run.ts';

export interface SessionForm {
  readonly brief: 'brief' | 'full';
  readonly onFault: 'ends' | 'goes-on';
}

/**
 * Leaves out the error queue, and what depends on which comes first: tickets of the server, or the end of stdin (`DONE`).
 */
function plain({ stdout, stderr, exit }: Said): Said {
  const queue = stderr.split('\n').filter((line) => !/^([0-9A-F]{16}:error:|DONE$)/.test(line));
  return {
    stdout: stdout.replace(/---\nPost-Handshake New Session Ticket arrived:[^]*/, ''),
    stderr: queue.join('\n'),
    exit,
  };
}

export async function realSession(each: ChainCase, form: SessionForm): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 's-client-'));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const [leaf, ...others] = each.sent.map(toPem);
  const port = await freePort();
  const server = spawn(
    'openssl',
    [
      's_server',
      '-quiet',
      ...['-accept', `127.0.0.1:${port}`],
      ...['-cert', file('leaf.pem', leaf ?? '')],
      ...['-key', file('key.pem', keyToPem(each.key))],
      ...(others.length === 0 ? [] : ['-cert_chain', file('others.pem', others.join(''))]),
    ],
    { stdio: 'ignore' },
  );
  try {
    await listening(port);
    const trusted = each.trusted.map(toPem).join('');
    const done = spawnSync(
      'openssl',
      [
        's_client',
        ...['-connect', `127.0.0.1:${port}`, '-servername', each.host],
        ...(trusted === '' ? ['-no-CAfile', '-no-CApath'] : ['-CAfile', file('trusted.pem', trusted)]),
        ...(form.brief === 'brief' ? ['-brief'] : []),
        ...(form.onFault === 'ends' ? ['-verify_return_error'] : []),
      ],
      { encoding: 'utf8', input: '', timeout: 20_000 },
    );
    return plain({ stdout: done.stdout, stderr: done.stderr, exit: done.status ?? -1 });
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

export function simulatedSession(each: ChainCase, form: SessionForm, at: number): Said {
  const shaken = handshake({
    chain: each.sent,
    trusted: each.trusted,
    at,
    serverName: each.host,
    tunnel: null,
    host: null,
    onFault: form.onFault,
    partial: 'whole',
    shows: 'the-first',
    depth: null,
    form: form.brief,
    quiet: form.brief === 'brief' ? 'faults-only' : 'everything',
  });
  if (shaken.kind === 'undetermined') throw new Error(`${each.name}: ${shaken.why}`);
  const { stdout, stderr, exitCode } = shaken.result;
  return plain({ stdout, stderr, exit: exitCode });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

/** Resolves once somebody takes connections there. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        setTimeout(() => {
          resolve(false);
        }, 20);
      });
    });
    if (taken) return;
  }
  throw new Error(`nothing listens on ${port}`);
}
