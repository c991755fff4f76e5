/**
 * Chains of certificates, good and bad, that the simulation makes, and that OpenSSL, curl, Python and Go are asked about:
 * what a server sends, what its client trusts, and whom it asks for.
 */
import type { Certificate, DistinguishedName } from '../../../src/model/certificates/certificate.ts';
import type { Extension, SubjectAlternativeName } from '../../../src/model/certificates/extension.ts';
import { issueCertificate, keyIdentifier } from '../../../src/model/certificates/issue.ts';
import { makeKey, type PrivateKey } from '../../../src/model/certificates/rsa.ts';

export interface ChainCase {
  readonly name: string;
  readonly sent: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly host: string;
  /** Of the first certificate. */
  readonly key: PrivateKey;
}

interface Made {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

const DAY = 86_400;
const YEAR = 365 * DAY;
const HOST = 'www.example.test';

type Change = Partial<{
  readonly key: PrivateKey;
  readonly subject: DistinguishedName;
  readonly from: number;
  readonly to: number;
  readonly extensions: readonly Extension[];
  readonly signedWith: PrivateKey;
}>;

const named = (name: string): DistinguishedName => [
  { type: 'O', value: 'Chains, Inc.' },
  { type: 'CN', value: name },
];

/** Returns the cases at a time in seconds since the epoch. */
export function chainCases(at: number): readonly ChainCase[] {
  const make = (name: string, issuer: Made | null, change: Change, standard: readonly Extension[]): Made => {
    const key = change.key ?? makeKey(`chains ${name}`);
    const subject = change.subject ?? named(name);
    const certificate = issueCertificate({
      serialNumber: keyIdentifier(makeKey(`serial ${name}`)).replace(/^[89a-f]/, '7'),
      subject,
      issuer: issuer?.certificate.subject ?? subject,
      notBefore: change.from ?? at - 30 * DAY,
      notAfter: change.to ?? at + YEAR,
      publicKey: key,
      signedWith: change.signedWith ?? issuer?.key ?? key,
      extensions: change.extensions ?? [...standard, ...identifiers(key, issuer)],
    });
    return { certificate, key };
  };
  const authority = (name: string, issuer: Made | null = null, change: Change = {}): Made =>
    make(name, issuer, change, [CA, SIGNS]);
  const server = (
    issuer: Made | null,
    change: Change & { readonly names?: readonly string[] } = {},
  ): Made => {
    const names = change.names ?? [HOST];
    return make('server', issuer, { subject: [{ type: 'CN', value: HOST }], ...change }, [
      NO_CA,
      { kind: 'extendedKeyUsage', purposes: ['serverAuth'] },
      ...(names.length === 0 ? [] : [alternatives(names)]),
    ]);
  };
  const past = { from: at - YEAR, to: at - DAY };
  const future = { from: at + DAY, to: at + YEAR };

  const root = authority('root');
  const other = authority('other root');
  const between = authority('intermediate', root);
  const leaf = server(root);
  const deep = server(between);
  const bare = { key: makeKey('chains bare'), extensions: [CA, SIGNS] };
  const bareRoot = authority('bare root', null, bare);
  const bareTwin = authority('bare root', null, { ...bare, key: makeKey('chains bare twin') });
  const bareLeaf = server(bareRoot, { extensions: [alternatives([HOST])] });
  const twin = authority('root', null, { key: makeKey('chains twin') });

  const of = (name: string, sent: readonly Made[], trusted: readonly Made[], host = HOST): ChainCase => ({
    name,
    sent: sent.map(({ certificate }) => certificate),
    trusted: trusted.map(({ certificate }) => certificate),
    host,
    key: sent[0]?.key ?? root.key,
  });
  const leafOf = (name: string, change: Parameters<typeof server>[1], host = HOST): ChainCase =>
    of(name, [server(root, change)], [root], host);
  const under = (name: string, change: Change): ChainCase => {
    const middle = authority('intermediate', root, change);
    return of(name, [server(middle), middle], [root]);
  };
  const below = (name: string, change: Change): ChainCase => {
    const top = authority('root', null, change);
    return of(name, [server(top)], [top]);
  };

  const selfCa = server(null, { extensions: [CA, alternatives([HOST])] });
  const selfPlain = server(null, {});
  const second = authority('second intermediate', between);
  const limited = authority('limited root', null, {
    extensions: [{ kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: 0 }, SIGNS],
  });
  const underLimited = authority('intermediate', limited);

  return [
    of('a root and what it signed', [leaf], [root]),
    of('an intermediate between them', [deep, between], [root]),
    of('two intermediates', [server(second), second, between], [root]),
    of('intermediates in the wrong order', [server(second), between, second], [root]),
    of('something unrelated in between', [deep, other, between], [root]),
    of('the server sent twice', [leaf, leaf], [root]),
    of('the intermediate is missing', [deep], [root]),
    of('the intermediate is trusted, the root is not', [deep], [between]),
    of('the intermediate is sent and trusted, the root is not', [deep, between], [between]),
    of('the intermediate is trusted beside the root', [deep], [between, root]),
    of('only the server itself is trusted', [deep], [deep]),
    of('another root', [leaf], [other]),
    of('another root, and an intermediate', [deep, between], [other]),
    of('nothing is trusted', [leaf], []),
    of('two roots, the second is right', [leaf], [other, root]),
    of('a root of the same name with another key', [leaf], [twin]),
    of('a root of the same name with another key, and the right one', [leaf], [twin, root]),
    of('a root of the same name and no key identifiers', [bareLeaf], [bareTwin]),
    of('no key identifiers', [bareLeaf], [bareRoot]),
    of('the root is sent too', [leaf, root], [root]),
    of('the root is sent, and not trusted', [leaf, root], []),
    of('the root is sent, and another is trusted', [leaf, root], [other]),
    of('the root is sent, and a twin is trusted', [leaf, root], [twin]),
    of('signs itself', [selfPlain], [root]),
    of('signs itself and is trusted', [selfPlain], [selfPlain]),
    of('signs itself as a CA and is trusted', [selfCa], [selfCa]),
    of('the root itself as the server', [root], [root], 'root'),
    leafOf('expired', past),
    leafOf('not yet valid', future),
    under('expired intermediate', past),
    under('intermediate not yet valid', future),
    below('expired root', past),
    below('root not yet valid', future),
    of('expired, and another root', [server(root, past)], [other]),
    leafOf('expired, and another name', { ...past, names: ['else.example.test'] }),
    of('expired, and signs itself', [server(null, past)], [root]),
    under('intermediate with CA:FALSE', { extensions: [NO_CA] }),
    under('intermediate without basicConstraints', { extensions: [SIGNS] }),
    under('intermediate of version 1', { extensions: [] }),
    under('intermediate that may not sign certificates', {
      extensions: [CA, { kind: 'keyUsage', usages: ['digitalSignature'] }],
    }),
    under('intermediate for clients only', {
      extensions: [CA, SIGNS, { kind: 'extendedKeyUsage', purposes: ['clientAuth'] }],
    }),
    below('root with CA:FALSE', { extensions: [NO_CA] }),
    below('root without basicConstraints', { extensions: [SIGNS] }),
    below('root without any extension', { extensions: [] }),
    below('root that may not sign certificates', {
      extensions: [CA, { kind: 'keyUsage', usages: ['digitalSignature'] }],
    }),
    of('more intermediates than the root allows', [server(underLimited), underLimited], [limited]),
    of('as many intermediates as the root allows', [server(limited)], [limited]),
    leafOf('for clients only', {
      extensions: [{ kind: 'extendedKeyUsage', purposes: ['clientAuth'] }, alternatives([HOST])],
    }),
    leafOf('for any purpose', {
      extensions: [{ kind: 'extendedKeyUsage', purposes: ['anyExtendedKeyUsage'] }, alternatives([HOST])],
    }),
    leafOf('a key that signs certificates only', { extensions: [SIGNS, alternatives([HOST])] }),
    leafOf('another name', { names: ['else.example.test'] }),
    leafOf('two other names', { names: ['else.example.test', 'more.example.test'] }),
    leafOf('names in capitals', { names: ['WWW.Example.TEST'] }),
    leafOf('a common name only', { names: [] }),
    leafOf('another common name only', { names: [], subject: [{ type: 'CN', value: 'else.example.test' }] }),
    leafOf('a common name of a star only', { names: [], subject: [{ type: 'CN', value: '*' }] }),
    leafOf('a common name with a star', { names: [], subject: [{ type: 'CN', value: '*.example.test' }] }),
    leafOf('no name at all', { names: [], subject: [{ type: 'O', value: 'Nobody' }] }),
    leafOf('the common name, and another alternative', {
      names: ['else.example.test'],
      subject: [{ type: 'CN', value: HOST }],
    }),
    leafOf('the common name, and an address', { names: ['192.0.2.1'] }),
    leafOf('a star', { names: ['*.example.test'] }),
    leafOf('a star for two labels', { names: ['*.example.test'] }, 'a.b.example.test'),
    leafOf('a star for the name behind it', { names: ['*.example.test'] }, 'example.test'),
    leafOf('a star before one label', { names: ['*.test'] }, 'example.test'),
    leafOf('a star within a label', { names: ['w*.example.test'] }),
    leafOf('an address', { names: ['127.0.0.1'] }, '127.0.0.1'),
    leafOf('another address', { names: ['192.0.2.1'] }, '127.0.0.1'),
    leafOf(
      'an address as a name',
      { extensions: [{ kind: 'subjectAltName', names: [{ kind: 'dns', value: '127.0.0.1' }] }] },
      '127.0.0.1',
    ),
    leafOf(
      'an address as common name',
      { names: [], subject: [{ type: 'CN', value: '127.0.0.1' }] },
      '127.0.0.1',
    ),
    leafOf('names only, asked for an address', {}, '127.0.0.1'),
    leafOf('a wrong signature', { signedWith: makeKey('chains somebody else') }),
    leafOf('a key of 4096 bits', { key: makeKey('chains long', 4096) }),
    leafOf('the key identifier of another CA', {
      extensions: [
        alternatives([HOST]),
        { kind: 'authorityKeyIdentifier', identifier: keyIdentifier(other.key) },
      ],
    }),
    leafOf('of version 1', { extensions: [] }),
    leafOf('letters beyond ASCII in the name', {
      subject: [
        { type: 'C', value: 'DE' },
        { type: 'O', value: 'Müller & Söhne' },
        { type: 'CN', value: HOST },
      ],
    }),
  ];
}

const CA: Extension = { kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: null };
const NO_CA: Extension = { kind: 'basicConstraints', critical: 'critical', ca: false, pathLength: null };
const SIGNS: Extension = { kind: 'keyUsage', critical: 'critical', usages: ['keyCertSign', 'cRLSign'] };

function alternatives(names: readonly string[]): Extension {
  return {
    kind: 'subjectAltName',
    names: names.map((value): SubjectAlternativeName => ({
      kind: /^[\d.]+$/.test(value) ? 'ip' : 'dns',
      value,
    })),
  };
}

function identifiers(key: PrivateKey, issuer: Made | null): readonly Extension[] {
  const own: Extension = { kind: 'subjectKeyIdentifier', identifier: keyIdentifier(key) };
  const theirs = issuer?.certificate.subjectKeyIdentifier ?? null;
  return theirs === null ? [own] : [own, { kind: 'authorityKeyIdentifier', identifier: theirs }];
}
