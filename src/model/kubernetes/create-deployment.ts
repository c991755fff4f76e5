import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import type { Result } from '../result.ts';
import { createObject } from './apply.ts';
import type { Applied } from './apply.ts';
import type { KubernetesError } from './kubernetes-error.ts';
import type { DeploymentManifest } from './manifest.ts';

export interface NewDeployment {
  readonly name: string;
  readonly namespace: string;
  /** One container each. */
  readonly images: readonly string[];
  /** 1 if absent. */
  readonly replicas?: number;
  /** Container port of the first container. */
  readonly port?: number;
  /** Replaces the command of the only image. */
  readonly command?: readonly string[];
}

/** Returns the object `kubectl create deployment` sends: label `app`, containers named after their images. */
export function deploymentManifest(wanted: NewDeployment): DeploymentManifest {
  const labels = { app: wanted.name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: wanted.name, namespace: wanted.namespace, labels },
    spec: {
      replicas: wanted.replicas ?? 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: wanted.images.map((image, at) => ({
            name: containerName(image),
            image,
            ...(wanted.command === undefined ? {} : { command: wanted.command }),
            ...(wanted.port === undefined || at > 0 ? {} : { ports: [{ containerPort: wanted.port }] }),
          })),
        },
      },
    },
  };
}

/** Creates a Deployment as `kubectl create deployment` does. */
export function createDeployment(
  cloud: Cloud,
  cluster: ArmKey,
  wanted: NewDeployment,
): Result<Applied, KubernetesError> {
  return createObject(cloud, cluster, deploymentManifest(wanted));
}

/** Returns `echo-server` for `docker.io/ealen/echo_server:1.2`: the last part, made a valid name. */
function containerName(image: string): string {
  const last = (image.split('/').at(-1) ?? image).split(/[:@]/)[0] ?? image;
  return last
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+|-+$/g, '');
}
