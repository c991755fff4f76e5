/**
 * What is asked of curl, in one world that exists twice: a network namespace with real servers and real mitmproxies,
 * and the simulation. Addresses, names and ports are the same in both.
 */

/** What listens in the world, besides the two web servers of `tests/unit/shell/place/proxy-world.ts`. */
export const PROXIES = {
  /** Checks servers against the public root. */
  plain: { port: 8080, options: [] },
  blocking: {
    port: 8081,
    options: [
      'block_list=/~d other.example.org/403',
      'block_list=|~u /kill|444',
      'block_list=|~u /teapot|418',
    ],
  },
  asking: { port: 8082, options: ['proxyauth=ann:secret'] },
  ignoring: { port: 8083, options: ['ignore_hosts=^www\\.example\\.com'] },
  careless: { port: 8084, options: ['ssl_insecure=true'] },
} as const;

/** On the proxies' machine: TLS with a certificate that signs itself, and plain HTTP. */
export const SELF_SIGNED_PORT = 8443;
export const PLAIN_PORT = 8880;

export interface WitnessCase {
  readonly name: string;
  /** `curl --no-progress-meter` if absent. */
  readonly program?: 'wget';
  /** As typed behind the program. */
  readonly args: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns what is typed. */
export function commandOf({ program, args }: WitnessCase): string {
  return `${program ?? 'curl --no-progress-meter'} ${args}`;
}

const P = 'http://10.20.0.6:8080';
const at = (name: keyof typeof PROXIES): string => `http://10.20.0.6:${PROXIES[name].port}`;
const CA = '--cacert mitmproxy-ca-cert.pem';
const ROOT = '--cacert root.pem';

export const CASES: readonly WitnessCase[] = [
  { name: 'plain HTTP without a proxy', args: '-v http://www.example.com/' },
  { name: 'TLS with the public root', args: `-v ${ROOT} https://www.example.com/a` },
  {
    name: 'TLS of another name',
    args: `-v ${ROOT} --resolve shop.example.net:443:203.0.113.80 https://shop.example.net/`,
  },
  { name: 'TLS that signs itself', args: '-v https://10.20.0.6:8443/' },
  { name: 'TLS that signs itself, taken all the same', args: '-v -k https://10.20.0.6:8443/' },
  { name: 'TLS with a server that speaks none', args: '-v https://10.20.0.6:8880/' },
  { name: 'HTTP to a port where nobody is', args: '-v http://10.20.0.6:8999/' },
  { name: 'a name that is none', args: '-v http://nobody.invalid/' },
  { name: 'the proxy, plain HTTP', args: `-v -x ${P} http://www.example.com/a` },
  {
    name: 'the proxy without a scheme, and a method',
    args: '-v -x 10.20.0.6:8080 -d a=b http://www.example.com/',
  },
  { name: 'CONNECT with the CA', args: `-v -x ${P} ${CA} https://www.example.com/a` },
  { name: 'CONNECT without the CA', args: `-v -x ${P} https://www.example.com/a` },
  { name: 'CONNECT with another CA', args: `-v -x ${P} ${ROOT} https://www.example.com/a` },
  { name: 'CONNECT with -k', args: `-v -k -x ${P} https://www.example.com/a` },
  { name: 'CONNECT without the CA, without -v', args: `-sS -x ${P} https://www.example.com/` },
  { name: 'CONNECT and HEAD', args: `-I ${CA} -x ${P} https://www.example.com/` },
  { name: 'CONNECT and -i', args: `-i ${CA} -x ${P} https://www.example.com/` },
  {
    name: '-i without what CONNECT said',
    args: `-i --suppress-connect-headers ${CA} -x ${P} https://www.example.com/`,
  },
  { name: 'CONNECT to an address', args: `-v ${CA} -x ${P} https://203.0.113.80/` },
  { name: 'CONNECT for plain HTTP', args: `-v -p -x ${P} http://www.example.com/` },
  { name: 'a server that refuses, https', args: `-v -x ${P} https://203.0.113.80:8999/` },
  { name: 'a server that refuses, http', args: `-v -x ${P} http://203.0.113.80:8999/` },
  { name: 'a server that refuses, and -f', args: `-v -f -x ${P} https://203.0.113.80:8999/` },
  { name: 'a name that the proxy has no address for, https', args: `-v -x ${P} https://nobody.invalid/` },
  { name: 'a name that the proxy has no address for, http', args: `-i -x ${P} http://nobody.invalid/` },
  {
    name: 'a server whose certificate the proxy does not take',
    args: `-v -k -x ${P} https://10.20.0.6:8443/`,
  },
  { name: 'the same with HTTP/1.1', args: `-v -k --http1.1 -x ${P} https://10.20.0.6:8443/` },
  {
    name: 'a proxy that takes any certificate',
    args: `-v ${CA} -x ${at('careless')} https://10.20.0.6:8443/`,
  },
  { name: 'a server that speaks no TLS', args: `-sS -k -x ${P} https://10.20.0.6:8880/` },
  { name: 'blocked, http', args: `-v -x ${at('blocking')} http://other.example.org/` },
  { name: 'blocked, https', args: `-v -k -x ${at('blocking')} https://other.example.org/` },
  { name: 'blocked, and -f', args: `-v -f -x ${at('blocking')} http://other.example.org/` },
  { name: 'a status of another kind', args: `-i -x ${at('blocking')} http://www.example.com/teapot` },
  { name: 'closed without an answer, http', args: `-v -x ${at('blocking')} http://www.example.com/kill` },
  {
    name: 'closed without an answer, https',
    args: `-v -k -x ${at('blocking')} https://www.example.com/kill`,
  },
  { name: 'not logged in, http', args: `-v -x ${at('asking')} http://www.example.com/` },
  { name: 'not logged in, https', args: `-v -x ${at('asking')} https://www.example.com/` },
  { name: 'logged in', args: `-v ${CA} -U ann:secret -x ${at('asking')} https://www.example.com/` },
  { name: 'logged in by the URL', args: '-v -x http://ann:secret@10.20.0.6:8082 http://www.example.com/' },
  { name: 'a wrong password', args: `-sS -U ann:wrong -x ${at('asking')} https://www.example.com/` },
  {
    name: 'a tunnel that the proxy does not read',
    args: `-v ${ROOT} -x ${at('ignoring')} https://www.example.com/`,
  },
  { name: 'nobody at the proxy, http', args: '-v -x http://10.20.0.6:8089 http://www.example.com/' },
  { name: 'nobody at the proxy, https', args: '-v -x http://10.20.0.6:8089 https://www.example.com/' },
  { name: 'a proxy whose name is none', args: '-v -x http://proxy.invalid:8080 https://www.example.com/' },
  { name: 'a proxy of a scheme that is none', args: '-v -x foo://10.20.0.6:8080 http://www.example.com/' },
  { name: 'a proxy with a port that is none', args: '-v -x http://10.20.0.6:99999 http://www.example.com/' },
  { name: 'no proxy by option', args: `-v -x ${P} --noproxy www.example.com http://www.example.com/` },
  { name: 'no proxy at all', args: `-v -x ${P} --noproxy '*' http://www.example.com/` },
  { name: 'an empty proxy', args: `-v -x '' http://www.example.com/`, env: { http_proxy: P } },
  { name: 'http_proxy', args: '-v http://www.example.com/', env: { http_proxy: P } },
  { name: 'HTTP_PROXY is not read', args: '-v http://www.example.com/', env: { HTTP_PROXY: P } },
  { name: 'HTTPS_PROXY is', args: `-v ${CA} https://www.example.com/`, env: { HTTPS_PROXY: P } },
  { name: 'ALL_PROXY', args: '-v http://www.example.com/', env: { ALL_PROXY: P } },
  {
    name: 'a range in NO_PROXY',
    args: '-v http://203.0.113.80/',
    env: { http_proxy: P, NO_PROXY: 'localhost,203.0.113.0/24' },
  },
  {
    name: 'a range does not match the name',
    args: '-v http://www.example.com/',
    env: { http_proxy: P, no_proxy: '203.0.113.0/24' },
  },
  {
    name: '--noproxy instead of NO_PROXY',
    args: '-v --noproxy a.example http://www.example.com/',
    env: { http_proxy: P, no_proxy: 'www.example.com' },
  },
  { name: 'a CA file that is missing', args: `-v --cacert nothing.pem -x ${P} https://www.example.com/` },
  { name: 'a CA file that is none', args: `-v --cacert /etc/hostname https://www.example.com/` },
  {
    name: 'a CA by variable',
    args: `-v -x ${P} https://www.example.com/`,
    env: { CURL_CA_BUNDLE: 'mitmproxy-ca-cert.pem' },
  },
  { name: 'TLS to the proxy, not trusted', args: '-v -x https://10.20.0.6:8080 http://www.example.com/' },
  {
    name: 'TLS to the proxy, taken all the same',
    args: '-v --proxy-insecure -x https://10.20.0.6:8080 http://www.example.com/',
  },
  {
    name: 'TLS to the proxy with its CA, and TLS in it',
    args: `-v --proxy-cacert mitmproxy-ca-cert.pem ${CA} -x https://10.20.0.6:8080 https://www.example.com/`,
  },
  {
    name: 'headers for the proxy',
    args: `-v ${CA} --proxy-header 'X-Proxy: one' -H 'X-Server: two' -x ${P} https://www.example.com/`,
  },
  { name: 'a password for the server', args: `-v -u ann:secret -x ${P} http://www.example.com/` },
  {
    name: 'another connection by --connect-to',
    args: `-v -k --connect-to www.example.com:443:203.0.113.80:443 https://www.example.com/`,
  },
  { name: 'the proxy asked like a server', args: '-v http://10.20.0.6:8080/' },
  {
    name: 'what is known of a transfer',
    args: `-s -o /dev/null -w '%{http_connect} %{http_code} %{ssl_verify_result} %{proxy_ssl_verify_result} %{num_connects} %{remote_ip} %{remote_port} %{scheme} %{http_version} %{exitcode}\\n' -k -x ${P} https://www.example.com/`,
  },
  {
    name: 'what is known of a transfer that failed',
    args: `-s -w '%{http_connect} %{http_code} %{ssl_verify_result} %{num_connects} %{remote_ip} %{exitcode} %{errormsg}\\n' -x ${P} https://www.example.com/`,
  },
  {
    name: 'what is known of a tunnel that failed',
    args: `-s -w '%{http_connect} %{http_code} %{num_connects} %{remote_ip} %{exitcode} %{errormsg}\\n' -x ${P} https://203.0.113.80:8999/`,
  },
];
