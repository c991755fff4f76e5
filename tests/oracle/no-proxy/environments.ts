/** Variables in their spellings and orders: which of them each client takes, and what it makes of odd values. */
import type { Question } from './question.ts';

const A = 'http://proxy-a.test:3128';
const B = 'http://proxy-b.test:3128';
const HTTP = 'http://example.com/';
const HTTPS = 'https://example.com/';

const SETS: readonly Readonly<Record<string, string>>[] = [
  {},
  { http_proxy: A },
  { HTTP_PROXY: A },
  { http_proxy: A, HTTP_PROXY: B },
  { HTTP_PROXY: B, http_proxy: '' },
  { Http_Proxy: A },
  { https_proxy: A },
  { HTTPS_PROXY: A },
  { https_proxy: A, HTTPS_PROXY: B },
  { HTTPS_PROXY: B, https_proxy: '' },
  { HTTPS_PROXY: '', https_proxy: A },
  { ALL_PROXY: A },
  { all_proxy: A },
  { all_proxy: A, ALL_PROXY: B },
  { all_proxy: A, https_proxy: B },
  { all_proxy: A, http_proxy: '', HTTP_PROXY: '' },
  { http_proxy: A, https_proxy: B, REQUEST_METHOD: 'GET' },
  { HTTP_PROXY: A, HTTPS_PROXY: B, REQUEST_METHOD: 'GET' },
  { HTTP_PROXY: A, http_proxy: B, REQUEST_METHOD: '' },
  { http_proxy: A, https_proxy: A, no_proxy: 'example.com' },
  { http_proxy: A, https_proxy: A, NO_PROXY: 'example.com' },
  { http_proxy: A, https_proxy: A, no_proxy: 'other.test', NO_PROXY: 'example.com' },
  { http_proxy: A, https_proxy: A, no_proxy: 'example.com', NO_PROXY: 'other.test' },
  { http_proxy: A, https_proxy: A, NO_PROXY: 'example.com', no_proxy: '' },
  { http_proxy: A, https_proxy: A, NO_PROXY: '', no_proxy: 'example.com' },
  { http_proxy: A, https_proxy: A, No_Proxy: 'example.com' },
];

/** Values of a variable for both schemes. */
const VALUES: readonly string[] = [
  'proxy-a.test:3128',
  'proxy-a.test',
  'proxy-c:3128',
  'http://proxy-a.test',
  'http://proxy-a.test/',
  'http://proxy-a.test:3128/path?x#y',
  'HTTP://proxy-a.test:3128',
  'http://user:secret@proxy-a.test:3128',
  'user:secret@proxy-a.test:3128',
  'https://proxy-a.test:3128',
  'https://proxy-a.test',
  'socks5://proxy-a.test:1080',
  'socks5h://proxy-a.test',
  'ftp://proxy-a.test:3128',
  'http:/proxy-a.test:3128',
  'http:proxy-a.test:3128',
  'http://proxy-a.test:port',
  'http://proxy-a.test:99999',
  'http://proxy-a.test:',
  'http://',
  ' ',
  'http://proxy-a.test:3128 ',
  ' http://proxy-a.test:3128',
  '//proxy-a.test:3128',
  'proxy-a.test/path',
  'http://proxy-a.test:3128,http://proxy-b.test:3128',
];

export const ENVIRONMENTS: readonly Question[] = [
  ...SETS,
  ...VALUES.map((value) => ({ http_proxy: value, https_proxy: value })),
].flatMap((env) => [HTTP, HTTPS].map((url) => ({ env, url })));
