/** What the proxies of nodes see of their pulls. */
import { logNodeRequests } from '../aks/node-proxy-log.ts';
import type { LoggedRequest } from '../aks/node-proxy-log.ts';
import { proxiedRequests } from '../aks/registry-path.ts';
import type { ProxiedStep } from '../aks/registry-path.ts';
import { drawInteger } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import type { Draft } from './draft.ts';
import { registryUrl } from './image-pulls.ts';
import { readImageReference } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';

/** Layers of images have some megabytes; nobody asks for the number. */
const LAYER_BYTES = { least: 2_000_000, spread: 40_000_000 } as const;
const TOKEN_BYTES = 2_634;

/** Returns the cloud whose proxies have logged the pulls of a draft; the same one if there are none. */
export function logPulls(cloud: Cloud, { cluster, pulls }: Draft): Cloud {
  if (pulls.length === 0) return cloud;
  const requests = pulls.flatMap(({ node, image, layers }): LoggedRequest[] => {
    const reference = readImageReference(image);
    return proxiedRequests(cloud, cluster, node, reference.registry)
      .filter(({ host }) => layers === 'missing' || host.step !== 'blob')
      .map((step) => loggedRequest(cloud, step, reference));
  });
  return logNodeRequests(cloud, requests);
}

function loggedRequest(
  cloud: Cloud,
  { host, request, outcome }: ProxiedStep,
  image: ImageReference,
): LoggedRequest {
  const distrusts =
    outcome.kind === 'error' && request.answer.kind === 'passes' && outcome.error.startsWith('tls: ');
  return {
    request,
    method: host.step === 'manifest' ? 'HEAD' : 'GET',
    url: registryUrl(image, host),
    client: distrusts ? 'distrusts' : 'goes-on',
    bytes: bytesOf(),
  };

  function bytesOf(): number {
    switch (host.step) {
      case 'manifest':
        return 0;
      case 'token':
        return TOKEN_BYTES;
      case 'blob':
        return LAYER_BYTES.least + drawInteger(cloud, `layer-bytes/${image.full}`, LAYER_BYTES.spread);
    }
  }
}
