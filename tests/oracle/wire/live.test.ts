/** Hands the model's ClientHello to the TLS server of this machine's Python, which must answer it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { issueCertificate } from '../../../src/model/certificates/issue.ts';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { makeKey } from '../../../src/model/certificates/rsa.ts';
import { clientHello, record } from '../../../src/model/proxy/wire-tls.ts';
import { messagesOf, recordsOf, serverHello } from './tls-reader.ts';

function whyNoPython(): string | null {
  try {
    execFileSync('python3', ['-c', 'import ssl; assert ssl.HAS_TLSv1_3'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'needs python3 with TLS 1.3';
  }
}

interface Heard {
  readonly asked: readonly (string | null)[];
  readonly error: string | null;
  readonly protocol: string | null;
  readonly said: string;
}

const SERVER = fileURLToPath(new URL('./python_server.py', import.meta.url));

/** A certificate that signs itself, and its key. */
function serverPem(): string {
  const key = makeKey('wire');
  const name = [{ type: 'CN', value: 'example.com' }];
  const certificate = issueCertificate({
    serialNumber: '01',
    subject: name,
    issuer: name,
    notBefore: 1_700_000_000,
    notAfter: 2_000_000_000,
    publicKey: key,
    signedWith: key,
    extensions: [],
  });
  return keyToPem(key) + toPem(certificate);
}

function answered(hello: Uint8Array): Heard {
  const folder = mkdtempSync(join(tmpdir(), 'wire-'));
  try {
    const file = join(folder, 'server.pem');
    writeFileSync(file, serverPem());
    const out = execFileSync('python3', [SERVER, file], { input: Buffer.from(hello).toString('hex') });
    return JSON.parse(out.toString()) as Heard;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const missing = whyNoPython();
const required = process.env['REQUIRE_WITNESSES'] === '1';

if (missing !== null && required) {
  test('the TLS witness is required (REQUIRE_WITNESSES=1)', () => {
    expect.fail(missing);
  });
} else if (missing !== null) {
  test.skip(`the TLS witness ${missing}`, () => undefined);
} else {
  describe("a real TLS server answers the model's ClientHello", () => {
    test.each([
      { program: 'curl', host: 'example.com' },
      { program: 'mitmproxy', host: 'example.com' },
      { program: 'curl', host: `${'very-long-name.'.repeat(14)}example.com` },
      // A literal address is no server_name.
      { program: 'curl', host: '203.0.113.9' },
    ] as const)('$program asks for $host', ({ program, host }) => {
      const heard = answered(record('handshake', clientHello(program, host, 'live'), 0x0301).bytes);
      expect(heard.error).toBeNull();
      expect(heard.asked).toEqual([host === '203.0.113.9' ? null : host]);
      const [first, second, third] = recordsOf(Buffer.from(heard.said, 'hex'));
      const answer = serverHello(messagesOf(first?.body ?? Buffer.alloc(0))[0]?.body ?? Buffer.alloc(0));
      // The same suite, version and group that the model's server chooses.
      expect(answer.suites).toEqual(['1302']);
      expect(answer.extensions.map(({ type, body }) => [type, body.toString('hex').slice(0, 8)])).toEqual([
        [43, '0304'],
        [51, '001d0020'],
      ]);
      expect([second?.type, third?.type]).toEqual([20, 23]);
      expect(heard.protocol).toBe('http/1.1');
    });

    test('and refuses one with a byte too few', () => {
      const { bytes } = record('handshake', clientHello('curl', 'example.com', 'live'), 0x0301);
      const cut = Uint8Array.from(bytes);
      // The length of the message, one short of what follows.
      cut[8] = (cut[8] ?? 0) - 1;
      expect(answered(cut).error).not.toBeNull();
    });
  });
}
