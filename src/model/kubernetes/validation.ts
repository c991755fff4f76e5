/** What the API server checks before it stores an object, in its own words (apimachinery, kubernetes/pkg/apis). */
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';
import { annotationProblems, DNS_LABEL, DNS_SUBDOMAIN, labelProblems } from './label-validation.ts';
import type { Manifest } from './manifest.ts';
import type { LabelSelector, PodTemplate } from './objects.ts';
import { networkPolicyProblems } from './network-policy-validation.ts';
import { podProblems } from './pod-validation.ts';
import { strategyProblems } from './rollouts.ts';
import { serviceProblems } from './service-validation.ts';

/** Service names must start with a letter. */
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Returns every problem of a manifest, in the order of its fields; none if it may be stored. */
export function problemsOf(manifest: Manifest, serviceCidr: string): FieldError[] {
  const problems = metadataProblems(manifest);
  switch (manifest.kind) {
    case 'Namespace':
      return problems;
    case 'ConfigMap':
      return [...problems, ...keyProblems('data', manifest.data)];
    case 'Secret':
      return [
        ...problems,
        ...keyProblems('data', manifest.data),
        ...keyProblems('stringData', manifest.stringData),
      ];
    case 'Pod':
      return [...problems, ...podProblems(manifest.spec, 'spec', 'Pod')];
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
      return [
        ...problems,
        ...(manifest.kind !== 'DaemonSet' ? replicaProblems(manifest.spec.replicas) : []),
        ...selectorProblems(manifest.spec.selector, manifest.spec.template),
        ...podProblems(manifest.spec.template.spec, 'spec.template.spec', manifest.kind),
        ...(manifest.kind === 'Deployment' ? strategyProblems(manifest.spec.strategy) : []),
      ];
    case 'Service':
      return [...problems, ...serviceProblems(manifest, serviceCidr)];
    case 'NetworkPolicy':
      return [...problems, ...networkPolicyProblems(manifest.spec)];
  }
}

function metadataProblems(manifest: Manifest): FieldError[] {
  const { name, namespace, labels } = manifest.metadata;
  const problems: FieldError[] = [];
  if (name === '')
    problems.push({ path: 'metadata.name', problem: 'Required value: name or generateName is required' });
  else if (manifest.kind === 'Service') {
    if (!DNS_1035_LABEL.test(name)) {
      problems.push(
        wrong(
          'metadata.name',
          name,
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        ),
      );
    }
  } else if (manifest.kind === 'Namespace') {
    if (!DNS_LABEL.test(name)) {
      problems.push(
        wrong(
          'metadata.name',
          name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        ),
      );
    }
  } else if (!DNS_SUBDOMAIN.test(name)) {
    problems.push(
      wrong(
        'metadata.name',
        name,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ),
    );
  }
  const longest = manifest.kind === 'Service' || manifest.kind === 'Namespace' ? 63 : 253;
  if (name.length > longest)
    problems.push(wrong('metadata.name', name, `must be no more than ${longest} characters`));
  if (namespace !== undefined && !DNS_LABEL.test(namespace)) {
    problems.push(wrong('metadata.namespace', namespace, 'a lowercase RFC 1123 label is needed'));
  }
  return [
    ...problems,
    ...labelProblems('metadata.labels', labels),
    ...annotationProblems(manifest.metadata.annotations),
  ];
}

/** Keys of ConfigMaps and Secrets become file names. */
function keyProblems(path: string, data: Readonly<Record<string, string>> | undefined): FieldError[] {
  return Object.keys(data ?? {}).flatMap((key) =>
    /^[-._a-zA-Z0-9]+$/.test(key)
      ? []
      : [
          wrong(
            `${path}[${key}]`,
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
          ),
        ],
  );
}

/** Returns the problem of a number of replicas, if any. */
export function replicaProblems(replicas: number | undefined): FieldError[] {
  if (replicas === undefined || (Number.isInteger(replicas) && replicas >= 0)) return [];
  return [wrong('spec.replicas', replicas, 'must be greater than or equal to 0')];
}

function selectorProblems(selector: LabelSelector, template: PodTemplate): FieldError[] {
  const wanted = selector.matchLabels ?? {};
  if (Object.keys(wanted).length === 0) {
    return [wrong('spec.selector', selector, 'empty selector is invalid for deployment')];
  }
  const labels = template.metadata.labels ?? {};
  const matches = Object.entries(wanted).every(([key, value]) => labels[key] === value);
  return [
    ...labelProblems('spec.template.labels', labels),
    ...(matches
      ? []
      : [wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]),
  ];
}
