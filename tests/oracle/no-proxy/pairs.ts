/** Lists and URLs that every client is asked about: chosen ones by subject, and random ones that hit often. */
import fc from 'fast-check';

export interface Pair {
  /** The value of NO_PROXY. */
  readonly list: string;
  readonly url: string;
}

interface Group {
  readonly about: string;
  readonly lists: readonly string[];
  readonly urls: readonly string[];
}

/** Every list of a group with every URL of it. */
const GROUPS: readonly Group[] = [
  {
    about: 'a domain, with and without a dot or a star in front',
    lists: ['example.com', '.example.com', '*.example.com', '..example.com', '*example.com', 'EXAMPLE.com'],
    urls: [
      'http://example.com/',
      'https://www.example.com/',
      'http://a.b.example.com:8080/',
      'http://notexample.com/',
      'https://EXAMPLE.COM/',
      'http://example.com./',
    ],
  },
  {
    about: 'a star',
    lists: ['*', ' *', '*,', 'example.com,*', '*,example.com', '**', '*.*', 'example.*'],
    urls: ['http://example.com/', 'https://10.0.0.4/', 'http://my-svc/'],
  },
  {
    about: 'a trailing dot in the entry',
    lists: ['example.com.', '.example.com.', '.', 'com.'],
    urls: [
      'http://example.com/',
      'http://example.com./',
      'http://www.example.com/',
      'http://www.example.com./',
    ],
  },
  {
    about: 'blanks and empty entries',
    lists: [
      '',
      ',',
      ' ',
      ' example.com ',
      'a.test, example.com',
      'a.test ,example.com',
      'a.test example.com',
      'example.com a.test',
      'a.test\texample.com',
      ',,example.com,,',
      'exam ple.com',
      '10.0.0.0/8 example.com',
    ],
    urls: ['http://example.com/', 'https://www.example.com/', 'http://10.1.2.3/'],
  },
  {
    about: 'ports',
    lists: [
      'example.com:80',
      'example.com:443',
      'example.com:8080',
      '.example.com:8080',
      'Example.com:8080',
      'example.com:',
      ':8080',
      '10.0.0.4:8080',
      '10.0.0.4:80',
    ],
    urls: [
      'http://example.com/',
      'http://example.com:80/',
      'https://example.com/',
      'http://www.example.com:8080/',
      'http://10.0.0.4/',
      'http://10.0.0.4:8080/',
    ],
  },
  {
    about: 'IPv4 addresses and ranges',
    lists: [
      '10.0.0.4',
      '10.0.0.0/8',
      '10.0.0.4/32',
      '10.0.0.4/0',
      '0.0.0.0/0',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/x',
      '10.0.0.0/255.0.0.0',
      '10.0.0.9/29',
      '10.',
      '10.0.',
      '10.*',
      '10.0.0.*',
      '.4',
      '0.4',
      '10.0.0.1-10.0.0.9',
      '010.0.0.4',
      '10/8',
    ],
    urls: ['http://10.0.0.4/', 'https://10.200.0.4:6443/', 'http://110.0.0.4/', 'http://node4.internal/'],
  },
  {
    about: 'the machine itself',
    lists: ['', 'localhost', '127.0.0.1', '127.0.0.0/8', '.localhost', '::1', '[::1]'],
    urls: [
      'http://localhost/',
      'http://LOCALHOST/',
      'http://localhost.:8080/',
      'http://app.localhost/',
      'http://127.0.0.1:8080/',
      'https://127.8.9.10/',
      'http://[::1]/',
    ],
  },
  {
    about: 'IPv6',
    lists: [
      'fd00::1',
      '[fd00::1]',
      'FD00:0::1',
      'fd00::/8',
      'fd00::/7',
      'fd00::/9',
      'fd00::/128',
      'fd00::/0',
      '::/0',
      '[fd00::1]:8080',
      'fd00::1:8080',
      'fd00:',
      '::ffff:10.0.0.4',
      '10.0.0.4',
    ],
    urls: ['http://[fd00::1]/', 'http://[fd00::1]:8080/', 'https://[fd80::2]/', 'http://[::ffff:10.0.0.4]/'],
  },
  {
    about: 'addresses that are written in another way',
    lists: ['10.0.0.1', '10.0.0.0/24', '10.1', '10.1/32'],
    urls: ['http://10.1/', 'http://0x0a000001/', 'http://167772161/'],
  },
  {
    about: 'URLs and other texts that are no hosts',
    lists: [
      'http://example.com',
      'http://example.com/',
      'example.com/path',
      'user@example.com',
      '"example.com"',
    ],
    urls: ['http://example.com/', 'http://www.example.com/path'],
  },
  {
    about: 'what AKS puts into the list, and the names inside of a cluster',
    lists: [
      'konnectivity,aks-demo-1a2b3c4d.hcp.westeurope.azmk8s.io,10.224.0.0/12,localhost,127.0.0.1,169.254.169.254,10.244.0.0/16,10.0.0.0/16,168.63.129.16',
      'localhost,127.0.0.1,.svc,.cluster.local,10.0.0.0/16',
      'svc,cluster.local,mcr.microsoft.com,docker.io',
    ],
    urls: [
      'https://10.0.0.1/api',
      'https://kubernetes/',
      'https://kubernetes.default/',
      'https://kubernetes.default.svc/',
      'http://web.shop.svc.cluster.local:8080/',
      'http://web/',
      'http://10.244.1.7:8080/',
      'http://169.254.169.254/metadata/instance',
      'http://168.63.129.16/',
      'https://aks-demo-1a2b3c4d.hcp.westeurope.azmk8s.io:443/',
      'https://mcr.microsoft.com/v2/',
      'https://westeurope.data.mcr.microsoft.com/',
      'https://production.cloudflare.docker.com/',
      'https://registry-1.docker.io/',
    ],
  },
];

export const CHOSEN_PAIRS: readonly Pair[] = GROUPS.flatMap(({ lists, urls }) =>
  lists.flatMap((list) => urls.map((url) => ({ list, url }))),
);

const NAMES = [
  'example.com',
  'www.example.com',
  'notexample.com',
  'web.shop.svc',
  'my-svc',
  'svc',
  'a.test',
  'com',
];
const FOURS = [
  '10.0.0.4',
  '10.0.0.5',
  '10.1.2.3',
  '110.0.0.4',
  '127.0.0.1',
  '192.168.0.4',
  '169.254.169.254',
];
const SIXES = ['fd00::1', 'fd80::2', '::1', '2001:db8::a:1', '::ffff:10.0.0.4', 'fe80::1'];

const port = fc.constantFrom('80', '443', '8080');

const host: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((text) => `${text}.`) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((text) => text.toUpperCase()) },
  { weight: 3, arbitrary: fc.constantFrom(...FOURS) },
  { weight: 2, arbitrary: fc.constantFrom(...SIXES).map((text) => `[${text}]`) },
  { weight: 1, arbitrary: fc.constantFrom('localhost', 'LocalHost') },
);

/** An entry made of a host, so that it often has to do with it. */
function dressed(text: string): fc.Arbitrary<string> {
  const bare = text.replace(/^\[|\]$/g, '');
  const cut = fc.nat(Math.max(0, bare.length - 1));
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(text, bare, bare.toUpperCase(), `${bare}.`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('.', '*.', '*', '..', ' ', 'http://').map((mark) => mark + bare),
    },
    { weight: 2, arbitrary: port.map((at) => `${text}:${at}`) },
    { weight: 2, arbitrary: fc.nat(130).map((bits) => `${bare}/${bits}`) },
    { weight: 2, arbitrary: cut.map((at) => bare.slice(at)) },
    { weight: 1, arbitrary: cut.map((at) => bare.slice(0, at)) },
  );
}

const oddEntry = fc.constantFrom(
  '',
  '*',
  'localhost',
  '.',
  'http://example.com',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/8',
);
const separator = fc.constantFrom(',', ',', ',', ',', ', ', ' ,', ' ', ',,');

/** Lists of up to four entries, mostly with commas between them, and of each list some URLs. */
export function anyPairs(urlsOfEach: number): fc.Arbitrary<readonly Pair[]> {
  return fc
    .array(host, { minLength: urlsOfEach, maxLength: urlsOfEach })
    .chain((hosts) => {
      const entry = fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...hosts).chain(dressed) },
        { weight: 2, arbitrary: host.chain(dressed) },
        { weight: 1, arbitrary: oddEntry },
      );
      const urls = hosts.map((each) =>
        fc
          .tuple(
            fc.constantFrom('http', 'https'),
            fc.oneof(
              fc.constant(''),
              port.map((text) => `:${text}`),
            ),
          )
          .map(([scheme, at]) => `${scheme}://${each}${at}/`),
      );
      return fc.tuple(fc.array(fc.tuple(entry, separator), { maxLength: 4 }), fc.tuple(...urls));
    })
    .map(([parts, urls]) => {
      const list = parts
        .map(([text, mark], index) => (index === parts.length - 1 ? text : text + mark))
        .join('');
      return urls.map((url) => ({ list, url }));
    });
}
