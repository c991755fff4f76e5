/**
 * The mutating webhook that gives new pods the variables of the cluster's HTTP proxy
 * (https://learn.microsoft.com/azure/aks/http-proxy, 2026-08-26). Pods of kube-system get them too: the page has its
 * reader look at one of them. Pods on the network of their node do not, nor do those with the annotation; what a pod
 * says itself stays as it is (https://github.com/Azure/AKS/issues/2887).
 */
import { proxyEnvironmentOf } from '../aks/http-proxy.ts';
import type { ProxyEnvironment } from '../aks/http-proxy.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { NO_PROXY_VARIABLES_ANNOTATION, PROXY_VARIABLE_NAMES } from '../limits/http-proxy.ts';
import type { Container, ObjectMeta, PodSpec } from './objects.ts';

/** Many pods have one spec, and go on sharing one. */
const known = new WeakMap<PodSpec, WeakMap<ProxyEnvironment, PodSpec>>();

/** Returns the spec of a new pod with these annotations; the same spec where nothing is added. */
export function withProxyVariables(
  cloud: Cloud,
  cluster: ArmKey,
  annotations: ObjectMeta['annotations'],
  spec: PodSpec,
): PodSpec {
  const variables = proxyEnvironmentOf(cloud, cluster);
  if (variables === null || spec.hostNetwork === true) return spec;
  if (annotations?.[NO_PROXY_VARIABLES_ANNOTATION.value] === 'true') return spec;
  let specs = known.get(spec);
  if (specs === undefined) known.set(spec, (specs = new WeakMap<ProxyEnvironment, PodSpec>()));
  let next = specs.get(variables);
  if (next === undefined) {
    next = { ...spec, containers: spec.containers.map((each) => withVariables(each, variables)) };
    specs.set(variables, next);
  }
  return next;
}

/** Returns the container with the variables that it does not have, behind its own. */
export function withVariables(container: Container, variables: Readonly<Record<string, string>>): Container {
  const own = container.env ?? [];
  const added = Object.entries(variables)
    .filter(([name]) => !own.some((each) => each.name === name))
    .map(([name, value]) => ({ name, value }));
  return added.length === 0 ? container : { ...container, env: [...own, ...added] };
}

/**
 * Returns a spec that a client sends for a pod that exists, with the variables that the webhook gave the pod when it
 * was made: clients do not know of them, and they stay.
 */
export function withKeptVariables(asked: PodSpec, present: PodSpec): PodSpec {
  return {
    ...asked,
    containers: asked.containers.map((container) => {
      const before = present.containers.find(({ name }) => name === container.name)?.env ?? [];
      const injected = before.filter(({ name }) => PROXY_VARIABLE_NAMES.value.some((each) => each === name));
      return withVariables(
        container,
        Object.fromEntries(injected.map(({ name, value = '' }) => [name, value])),
      );
    }),
  };
}

/** Returns a pod's spec without the variables that its template does not have: what admission added to it. */
export function withoutAddedVariables(spec: PodSpec, template: PodSpec): PodSpec {
  return {
    ...spec,
    containers: spec.containers.map((container) => {
      const own = template.containers.find(({ name }) => name === container.name)?.env;
      if (container.env === undefined || container.env === own) return container;
      const { env, ...rest } = container;
      const kept = env.filter(({ name }) => own?.some((each) => each.name === name) === true);
      return own === undefined ? rest : { ...rest, env: kept };
    }),
  };
}
