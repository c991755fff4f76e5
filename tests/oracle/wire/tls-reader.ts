/** A reader of recorded bytes that shares nothing with the model: records, handshake messages, and what is sealed. */
import { createDecipheriv, createHmac, X509Certificate } from 'node:crypto';

export interface TlsRecord {
  readonly type: number;
  readonly version: string;
  readonly body: Buffer;
}

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
}

/** Returns the records; throws unless the bytes are records to the last one. */
export function recordsOf(bytes: Buffer): readonly TlsRecord[] {
  const records: TlsRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt16BE(at + 3);
    if (at + 5 + length > bytes.length) throw new Error(`the record at ${at} is cut off`);
    records.push({
      type: bytes.readUInt8(at),
      version: bytes.toString('hex', at + 1, at + 3),
      body: bytes.subarray(at + 5, at + 5 + length),
    });
    at += 5 + length;
  }
  return records;
}

export function messagesOf(bytes: Buffer): readonly HandshakeMessage[] {
  const messages: HandshakeMessage[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUIntBE(at + 1, 3);
    if (at + 4 + length > bytes.length) throw new Error(`the message at ${at} is cut off`);
    messages.push({ type: bytes.readUInt8(at), body: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return messages;
}

/** Reads lengths and what they measure. */
class Cursor {
  at = 0;
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  number(size: number): number {
    const value = this.bytes.readUIntBE(this.at, size);
    this.at += size;
    return value;
  }
  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new Error(`no ${length} bytes left at ${this.at}`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  vector(size: number): Buffer {
    return this.take(this.number(size));
  }
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }
}

export interface Hello {
  readonly version: string;
  readonly random: Buffer;
  readonly session: Buffer;
  readonly suites: readonly string[];
  readonly extensions: readonly { readonly type: number; readonly body: Buffer }[];
}

function extensionsOf(bytes: Buffer): Hello['extensions'] {
  const cursor = new Cursor(bytes);
  const found: { type: number; body: Buffer }[] = [];
  while (!cursor.isAtEnd) found.push({ type: cursor.number(2), body: cursor.vector(2) });
  return found;
}

const pairs = (bytes: Buffer): readonly string[] => bytes.toString('hex').match(/.{4}/g) ?? [];

export function clientHello(body: Buffer): Hello {
  const cursor = new Cursor(body);
  const version = cursor.take(2).toString('hex');
  const random = cursor.take(32);
  const session = cursor.vector(1);
  const suites = pairs(cursor.vector(2));
  cursor.vector(1);
  const extensions = extensionsOf(cursor.vector(2));
  if (!cursor.isAtEnd) throw new Error('bytes behind the extensions');
  return { version, random, session, suites, extensions };
}

export function serverHello(body: Buffer): Hello {
  const cursor = new Cursor(body);
  const version = cursor.take(2).toString('hex');
  const random = cursor.take(32);
  const session = cursor.vector(1);
  const suites = [cursor.take(2).toString('hex')];
  cursor.number(1);
  const extensions = extensionsOf(cursor.vector(2));
  if (!cursor.isAtEnd) throw new Error('bytes behind the extensions');
  return { version, random, session, suites, extensions };
}

const extension = (hello: Hello, type: number): Buffer | null =>
  hello.extensions.find((each) => each.type === type)?.body ?? null;

export function serverName(hello: Hello): string | null {
  const body = extension(hello, 0);
  if (body === null) return null;
  const cursor = new Cursor(new Cursor(body).vector(2));
  cursor.number(1);
  return cursor.vector(2).toString('latin1');
}

export function protocols(hello: Hello): readonly string[] {
  const body = extension(hello, 16);
  if (body === null) return [];
  const cursor = new Cursor(new Cursor(body).vector(2));
  const names: string[] = [];
  while (!cursor.isAtEnd) names.push(cursor.vector(1).toString('latin1'));
  return names;
}

/** The certificates of a Certificate message of TLS 1.3, read by Node's OpenSSL. */
export function certificatesOf(body: Buffer): readonly X509Certificate[] {
  const cursor = new Cursor(body);
  cursor.vector(1);
  const list = new Cursor(cursor.vector(3));
  const found: X509Certificate[] = [];
  while (!list.isAtEnd) {
    found.push(new X509Certificate(list.vector(3)));
    list.vector(2);
  }
  return found;
}

/** The secret of a connection in a key log (NSS format), by its ClientHello's random. */
export function secretOf(secrets: readonly string[], label: string, random: Buffer): Buffer {
  const line = secrets.find((each) => each.startsWith(`${label} ${random.toString('hex')} `));
  if (line === undefined) throw new Error(`no ${label} for this connection`);
  return Buffer.from(line.split(' ')[2] ?? '', 'hex');
}

function expand(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha384', secret).update(info).digest().subarray(0, length);
}

/** Opens the sealed records of one direction under TLS_AES_256_GCM_SHA384, in order; throws on any that fails. */
export function opened(records: readonly TlsRecord[], secret: Buffer): readonly TlsRecord[] {
  const key = expand(secret, 'key', 32);
  const start = expand(secret, 'iv', 12);
  return records.map(({ version, body }, at) => {
    const nonce = Buffer.from(start);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ at) >>> 0, 8);
    const header = Buffer.from([23, 3, 3, body.length >> 8, body.length & 0xff]);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(header);
    decipher.setAuthTag(body.subarray(-16));
    const plain = Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
    let end = plain.length - 1;
    while (plain[end] === 0) end--;
    return { type: plain[end] ?? 0, version, body: plain.subarray(0, end) };
  });
}
