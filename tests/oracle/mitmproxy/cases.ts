/** Lines of the VM chapter, as they are typed on the proxy's own machine: the same words in both worlds. */
export interface MitmCase {
  readonly name: string;
  /** Of bash, in an empty home directory. */
  readonly lines: readonly string[];
}

const CA = '--cacert ~/.mitmproxy/mitmproxy-ca-cert.pem';
const CURL = 'curl -sS -x http://127.0.0.1:8080';
const SITE = 'https://www.example.com/';

/** Starts mitmdump with options, runs lines, ends it and shows its log. */
function over(name: string, options: string, ...lines: readonly string[]): MitmCase {
  return {
    name,
    lines: [
      `mitmdump ${options} > mitm.log 2>&1 &`,
      'echo $! > mitm.pid',
      'sleep 3',
      ...lines,
      'sleep 1',
      'kill $(cat mitm.pid)',
      'sleep 1',
      'echo "--- log"',
      'cat mitm.log',
    ],
  };
}

const only = (name: string, ...lines: readonly string[]): MitmCase => ({ name, lines });

export const MITM_CASES: readonly MitmCase[] = [
  over('the first start makes the CA', '--listen-port 8080', 'ls ~/.mitmproxy'),
  over(
    'the CA',
    '',
    'openssl x509 -in ~/.mitmproxy/mitmproxy-ca-cert.pem -noout -subject -issuer',
    'openssl x509 -in ~/.mitmproxy/mitmproxy-ca-cert.pem -noout -text | grep -A1 "X509v3 [BEK][ax][st]*.*" | grep -v "^--"',
    'openssl x509 -in ~/.mitmproxy/mitmproxy-ca-cert.pem -noout -checkend 315200000; echo $?',
    'openssl x509 -in ~/.mitmproxy/mitmproxy-ca-cert.pem -noout -checkend 315400000; echo $?',
    'grep -h -- "-----BEGIN" ~/.mitmproxy/mitmproxy-ca.pem ~/.mitmproxy/mitmproxy-ca-cert.pem ~/.mitmproxy/mitmproxy-ca-cert.cer ~/.mitmproxy/mitmproxy-dhparam.pem',
  ),
  over(
    'the leaf',
    '',
    'openssl s_client -proxy 127.0.0.1:8080 -connect www.example.com:443 -servername www.example.com < /dev/null 2> /dev/null > s.txt; openssl x509 -in s.txt -noout -subject -issuer',
    'openssl x509 -in s.txt -noout -text | grep -A1 "X509v3" | grep -v "^--"',
    'openssl x509 -in s.txt -noout -checkend 31500000; echo $?',
    'openssl x509 -in s.txt -noout -checkend 31600000; echo $?',
  ),
  over('plain HTTP is read', '', `${CURL} http://www.example.com/hello`),
  over('HTTPS with the CA is read', '', `${CURL} ${CA} ${SITE}`),
  over('HTTPS without the CA fails', '', `${CURL} ${SITE}; echo $?`),
  over('a name that is none', '', `${CURL} http://nosuch.example.net/; echo; echo $?`),
  over('a port where nobody listens', '', `${CURL} ${CA} https://www.example.com:81/; echo $?`),
  over('ignore_hosts passes it unread', "--ignore-hosts '^www\\.example\\.com'", `${CURL} ${SITE}; echo $?`),
  over('allow_hosts reads nothing else', "--allow-hosts '^other'", `${CURL} ${SITE}; echo $?`),
  over(
    'block_list answers itself',
    "--set 'block_list=/~d www.example.com/403'",
    `${CURL} ${CA} -o /dev/null -w '%{http_code}' ${SITE}; echo`,
  ),
  over(
    'block_list 444 closes',
    "--set 'block_list=/~d www.example.com/444'",
    `${CURL} ${CA} ${SITE}; echo $?`,
  ),
  over(
    'proxyauth asks',
    '--proxyauth ann:secret',
    `${CURL} ${CA} ${SITE}; echo $?`,
    `${CURL} -U ann:secret ${CA} ${SITE}`,
  ),
  over('block_private spares loopback', '--set block_private=true', `${CURL} http://www.example.com/`),
  over(
    'an untrusted upstream',
    '',
    `${CURL} ${CA} -o /dev/null -w '%{http_code}' https://127.0.0.1:9443/; echo`,
  ),
  over(
    'ssl_insecure',
    '--ssl-insecure',
    `${CURL} ${CA} -o /dev/null -w '%{http_code}' https://127.0.0.1:9443/; echo`,
  ),
  over('quiet', '-q', `${CURL} http://www.example.com/`),
  over('warnings only', '--set termlog_verbosity=warn', `${CURL} ${SITE}; echo $?`),
  over('no flows', '--flow-detail 0', `${CURL} http://www.example.com/`),
  over('on loopback only', '--listen-host 127.0.0.1', `${CURL} http://www.example.com/`),
  over('a filter', "'~d other'", `${CURL} http://www.example.com/`),
  over(
    'a long URL is cut',
    '',
    `${CURL} 'http://www.example.com/aaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbb/cccccccccccccccccc'`,
  ),
  over('a second one finds the port taken', '', 'mitmdump; echo $?'),
  over('--set of an option that is none', '--set nosuchoption=1', 'true'),
  over('a CA of its own in confdir', '--set confdir=own', 'ls own'),
  only('--version', 'mitmdump --version > version.txt; head -1 version.txt'),
  only('--help', 'mitmdump --help; echo $?'),
  only('--options', 'mitmdump --options > options.txt; head -40 options.txt'),
  only('a flag that is none', 'mitmdump --nosuch; echo $?'),
  only('an ambiguous flag', 'mitmdump --list 8081; echo $?'),
  only('a port that is none', 'mitmdump -p web; echo $?'),
  only('a flag without its value', 'mitmdump -p; echo $?'),
  only('a boolean that is none', 'mitmdump --set block_global=maybe; echo $?'),
  only('an integer that is none', 'mitmdump --set listen_port=x; echo $?'),
  only('several values', 'mitmdump --set flow_detail=1 --set flow_detail=2; echo $?'),
  only('a mode that is none', 'mitmdump --mode bogus; echo $?'),
  only('an upstream that is none', 'mitmdump --mode upstream:ftp://x; echo $?'),
  only('block_list without a status', 'mitmdump --set block_list=foo; echo $?'),
  only('block_list with a filter that is none', 'mitmdump --set block_list=/~x/403; echo $?'),
  only('--certs of a file that is not there', 'mitmdump --certs nofile.pem; echo $?'),
  only('proxyauth without a colon', 'mitmdump --proxyauth foo; echo $?'),
  only('both lists of hosts', 'mitmdump --allow-hosts a --ignore-hosts b; echo $?'),
  only('an address that is not its own', 'mitmdump --listen-host 10.9.9.9; echo $?'),
];
