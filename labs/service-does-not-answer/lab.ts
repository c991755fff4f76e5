import { isMissing } from '../../src/lab/cluster-view.ts';
import type { FlowCheck, Holds, InvariantCheck, Lab } from '../../src/lab/lab.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { backendHealth } from '../../src/model/compile/load-balancer-health.ts';
import {
  APPS,
  CLUSTER,
  GROUP,
  STOCK_ADDRESS,
  addressOf,
  answerProblem,
  knownAddress,
  publicationProblem,
  view,
} from './apps.ts';
import type { App } from './apps.ts';
import { acceptCulprit, acceptDecider, acceptHealthy } from './diagnosis.ts';

const SYMPTOM: Readonly<Record<App['name'], string>> = {
  store: 'Customers do not see the store at the address that they know.',
  press: 'Reporters do not see the press pages at the address that they know.',
  stock: `Tills do not get the stock at ${STOCK_ADDRESS}.`,
};

const publications: readonly InvariantCheck[] = APPS.map((app) => ({
  kind: 'invariant',
  id: `${app.name}-published`,
  evidence: `Service ${app.name} is published at the address that its callers know, and no other pods than its own answer there`,
  holds: (cloud): Holds => {
    const problem = publicationProblem(cloud, app);
    return problem === null
      ? { passed: true }
      : { passed: false, found: problem, symptom: SYMPTOM[app.name] };
  },
}));

function reaches(id: string, app: App, evidence: string): FlowCheck {
  return {
    kind: 'flow',
    id,
    evidence,
    from: app.caller,
    to: addressOf(app),
    protocol: 'tcp',
    port: app.port,
    expect: { kind: 'delivered' },
  };
}

function keptOut(
  id: string,
  from: string,
  app: App,
  by: RegExp,
  control: string,
  evidence: string,
): FlowCheck {
  return {
    kind: 'flow',
    id,
    evidence,
    from,
    to: addressOf(app),
    protocol: 'tcp',
    port: app.port,
    expect: { kind: 'blocked', disposition: 'denied-inbound', by, control },
  };
}

const nodeToOffice = (
  id: string,
  host: string,
  evidence: string,
  expect: FlowCheck['expect'],
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from: (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const [name] = Object.keys(cluster.kubernetes.nodes);
    return name === undefined ? { missing: 'There is no node.' } : `node/${name}`;
  },
  to: `host/${host}`,
  protocol: 'tcp',
  port: 443,
  expect,
});

const everyoneAnswers = (cloud: Cloud): Holds => {
  const app = APPS.find((each) => answerProblem(cloud, each) !== null);
  return app === undefined
    ? { passed: true }
    : { passed: false, found: `${app.name} still does not answer as it should: see the task before.` };
};

/** What the public load balancer leads into the cluster, beyond the two that are meant to be public. */
function nothingElsePublic(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const meant = APPS.filter(({ name }) => name !== 'stock').map((app) => {
    const address = knownAddress(cloud, app);
    return isMissing(address) ? '' : `${address}:${app.port}`;
  });
  const group = cluster.cluster.nodeResourceGroup;
  const balancer = findResource(cloud, 'Microsoft.Network/loadBalancers', group, 'kubernetes');
  const found = backendHealth(cloud, balancer?.id ?? '').find(
    ({ frontend, rule }) => !meant.includes(`${frontend}:${rule.frontendPort}`),
  );
  return found === undefined
    ? { passed: true }
    : {
        passed: false,
        found: `The internet is led into the cluster at ${found.frontend}:${found.rule.frontendPort} too.`,
        symptom: 'The internet is led to something else in the cluster too.',
      };
}

const [store, press, stock] = APPS;
const [firstPublication, ...otherPublications] = publications;
if (firstPublication === undefined) throw new Error('there are three apps');

const lab: Lab = {
  id: 'service-does-not-answer',
  title: 'The Service that does not answer',
  minutes: 40,
  module: '04-load-balancer-services',
  order: 3,
  objectives: [
    'tell apart a Service that Azure refuses, one that no node is healthy for, and one whose packets are dropped on their way',
    'read from events, rules, probes and traces which object decides',
    'mend that one object and open nothing else',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune', 'ember', 'flint', 'grove', 'heath', 'iris', 'juniper'],
  brief: `Since last night (CHG-40118) something that cluster \`aks-shop\` (\`rg-shop\`) publishes does not answer any
more. You will soon see what; nobody knows why. Three Deployments are published, each by a Service of its name.

**store** is on the flyers: port 80 of \`pip-store\`, an address in \`rg-addresses\`. It is for the whole internet (host
\`customer\`) but not for the scrapers in \`192.0.2.128/28\` (host \`scraper\`).

**press** has port 8080 of the same address, for reporters in \`198.51.100.0/24\` (host \`reporter\`) and nobody else.

**stock** is internal: port 80 of \`${STOCK_ADDRESS}\` in \`snet-internal\`, for the tills in \`10.50.0.0/24\` (\`vm-till\`, in a peered
VNet) and nobody else, least of all the partner (\`vm-partner\`, in another peered VNet).

All three serve pages under \`/app/\` and say 404 to everything else: that is no fault. The nodes' subnet \`snet-nodes\` has an
NSG, \`nsg-nodes\`, and a route table, \`rt-nodes\`, which closes the old network \`10.99.0.0/16\`. The cluster acts under the
identity \`id-aks\`.`,
  diagnosis: 'find',
  tasks: [
    {
      id: 'find',
      title: 'Say what is broken before you mend it',
      text: `Commit yourself to an answer to each question: until all have one, right or wrong, a failed check tells what callers
see and not why. If several Services do not answer, the answers are the same for each. They are compared with the network as you
found it, so mending first does no harm.`,
      hints: [
        `A request passes four gates. The cloud provider must have made the rule; the load balancer must find a healthy node; the NSG and kube-proxy must let the packet in; the answer must come back by the load balancer that brought it.`,
        `\`kubectl get service\` shows who waits for an address, and \`kubectl describe service NAME\` ends with events that say why. Then ask for the callers: \`netpath --from host/customer --to ADDRESS --port 80\`, \`netpath --from vm/vm-till --to ${STOCK_ADDRESS} --port 80\`. Where the load balancer finds nobody, each node's line says what its probe got.`,
        `Rules and probes: \`az network lb rule list -g MC_${GROUP}_${CLUSTER}_westeurope --lb-name kubernetes -o table\`. A probe that gets no answer is the end of a chain: node port, \`kubectl get endpointslices\`, the port of the pod, its page. And the probes come from \`168.63.129.16\`, tag AzureLoadBalancer, which the NSG must let in.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'decided-by',
          evidence: 'the gate at which callers fail',
          key: 'decided-by',
          question:
            'At which gate do callers fail? controller (Azure or the cloud provider refuses the Service, so that it has no rule), elsewhere (it has a rule, at another address than callers use), probe (it has a rule and no healthy node), nsg (an NSG drops callers), node (kube-proxy drops callers) or route (the answer goes astray).',
          accept: acceptDecider,
        },
        {
          kind: 'answer',
          id: 'healthy',
          evidence: 'how many nodes the load balancer finds healthy',
          key: 'healthy',
          question:
            'How many nodes are healthy behind the load balancing rule of the Service that does not answer? A number, or none if there is no such rule.',
          accept: acceptHealthy,
        },
        {
          kind: 'answer',
          id: 'because-of',
          evidence: 'what has to change',
          key: 'because-of',
          question: `What has to change? Of the Service: selector, target-port, health-probe (how it asks), annotations (another of them) or source-ranges. Else: rights (of id-aks), neighbour (another Service), nsg or route-table.`,
          accept: acceptCulprit,
        },
      ],
    },
    {
      id: 'mend',
      title: 'Let everyone get an answer',
      text: `All three Services answer their callers at the addresses that these know. Addresses are printed on flyers and typed
into tills: another one is no help.`,
      hints: [
        `What decides and what has to change need not be the same: a probe may fail because of an NSG, and a Service may be refused because of its neighbour.`,
        `Edit a Service with \`kubectl patch\` or \`kubectl apply\`; the cloud provider follows at once. What AKS manages in the node resource group it writes back: change what it is derived from.`,
        `For example: \`kubectl patch service store --type merge -p '{"spec":{"selector":{"track":null}}}'\`; \`az role assignment create --assignee-object-id PRINCIPAL --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope GROUP_ID\`; \`az network nsg rule update -g ${GROUP} --nsg-name nsg-nodes -n RULE --destination-address-prefixes ADDRESS\`; \`az network route-table route delete\`.`,
      ],
      checks: [
        firstPublication,
        ...otherPublications,
        reaches('customer-to-store', store, 'a customer reaches the store'),
        reaches('reporter-to-press', press, 'a reporter reaches the press pages'),
        reaches('till-to-stock', stock, 'a till reaches the stock'),
      ],
    },
    {
      id: 'still-closed',
      title: 'Open nothing else',
      text: `Scrapers stay out of the store, everyone but reporters out of the press pages, the partner and the internet out of the stock, and
the nodes cannot reach \`10.99.0.0/16\`. (This counts once all three answer: what is broken is closed too.)`,
      hints: [
        `The quick repairs open too much: an NSG that is detached, a rule that allows any, ranges that are taken away, a route table that is emptied.`,
        `\`az network nsg rule list -g ${GROUP} --nsg-name nsg-nodes -o table\`, in the order of priorities: which rule keeps out whom? \`loadBalancerSourceRanges\` of \`stock\` does the same on the nodes.`,
        `Ask for those who must fail before and after your change: \`netpath --from host/scraper --to ADDRESS --port 80\`, \`netpath --from host/customer --to ADDRESS --port 8080\`, \`netpath --from vm/vm-partner --to ${STOCK_ADDRESS} --port 80\`, \`netpath --from node/NAME --to host/legacy --port 443\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'everyone-answers',
          evidence: 'all three answer, so that what is closed is closed on purpose',
          holds: everyoneAnswers,
        },
        {
          kind: 'invariant',
          id: 'nothing-else-public',
          evidence: 'the internet is led to the store and the press pages only',
          holds: nothingElsePublic,
        },
        keptOut(
          'scraper-to-store',
          'host/scraper',
          store,
          /\bNSG\b|KUBE-PROXY-FIREWALL/,
          'customer-to-store',
          'a scraper is kept out of the store, by a rule',
        ),
        keptOut(
          'customer-to-press',
          'host/customer',
          press,
          /\bNSG\b|KUBE-PROXY-FIREWALL/,
          'reporter-to-press',
          'a customer is kept out of the press pages, by a rule',
        ),
        keptOut(
          'partner-to-stock',
          'vm/vm-partner',
          stock,
          /\bNSG\b|KUBE-PROXY-FIREWALL/,
          'till-to-stock',
          'the partner is kept out of the stock, by a rule',
        ),
        nodeToOffice(
          'node-to-legacy',
          'legacy',
          'the nodes cannot reach the closed network 10.99.0.0/16, by a route to None',
          {
            kind: 'blocked',
            disposition: 'dropped-by-route',
            by: /None/i,
            control: 'node-to-erp',
          },
        ),
        nodeToOffice('node-to-erp', 'erp', 'they reach the ERP behind the same private connection', {
          kind: 'delivered',
        }),
      ],
    },
  ],
};

export default lab;
