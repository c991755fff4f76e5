/** What OpenSSL is asked: every chain, and command lines on files that the simulation made. */
import { issueCertificate } from '../../../src/model/certificates/issue.ts';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import {
  publicIntermediate,
  publicRoot,
  serverCertificates,
} from '../../../src/model/certificates/public-authority.ts';
import { makeRequest } from '../../../src/model/certificates/request.ts';
import { makeKey } from '../../../src/model/certificates/rsa.ts';
import { chainCases, type ChainCase } from './chains.ts';
import type { Files } from './run.ts';

/** When the recorded answers were asked for: all dates are seen from there. */
export const RECORDED_AT = 1_790_000_000;

export interface Question {
  readonly name: string;
  readonly files: Files;
  readonly lines: readonly (readonly string[])[];
}

/** `openssl verify` in four ways for each chain. */
export function chainQuestions(at: number): readonly Question[] {
  return chainCases(at).map((each) => ({
    name: each.name,
    files: chainFiles(each),
    lines: verifyLines(each, at),
  }));
}

function chainFiles({ sent, trusted, key }: ChainCase): Files {
  const [leaf, ...others] = sent.map(toPem);
  return {
    'leaf.pem': leaf ?? '',
    'key.pem': keyToPem(key),
    ...(others.length === 0 ? {} : { 'others.pem': others.join('') }),
    ...(trusted.length === 0 ? {} : { 'trusted.pem': trusted.map(toPem).join('') }),
  };
}

function verifyLines({ sent, trusted, host }: ChainCase, at: number): readonly (readonly string[])[] {
  const base = [
    'verify',
    '-attime',
    String(at),
    '-no-CAfile',
    '-no-CApath',
    ...(trusted.length === 0 ? [] : ['-CAfile', 'trusted.pem']),
    ...(sent.length < 2 ? [] : ['-untrusted', 'others.pem']),
  ];
  const named = /^[\d.]+$/.test(host) ? ['-verify_ip', host] : ['-verify_hostname', host];
  return [
    [...base, 'leaf.pem'],
    [...base, '-show_chain', 'leaf.pem'],
    [...base, '-purpose', 'sslserver', ...named, 'leaf.pem'],
    [...base, '-partial_chain', 'leaf.pem'],
    ['rsa', '-in', 'key.pem', '-check', '-noout'],
    ['x509', '-in', 'leaf.pem', '-noout', '-text'],
  ];
}

/** Command lines in order, each on what the ones before it left. */
export function commandQuestions(): readonly Question[] {
  const at = RECORDED_AT;
  const [leaf, between] = serverCertificates('www.example.test', at);
  const key = makeKey('server www.example.test');
  const ca = makeKey('openssl commands');
  const name = [
    { type: 'CN', value: 'mitmproxy' },
    { type: 'O', value: 'mitm, "proxy"' },
  ];
  const authority = issueCertificate({
    serialNumber: '0badc0de',
    subject: name,
    issuer: name,
    notBefore: at,
    notAfter: Date.UTC(2056, 0, 1) / 1000,
    publicKey: ca,
    signedWith: ca,
    extensions: [{ kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: 3 }],
  });
  const files: Files = {
    'leaf.pem': toPem(leaf),
    'between.pem': toPem(between),
    'root.pem': toPem(publicRoot()),
    'chain.pem': toPem(leaf) + toPem(publicIntermediate()),
    'key.pem': keyToPem(key),
    'old.key': keyToPem(key, 'pkcs1'),
    'ca.pem': toPem(authority),
    'ca.key': keyToPem(ca),
    // As mitmproxy-ca.pem has it.
    'both.pem': keyToPem(ca, 'pkcs1') + toPem(authority),
    'crlf.pem': toPem(leaf).replaceAll('\n', '\r\n'),
    'around.pem': `Certificate of the proxy\n${toPem(leaf)}end\n`,
    'request.csr': makeRequest([{ type: 'CN', value: 'leaf' }], key, [
      { kind: 'subjectAltName', names: [{ kind: 'dns', value: 'leaf.test' }] },
    ]),
    'bare.csr': makeRequest([{ type: 'CN', value: 'leaf' }], key, []),
    'note.txt': 'hello\n',
    'cut.pem': toPem(leaf).split('\n').slice(0, 5).join('\n'),
    'server.ext':
      '# of a server\nsubjectAltName = DNS:ext.test, IP:10.0.0.4\nbasicConstraints = CA:FALSE\nextendedKeyUsage = serverAuth\n',
    'sections.ext':
      '[ v3 ]\nbasicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign\n[ other ]\nextendedKeyUsage = clientAuth\n',
    'wrong.ext': 'foo = bar\n',
    'long.txt': 'x'.repeat(200),
  };
  const questions: Question[] = [];
  const ask = (about: string, ...lines: readonly string[]) =>
    questions.push({ name: about, files, lines: lines.map((line) => words(line)) });
  for (const file of [
    'leaf.pem',
    'between.pem',
    'root.pem',
    'ca.pem',
    'both.pem',
    'crlf.pem',
    'around.pem',
    'chain.pem',
  ])
    ask(
      `x509 of ${file}`,
      `x509 -in ${file}`,
      `x509 -in ${file} -noout -text`,
      `x509 -in ${file} -noout -subject -issuer -dates -serial`,
      `x509 -noout -enddate -startdate -in ${file} -hash -issuer_hash -subject_hash`,
      `x509 -in ${file} -noout -fingerprint`,
      `x509 -in ${file} -noout -fingerprint -sha256`,
      `x509 -in ${file} -noout -sha1 -fingerprint -modulus -pubkey`,
      `x509 -in ${file} -noout -ext subjectAltName,basicConstraints,keyUsage`,
    );
  ask(
    'x509 says whom a certificate is for',
    'x509 -in leaf.pem -noout -checkhost www.example.test -subject',
    'x509 -in leaf.pem -noout -checkhost example.test',
    'x509 -in leaf.pem -noout -checkip 10.0.0.4',
    'x509 -in leaf.pem -noout -ext nameConstraints',
    'x509 -in leaf.pem -text -noout -subject -subject',
    'x509 --in leaf.pem --noout --serial',
    'x509 -in=leaf.pem -noout -serial',
  );
  ask(
    'x509 without a certificate',
    'x509 -in nofile -noout',
    'x509 -in key.pem -noout -text',
    'x509 -in note.txt',
    'x509 -in cut.pem',
    'x509 -in request.csr -noout',
    'x509 -in',
    'x509 -noout=3',
    'x509 -in leaf.pem extra',
    'x509 -in leaf.pem -checkend soon',
  );
  ask(
    'verify',
    `verify -attime ${at} -no-CApath -CAfile root.pem -untrusted between.pem leaf.pem`,
    `verify -attime ${at} -no-CApath -CAfile root.pem leaf.pem`,
    `verify -attime ${at} -no-CApath -CAfile root.pem -untrusted between.pem leaf.pem ca.pem root.pem`,
    `verify -attime ${at} -trusted root.pem -untrusted chain.pem -show_chain leaf.pem`,
    `verify -attime ${at} -CAfile nofile leaf.pem`,
    `verify -attime ${at} -CAfile note.txt leaf.pem`,
    `verify -attime ${at} -untrusted nofile leaf.pem`,
    'verify nofile',
    'verify -attime soon leaf.pem',
  );
  ask(
    'keys',
    'rsa -in key.pem -check -noout',
    'rsa -in old.key -check -noout',
    'rsa -in old.key',
    'rsa -in key.pem -traditional',
    'rsa -in key.pem -pubout',
    'rsa -in key.pem -noout -modulus',
    'rsa -in both.pem -noout -text',
    'rsa -in leaf.pem',
    'rsa -in nofile',
    'pkey -in key.pem -pubout',
    'pkey -in key.pem -noout -check',
    'pkey -in key.pem -noout -text',
    'genpkey',
    'genrsa many',
  );
  ask(
    'requests',
    'req -in request.csr -noout -text',
    'req -in bare.csr -noout -text',
    'req -in request.csr -noout -verify -subject',
    'req -in request.csr -noout -pubkey',
    'req -in request.csr',
    'req -in nofile -noout',
    'req -in leaf.pem -noout',
    'req -new -key nofile -subj /CN=a',
    'req -x509 -key ca.key -subj CN=a',
    'req -x509 -key ca.key -subj /CN=a -addext foo=bar',
    'req -x509 -key ca.key -subj /C=XXX',
    'req -new -key ca.key -subj /CN=a -out made.csr',
    'req -in made.csr -noout -text',
    'req -new -key ca.key -subj /CN=a\\/b/O=c=d/FOO=bar/OU= -out odd.csr',
    'req -in odd.csr -noout -subject',
  );
  ask(
    'digests and base64',
    'dgst -sha256 note.txt',
    'dgst note.txt long.txt',
    'dgst -sha1 -r note.txt',
    'sha256 note.txt',
    'dgst nofile',
    'base64 -in long.txt',
    'base64 -A -in note.txt',
    'enc -base64 -in note.txt',
    'base64 -d -in long.txt',
  );
  ask('something else', 'nothing', 's_client -connect', 's_client -proxy 127.0.0.1:1', 'version -x');
  return questions;
}

/** Command lines that make certificates, and the file of each that is compared by its text. */
export function makingQuestions(): readonly (Question & { readonly made: readonly string[] })[] {
  const { files } = commandQuestions()[0] ?? { files: {} };
  const make = (name: string, made: readonly string[], ...lines: readonly string[]) => ({
    name,
    files,
    made,
    lines: lines.map((line) => words(line)),
  });
  return [
    make('req -x509', ['a.pem'], 'req -x509 -key ca.key -subj /CN=my.proxy/O=me -days 10 -out a.pem'),
    make(
      'req -x509 with extensions',
      ['a.pem'],
      'req -x509 -new -nodes -key ca.key -sha256 -subj /CN=a -out a.pem -addext subjectAltName=DNS:a.test,IP:10.0.0.4 -addext keyUsage=critical,keyCertSign,cRLSign -addext basicConstraints=critical,CA:FALSE',
    ),
    make(
      'x509 -req without extensions',
      ['b.pem'],
      'x509 -req -in request.csr -CA ca.pem -CAkey ca.key -days 5 -out b.pem',
    ),
    make(
      'x509 -req that copies',
      ['b.pem'],
      'x509 -req -in request.csr -CA ca.pem -CAkey ca.key -out b.pem -copy_extensions copyall -set_serial 77',
    ),
    make(
      'x509 -req with a file',
      ['b.pem'],
      'x509 -req -in request.csr -CA between.pem -CAkey ca.key -out none.pem',
      'req -x509 -key ca.key -subj /CN=ca -out ca2.pem',
      'x509 -req -in request.csr -CA ca2.pem -CAkey ca.key -out b.pem -extfile server.ext -days 30 -CAcreateserial',
    ),
    make(
      'x509 -req with a section',
      ['b.pem', 'c.pem'],
      'req -x509 -key ca.key -subj /CN=ca -out ca2.pem',
      'x509 -req -in request.csr -CA ca2.pem -CAkey ca.key -out b.pem -extfile sections.ext -extensions v3',
      'x509 -req -in request.csr -signkey key.pem -out c.pem -extfile sections.ext -extensions other',
      'x509 -req -in request.csr -CA ca2.pem -CAkey ca.key -extfile sections.ext -extensions none',
      'x509 -req -in request.csr -CA ca2.pem -CAkey ca.key -extfile wrong.ext',
      'x509 -req -in request.csr -CA ca2.pem -CAkey ca.key -extfile nofile',
      'x509 -req -in request.csr -CA ca2.pem -CAkey key.pem',
      'x509 -req -in request.csr -CA ca2.pem',
      'x509 -req -in request.csr',
      'x509 -req -in nofile -CA ca2.pem',
      'x509 -req -in leaf.pem -CA ca2.pem -CAkey ca.key',
      'x509 -req -in request.csr -CA ca2.pem -CAkey ca.key -CAserial nofile.srl',
    ),
    make('signs itself', ['c.pem'], 'x509 -req -in bare.csr -signkey key.pem -days 3 -out c.pem'),
  ];
}

const words = (line: string): readonly string[] => line.split(' ');
