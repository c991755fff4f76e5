import { textToBase64 } from '../../model/kubernetes/base64-text.ts';
import type { ConfigMapManifest, SecretManifest } from '../../model/kubernetes/manifest.ts';
import type { KubectlCommand } from './command.ts';
import { COMMON, createAndReport, oneName } from './create.ts';
import { KEY_VALUE_FLAGS, readKeyValues } from './key-values.ts';

export const CREATE_CONFIGMAP: KubectlCommand = {
  path: ['create', 'configmap'],
  aliases: ['cm'],
  summary: 'Create a config map from a local file or literal value.',
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [options]',
  examples: [
    {
      does: 'Create a config map from a file',
      line: 'kubectl create configmap my-config --from-file=key=path/to/file',
    },
  ],
  needs: 'cluster',
  flags: [...COMMON, ...KEY_VALUE_FLAGS],
  run: async (input, target, context) => {
    const name = oneName(input, 'configmap');
    if (!name.ok) return name;
    const data = await readKeyValues(input.flags, context, 'ConfigMap', name.value);
    if (!data.ok) return data;
    const manifest: ConfigMapManifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: name.value, namespace: target.namespace },
      data: data.value,
    };
    return createAndReport(context.cloud, target, manifest, input.flags, context);
  },
};

export const CREATE_SECRET_GENERIC: KubectlCommand = {
  path: ['create', 'secret', 'generic'],
  summary: 'Create a secret from a local file, directory, or literal value.',
  usage: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [options]',
  examples: [
    {
      does: 'Create a secret from a file',
      line: 'kubectl create secret generic my-secret --from-file=ca.crt=path/to/ca.crt',
    },
  ],
  needs: 'cluster',
  flags: [
    ...COMMON,
    ...KEY_VALUE_FLAGS,
    { name: 'type', type: { kind: 'string' }, help: 'The type of secret to create; Opaque if absent.' },
  ],
  run: async (input, target, context) => {
    const name = oneName(input, 'secret generic');
    if (!name.ok) return name;
    const data = await readKeyValues(input.flags, context, 'Secret', name.value);
    if (!data.ok) return data;
    const type = input.flags.text('type');
    const encoded = Object.entries(data.value).map(([key, text]) => [key, textToBase64(text)]);
    const manifest: SecretManifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: name.value, namespace: target.namespace },
      ...(type === null ? {} : { type }),
      data: Object.fromEntries(encoded) as Readonly<Record<string, string>>,
    };
    return createAndReport(context.cloud, target, manifest, input.flags, context);
  },
};
