/** What is asked of GNU wget in the same world; Debian's speaks TLS with GnuTLS. */
import type { WitnessCase } from './cases.ts';

const P = 'http://10.20.0.6:8080';
const BOTH = { http_proxy: P, https_proxy: P };
const BLOCKING = { http_proxy: 'http://10.20.0.6:8081', https_proxy: 'http://10.20.0.6:8081' };
const ASKING = { http_proxy: 'http://10.20.0.6:8082', https_proxy: 'http://10.20.0.6:8082' };
const CA = '--ca-certificate=mitmproxy-ca-cert.pem';

const LINES: readonly (readonly [string, Readonly<Record<string, string>>?])[] = [
  ['http://www.example.com/'],
  ['-O- http://www.example.com/'],
  ['-qO- http://www.example.com/'],
  ['-nv -O- http://www.example.com/a'],
  ['-S -O /dev/null http://www.example.com/'],
  ['--spider http://www.example.com/'],
  ['-t1 -O- http://203.0.113.80:8999/'],
  ['-O- http://nobody.invalid/'],
  ['--ca-certificate=root.pem -O- https://www.example.com/'],
  ['--ca-certificate=root.pem -O- https://203.0.113.80/'],
  ['-O- https://10.20.0.6:8443'],
  ['--no-check-certificate -O- https://10.20.0.6:8443/'],
  ['-O- https://10.20.0.6:8880/'],
  ['-O- http://www.example.com/', BOTH],
  [`${CA} -O- https://www.example.com/`, BOTH],
  ['-O- https://www.example.com/', BOTH],
  ['-qO- https://www.example.com/', BOTH],
  ['--no-check-certificate -S -O- https://www.example.com/', BOTH],
  ['-O- http://nobody.invalid/', BOTH],
  ['-O- https://nobody.invalid/', BOTH],
  ['-t1 -O- http://203.0.113.80:8999/', BOTH],
  ['-t1 -O- https://203.0.113.80:8999/', BOTH],
  ['-O- http://203.0.113.80/', { ...BOTH, no_proxy: '203.0.113.80' }],
  ['-e use_proxy=no -O- http://www.example.com/', BOTH],
  ['--no-proxy -O- http://www.example.com/', BOTH],
  ['-e use_proxy=yes -e http_proxy=10.20.0.6:8080 -O- http://www.example.com/'],
  ['-O- http://www.example.com/', { HTTP_PROXY: P }],
  ['-O- http://www.example.com/', { http_proxy: 'http://10.20.0.6:8089' }],
  ['-O- http://www.example.com/', { http_proxy: 'http://proxy.invalid:8080' }],
  ['-O- http://www.example.com/', { http_proxy: 'https://10.20.0.6:8080' }],
  ['-O- http://www.example.com/', { http_proxy: 'foo://10.20.0.6:8080' }],
  ['-O- http://other.example.org/', BLOCKING],
  ['-nv -O- http://other.example.org/', BLOCKING],
  ['--no-check-certificate -O- https://other.example.org/', BLOCKING],
  ['-t1 -O- http://www.example.com/kill', BLOCKING],
  ['-O- http://www.example.com/', ASKING],
  ['-O- https://www.example.com/', ASKING],
  ['--proxy-user=ann --proxy-password=secret -O- http://www.example.com/', ASKING],
  ['-t1 -O- https://10.20.0.6:8880/', BOTH],
  ['--no-check-certificate -O- https://10.20.0.6:8443/', BOTH],
];

export const WGET_CASES: readonly WitnessCase[] = LINES.map(([args, env]) => ({
  name: `wget ${args}${
    env === undefined
      ? ''
      : `, ${Object.entries(env)
          .map((each) => each.join('='))
          .join(' ')}`
  }`,
  program: 'wget',
  args,
  ...(env === undefined ? {} : { env }),
}));
