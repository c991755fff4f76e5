/**
 * Records and handshake messages of TLS 1.3 (RFC 8446), laid out as OpenSSL 3.0 lays them out for curl, for mitmproxy
 * 8.1.1 and for a server; recorded in tests/oracle/wire. What would be drawn at random follows from a text, and what
 * is sealed is as long as the real thing but noise: nobody needs its keys here.
 */
import { joined, toUtf8 } from '../certificates/bytes.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { sha256 } from '../certificates/sha256.ts';
import { parseAddress } from '../ip/address.ts';
import { field, number, parts, text, vector } from './wire-bytes.ts';
import type { WirePart } from './wire-bytes.ts';
import { certificatePart } from './wire-certificate.ts';

/** Returns `length` bytes that follow from the text. */
export function noise(from: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, at) => sha256(toUtf8(`${from}/${at}`)));
  return joined(blocks).subarray(0, length);
}

const CONTENT = { 'change-cipher-spec': 20, alert: 21, handshake: 22, 'application-data': 23 } as const;
export type ContentType = keyof typeof CONTENT;

const CONTENT_NAMES: Readonly<Record<ContentType, string>> = {
  'change-cipher-spec': 'ChangeCipherSpec',
  alert: 'Alert',
  handshake: 'Handshake',
  'application-data': 'Application data',
};

/** A record may say TLS 1.0 before anything is agreed, and says TLS 1.2 from then on: `supported_versions` counts. */
export function record(type: ContentType, content: WirePart, version: 0x0301 | 0x0303 = 0x0303): WirePart {
  const length = content.bytes.length;
  return parts(
    field(
      'record',
      'TLS record',
      `${CONTENT_NAMES[type]}, ${length} bytes`,
      [CONTENT[type]],
      number(version, 2),
      number(length, 2),
    ),
    content,
  );
}

/** Bytes of the AEAD's tag, and one that says what is inside. */
const SEAL_BYTES = 17;

/** Returns a record whose content nobody reads without the keys. */
export function sealedRecord(content: WirePart, from: string): WirePart {
  const length = content.bytes.length + SEAL_BYTES;
  return record(
    'application-data',
    field('sealed', 'Sealed', `${length} bytes`, noise(`${from}/sealed`, length)),
  );
}

export const CHANGE_CIPHER_SPEC = record('change-cipher-spec', parts([1]));

const HANDSHAKE = {
  ClientHello: 1,
  ServerHello: 2,
  NewSessionTicket: 4,
  EncryptedExtensions: 8,
  Certificate: 11,
  CertificateVerify: 15,
  Finished: 20,
} as const;

function handshake(name: keyof typeof HANDSHAKE, ...content: readonly WirePart[]): WirePart {
  const body = parts(...content);
  const { length } = body.bytes;
  return parts(
    field('handshake', 'Handshake message', `${name}, ${length} bytes`, [HANDSHAKE[name]], number(length, 3)),
    body,
  );
}

// ClientHello

/** Whose ClientHello: they differ in what they offer and in which order. */
export type TlsProgram = 'curl' | 'mitmproxy';

const CURL_SUITES =
  '1302 1303 1301 c02c c030 009f cca9 cca8 ccaa c02b c02f 009e c024 c028 006b c023 c027 0067 c00a c014 0039 c009 c013 0033 009d 009c 003d 003c 0035 002f 00ff';
const MITMPROXY_SUITES =
  '1302 1303 1301 c02b c02f c02c c030 cca9 cca8 009e 009f ccaa c023 c027 c009 c013 c024 c028 c00a c014 0067 006b 009c 009d 003c 003d 002f 0035 00ff';
const SIGNATURES =
  '0403 0503 0603 0807 0808 0809 080a 080b 0804 0805 0806 0401 0501 0601 0303 0301 0302 0402 0502 0602';
const GROUPS = '001d 0017 001e 0019 0018 0100 0101 0102 0103 0104';

const EXTENSION = {
  server_name: 0,
  supported_groups: 10,
  ec_point_formats: 11,
  signature_algorithms: 13,
  application_layer_protocol_negotiation: 16,
  padding: 21,
  encrypt_then_mac: 22,
  extended_master_secret: 23,
  session_ticket: 35,
  supported_versions: 43,
  psk_key_exchange_modes: 45,
  post_handshake_auth: 49,
  key_share: 51,
} as const;
type ExtensionName = keyof typeof EXTENSION;

function extension(name: ExtensionName, content: WirePart): WirePart {
  const inner = parts(number(EXTENSION[name], 2), vector(2, content));
  const [own] = content.fields;
  // A field of its own says more than that there is an extension.
  if (own !== undefined)
    return { bytes: inner.bytes, fields: [{ ...own, start: 0, end: inner.bytes.length }] };
  return field('extension', name, '', inner);
}

const codes = (list: string): WirePart =>
  parts(...list.split(' ').map((code) => number(parseInt(code, 16), 2)));

function serverNameExtension(host: string): readonly WirePart[] {
  // RFC 6066: literal addresses are not permitted.
  if (parseAddress(host).ok) return [];
  return [
    extension(
      'server_name',
      field('server-name', 'server_name (SNI)', host, vector(2, [0], vector(2, text(host)))),
    ),
  ];
}

function protocolsExtension(protocols: readonly string[]): WirePart {
  return extension(
    'application_layer_protocol_negotiation',
    field(
      'protocols',
      'ALPN',
      protocols.join(', '),
      vector(2, ...protocols.map((name) => vector(1, text(name)))),
    ),
  );
}

/** The one group that both send at once, x25519. */
const X25519 = 0x001d;

function keyShare(from: string): WirePart {
  return parts(number(X25519, 2), vector(2, noise(`${from}/key-share`, 32)));
}

const empty = parts();
const offer = (name: string, value: string, ...content: readonly WirePart[]): WirePart =>
  field('offer', name, value, ...content);

/** What curl offers above TLS, and mitmproxy in its name. */
export const OFFERED_PROTOCOLS = ['h2', 'http/1.1'];

/** Returns the handshake message; `from` decides what would be random. */
export function clientHello(program: TlsProgram, host: string, from: string): WirePart {
  const suites = program === 'curl' ? CURL_SUITES : MITMPROXY_SUITES;
  const versions = program === 'curl' ? [0x0304, 0x0303, 0x0302, 0x0301] : [0x0304, 0x0303];
  const before = parts(
    number(0x0303, 2),
    field('random', 'Random', '32 bytes', noise(`${from}/random`, 32)),
    vector(1, sessionId(from)),
    vector(2, offer('Cipher suites', `${suites.split(' ').length} of them`, codes(suites))),
    vector(1, parts([0])),
  );
  const extensions = parts(
    ...serverNameExtension(host),
    extension('ec_point_formats', vector(1, [0, 1, 2])),
    extension('supported_groups', offer('Groups', 'x25519 first', vector(2, codes(GROUPS)))),
    ...(program === 'curl' ? [] : [extension('session_ticket', empty)]),
    protocolsExtension(OFFERED_PROTOCOLS),
    extension('encrypt_then_mac', empty),
    extension('extended_master_secret', empty),
    ...(program === 'curl' ? [extension('post_handshake_auth', empty)] : []),
    extension('signature_algorithms', offer('Signature algorithms', '', vector(2, codes(SIGNATURES)))),
    extension(
      'supported_versions',
      offer(
        'Versions',
        program === 'curl' ? 'TLS 1.3 to 1.0' : 'TLS 1.3, 1.2',
        vector(1, ...versions.map((each) => number(each, 2))),
      ),
    ),
    extension('psk_key_exchange_modes', vector(1, [1])),
    extension('key_share', field('random', 'Key share', 'x25519, 32 bytes', vector(2, keyShare(from)))),
  );
  const length = 4 + before.bytes.length + 2 + extensions.bytes.length;
  return handshake(
    'ClientHello',
    before,
    vector(2, extensions, ...(program === 'curl' ? padding(length) : [])),
  );
}

const sessionId = (from: string): WirePart =>
  field('random', 'Session id', '32 bytes', noise(`${from}/session`, 32));

/** OpenSSL's F5 workaround, which curl has on: hellos of 256 to 511 bytes are filled up to 512 (RFC 7685). */
function padding(length: number): readonly WirePart[] {
  if (length <= 0xff || length >= 0x200) return [];
  const missing = 0x200 - length;
  return [extension('padding', parts(new Uint8Array(missing > 4 ? missing - 4 : 1)))];
}

// The server's side

/** Returns the answer to the hello that was made from `client`. */
export function serverHello(client: string, from: string): WirePart {
  return handshake(
    'ServerHello',
    number(0x0303, 2),
    field('random', 'Random', '32 bytes', noise(`${from}/random`, 32)),
    vector(1, sessionId(client)),
    offer('Cipher suite', 'TLS_AES_256_GCM_SHA384', number(0x1302, 2)),
    parts([0]),
    vector(
      2,
      extension('supported_versions', offer('Version', 'TLS 1.3', number(0x0304, 2))),
      extension('key_share', field('random', 'Key share', 'x25519, 32 bytes', keyShare(from))),
    ),
  );
}

export const ENCRYPTED_EXTENSIONS = handshake(
  'EncryptedExtensions',
  vector(2, protocolsExtension(['http/1.1'])),
);

/** `chain`: the server's own certificate first, and without the root, as servers send it. */
export function certificateMessage(chain: readonly Certificate[]): WirePart {
  return handshake(
    'Certificate',
    vector(1),
    vector(3, ...chain.map((each) => parts(vector(3, certificatePart(each)), vector(2)))),
  );
}

/** RSA-PSS with SHA-256, by a key of 2,048 bits. */
export function certificateVerify(from: string): WirePart {
  return handshake(
    'CertificateVerify',
    number(0x0804, 2),
    vector(2, field('signature', 'Signature', '256 bytes', noise(`${from}/verify`, 256))),
  );
}

export function finished(from: string): WirePart {
  return handshake(
    'Finished',
    field('random', 'Hash of all before', '48 bytes', noise(`${from}/finished`, 48)),
  );
}

/** The second ticket has nonce 1. */
export function newSessionTicket(from: string, nonce: 0 | 1, bytes: number): WirePart {
  return handshake(
    'NewSessionTicket',
    number(7200, 4),
    parts(noise(`${from}/age/${nonce}`, 4)),
    vector(1, number(nonce, 8)),
    vector(2, field('random', 'Ticket', `${bytes} bytes`, noise(`${from}/ticket/${nonce}`, bytes))),
    vector(2),
  );
}

/** Alerts that refuse a certificate (RFC 8446, section 6; which one for which fault: OpenSSL's ssl_x509err2alert). */
export const ALERTS = {
  'bad-certificate': 42,
  'certificate-expired': 45,
  'unknown-ca': 48,
  'decrypt-error': 51,
} as const;
export type CertificateAlert = keyof typeof ALERTS;

/** A client that refuses a certificate has no keys to seal with yet: its alert is readable for everybody. */
export function alertRecord(alert: CertificateAlert): WirePart {
  const name = alert.replaceAll('-', '_');
  return record('alert', field('alert', 'Alert', `fatal, ${name} (${ALERTS[alert]})`, [2, ALERTS[alert]]));
}
