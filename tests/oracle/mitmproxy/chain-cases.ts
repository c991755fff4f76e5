/** Lines about one proxy that hands everything to another, and about whom a proxy believes on the other side. */
import type { MitmCase } from './cases.ts';

const OWN = '--cacert ~/.mitmproxy/mitmproxy-ca-cert.pem';
const CURL = 'curl -sS -x http://127.0.0.1:8080';
const STATUS = "-o /dev/null -w '%{http_code}\\n'";
const PLAIN = 'http://www.example.com/hello';
const SITE = 'https://www.example.com/';

/** Starts the far proxy on 8082 and the near one on 8080, runs lines, ends both and shows their logs. */
function chain(name: string, near: string, far: string | null, ...lines: readonly string[]): MitmCase {
  const starts = (options: string, at: number): readonly string[] => [
    `mitmdump --listen-port ${at} ${options} > ${at}.log 2>&1 &`,
    `echo $! > ${at}.pid`,
    'sleep 3',
  ];
  const ports = far === null ? [8080] : [8080, 8082];
  return {
    name,
    lines: [
      ...(far === null ? [] : starts(far, 8082)),
      ...starts(near, 8080),
      ...lines,
      'sleep 1',
      ...ports.map((at) => `kill $(cat ${at}.pid)`),
      'sleep 1',
      ...ports.flatMap((at) => [`echo "--- ${at}"`, `cat ${at}.log`]),
    ],
  };
}

const LEAF =
  'openssl s_client -proxy 127.0.0.1:8080 -connect 203.0.113.80:443 -servername other.example.com < /dev/null 2> /dev/null > s.txt; openssl x509 -in s.txt -noout -subject -ext subjectAltName';

const UP = '--mode upstream:http://127.0.0.1:8082';
const TRUST_FAR = '--set ssl_verify_upstream_trusted_ca=~/.mitmproxy/mitmproxy-ca-cert.pem';

export const CHAIN_CASES: readonly MitmCase[] = [
  chain('plain HTTP', UP, '', `${CURL} ${PLAIN}`),
  chain('plain HTTP, another port', UP, '', `${CURL} ${STATUS} http://www.example.com:81/`),
  chain('HTTPS, the far CA not trusted', UP, '', `${CURL} ${OWN} ${SITE}`),
  chain('HTTPS, ssl_insecure', `${UP} --ssl-insecure`, '', `${CURL} ${OWN} ${SITE}`),
  chain('HTTPS, the far CA trusted', `${UP} ${TRUST_FAR}`, '', `${CURL} ${OWN} ${SITE}`),
  chain('HTTPS, the client trusts nobody', `${UP} --ssl-insecure`, '', `${CURL} ${SITE}; echo $?`),
  chain('HTTPS, the far one does not read', UP, "--ignore-hosts '^www'", `${CURL} ${OWN} ${SITE}`),
  chain('HTTPS, the near one does not read', `${UP} --ignore-hosts '^www'`, '', `${CURL} ${OWN} ${SITE}`),
  chain('HTTPS, neither reads', `${UP} --ignore-hosts '^www'`, "--ignore-hosts '^www'", `${CURL} ${SITE}`),
  chain('nobody is there: plain HTTP', UP, null, `${CURL} ${PLAIN}`),
  chain('nobody is there: HTTPS', UP, null, `${CURL} ${OWN} ${SITE}; echo $?`),
  chain('nobody is there: HTTPS unread', `${UP} --ignore-hosts '^www'`, null, `${CURL} ${SITE}; echo $?`),
  chain(
    'a far proxy without an address',
    '--mode upstream:http://nosuch.example.net:8082',
    null,
    `${CURL} ${PLAIN}`,
  ),
  chain('a name that is none: plain HTTP', UP, '', `${CURL} http://nosuch.example.net/`),
  chain('a name that is none: HTTPS', UP, '', `${CURL} ${OWN} https://nosuch.example.net/; echo $?`),
  chain(
    'a closed port: HTTPS',
    `${UP} --ssl-insecure`,
    '',
    `${CURL} ${OWN} https://www.example.com:81/; echo $?`,
  ),
  chain(
    'a closed port: HTTPS unread',
    `${UP} --ignore-hosts '^www'`,
    '',
    `${CURL} https://www.example.com:81/; echo $?`,
  ),
  chain('the far one wants a password: plain HTTP', UP, '--proxyauth ann:secret', `${CURL} ${PLAIN}`),
  chain(
    'the far one wants a password: HTTPS',
    UP,
    '--proxyauth ann:secret',
    `${CURL} ${OWN} ${SITE}; echo $?`,
  ),
  chain(
    'upstream_auth: plain HTTP',
    `${UP} --upstream-auth ann:secret`,
    '--proxyauth ann:secret',
    `${CURL} ${PLAIN}`,
  ),
  chain(
    'upstream_auth: HTTPS',
    `${UP} --ssl-insecure --upstream-auth ann:secret`,
    '--proxyauth ann:secret',
    `${CURL} ${OWN} ${SITE}`,
  ),
  chain(
    'upstream_auth, another password',
    `${UP} --upstream-auth ann:wrong`,
    '--proxyauth ann:secret',
    `${CURL} ${STATUS} ${PLAIN}`,
    `${CURL} ${OWN} ${SITE}; echo $?`,
  ),
  chain(
    'the client sends its password to the near one',
    `${UP} --proxyauth bob:pass`,
    '--proxyauth bob:pass',
    `curl -sS -x http://bob:pass@127.0.0.1:8080 ${PLAIN}`,
  ),
  chain(
    'the far one blocks: plain HTTP',
    UP,
    "--set 'block_list=/~d www.example.com/403'",
    `${CURL} ${STATUS} ${PLAIN}`,
  ),
  chain(
    'the far one blocks: HTTPS',
    `${UP} --ssl-insecure`,
    "--set 'block_list=/~d www.example.com/403'",
    `${CURL} ${OWN} ${STATUS} ${SITE}`,
  ),
  chain(
    'the far one closes: plain HTTP',
    UP,
    "--set 'block_list=/~d www.example.com/444'",
    `${CURL} ${PLAIN}; echo $?`,
  ),
  chain(
    'the near one blocks: HTTPS',
    `${UP} --ssl-insecure --set 'block_list=/~d www.example.com/403'`,
    '',
    `${CURL} ${OWN} ${STATUS} ${SITE}`,
    `${CURL} ${STATUS} ${PLAIN}`,
  ),
  chain(
    'the far one over TLS',
    '--mode upstream:https://127.0.0.1:8082 --ssl-insecure',
    '',
    `${CURL} ${PLAIN}`,
  ),
  chain(
    'the far one over TLS, not trusted',
    '--mode upstream:https://127.0.0.1:8082',
    '',
    `${CURL} ${PLAIN}`,
  ),
  chain(
    'the far one over TLS, not trusted: HTTPS',
    '--mode upstream:https://127.0.0.1:8082',
    '',
    `${CURL} ${OWN} ${SITE}`,
  ),
  chain(
    'the client sends a password for the far one',
    UP,
    '--proxyauth bob:pass',
    `curl -sS -x http://bob:pass@127.0.0.1:8080 ${PLAIN}`,
  ),
  chain('plain HTTP in a tunnel', UP, '', `${CURL} -p ${PLAIN}`),
  { name: 'upstream_auth that is none', lines: ['mitmdump --upstream-auth foo; echo $?'] },
  chain('details', `${UP} --ssl-insecure --flow-detail 2`, '--flow-detail 2', `${CURL} -A me ${PLAIN}`),
  chain(
    'upstream_auth, details',
    `${UP} --upstream-auth ann:secret --flow-detail 2`,
    '--proxyauth ann:secret --flow-detail 2',
    `${CURL} -A me ${PLAIN}`,
  ),
  chain(
    'proxyauth, details',
    '--proxyauth ann:secret --flow-detail 2',
    null,
    `${CURL} -A me -U ann:secret ${PLAIN}`,
  ),
  chain('upstream_cert off', `${UP} --ssl-insecure --set upstream_cert=false`, '', `${CURL} ${OWN} ${SITE}`),
  chain(
    'a far proxy that is none',
    '--mode upstream:http://www.example.com',
    null,
    `${CURL} ${STATUS} ${PLAIN}`,
  ),
  // One proxy, and whom it believes.
  chain('an untrusted server', '', null, `${CURL} ${OWN} https://127.0.0.1:9443/`),
  chain('its own roots in place of the usual', TRUST_FAR, null, `${CURL} ${OWN} ${SITE}`),
  chain('the server by its address', '', null, `${CURL} ${OWN} https://203.0.113.80/`),
  chain('the leaf copies the names of the server', '--ssl-insecure', null, LEAF),
  chain(
    'upstream_cert off: the leaf has the name alone',
    '--ssl-insecure --set upstream_cert=false',
    null,
    LEAF,
  ),
  chain('the name in the ClientHello is what is checked', '', null, LEAF),
  chain('upstream_cert off, without a chain', '--set upstream_cert=false', null, `${CURL} ${OWN} ${SITE}`),
  chain(
    'upstream_cert off, an untrusted server',
    '--set upstream_cert=false',
    null,
    `${CURL} ${OWN} https://127.0.0.1:9443/`,
  ),
  chain(
    'connected when it is needed',
    '--set connection_strategy=lazy',
    null,
    `${CURL} ${OWN} ${SITE}`,
    `${CURL} ${PLAIN}`,
  ),
];
