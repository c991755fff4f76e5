/** Configurations to start from on the page of the proxy configuration. */
import { toBase64, toUtf8 } from '../model/certificates/bytes.ts';
import { toPem } from '../model/certificates/pem.ts';
import { serverCertificates } from '../model/certificates/public-authority.ts';
import { newAuthority } from '../model/proxy/mitmproxy-authority.ts';

export interface HttpProxyStart {
  readonly label: string;
  /** The texts of the fields; those that are absent are emptied. */
  readonly draft: Readonly<Record<string, string>>;
}

const VERSION = '12.2.3';
const seconds = (date: string): number => Date.parse(date) / 1000;

const CA = newAuthority(VERSION, 'proxy configuration', seconds('2026-11-02T09:00:00Z')).certificate;
const OLD_CA = newAuthority(VERSION, 'old proxy', seconds('2015-06-01T09:00:00Z')).certificate;

const NETWORK = { vnet: '10.10.0.0/16', 'service-cidr': '10.100.0.0/16' };
const PROXY = { 'http-proxy': 'http://10.20.0.4:8080', 'https-proxy': 'http://10.20.0.4:8080' };

export const HTTP_PROXY_STARTS: readonly [HttpProxyStart, ...HttpProxyStart[]] = [
  {
    label: 'mitmproxy in a VNet of its own',
    draft: {
      ...PROXY,
      ...NETWORK,
      'no-proxy': '.svc\n.cluster.local',
      'trusted-ca': CA,
      names: 'my-svc.shop.svc\nhttp://10.100.0.10\nhttps://example.com',
    },
  },
  {
    label: 'A file full of faults',
    draft: {
      config: `${JSON.stringify(
        {
          httpProxy: 'http://10.0.0.4:8080',
          httpsProxy: 'https://10.0.0.4:8080',
          noProxy: ['localhost', '127.0.0.1', '*.cluster.local', '10.0.0.0/16'],
          trustedCA: toBase64(toUtf8(OLD_CA.replaceAll('\n', '\r\n'))),
        },
        null,
        2,
      )}\n`,
      names: 'my-svc\nmy-svc.shop.svc',
    },
  },
  {
    label: "A server's certificate for a CA",
    draft: {
      ...PROXY,
      ...NETWORK,
      'no-proxy': '.svc .cluster.local',
      'trusted-ca': toPem(serverCertificates('proxy.contoso.com', seconds('2026-11-02T09:00:00Z'))[0]),
    },
  },
  {
    label: 'Short names and a proxy by name',
    draft: {
      'http-proxy': 'http://proxy:8080',
      'no-proxy': 'cluster.local',
      names: 'my-svc\nmy-svc.shop\nmy-svc.shop.svc.cluster.local\nhttp://10.0.171.9',
    },
  },
];
