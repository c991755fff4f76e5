/** Finds pods, nodes, machines and outside hosts by the names that netpath's ENDs give them. */
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { closeNames } from '../close-names.ts';
import type { Directory, Place } from './directory.ts';
import { fail } from './end-error.ts';
import type { EndError } from './end-error.ts';
import { namesOfResource } from './host-names.ts';
import type { ClusterPart } from './inventory.ts';

/** Splits `[NAMESPACE/]NAME[@CLUSTER]`. */
export function kubernetesName(
  directory: Directory,
  end: string,
  text: string,
): Result<
  { readonly namespace: string | null; readonly name: string; readonly clusters: readonly ClusterPart[] },
  EndError
> {
  const at = text.indexOf('@');
  const wanted = at < 0 ? null : text.slice(at + 1);
  const parts = (at < 0 ? text : text.slice(0, at)).split('/');
  const all = directory.compiled.inventory.clusters;
  if (all.length === 0) return fail(end, 'there is no cluster yet; az aks create makes one.');
  if (parts.length > 2 || parts.some((each) => each === '') || wanted === '') {
    return fail(
      end,
      `${end} is no name: give KIND/NAME or KIND/NAMESPACE/NAME, with @CLUSTER for one of several clusters.`,
    );
  }
  const clusters =
    wanted === null
      ? all
      : all.filter(
          ({ cluster }) => cluster.name === wanted || `${cluster.resourceGroup}/${cluster.name}` === wanted,
        );
  if (clusters.length === 0) {
    const names = all.map((each) => each.cluster.name);
    return fail(end, `there is no cluster ${wanted ?? ''}.`, closeNames(wanted ?? '', names));
  }
  const [first = '', second] = parts;
  return ok(
    second === undefined
      ? { namespace: null, name: first, clusters }
      : { namespace: first, name: second, clusters },
  );
}

export function podNamed(directory: Directory, end: string, text: string): Result<Place, EndError> {
  const parsed = kubernetesName(directory, end, text);
  if (!parsed.ok) return parsed;
  const { namespace, name, clusters } = parsed.value;
  const wanted = namespace ?? 'default';
  const inClusters = directory.pods.filter((each) => clusters.includes(each.cluster));
  const named = inClusters.filter((each) => each.pod.metadata.name === name);
  const found = named.filter((each) => each.pod.metadata.namespace === wanted);
  if (found.length > 1) return ambiguous(end, found);
  const [only] = found;
  if (only !== undefined) return ok(only);
  if (named.length > 0) {
    const labels = named.map((each) => each.label);
    return fail(
      end,
      `pod ${name} is not in namespace ${wanted}, but in ${[...new Set(named.map((each) => each.pod.metadata.namespace ?? 'default'))].join(' and ')}.`,
      labels,
    );
  }
  const near = inClusters.filter((each) => namespace === null || each.pod.metadata.namespace === wanted);
  const close = closeNames(
    name,
    near.map((each) => each.pod.metadata.name),
  );
  const labels = close.flatMap((each) => near.find((one) => one.pod.metadata.name === each)?.label ?? []);
  return fail(end, `there is no pod ${name} in namespace ${wanted}.`, labels);
}

export function nodeNamed(directory: Directory, end: string, text: string): Result<Place, EndError> {
  const parsed = kubernetesName(directory, end, text);
  if (!parsed.ok) return parsed;
  const { namespace, name, clusters } = parsed.value;
  if (namespace !== null) return fail(end, 'nodes have no namespace.', [`node/${name}`]);
  const near = directory.nodes.filter((each) => clusters.includes(each.cluster));
  const found = near.filter((each) => each.node.metadata.name === name);
  if (found.length > 1) return ambiguous(end, found);
  const [only] = found;
  if (only !== undefined) return ok(only);
  const close = closeNames(
    name,
    near.map((each) => each.node.metadata.name),
  );
  return fail(
    end,
    `there is no node ${name}.`,
    close.map((each) => `node/${each}`),
  );
}

export function machineNamed(directory: Directory, end: string, text: string): Result<Place, EndError> {
  const wanted = text.toLowerCase();
  const found = directory.machines.filter(({ vm }) =>
    namesOfResource(vm).some((name) => name.toLowerCase() === wanted),
  );
  if (found.length > 1) return ambiguous(end, found);
  const [only] = found;
  if (only !== undefined) return ok(only);
  if (directory.nodes.some((each) => each.node.metadata.name === text)) {
    return fail(end, `${text} is a node of a cluster, not a virtual machine of its own.`, [`node/${text}`]);
  }
  const close = closeNames(
    text,
    directory.machines.map((each) => each.vm.name),
  );
  return fail(
    end,
    `there is no virtual machine ${text}.`,
    close.map((each) => `vm/${each}`),
  );
}

export function hostNamed(directory: Directory, end: string, text: string): Result<Place, EndError> {
  const found = directory.outside.find((each) => each.outside.name === text);
  if (found !== undefined) return ok(found);
  const names = directory.outside.map((each) => each.outside.name);
  const close = closeNames(text, names);
  const all = names.length === 0 ? '' : ` The hosts outside are ${names.join(', ')}.`;
  return fail(
    end,
    `there is no host ${text} outside Azure.${all}`,
    close.map((each) => `host/${each}`),
  );
}

function ambiguous(end: string, found: readonly Place[]): Result<never, EndError> {
  const labels = found.map((each) =>
    each.kind === 'node' ? `${each.label}@${each.cluster.cluster.name}` : each.label,
  );
  return fail(end, `${end} could be ${labels.join(' or ')}; say which.`, labels);
}
