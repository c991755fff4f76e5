import type { CommandCheck, EndOf, FlowCheck, InvariantCheck, Lab } from '../../src/lab/lab.ts';
import { doorOnlyForNodes } from './door.ts';
import {
  addressOfProxy,
  anotherNode,
  apiServer,
  callerPlaces,
  CLOSED,
  everyCallInside,
  everyCallOut,
  firstCaller,
  firstNode,
  lives,
  nodePlaces,
  nothingDirect,
  ORDERS,
  PARTNER,
  proxyAsBefore,
  WEB,
} from './proxied.ts';

const flow = (
  id: string,
  evidence: string,
  from: EndOf,
  to: EndOf,
  more: Partial<FlowCheck> & Pick<FlowCheck, 'expect'>,
): FlowCheck => ({ kind: 'flow', id, evidence, from, to, protocol: 'tcp', ...more });

const THROUGH = {
  kind: 'delivered',
  seenSource: addressOfProxy,
  proxy: { at: 'vm/vm-proxy' },
} as const;
const DIRECTLY = { kind: 'delivered', proxy: 'none' } as const;

/** What is tried past the proxy fails, whichever way the learner closed it. */
const shut = (id: string, evidence: string, from: EndOf, to: string, control: string): FlowCheck =>
  flow(id, evidence, from, to, {
    client: 'none',
    expect: {
      kind: 'blocked',
      disposition: CLOSED,
      by: /\bNSG\b|\bNetworkPolicy\b|\bfirewall\b|\bpolicy\b|\broute\b|\bsubnet\b/,
      control,
    },
  });

const invariant = (id: string, evidence: string, holds: InvariantCheck['holds']): InvariantCheck => ({
  kind: 'invariant',
  id,
  evidence,
  holds,
});

const succeeds = (id: string, evidence: string, at: CommandCheck['at'], run: string): CommandCheck => ({
  kind: 'command',
  id,
  evidence,
  at,
  run,
  expect: { exitCode: 0 },
});

const lab: Lab = {
  id: 'only-through-the-proxy',
  title: 'Only through the proxy',
  minutes: 45,
  module: '12-http-proxy',
  order: 2,
  objectives: [
    'create a cluster whose nodes and pods leave by an HTTP proxy, and by nothing else',
    'say what must go past the proxy, in words that every client understands',
    'give pods the authority that the proxy signs with',
  ],
  seeds: ['plain'],
  brief: `In \`rg-shut\` (westeurope) a proxy runs: mitmdump on \`vm-proxy\`, \`10.20.0.4\`, port 8080, in \`vnet-proxy\`. It leaves by a NAT gateway
(\`pip-natgw\`) and reads everything, https as well; it was started by root. It is the security team's: leave its options alone. Its
group \`nsg-proxy\` lets nobody in yet.

Build the cluster \`aks-shut\` in \`snet-nodes\` of \`vnet-aks\` (\`10.10.0.0/16\`, with room for more subnets), at least two nodes. In it run \`web\`
(image \`nginx\`, with a Service \`web\` on port 80) and \`caller\` (image \`nicolaka/netshoot\`), two pods each, in the namespace default.

- What nodes and pods want from the internet, they get through the proxy: images, packages, and \`https://api.partner.example\`.
- Without the proxy nothing on the internet is reached, from nodes or pods, but for the cluster's API server: no other name of Azure, no
  other port. How you close it is yours: a security group, a firewall, routes.
- \`http://10.30.0.4:8080\`, the orders on \`vm-orders\` in \`vnet-data\`, and \`http://web.default.svc.cluster.local\` are called directly.
- In \`caller\` run programs of many kinds: curl, Go, Python with urllib and with requests. All of the above goes for each of them.
- \`vm-build\`, in the same VNet as the nodes, has no business with the proxy; nor has anybody else.

Outside there are also \`drop\` (\`drop.example.net\`) and \`files\` (\`files.blob.core.windows.net\`). \`netpath --client none\` asks past the proxy.`,
  tasks: [
    {
      id: 'build',
      title: 'A cluster behind the proxy',
      text: 'Its nodes are set up with the proxy, and pull what they run through it.',
      hints: [
        `A node asks the proxy before it is a node: the proxy has to let it in first. And it has to trust what the proxy signs, or it pulls no image.`,
        `Three things before \`az aks create --http-proxy-config FILE\`: a rule in \`nsg-proxy\` for the nodes' range and one port; the proxy's certificate (\`/root/.mitmproxy/mitmproxy-ca-cert.pem\`, by \`az vm run-command invoke\`); a JSON file with httpProxy, httpsProxy, noProxy and trustedCa. Exit status 50 says that the proxy was not reached. Pods that stay in ImagePullBackOff say x509 in \`kubectl describe pod\` where the certificate is not trusted.`,
        `\`az vm run-command invoke -g rg-shut -n vm-proxy --command-id RunShellScript --scripts 'cat /root/.mitmproxy/mitmproxy-ca-cert.pem' --query 'value[0].message' -o tsv | sed -n '/BEGIN/,/END/p' > ca.pem\`, and in the file \`"httpProxy": "http://10.20.0.4:8080", "httpsProxy": "http://10.20.0.4:8080", "trustedCa": "$(base64 -w0 ca.pem)"\`.`,
      ],
      checks: [
        invariant('lives', 'nodes are Ready, and web and caller run', lives),
        flow(
          'node-to-registry',
          'a node asks the registry through the proxy',
          firstNode,
          'https://mcr.microsoft.com',
          {
            expect: THROUGH,
          },
        ),
        succeeds(
          'node-pulls',
          'each node pulls an image that it does not have, so it trusts the proxy',
          nodePlaces,
          'crictl pull docker.io/library/redis:7',
        ),
        invariant('another-node', 'a node that is added tomorrow gets what it needs', anotherNode),
      ],
    },
    {
      id: 'outside',
      title: 'Pods call out',
      text: 'Through the proxy, whatever program asks; and curl in `caller` succeeds without any option.',
      hints: [
        `AKS gives pods variables and no certificate: what their programs trust is in their images.`,
        `A ConfigMap with the certificate, mounted into the pod, and a variable that names the file: \`SSL_CERT_FILE\` is read by curl, Go and Python. Or put the file where the image has its bundle. \`kubectl exec deploy/caller -- env | grep -i proxy\` shows what a pod was given when it was made.`,
        `\`kubectl create configmap proxy-ca --from-file=ca.pem\`; in the pod template of caller \`env: [{name: SSL_CERT_FILE, value: /etc/proxy/ca.pem}]\`, \`volumeMounts: [{name: ca, mountPath: /etc/proxy}]\`, \`volumes: [{name: ca, configMap: {name: proxy-ca}}]\`.`,
      ],
      checks: [
        flow(
          'pod-to-partner',
          'a pod calls the partner, who sees the proxy’s address',
          firstCaller,
          PARTNER,
          {
            expect: THROUGH,
          },
        ),
        invariant('every-call-out', 'so does every pod of caller, with every program', everyCallOut),
        succeeds(
          'pod-trusts',
          'curl in every pod of caller trusts what the proxy shows',
          callerPlaces,
          `curl -sS --max-time 10 ${PARTNER}`,
        ),
      ],
    },
    {
      id: 'inside',
      title: 'What is inside stays inside',
      text: 'Orders and Services are called without the proxy, by every program.',
      hints: [
        `Who goes past the proxy is decided by each program, with the text that stands in the URL and the list NO_PROXY. AKS adds what it knows: its own ranges and VNet, no other VNet and no names of Services.`,
        `\`az aks show -g rg-shut -n aks-shut --query httpProxyConfig.effectiveNoProxy\` shows the whole list. Not every program reads a range in it: \`calc no-proxy --help\`, and \`netpath --client python-urllib\` beside \`--client curl\`.`,
        `\`"noProxy": [".svc", ".cluster.local", "10.30.0.4"]\`: an address is read by all of them, \`10.30.0.0/16\` not by Python's urllib. On a cluster that is there, \`az aks update --http-proxy-config FILE\`, and then \`kubectl rollout restart deployment caller\`.`,
      ],
      checks: [
        flow('pod-to-orders', 'a pod calls the orders directly', firstCaller, ORDERS, { expect: DIRECTLY }),
        flow('pod-to-web', 'a pod calls the Service directly', firstCaller, WEB, { expect: DIRECTLY }),
        invariant(
          'every-call-inside',
          'so does every pod with every program, and is seen as itself or its node',
          everyCallInside,
        ),
      ],
    },
    {
      id: 'closed',
      title: 'And no other way',
      text: 'Past the proxy there is the API server, and nothing else. (Each of the blocked calls counts only while the one through the proxy works.)',
      hints: [
        `Variables are a request, not a wall: a program that does not read them goes directly. The wall stands in the network, with one gate, since nodes never ask the API server through the proxy.`,
        `A security group on the subnet that denies the tag Internet, with the API server's own address allowed before it; or a default route to an Azure Firewall that allows one name, \`*.hcp.westeurope.azmk8s.io\`; or a default route to None and one to the API server's address. A tag such as AzureCloud is half of the internet.`,
        `\`dig +short $(az aks show -g rg-shut -n aks-shut --query fqdn -o tsv)\` is the address. Then \`netpath --client none --from node/NAME --to https://mcr.microsoft.com\` must be denied by a rule that you know, and \`--to https://FQDN\` be delivered. The proxy's own rule: protocol Tcp, the nodes' range, port 8080.`,
      ],
      checks: [
        flow('node-to-api-server', 'a node reaches its API server directly', firstNode, apiServer, {
          expect: DIRECTLY,
        }),
        shut(
          'pod-direct',
          'a pod that ignores the proxy does not reach the partner',
          firstCaller,
          PARTNER,
          'pod-to-partner',
        ),
        shut(
          'node-direct',
          'a node that ignores the proxy does not reach the registry',
          firstNode,
          'https://mcr.microsoft.com',
          'node-to-registry',
        ),
        shut(
          'pod-direct-to-files',
          'nor does a pod reach somebody’s storage account in Azure',
          firstCaller,
          'https://files.blob.core.windows.net',
          'pod-to-partner',
        ),
        invariant('nothing-direct', 'nor anybody at any port, from any pod and node', nothingDirect),
        flow('build-to-proxy', 'the build machine does not get at the proxy', 'vm/vm-build', 'vm/vm-proxy', {
          port: 8080,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b/,
            control: 'node-to-registry',
          },
        }),
        invariant(
          'proxy-door',
          'the proxy’s machine was opened for nodes and one port only',
          doorOnlyForNodes,
        ),
        invariant('proxy-as-before', 'the proxy does what it did', proxyAsBefore),
      ],
    },
  ],
};

export default lab;
