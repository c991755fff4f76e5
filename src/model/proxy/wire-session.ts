/** The messages of one TLS 1.3 connection with one request on it, in the groups in which they are sent. */
import type { Certificate } from '../certificates/certificate.ts';
import { parts } from './wire-bytes.ts';
import type { WirePart } from './wire-bytes.ts';
import {
  alertRecord,
  certificateMessage,
  certificateVerify,
  CHANGE_CIPHER_SPEC,
  clientHello,
  ENCRYPTED_EXTENSIONS,
  finished,
  newSessionTicket,
  record,
  sealedRecord,
  serverHello,
} from './wire-tls.ts';
import type { CertificateAlert, TlsProgram } from './wire-tls.ts';

/** The two ends of a TLS connection: they have its keys. */
export type KeyHolder = 'client' | 'proxy' | 'server';

export interface SessionMessage {
  readonly name: string;
  readonly wire: WirePart;
  /** What the sealed records in it hold, one behind the other; null: there are none. */
  readonly sealed: null | { readonly content: WirePart; readonly keys: readonly [KeyHolder, KeyHolder] };
}

export const plain = (name: string, wire: WirePart): SessionMessage => ({ name, wire, sealed: null });

export interface Session {
  readonly program: TlsProgram;
  readonly host: string;
  readonly chain: readonly Certificate[];
  readonly client: 'accepts' | CertificateAlert;
  readonly request: WirePart;
  /** One record for each. */
  readonly answer: readonly WirePart[];
  readonly keys: readonly [KeyHolder, KeyHolder];
  readonly ticketBytes: number;
  readonly seed: string;
}

export interface SessionMessages {
  readonly hello: SessionMessage;
  /** From ServerHello to Finished. */
  readonly shown: readonly SessionMessage[];
  /** The client's Finished, or the alert that ends it. */
  readonly closing: SessionMessage;
  readonly request: SessionMessage;
  readonly tickets: SessionMessage;
  readonly answer: SessionMessage;
}

export function sessionMessages(session: Session): SessionMessages {
  const { program, host, chain, keys, ticketBytes } = session;
  const ours = `${session.seed}/client`;
  const theirs = `${session.seed}/server`;
  /** `open` goes before what is sealed, for everybody. */
  const sealed = (
    name: string,
    content: readonly WirePart[],
    ...open: readonly WirePart[]
  ): SessionMessage => ({
    name,
    wire: parts(...open, ...content.map((each, at) => sealedRecord(each, `${session.seed}/${name}/${at}`))),
    sealed: { content: parts(...content), keys },
  });
  return {
    hello: plain('ClientHello', record('handshake', clientHello(program, host, ours), 0x0301)),
    shown: [
      plain('ServerHello', parts(record('handshake', serverHello(ours, theirs)), CHANGE_CIPHER_SPEC)),
      sealed('EncryptedExtensions', [ENCRYPTED_EXTENSIONS]),
      sealed('Certificate', [certificateMessage(chain)]),
      sealed('CertificateVerify, Finished', [certificateVerify(theirs), finished(theirs)]),
    ],
    closing:
      session.client === 'accepts'
        ? sealed('Finished', [finished(ours)], CHANGE_CIPHER_SPEC)
        : plain('Alert', alertRecord(session.client)),
    request: sealed('Request', [session.request]),
    tickets: sealed('NewSessionTicket', [
      newSessionTicket(theirs, 0, ticketBytes),
      newSessionTicket(theirs, 1, ticketBytes),
    ]),
    answer: sealed('Answer', session.answer),
  };
}
