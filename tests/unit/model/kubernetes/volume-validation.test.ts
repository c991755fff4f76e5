/** What the API server says of volumes, mounts and variables (kubernetes pkg/apis/core/validation/validation.go). */
import { expect, test } from 'vitest';
import { decodeManifest } from '../../../../src/model/kubernetes/decode-manifest.ts';
import { problemsOf } from '../../../../src/model/kubernetes/validation.ts';

function problems(container: object, volumes: readonly object[]): readonly string[] {
  const decoded = decodeManifest({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'nginx', ...container }], volumes },
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return problemsOf(decoded.value, '10.0.0.0/16').map(({ path, problem }) => `${path}: ${problem}`);
}

const mount = (...mounts: object[]) => ({ volumeMounts: mounts });
const CA = { name: 'ca', configMap: { name: 'm' } };

test.each<[string, object, readonly object[], readonly string[]]>([
  ['a good volume', mount({ name: 'ca', mountPath: '/ca', subPath: 'a/b' }), [CA], []],
  ['a volume without a source, which is an empty one', {}, [{ name: 'x' }], []],
  [
    'a mount of nothing',
    mount({ name: 'cb', mountPath: '/ca' }),
    [CA],
    ['spec.containers[0].volumeMounts[0].name: Not found: "cb"'],
  ],
  [
    'two mounts at one path',
    mount({ name: 'ca', mountPath: '/ca' }, { name: 'ca', mountPath: '/ca' }),
    [CA],
    ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/ca": must be unique'],
  ],
  [
    'a sub-path that leaves the volume',
    mount({ name: 'ca', mountPath: '/ca', subPath: '../x' }),
    [CA],
    ['spec.containers[0].volumeMounts[0].subPath: Invalid value: "../x": must not contain \'..\''],
  ],
  ['two volumes of one name', {}, [CA, CA], ['spec.volumes[1].name: Duplicate value: "ca"']],
  [
    'two sources',
    {},
    [{ ...CA, emptyDir: {} }],
    ['spec.volumes[0].emptyDir: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'no ConfigMap named',
    {},
    [{ name: 'ca', configMap: {} }],
    ['spec.volumes[0].configMap.name: Required value'],
  ],
  ['no Secret named', {}, [{ name: 's', secret: {} }], ['spec.volumes[0].secret.secretName: Required value']],
  [
    'a type that a hostPath has not',
    {},
    [{ name: 'h', hostPath: { path: '/x', type: 'Folder' } }],
    [
      'spec.volumes[0].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    'a variable with a value and a source',
    { env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
    [],
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
  ],
  [
    'a field that the downward API does not give',
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.containers' } } }] },
    [],
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "spec.containers": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
  ],
  [
    'a reference without a key',
    { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm' } } }] },
    [],
    ['spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value'],
  ],
])('%s', (_, container, volumes, expected) => {
  expect(problems(container, volumes)).toEqual(expected);
});

test.each([
  ['spec.volumes[0].azureFile', { spec: { volumes: [{ name: 'x', azureFile: { shareName: 's' } }] } }],
  [
    'spec.containers[0].env[0].valueFrom.resourceFieldRef',
    {
      spec: {
        containers: [
          {
            name: 'c',
            image: 'i',
            env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }],
          },
        ],
      },
    },
  ],
  ['spec.initContainers', { spec: { initContainers: [{ name: 'i', image: 'i' }] } }],
])('%s is real, and refused by name', (path, rest) => {
  const decoded = decodeManifest({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, ...rest });
  expect(decoded).toMatchObject({ ok: false, error: { kind: 'fields-not-simulated', paths: [path] } });
});
