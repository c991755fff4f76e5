/** What the messages of an exchange say, in words. */
import type {
  Knowledge,
  Party,
  WireConnection,
  WireExchange,
  WireMessage,
  WireReader,
} from '../../model/proxy/wire.ts';
import type { WireField, WireFieldKind } from '../../model/proxy/wire-bytes.ts';

export const PARTY: Readonly<Record<Party, string>> = { client: 'Client', proxy: 'Proxy', server: 'Server' };

const BETWEEN: Readonly<Record<WireConnection, string>> = {
  'client-proxy': 'Between client and proxy',
  'proxy-server': 'Between proxy and server',
  'client-server': 'Between client and server',
};

/** Who reads: one of the three, or whoever stands on the way. */
export function readerName(reader: WireReader): string {
  switch (reader) {
    case 'client':
    case 'proxy':
    case 'server':
      return PARTY[reader];
    case 'on client-proxy':
      return BETWEEN['client-proxy'];
    case 'on proxy-server':
      return BETWEEN['proxy-server'];
    case 'on client-server':
      return BETWEEN['client-server'];
  }
}

/** The same inside a sentence. */
export function readerPhrase(reader: WireReader): string {
  const name = readerName(reader).toLowerCase();
  return reader.startsWith('on ') ? `anyone ${name}` : `the ${name}`;
}

export const WAY_TITLE: Readonly<Record<WireExchange['way'], string>> = {
  direct: 'No proxy',
  tunnel: 'Tunnel',
  intercept: 'Interception',
  plain: 'Plain HTTP',
};

/** One sentence before the steps. */
export const WAY_WORDS: Readonly<Record<WireExchange['way'], string>> = {
  direct: 'The client speaks TLS with the server itself.',
  tunnel:
    'The proxy connects and hands bytes on. TLS runs from client to server, and the proxy has none of its keys.',
  intercept:
    'The proxy ends TLS and begins it again: two connections, two sets of keys, and a certificate of its own making for the client.',
  plain:
    'No TLS and no CONNECT: the client asks the proxy for a whole URL, and everybody on the way reads it.',
};

export const KNOWLEDGE: Readonly<Record<Knowledge, string>> = {
  name: 'Name of the server',
  path: 'Path and headers',
  certificate: 'Certificate',
  answer: 'Answer',
};

const field = (fields: readonly WireField[] | undefined, kind: WireFieldKind): string =>
  fields?.find((each) => each.kind === kind)?.value ?? '';

/** What a message does, in a line. `number` gives a message's number on the page. */
export function actionOf(
  exchange: WireExchange,
  message: WireMessage,
  number: (index: number) => number,
): string {
  if (message.copyOf !== null)
    return `the same ${message.bytes.length / 2} bytes as in step ${number(message.copyOf)}, handed on`;
  const inside = message.opened?.fields;
  const isTwin = exchange.way === 'intercept' && message.connection === 'proxy-server';
  switch (message.name) {
    case 'CONNECT':
      return `asks for a connection to ${field(message.fields, 'header')}, in the clear`;
    case 'Answer to CONNECT':
      return field(message.fields, 'start-line');
    case 'ClientHello': {
      const name = field(message.fields, 'server-name');
      const said =
        name === '' ? 'begins TLS, and names no server' : `begins TLS, and names ${name} in the clear`;
      return isTwin ? `the proxy ${said}` : said;
    }
    case 'ServerHello':
      return `${field(message.fields, 'offer')} and a key share: what follows is sealed`;
    case 'EncryptedExtensions':
      return `they will speak ${field(inside, 'protocols')}`;
    case 'Certificate':
      return `${field(inside, 'subject')}, signed by ${field(inside, 'issuer')}`;
    case 'CertificateVerify, Finished':
      return 'a signature with the key of that certificate';
    case 'Finished':
      return 'the certificate was checked and is trusted';
    case 'Alert':
      return `${field(message.fields, 'alert')}: the certificate is refused, readable for everybody`;
    case 'NewSessionTicket':
      return 'two tickets for a later connection';
    case 'Request':
    case 'Answer':
      return field(inside ?? message.fields, 'start-line');
  }
  return '';
}
