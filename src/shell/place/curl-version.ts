/** Which curl a place has: what it says and which rules it follows depend on its version. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { imageRepository } from '../../model/kubernetes/images.ts';
import type { Place } from '../command.ts';

/** Versions whose `-v` output and messages were compared line by line; others take that of the one before them. */
export type CurlForm = '7.81' | '7.88' | '8.5' | '8.14';

export interface CurlProgram {
  readonly version: string;
  readonly form: CurlForm;
  /** How it reads the proxy variables. */
  readonly client: 'curl' | 'curl-7.81';
  readonly openssl: string;
  /** What `--version` prints. */
  readonly banner: string;
}

const UBUNTU_22: Build = {
  version: '7.81.0',
  platform: 'x86_64-pc-linux-gnu',
  openssl: '3.0.2',
  libraries:
    'zlib/1.2.11 brotli/1.0.9 zstd/1.4.8 libidn2/2.3.2 libpsl/0.21.0 (+libidn2/2.3.2) libssh/0.9.6/openssl/zlib nghttp2/1.43.0 librtmp/2.3 OpenLDAP/2.5.18',
  released: '2022-01-05',
};
const DEBIAN_12: Build = {
  version: '7.88.1',
  platform: 'x86_64-pc-linux-gnu',
  openssl: '3.0.19',
  libraries:
    'zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13',
  released: '2023-02-20, security patched: 7.88.1-10+deb12u15',
};
const UBUNTU_24: Build = {
  version: '8.5.0',
  platform: 'x86_64-pc-linux-gnu',
  openssl: '3.0.13',
  libraries:
    'zlib/1.3 brotli/1.1.0 zstd/1.5.5 libidn2/2.3.7 libpsl/0.21.2 (+libidn2/2.3.7) libssh/0.10.6/openssl/zlib nghttp2/1.59.0 librtmp/2.3 OpenLDAP/2.6.7',
  released: '2023-12-06, security patched: 8.5.0-2ubuntu10.6',
};
const ALPINE: Build = {
  version: '8.14.1',
  platform: 'x86_64-alpine-linux-musl',
  openssl: '3.5.1',
  libraries: 'zlib/1.3.1 brotli/1.1.0 zstd/1.5.7 c-ares/1.34.5 libidn2/2.3.7 libpsl/0.21.5 nghttp2/1.65.0',
  released: '2025-06-04',
};
const AZURE_LINUX: Build = {
  version: '8.11.1',
  platform: 'x86_64-pc-linux-gnu',
  openssl: '3.3.3',
  libraries: 'zlib/1.3.1 libssh2/1.11.1 nghttp2/1.61.0',
  released: '2024-12-11',
};

interface Build {
  readonly version: string;
  readonly platform: string;
  readonly openssl: string;
  readonly libraries: string;
  readonly released: string;
}

/** Returns the curl of a place, whether it has one or not. */
export function curlOf(cloud: Cloud, place: Place): CurlProgram {
  return programOf(buildOf(cloud, place));
}

function buildOf(cloud: Cloud, place: Place): Build {
  switch (place.kind) {
    case 'workstation':
      return UBUNTU_24;
    case 'on-premises':
    case 'internet':
      return UBUNTU_22;
    case 'node':
      return ofSystem(cloud.kubernetes[place.cluster]?.nodes[place.name]?.status.nodeInfo.osImage ?? '');
    case 'vm':
      return ofSystem(
        getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines')?.storageProfile.imageReference ??
          '',
      );
    case 'pod': {
      const pod = cloud.kubernetes[place.cluster]?.pods[`${place.namespace}/${place.name}`];
      return ofImage(place.image ?? pod?.spec.containers[0]?.image ?? '');
    }
  }
}

/** By what a node calls its image (`Ubuntu 22.04.5 LTS`), or the alias or URN of a VM's (`Ubuntu2404`). */
function ofSystem(name: string): Build {
  if (/ubuntu[ -]?2[4-9]|ubuntu-2[4-9]|noble/i.test(name)) return UBUNTU_24;
  if (/debian/i.test(name)) return DEBIAN_12;
  if (/azure ?linux|mariner/i.test(name)) return AZURE_LINUX;
  return UBUNTU_22;
}

const CURL_IMAGES = ['curlimages/curl', 'quay.io/curl/curl'];
const ALPINE_IMAGES = [
  'nicolaka/netshoot',
  'ghcr.io/nicolaka/netshoot',
  'wbitt/network-multitool',
  'praqma/network-multitool',
  'nginxdemos/hello',
  'nginxdemos/nginx-hello',
  'registry.k8s.io/e2e-test-images/agnhost',
  'k8s.gcr.io/e2e-test-images/agnhost',
];

function ofImage(image: string): Build {
  const repository = imageRepository(image);
  const tag = /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1] ?? '';
  if (CURL_IMAGES.includes(repository)) {
    // Their tags are versions of curl.
    return /^\d+\.\d+\.\d+$/.test(tag) ? { ...ALPINE, version: tag } : ALPINE;
  }
  if (ALPINE_IMAGES.includes(repository) || /alpine/.test(tag)) return ALPINE;
  if (/azurelinux|mariner|azure-cli/.test(repository)) return AZURE_LINUX;
  if (/ubuntu/.test(repository)) return ofSystem(`ubuntu ${tag === '' ? '24' : tag}`);
  return DEBIAN_12;
}

function programOf({ version, platform, openssl, libraries, released }: Build): CurlProgram {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const number = major * 1000 + minor;
  const banner =
    `curl ${version} (${platform}) libcurl/${version} OpenSSL/${openssl} ${libraries}\n` +
    `Release-Date: ${released}\n` +
    'Protocols: dict file ftp ftps gopher gophers http https imap imaps mqtt pop3 pop3s rtsp smb smbs smtp smtps telnet tftp\n' +
    'Features: alt-svc AsynchDNS brotli HSTS HTTP2 HTTPS-proxy IDN IPv6 Largefile libz NTLM PSL SSL threadsafe TLS-SRP UnixSockets zstd\n';
  return {
    version,
    form: number < 7087 ? '7.81' : number < 8000 ? '7.88' : number < 8010 ? '8.5' : '8.14',
    // CIDR entries in NO_PROXY came with 7.86.0.
    client: number < 7086 ? 'curl-7.81' : 'curl',
    openssl,
    banner,
  };
}
