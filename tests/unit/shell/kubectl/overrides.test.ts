import { beforeAll, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

let session: Session;

beforeAll(async () => {
  session = createSession({ cloud: newCloud({ seed: 'overrides' }) });
  for (const line of [
    'az group create -n rg -l westeurope',
    'az aks create -g rg -n c --node-count 2 --generate-ssh-keys',
    'az aks get-credentials -g rg -n c',
    "SECOND=$(kubectl get nodes -o jsonpath='{.items[1].metadata.name}')",
  ])
    expect(await session.run(line)).toMatchObject({ exitCode: 0 });
});

const DRY = '--dry-run=client -o jsonpath=';

test.each([
  [
    'a node',
    `kubectl run a --image=nginx --overrides='{"spec":{"nodeName":"'$SECOND'"}}' > /dev/null; kubectl get pod a -o jsonpath='{.spec.nodeName}'; echo " $SECOND"`,
    /^(\S+) \1\n$/,
  ],
  [
    "the node's network",
    `kubectl run b --image=nginx --overrides='{"apiVersion":"v1","spec":{"hostNetwork":true}}' > /dev/null; kubectl get pod b -o jsonpath='{.status.podIP}={.status.hostIP}'`,
    /^(\S+)=\1$/,
  ],
  [
    'a list, which a merge puts in place of its own',
    `kubectl run c --image=nginx --port=80 --overrides='{"spec":{"containers":[{"name":"x","image":"busybox"}]}}' ${DRY}'{.spec.containers[*].name}{.spec.containers[*].ports}'`,
    /^x$/,
  ],
  [
    'an item of a list, strategically',
    `kubectl run d --image=nginx --override-type=strategic --overrides='{"spec":{"containers":[{"name":"d","ports":[{"containerPort":81}]}]}}' ${DRY}'{.spec.containers[0].image}{.spec.containers[0].ports[0].containerPort}'`,
    /^nginx81$/,
  ],
  [
    'a JSON patch',
    `kubectl run e --image=nginx --override-type=json --overrides='[{"op":"add","path":"/spec/nodeName","value":"q"}]' ${DRY}'{.spec.nodeName}'`,
    /^q$/,
  ],
  [
    'what it runs',
    `kubectl run f -it --rm --restart=Never --image=busybox --overrides='{"spec":{"hostNetwork":true}}' -- ip route`,
    /^default via .* dev eth0/,
  ],
])('kubectl run overrides %s', async (_, line, shown) => {
  const { stdout, stderr } = await session.run(line);
  expect(stderr).toBe('');
  expect(stdout).toMatch(shown);
});

test.each([
  ['no JSON', `--overrides='{spec}'`, /^error: Invalid JSON Patch\n$/],
  ['a list', `--overrides='[]'`, /^error: Invalid JSON Patch\n$/],
  ['a field that no pod has', `--overrides='{"spec":{"nodeNam":"x"}}'`, /unknown field "spec\.nodeNam"/],
  ['another kind', `--overrides='{"apiVersion":"v1","kind":"Service"}'`, /Service/],
  [
    'a type there is not',
    `--override-type=weird --overrides='{}'`,
    /^error: invalid override type: weird\n$/,
  ],
])('%s overrides nothing and makes nothing', async (_, words, said) => {
  const before = session.cloud;
  const { stderr, exitCode } = await session.run(`kubectl run bad --image=nginx ${words}`);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(said);
  expect(session.cloud.kubernetes).toEqual(before.kubernetes);
});
