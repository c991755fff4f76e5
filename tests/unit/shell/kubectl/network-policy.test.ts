import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';
import { runScenario } from '../../../../src/shell/scenario.ts';

let cloud: Cloud;
let kubeconfig = '';
let session: Session;

beforeAll(async () => {
  const outcome = await runScenario(`
az group create --name rg --location westeurope
az aks create --resource-group rg --name aks --network-plugin kubenet --node-count 2 --generate-ssh-keys
az aks get-credentials --resource-group rg --name aks
kubectl create namespace shop
`);
  cloud = outcome.session.cloud;
  kubeconfig = (await outcome.session.readFile('.kube/config')) ?? '';
});

beforeEach(async () => {
  session = createSession({ cloud });
  await session.writeFile('.kube/config', kubeconfig);
});

async function run(line: string): Promise<string> {
  const { stdout, stderr } = await session.run(line);
  return stdout + stderr;
}

async function apply(spec: string, name = 'policy') {
  const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  await session.writeFile('policy.yaml', text);
  return session.run('kubectl apply -f policy.yaml');
}

const invalid = (what: string): string => `The NetworkPolicy "policy" is invalid: ${what}\n`;

describe('the API server says what is wrong with a policy, and keeps nothing of it', () => {
  test.each([
    [
      'a peer that names nobody',
      '{podSelector: {}, ingress: [{from: [{}]}]}',
      invalid('spec.ingress[0].from[0]: Required value: must specify a peer'),
    ],
    [
      'a peer that is a range and pods at once',
      '{podSelector: {}, egress: [{}, {to: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}',
      invalid('spec.egress[1].to[0]: Forbidden: may not specify both ipBlock and another peer'),
    ],
    [
      'a range that is none',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]}',
      invalid(
        'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ),
    ],
    [
      'a range without a CIDR',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {except: [10.0.0.0/8]}}]}]}',
      invalid('spec.ingress[0].from[0].ipBlock.cidr: Required value'),
    ],
    [
      'an exception as large as the range',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}',
      invalid(
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
      ),
    ],
    [
      'an IPv6 exception of an IPv4 range',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: ["2001:db8::/64"]}}]}]}',
      invalid(
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "2001:db8::/64": must be a strict subset of `cidr`',
      ),
    ],
    [
      'a protocol in small letters',
      '{podSelector: {}, ingress: [{ports: [{protocol: tcp, port: 80}]}]}',
      invalid(
        'spec.ingress[0].ports[0].protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"',
      ),
    ],
    [
      'a port in quotes, which is a name',
      '{podSelector: {}, ingress: [{ports: [{port: "80"}]}]}',
      invalid('spec.ingress[0].ports[0].port: Invalid value: "80": must contain at least one letter (a-z)'),
    ],
    [
      'a port that does not exist',
      '{podSelector: {}, egress: [{ports: [{port: 70000}]}]}',
      invalid('spec.egress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive'),
    ],
    [
      'an end before the beginning',
      '{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 79}]}]}',
      invalid('spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`'),
    ],
    [
      'an end without a beginning',
      '{podSelector: {}, ingress: [{ports: [{endPort: 79}]}]}',
      invalid(
        'spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is not specified',
      ),
    ],
    [
      'an end of a named port',
      '{podSelector: {}, ingress: [{ports: [{port: http, endPort: 79}]}]}',
      invalid(
        'spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is non-numeric',
      ),
    ],
    [
      'an operator that needs values',
      '{podSelector: {matchExpressions: [{key: app, operator: In}]}}',
      invalid(
        "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ),
    ],
    [
      'an operator that takes none',
      '{podSelector: {matchExpressions: [{key: app, operator: Exists, values: [a]}]}}',
      invalid(
        "spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ),
    ],
    [
      'an operator that does not exist',
      '{podSelector: {matchExpressions: [{key: app, operator: Equals, values: [a]}]}}',
      invalid(
        'spec.podSelector.matchExpressions[0].operator: Invalid value: "Equals": not a valid selector operator',
      ),
    ],
    [
      'a type in small letters',
      '{podSelector: {}, policyTypes: [ingress]}',
      invalid('spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"'),
    ],
    [
      'more types than there are',
      '{podSelector: {}, policyTypes: [Ingress, Egress, Ingress]}',
      invalid(
        'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes',
      ),
    ],
    [
      'peers of the other direction',
      '{podSelector: {}, ingress: [{to: [{podSelector: {}}]}]}',
      'Error from server (BadRequest): error when creating "policy.yaml": NetworkPolicy in version "v1" cannot be handled as a NetworkPolicy: strict decoding error: unknown field "spec.ingress[0].to"\n',
    ],
    [
      'one peer where a list belongs',
      '{podSelector: {}, ingress: [{from: {podSelector: {}}}]}',
      'Error from server (BadRequest): error when creating "policy.yaml": NetworkPolicy in version "v1" cannot be handled as a NetworkPolicy: json: cannot unmarshal object into Go struct field NetworkPolicyIngressRule.spec.ingress.from of type []v1.NetworkPolicyPeer\n',
    ],
  ])('%s', async (_what, spec, words) => {
    const before = session.cloud;
    const result = await apply(spec);
    expect(result.stderr).toBe(words);
    expect(result.exitCode).toBe(1);
    expect(session.cloud).toBe(before);
  });

  test('several problems come in one list', async () => {
    const { stderr } = await apply('{podSelector: {}, ingress: [{from: [{}, {}]}]}');
    expect(stderr).toBe(
      'The NetworkPolicy "policy" is invalid: \n' +
        '* spec.ingress[0].from[0]: Required value: must specify a peer\n' +
        '* spec.ingress[0].from[1]: Required value: must specify a peer\n',
    );
  });
});

describe('what the server stores', () => {
  test.each([
    ['no rules is for ingress', '{podSelector: {}}', '["Ingress"]'],
    ['egress rules bring egress', '{podSelector: {}, egress: [{}]}', '["Ingress","Egress"]'],
    ['no egress rules bring none', '{podSelector: {}, egress: []}', '["Ingress"]'],
    ['what the manifest says stays', '{podSelector: {}, policyTypes: [Egress]}', '["Egress"]'],
  ])('policyTypes: %s', async (_what, spec, types) => {
    await apply(spec);
    expect(await run("kubectl get netpol policy -o jsonpath='{.spec.policyTypes}'")).toBe(types);
  });

  test('ports are TCP, empty lists are gone, and selectors that select everything stay', async () => {
    await apply(
      '{podSelector: {matchLabels: {}}, ingress: [{from: [], ports: [{port: 80}]}, {from: [{podSelector: {}}]}]}',
    );
    expect(await run("kubectl get netpol policy -o jsonpath='{.spec}'")).toBe(
      '{"ingress":[{"ports":[{"port":80,"protocol":"TCP"}]},{"from":[{"podSelector":{}}]}],"podSelector":{},"policyTypes":["Ingress"]}',
    );
  });

  test('the generation counts changes of the spec, not of the labels', async () => {
    const generation = () => run("kubectl get netpol policy -o jsonpath='{.metadata.generation}'");
    await apply('{podSelector: {}}');
    await run('kubectl label netpol policy a=b');
    expect(await generation()).toBe('1');
    await apply('{podSelector: {}, policyTypes: [Egress]}');
    expect(await generation()).toBe('2');
    expect((await apply('{podSelector: {}, policyTypes: [Egress]}')).stdout).toBe(
      'networkpolicy.networking.k8s.io/policy unchanged\n',
    );
  });

  test('a namespace takes its policies with it', async () => {
    await apply('{podSelector: {}}');
    await run('kubectl apply -n shop -f policy.yaml');
    await run('kubectl delete namespace shop');
    expect(await run('kubectl get netpol -A -o name')).toBe('networkpolicy.networking.k8s.io/policy\n');
  });
});

describe('what kubectl shows', () => {
  test('describe says it in sentences', async () => {
    await apply(
      '{podSelector: {matchLabels: {role: db}}, ' +
        'ingress: [{from: [{ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}}, {namespaceSelector: {matchLabels: {project: p}}, podSelector: {}}], ports: [{port: 6379}, {port: 32000, endPort: 32768}]}, {}], ' +
        'egress: [{to: [{ipBlock: {cidr: 10.0.0.0/24}}], ports: [{protocol: UDP}]}]}',
    );
    const text = await run('kubectl describe networkpolicy policy');
    expect(text.slice(text.indexOf('Spec:'))).toBe(
      [
        'Spec:',
        '  PodSelector:     role=db',
        '  Allowing ingress traffic:',
        '    To Port: 6379/TCP',
        '    To Port Range: 32000-32768/TCP',
        '    From:',
        '      IPBlock:',
        '        CIDR: 172.17.0.0/16',
        '        Except: 172.17.1.0/24',
        '    From:',
        '      NamespaceSelector: project=p',
        '      PodSelector: <none>',
        '    ----------',
        '    To Port: <any> (traffic allowed to all ports)',
        '    From: <any> (traffic not restricted by source)',
        '  Allowing egress traffic:',
        '    To Port: <nil>/UDP',
        '    To:',
        '      IPBlock:',
        '        CIDR: 10.0.0.0/24',
        '        Except: ',
        '  Policy Types: Ingress, Egress',
        '',
      ].join('\n'),
    );
  });

  test('describe of a policy that only isolates', async () => {
    await apply('{podSelector: {}, policyTypes: [Egress]}');
    const text = await run('kubectl describe netpol');
    expect(text).toContain('Created on:   2026-09-01 09:');
    expect(text.slice(text.indexOf('Spec:'))).toBe(
      [
        'Spec:',
        '  PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)',
        '  Not affecting ingress traffic',
        '  Allowing egress traffic:',
        '    <none> (Selected pods are isolated for egress connectivity)',
        '  Policy Types: Egress',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['{}', '<none>'],
    ['{matchLabels: {b: "2", a: "1"}}', 'a=1,b=2'],
    [
      '{matchExpressions: [{key: z, operator: NotIn, values: [v, u]}, {key: c, operator: Exists}, {key: b, operator: DoesNotExist}, {key: a, operator: In, values: [q]}]}',
      'a in (q),!b,c,z notin (u,v)',
    ],
  ])('the selector %s in the list', async (selector, text) => {
    await apply(`{podSelector: ${selector}}`);
    expect(await run('kubectl get netpol')).toBe(
      `NAME     ${'POD-SELECTOR'.padEnd(Math.max(text.length, 12))}   AGE\npolicy   ${text.padEnd(12)}   0s\n`,
    );
  });
});

test.each([
  ['cilium.io/v2', 'CiliumNetworkPolicy'],
  ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
  ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy'],
  ['projectcalico.org/v3', 'NetworkPolicy'],
])('%s %s is not simulated, and says so by name', async (apiVersion, kind) => {
  await session.writeFile(
    'm.yaml',
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {}\n`,
  );
  const { stderr, exitCode } = await session.run('kubectl apply -f m.yaml');
  expect(stderr).toContain(`the kind ${kind}`);
  expect(stderr).toContain('not simulated');
  expect(exitCode).toBe(1);
});

test('policies of a version that no server has any more', async () => {
  await session.writeFile(
    'm.yaml',
    'apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: x}\n',
  );
  expect(await run('kubectl apply -f m.yaml')).toContain(
    'no matches for kind "NetworkPolicy" in version "extensions/v1beta1"\nensure CRDs are installed first',
  );
});

const WORLD = `
az group create --name rg --location westeurope
az aks create --resource-group rg --name aks --network-plugin azure PLUGIN --node-count 2 --generate-ssh-keys
az aks get-credentials --resource-group rg --name aks
kubectl create deployment web --image=nginx
kubectl expose deployment web --port=80
kubectl run client --image=curlimages/curl --labels=role=client -- sleep 3600
kubectl run other --image=curlimages/curl -- sleep 3600
kubectl apply -f - <<'Y'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: quiet}
spec:
  podSelector: {matchLabels: {role: quiet}}
  policyTypes: [Egress]
Y
`;

describe.each([
  ['Azure NPM', '--network-plugin-mode overlay --network-policy azure'],
  ['Calico', '--network-policy calico'],
  ['Cilium', '--network-plugin-mode overlay --network-dataplane cilium'],
])('in a cluster with %s', (name, plugin) => {
  test('curl sees what the policies say, labels change it, and netpath names the policy', async () => {
    const { session: shell, stderr } = await runScenario(WORLD.replace('PLUGIN', plugin));
    expect(stderr).not.toContain('rror');
    const curl = async (pod: string) => {
      const { stdout, stderr: said } = await shell.run(`kubectl exec ${pod} -- curl -sS -m 2 http://web`);
      return stdout + said;
    };
    expect(await curl('client')).toContain('server: pod/default/web-');
    expect(await curl('other')).toContain('timed out');
    const { stdout } = await shell.run('netpath --from pod/other --to service/web -o json');
    expect(JSON.parse(stdout)).toMatchObject({
      disposition: 'denied-inbound',
      reason: `NetworkPolicy default/web (${name}) drops the packet: the receiving pod is isolated for ingress, and no policy allows this`,
    });
    await shell.run('kubectl label pod other role=client');
    expect(await curl('other')).toContain('server: pod/default/web-');
    // A pod that may send nothing cannot even ask for a name.
    await shell.run('kubectl label pod other role=quiet --overwrite');
    expect(await curl('other')).toContain('esolv');
  });
});

test('in a cluster without an engine netpath says what the policy would be about', async () => {
  const { session: shell } = await runScenario(WORLD.replace('PLUGIN', '--network-plugin-mode overlay'));
  const { stdout, stderr } = await shell.run('netpath --from pod/other --to service/web');
  expect(stdout).toContain('\ndelivered: ');
  expect(stderr).toMatch(
    /^netpath: NetworkPolicy default\/web selects pod\/default\/web-\S+ for ingress, but it is stored and does nothing: cluster aks has no network policy engine \(networkPolicy none\), so nothing enforces it\n$/,
  );
});
