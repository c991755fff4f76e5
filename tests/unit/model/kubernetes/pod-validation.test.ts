/** What the API server says of a pod's spec (kubernetes pkg/apis/core/validation/validation.go). */
import { expect, test } from 'vitest';
import { decodeManifest } from '../../../../src/model/kubernetes/decode-manifest.ts';
import { problemsOf } from '../../../../src/model/kubernetes/validation.ts';

function problems(spec: object, kind: 'Pod' | 'Deployment' = 'Pod'): readonly string[] {
  const template = { metadata: { labels: { app: 'p' } }, spec };
  const decoded = decodeManifest({
    apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
    kind,
    metadata: { name: 'p' },
    spec: kind === 'Pod' ? spec : { selector: { matchLabels: { app: 'p' } }, template },
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return problemsOf(decoded.value, '10.0.0.0/16').map(({ path, problem }) => `${path}: ${problem}`);
}

const container = (fields: object = {}) => ({ containers: [{ name: 'c', image: 'nginx', ...fields }] });
const onHost = (...ports: object[]) => ({ hostNetwork: true, ...container({ ports }) });

test.each<[string, object, readonly string[]]>([
  [
    'ports as they may be',
    container({
      ports: [
        { containerPort: 80, name: 'http' },
        { containerPort: 53, protocol: 'UDP', hostPort: 53 },
      ],
    }),
    [],
  ],
  [
    'a port whose name is none',
    container({ ports: [{ containerPort: 80, name: 'Http_1' }] }),
    [
      'spec.containers[0].ports[0].name: Invalid value: "Http_1": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    'two ports of one name',
    container({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    }),
    ['spec.containers[0].ports[1].name: Duplicate value: "a"'],
  ],
  [
    'a protocol in lower case, and no number',
    container({ ports: [{ protocol: 'tcp' }] }),
    [
      'spec.containers[0].ports[0].containerPort: Required value',
      'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'a host port twice',
    container({
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    }),
    ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'another host port in the host network',
    onHost({ containerPort: 80, hostPort: 81 }),
    [
      'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
    ],
  ],
  ['a port in the host network', onHost({ containerPort: 80 }), []],
  [
    'more asked for than allowed',
    container({ resources: { requests: { cpu: '2', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } }),
    [
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
  ],
  [
    'less than nothing, of something unknown',
    container({ resources: { requests: { cpus: '-1' }, limits: { 'nvidia.com/gpu': '1' } } }),
    [
      'spec.containers[0].resources.requests[cpus]: Invalid value: "cpus": must be a standard resource for containers',
      'spec.containers[0].resources.requests[cpus]: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    'policies in lower case',
    { restartPolicy: 'always', dnsPolicy: 'default', ...container({ imagePullPolicy: 'never' }) },
    [
      'spec.containers[0].imagePullPolicy: Unsupported value: "never": supported values: "Always", "IfNotPresent", "Never"',
      'spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"',
      'spec.dnsPolicy: Unsupported value: "default": supported values: "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"',
    ],
  ],
  [
    'no resolver at all',
    { dnsPolicy: 'None', ...container() },
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'spaces around an image',
    container({ image: 'nginx ' }),
    ['spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing whitespace'],
  ],
  [
    'probes with numbers that they cannot have',
    container({
      readinessProbe: { tcpSocket: { port: 'web_' }, periodSeconds: -1 },
      livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 },
    }),
    [
      'spec.containers[0].readinessProbe.tcpSocket.port: Invalid value: "web_": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
  ],
  [
    'tolerations of nothing that there is',
    {
      tolerations: [
        { value: 'x', effect: 'NoSched' },
        { key: 'k', operator: 'Exists', value: 'x', tolerationSeconds: 1 },
        { operator: 'Exists' },
      ],
      ...container(),
    },
    [
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[0].effect: Unsupported value: "NoSched": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      'spec.tolerations[1].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      'spec.tolerations[1].operator: Invalid value: {"key":"k","operator":"Exists","value":"x","tolerationSeconds":1}: value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'a grace period before the end',
    { terminationGracePeriodSeconds: -1, ...container() },
    ['spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0'],
  ],
])('%s', (_, spec, expected) => {
  expect(problems(spec)).toEqual(expected);
});

test('a template is read in the same way, and restarts always', () => {
  const spec = {
    restartPolicy: 'OnFailure',
    nodeSelector: { disk: 'a b' },
    ...onHost({ containerPort: 80 }),
  };
  expect(problems(spec, 'Deployment').map((each) => each.slice(0, 60))).toEqual([
    'spec.template.spec.restartPolicy: Unsupported value: "OnFail',
    'spec.template.spec.nodeSelector: Invalid value: "a b": a val',
  ]);
});
