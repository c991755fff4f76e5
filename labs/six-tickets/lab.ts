import { isMissing } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, FlowCheck, Holds, InvariantCheck, Lab } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { acceptEnd, acceptObject } from './diagnosis.ts';
import {
  CLUSTER,
  GROUP,
  LABELS,
  PAY,
  PROXY,
  PROXY_PORT,
  STOCK,
  failuresOf,
  firstNode,
  firstPod,
  sameWorkloads,
} from './parcels.ts';
import { asMeant } from './rules.ts';

const flow = (
  id: string,
  evidence: string,
  ends: Pick<FlowCheck, 'from' | 'to' | 'port' | 'client'>,
  expect: FlowCheck['expect'],
): FlowCheck => ({ kind: 'flow', id, evidence, ...ends, protocol: 'tcp', expect });

const paid = (id: string, evidence: string, from: EndOf): FlowCheck =>
  flow(id, evidence, { from, to: PAY, client: 'curl' }, { kind: 'delivered', proxy: { at: PROXY } });

const direct = (id: string, evidence: string, from: EndOf, to: string): FlowCheck =>
  flow(id, evidence, { from, to, client: 'curl' }, { kind: 'delivered', proxy: 'none' });

const invariant = (id: string, evidence: string, holds: InvariantCheck['holds']): InvariantCheck => ({
  kind: 'invariant',
  id,
  evidence,
  holds,
});

const everything = (cloud: Cloud): Holds => {
  const failures = failuresOf(cloud);
  if (isMissing(failures)) return { passed: false, found: failures.missing };
  const [first] = failures;
  return first === undefined
    ? { passed: true }
    : { passed: false, found: first.found, symptom: first.symptom };
};

const workloads = (cloud: Cloud, { start }: Before): Holds => sameWorkloads(cloud, start);

const suspectedFirst = (_: Cloud, { answered }: Before): Holds => {
  for (const key of ['end', 'object']) {
    const then = answered?.get(key);
    if (answered !== undefined && then === undefined) {
      return { passed: false, found: `There is no hypothesis yet: answer ${key} VALUE` };
    }
    if (then !== undefined && everything(then).passed) {
      return {
        passed: false,
        found: `The answer to ${key} came when everything worked already. A hypothesis is written down before anything is changed: start over, or take the change back, and answer anew.`,
      };
    }
  }
  return { passed: true };
};

const lab: Lab = {
  id: 'six-tickets',
  title: 'Six tickets',
  minutes: 30,
  module: '12-http-proxy',
  order: 3,
  objectives: [
    'tell from the words of an error how far a request behind a proxy got',
    'say whether the proxy, the configuration, a node, a pod or a rule decides',
    'mend the one thing, and know which nodes and pods have to be made anew for it',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune', 'ember', 'fjord'],
  brief: `A parcel service runs in the cluster \`${CLUSTER}\` (\`${GROUP}\`, Azure CNI Overlay): the pool \`nodepool1\` in \`snet-nodes\` (10.80.0.0/24) with
\`desk\`, \`labels\` and \`counter\`, the pool \`night\` in \`snet-night\` (10.80.1.0/24) with \`night\`. Nothing of it gets to the internet but by the
proxy, \`vm-proxy\` in a network of its own (10.82.0.4, port ${PROXY_PORT}): mitmdump as the unit \`mitmproxy\`, with its CA in \`/etc/mitmproxy\`.

Somebody has opened a ticket. Each variation (seed) has another one, and each has one cause. Read it: \`kubectl get configmap ticket -o jsonpath='{.data.text}{"\\n"}'\`

What must work:

- \`desk\` and \`night\` call \`${PAY}\` by the proxy
- \`desk\`, \`night\` and \`counter\` call \`${STOCK}\`, and \`desk\` calls \`${LABELS}\`: directly
- every node pulls images from Docker Hub and from Microsoft's registry by the proxy, and all pods start

What must stay as it is: nobody gets to the internet past the proxy. The proxy serves the nodes, at port ${PROXY_PORT} and no other, and nobody else,
such as \`vm-office\`. It reads all https but payments, which nobody may read, and checks the servers' certificates. The stock answers nodes only.

The proxy has no public address: \`az vm run-command invoke -g ${GROUP} -n vm-proxy --command-id RunShellScript --scripts 'LINES'\`.`,
  diagnosis: 'find',
  tasks: [
    {
      id: 'find',
      title: 'Say what decides',
      text: `Commit yourself to both answers before you change anything: until then a failed check tells what people notice and not what decided.`,
      hints: [
        `Follow the request that fails: who sends it, a program in a pod or the node that pulls an image? Does it ask the proxy at all? Is there a connection to the proxy? Who answers? Is the certificate believed?`,
        `A pod: \`kubectl exec POD -- env | grep -i proxy\`, \`kubectl exec POD -- curl -sv -o /dev/null URL\`, \`netpath --from pod/POD --to URL\`. A node: \`kubectl describe pod POD\` of one that waits, and \`netpath --from node/NODE --to https://registry-1.docker.io\`. Compare a pod or node that works with one that does not. Then the configuration: \`az aks show -g ${GROUP} -n ${CLUSTER} --query httpProxyConfig\`.`,
        `Read the words. No proxy variable in the pod, or a timeout at the server's own address: direct. \`proxyconnect\` or a timeout at 10.82.0.4: unreached. 502 or 403: answered. \`unknown authority\`: untrusted. \`has expired\`: expired. For the last two compare \`az aks show -g ${GROUP} -n ${CLUSTER} --query httpProxyConfig.trustedCa -o tsv | base64 -d | openssl x509 -noout -subject -enddate -fingerprint\` with the same of \`/etc/mitmproxy/mitmproxy-ca-cert.pem\` on the proxy.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'end',
          evidence: 'how far the request gets',
          key: 'end',
          question:
            'How does the request that fails end? direct: it does not ask the proxy, and is dropped. unreached: there is no connection to the proxy. answered: the proxy answers with an error instead of the server. untrusted: the sender does not know who signed the certificate. expired: a certificate is no longer valid.',
          accept: acceptEnd,
        },
        {
          kind: 'answer',
          id: 'object',
          evidence: 'what has to change',
          key: 'object',
          question:
            'Which one thing has to change? noProxy, httpProxy or trustedCa of the cluster; proxy-ca, the CA of the proxy; nodes, which are not as the cluster is configured; a security rule or a workload, by its name.',
          accept: acceptObject,
        },
        invariant('first', 'the hypothesis came before the repair', suspectedFirst),
      ],
    },
    {
      id: 'mend',
      title: 'Close the ticket',
      text: `Everything of the first list works, on every node and in every pod.`,
      hints: [
        `A change of the configuration reaches a node when it is reimaged, and a pod when it is created. A change of the proxy, or of a rule, is there at once.`,
        `\`az aks update -g ${GROUP} -n ${CLUSTER} --http-proxy-config FILE\` replaces the whole configuration and reimages the nodes: start from \`az aks show --query httpProxyConfig\`, and change one key with \`jq\`. mitmdump reads its CA when it starts: \`systemctl restart mitmproxy\`. A template is changed with \`kubectl patch\` or \`kubectl set env\`. Images that failed are pulled again after five minutes at most: \`sleep 300\`, or delete the pod.`,
        `For example \`az aks show -g ${GROUP} -n ${CLUSTER} --query httpProxyConfig -o json | jq '.KEY = VALUE' > next.json\`, then \`az aks update -g ${GROUP} -n ${CLUSTER} --http-proxy-config next.json\`. Unchanged, the file makes an update that failed once more. The CA as one line: \`base64 -w0 ca.pem\`. A rule: \`az network nsg rule update -g ${GROUP} --nsg-name nsg-proxy -n proxy-from-nodes …\`. An annotation: \`kubectl patch daemonset NAME --type json -p '[{"op":"remove","path":"/spec/template/metadata/annotations"}]'\`. A new CA: \`openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj '/CN=NAME' -addext keyUsage=critical,keyCertSign,cRLSign -keyout key.pem -out mitmproxy-ca-cert.pem\`, key and certificate together in \`mitmproxy-ca.pem\`.`,
      ],
      checks: [
        paid('desk-pays', 'a card works at the desk', firstPod('desk')),
        paid('night-pays', 'the night run pays', firstPod('night')),
        direct('desk-stock', 'the desk sees the stock', firstPod('desk'), STOCK),
        direct('desk-labels', 'the desk prints labels', firstPod('desk'), LABELS),
        invariant('everything', 'every call of every pod, every node’s images, every pod', everything),
        invariant('same-workloads', 'nothing was taken away', workloads),
      ],
    },
    {
      id: 'still-shut',
      title: 'Leave the rest as it was',
      text: `The proxy is the only way out, and it is there for the nodes alone. (This counts once everything works.)`,
      hints: [
        `A repair that goes round the proxy, or that lets everybody to it, heals the ticket and ends what the proxy is there for.`,
        `Try what must fail: \`netpath --from vm/vm-office --to vm/vm-proxy --port ${PROXY_PORT}\`, \`netpath --from pod/POD --to https://www.example.com --client none\`. And what must be read: \`netpath --from node/NODE --to https://mcr.microsoft.com\` says whether the proxy reads what passes.`,
        `Take back what your repair does not need: \`az network nsg rule list -g ${GROUP} --nsg-name nsg-proxy -o table\` has two rules of ours, \`nsg-nodes\` two, \`nsg-stock\` two. \`systemctl cat mitmproxy\` on the proxy ends with \`--ignore-hosts pay[.]example[.]com\`.`,
      ],
      checks: [
        invariant(
          'everything-works',
          'everything works, so that what is shut is shut on purpose',
          everything,
        ),
        flow(
          'desk-past-proxy',
          'a pod does not get out past the proxy',
          { from: firstPod('desk'), to: PAY, client: 'none' },
          {
            kind: 'blocked',
            disposition: 'denied-outbound',
            by: /\bno-internet\b.*\bnsg-nodes\b/,
            control: 'desk-pays',
          },
        ),
        flow(
          'node-past-proxy',
          'a node does not get out past the proxy',
          { from: firstNode('night'), to: 'https://www.example.com', client: 'none' },
          {
            kind: 'blocked',
            disposition: 'denied-outbound',
            by: /\bno-internet\b.*\bnsg-nodes\b/,
            control: 'night-pays',
          },
        ),
        flow(
          'office-to-proxy',
          'the office is denied the proxy',
          { from: 'vm/vm-office', to: PROXY, port: PROXY_PORT },
          {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bnobody-else\b.*\bnsg-proxy\b/,
            control: 'desk-pays',
          },
        ),
        flow(
          'office-to-stock',
          'the office is denied the stock',
          { from: 'vm/vm-office', to: 'vm/vm-stock', port: 80 },
          {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bnobody-else\b.*\bnsg-stock\b/,
            control: 'desk-stock',
          },
        ),
        invariant(
          'as-meant',
          'the proxy reads what it is meant to, for the nodes alone, and nothing goes round it',
          asMeant,
        ),
      ],
    },
  ],
};

export default lab;
