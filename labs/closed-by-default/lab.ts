import type { EndOf, FlowCheck, InvariantCheck, Lab } from '../../src/lab/lab.ts';
import { anotherNode, everyPodCalls, firstNode, firstPod, lives, nothingElse } from './vault.ts';

const denied = (id: string, evidence: string, from: EndOf, to: string, port?: number): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from,
  to,
  protocol: 'tcp',
  ...(port === undefined ? {} : { port }),
  expect: {
    kind: 'blocked',
    disposition: 'denied-outbound',
    by: /\bfirewall\b|\bpolicy\b/,
    control: 'pod-to-api',
  },
});

const invariant = (id: string, evidence: string, holds: InvariantCheck['holds']): InvariantCheck => ({
  kind: 'invariant',
  id,
  evidence,
  holds,
});

const lab: Lab = {
  id: 'closed-by-default',
  title: 'Closed by default',
  minutes: 45,
  module: '11-udr-and-azure-firewall',
  order: 1,
  objectives: [
    'build a cluster whose only way out is a firewall, in the order that works',
    'read from a failed create what a node could not reach',
    'allow what AKS, the images and one partner need, and nothing beside it',
  ],
  seeds: ['plain'],
  brief: `The resource group \`rg-vault\` (westeurope) is empty. Build in it a cluster \`aks-vault\` with outbound type \`userDefinedRouting\`, at least
two nodes, behind an Azure Firewall. Networks, ranges and names are yours to choose; so is whether the firewall has a policy.

In the cluster runs \`web\`, a deployment of the image \`nginx\` from Docker Hub, at least two pods. Its pods call one partner,
\`https://api.example.com\`.

What may leave, from nodes and pods:

- what AKS itself needs, so that nodes can be added and replaced tomorrow
- images from Docker Hub
- HTTPS to \`api.example.com\`

Everything else is denied by the firewall: other names, other ports, other protocols. Outside there are \`api\`, \`sister\`
(\`www.example.com\`), \`lookalike\` (\`evil-api.example.com\`), \`drop\` (\`drop.example.net\`), \`forum\`
(\`forum.example.org\`) and \`files\` (\`files.blob.core.windows.net\`).
Ask \`netpath\` with a URL where a call is HTTP or HTTPS.`,
  tasks: [
    {
      id: 'build',
      title: 'A cluster behind a firewall',
      text: 'It lives, its pods run, and a node could join it tomorrow.',
      hints: [
        `A node has to reach the internet before it is a node. So the way out, with its rules, comes first, and the cluster last.`,
        `Order: VNet with a subnet for nodes and one named \`AzureFirewallSubnet\` (at least /26), public address, firewall, ip-config, route table with \`0.0.0.0/0\` to the firewall's private address, on the nodes' subnet; rules; cluster. When \`az aks create\` fails, its message names the endpoint and what denied it. There is an FQDN tag for what AKS needs.`,
        `\`az network firewall application-rule create -g rg-vault --firewall-name FIREWALL --collection-name names --action Allow --priority 200 -n aks --source-addresses NODES --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService\`. Pods that stay in ImagePullBackOff: \`kubectl describe pod\` says which name, and Docker Hub has three: \`registry-1.docker.io\`, \`auth.docker.io\`, \`production.cloudflare.docker.com\`.`,
      ],
      checks: [
        invariant(
          'lives',
          'the cluster routes by the user’s table, its nodes are Ready and its pods run',
          lives,
        ),
        {
          kind: 'flow',
          id: 'pod-to-api',
          evidence: 'a pod calls the partner',
          from: firstPod,
          to: 'https://api.example.com',
          protocol: 'tcp',
          expect: { kind: 'delivered' },
        },
        invariant('through-the-firewall', 'every pod calls the partner by way of a firewall', everyPodCalls),
        invariant(
          'another-node',
          'a node that is added tomorrow reaches everything that it needs',
          anotherNode,
        ),
      ],
    },
    {
      id: 'closed',
      title: 'And closed',
      text: 'The firewall lets out what the brief lists. (Each of these counts only while the call to the partner works.)',
      hints: [
        `A firewall denies what no rule allows. Whatever gets out too much is a rule that is too wide: a star, a whole domain, a service tag, a port too many.`,
        `\`*.example.com\` is also \`www.example.com\`, and \`*api.example.com\` is also \`evil-api.example.com\`. A network rule comes before every application rule and knows no names: the tag \`AzureCloud\` on port 443 is half of the internet.`,
        `Ask for each: \`netpath --from pod/NAME --to https://evil-api.example.com\`, \`netpath --from node/NAME --to host/drop --port 22\`. Three application rules are enough: the tag, three names of Docker Hub, one name of the partner, all for HTTPS (the tag for HTTP as well).`,
      ],
      checks: [
        denied('pod-to-drop', 'pods do not reach a stranger', firstPod, 'https://drop.example.net'),
        denied('node-to-drop', 'nodes do not reach a stranger', firstNode, 'https://drop.example.net'),
        denied(
          'pod-to-sister',
          'pods do not reach another name of the partner’s domain',
          firstPod,
          'https://www.example.com',
        ),
        denied(
          'pod-to-lookalike',
          'pods do not reach a name that ends like the partner’s',
          firstPod,
          'https://evil-api.example.com',
        ),
        denied(
          'pod-to-files',
          'pods do not reach a storage account of somebody else',
          firstPod,
          'https://files.blob.core.windows.net',
        ),
        denied(
          'pod-to-api-plain',
          'pods do not call the partner without TLS',
          firstPod,
          'http://api.example.com',
        ),
        denied('pod-to-drop-ssh', 'pods do not log in anywhere', firstPod, 'host/drop', 22),
        invariant(
          'the-rest',
          'other ports and protocols, from every pod and node, are denied by the firewall',
          nothingElse,
        ),
      ],
    },
  ],
};

export default lab;
