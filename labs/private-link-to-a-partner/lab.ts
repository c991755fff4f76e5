import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, subnetOfId, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, EndOf, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalAddress, externalEnd } from '../../src/lab/service-view.ts';
import { endpointAddress } from '../../src/model/azure/private-endpoint.ts';
import { grantedState, requestedService } from '../../src/model/azure/private-endpoint-request.ts';
import { connectionOf, ownConnection } from '../../src/model/azure/private-link-connection.ts';
import { privateLinkServiceOf } from '../../src/model/azure/private-link-service.ts';
import { findResource, listResources, resourceId, sameId } from '../../src/model/azure/resource-store.ts';
import type { PrivateEndpoint, PrivateLinkService } from '../../src/model/azure/resources.ts';
import { enterSubscription, findSubscription } from '../../src/model/azure/subscription-choice.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { compile } from '../../src/model/compile/compile.ts';
import { statusOf } from '../../src/model/http-service.ts';
import { formatAddress } from '../../src/model/ip/address.ts';

const APP = 'stock';
const LINK_SUBNET = 'snet-link';
const GARAGE_ADDRESS = '10.60.8.4';
const AUDITOR = '3f9c2a71-5d0e-4b86-9a1c-7e2b4d6f8a90';
const FIRST_ERROR = 400;
const ANYBODY = 'c41d07e6-8b3a-4f52-b9d0-1a6e5c9f2378';

/** Names of groups mean what they are in the current subscription, and the learner may have left the own one. */
const atHome = (cloud: Cloud): Cloud =>
  enterSubscription(cloud, findSubscription(cloud, 'Networking Workbook') ?? cloud.subscription);

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(atHome(cloud), 'rg-parts', 'aks-parts');

const published: EndOf = externalEnd(view, 'default', APP);

/** The Private Link service on the app's internal frontend, whoever made it and wherever. */
function linkService(cloud: Cloud): PrivateLinkService | Missing {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const address = externalAddress(cluster, 'default', APP);
  if (isMissing(address)) return address;
  const balancer = findResource(
    atHome(cloud),
    'Microsoft.Network/loadBalancers',
    cluster.cluster.nodeResourceGroup,
    'kubernetes-internal',
  );
  const frontend = balancer?.frontendIPConfigurations.find((one) => one.privateIPAddress === address);
  if (frontend === undefined) {
    return { missing: `Service ${APP} is published at ${address}, which is no internal frontend.` };
  }
  const service = privateLinkServiceOf(cloud, frontend.id);
  return service ?? { missing: `No Private Link service stands on ${address}, the address of ${APP}.` };
}

/** The endpoints that ask for a service, approved ones first. */
function endpointsOf(cloud: Cloud, service: PrivateLinkService): readonly PrivateEndpoint[] {
  const status = (endpoint: PrivateEndpoint): string =>
    ownConnection(endpoint).privateLinkServiceConnectionState.status;
  return listResources(cloud, 'Microsoft.Network/privateEndpoints')
    .filter((endpoint) => sameId(connectionOf(cloud, endpoint.id)?.service.id ?? '', service.id))
    .sort((a, b) => status(a).localeCompare(status(b)));
}

const isInGarage = ({ subnet }: PrivateEndpoint): boolean =>
  /\/virtualNetworks\/vnet-garage\//i.test(subnet.id);

/** The address in the garage's network that stands for the app. */
const endpointOfGarage = (cloud: Cloud): string | Missing => {
  const service = linkService(cloud);
  if (isMissing(service)) return service;
  const endpoint = endpointsOf(cloud, service).find(isInGarage);
  const address = endpoint === undefined ? null : endpointAddress(cloud, endpoint);
  return address ?? { missing: `No private endpoint in vnet-garage asks for ${service.name}.` };
};

/** Whoever calls an endpoint arrives with a NAT address, so one in the own network would let vm-build in. */
function noOtherEndpoint(cloud: Cloud): Holds {
  const service = linkService(cloud);
  if (isMissing(service)) return { passed: false, found: service.missing };
  const other = endpointsOf(cloud, service).find(
    (endpoint) =>
      !isInGarage(endpoint) &&
      ownConnection(endpoint).privateLinkServiceConnectionState.status === 'Approved',
  );
  return other === undefined
    ? { passed: true }
    : {
        passed: false,
        found: `Private endpoint ${other.name} is connected too, and it is not in the garage's network: who calls it arrives as the garage does.`,
      };
}

/** A connection is no answer: a server that gets a PROXY protocol header unasked says 400. */
function answersGarage(cloud: Cloud): Holds {
  const to = endpointOfGarage(cloud);
  if (isMissing(to)) return { passed: false, found: to.missing };
  const asked = askModel(cloud, { from: 'vm/vm-garage', to, protocol: 'tcp', port: 80 });
  const hops = asked.ok && asked.value.trace.disposition === 'delivered' ? asked.value.trace.hops : [];
  const last = hops.at(-1);
  const port = last?.steps.at(-1)?.after.destination.port;
  if (last === undefined) return { passed: false, found: 'No call of vm-garage reaches a pod yet.' };
  const server = compile(cloud)
    .network.hosts.get(last.place)
    ?.listeners.find((listener) => listener.port === port);
  const proxied = hops.some(({ steps }) => steps.some(({ kind }) => kind === 'proxy'));
  const lost = proxied ? 'unknown-to-it' : 'required';
  const understood =
    server?.http !== undefined &&
    server.http.proxyProtocol !== lost &&
    statusOf(server.http, '/') < FIRST_ERROR;
  return understood
    ? { passed: true }
    : {
        passed: false,
        found: `${last.place} takes the connection and does not understand the request: see what curl -i http://${to} prints on vm-garage.`,
      };
}

/** Any port of a node will do: the group names what it lets in. */
const firstNode: EndOf = (cloud) => {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const [node] = nodesOf(cluster);
  return node === undefined ? { missing: 'The cluster has no nodes.' } : `node/${node.name}`;
};

function twoNatAddresses(cloud: Cloud): Holds {
  const service = linkService(cloud);
  if (isMissing(service)) return { passed: false, found: service.missing };
  const subnets = service.ipConfigurations.map(({ subnet }) => subnetOfId(cloud, subnet.id)?.name ?? '');
  const elsewhere = subnets.find((name) => name !== LINK_SUBNET);
  if (elsewhere !== undefined) {
    return { passed: false, found: `${service.name} takes its NAT addresses from ${elsewhere}.` };
  }
  return subnets.length >= 2
    ? { passed: true }
    : { passed: false, found: `${service.name} has ${subnets.length} NAT address in ${LINK_SUBNET}.` };
}

/** A public frontend would be a second door. */
function noPublicFrontend(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const { nodeResourceGroup } = cluster.cluster;
  const balancer = findResource(
    atHome(cloud),
    'Microsoft.Network/loadBalancers',
    nodeResourceGroup,
    'kubernetes',
  );
  const [rule] = balancer?.loadBalancingRules ?? [];
  return rule === undefined
    ? { passed: true }
    : { passed: false, found: `The public load balancer kubernetes has the rule ${rule.name}.` };
}

type Answered = 'Approved' | 'Pending' | 'not visible';

/** What a request from another company's subscription would get, which has no rights on the service. */
function requestFrom(cloud: Cloud, subscription: string, service: PrivateLinkService): Answered {
  const there = enterSubscription(cloud, {
    id: subscription,
    name: 'Elsewhere',
    tenantId: cloud.subscription.tenantId,
    user: 'someone@example.net',
  });
  const endpoint = resourceId(there, 'rg-elsewhere', 'Microsoft.Network/privateEndpoints', 'pe-elsewhere');
  const request = {
    privateLinkServiceId: service.alias,
    approval: 'manual',
    requestMessage: null,
    groupIds: [],
  } as const;
  const seen = requestedService(there, request, endpoint);
  if (!seen.ok) return 'not visible';
  const write = { action: 'Microsoft.Network/privateEndpoints/write', scope: endpoint };
  const granted = grantedState(there, seen.value, request, write);
  return granted.ok && granted.value.status === 'Approved' ? 'Approved' : 'Pending';
}

function requestGets(subscription: string, who: string, wanted: Answered): (cloud: Cloud) => Holds {
  return (cloud) => {
    const service = linkService(cloud);
    if (isMissing(service)) return { passed: false, found: service.missing };
    const answered = requestFrom(cloud, subscription, service);
    return answered === wanted
      ? { passed: true }
      : {
          passed: false,
          found: `A request from ${who} to ${service.name} would be ${answered}; it should be ${wanted}.`,
        };
  };
}

function acceptNsgSource(cloud: Cloud, answer: string): Accepts {
  const service = linkService(cloud);
  if (isMissing(service)) return { passed: false, feedback: service.missing };
  const given = plainAnswer(answer);
  // Which of them it is depends on the port that the client happens to use.
  if (service.ipConfigurations.some(({ privateIPAddress }) => privateIPAddress === given)) {
    return { passed: true };
  }
  return {
    passed: false,
    feedback:
      given === GARAGE_ADDRESS || given === endpointOfGarage(cloud)
        ? `${given} belongs to the garage's network. A packet that comes through a Private Link service carries no address from there; in your network the same number would be somebody else.`
        : 'Write one address: the source in the step where nsg-nodes decides about a call from vm-garage (netpath --from vm/vm-garage ...).',
  };
}

function acceptSeen(cloud: Cloud, answer: string): Accepts {
  const given = plainAnswer(answer);
  if (!['garage', 'endpoint', 'nat', 'node'].includes(given)) {
    return { passed: false, feedback: 'Answer with one word: garage, endpoint, nat or node.' };
  }
  const to = endpointOfGarage(cloud);
  if (isMissing(to)) return { passed: false, feedback: to.missing };
  const asked = askModel(cloud, { from: 'vm/vm-garage', to, protocol: 'tcp', port: 80 });
  const seen = asked.ok ? asked.value.trace.seenSource : null;
  const cluster = view(cloud);
  if (seen === null || isMissing(cluster)) {
    return { passed: false, feedback: 'No call of vm-garage reaches a pod yet: let it in first, then look.' };
  }
  const source = formatAddress(seen.address);
  const key = nodesOf(cluster).some(({ address }) => address === source) ? 'node' : 'nat';
  return given === key
    ? { passed: true }
    : {
        passed: false,
        feedback: `The pod sees ${source}. A server says it itself: az vm run-command invoke --subscription Partner -g rg-garage -n vm-garage --command-id RunShellScript --scripts "curl -s http://${to}".`,
      };
}

const lab: Lab = {
  id: 'private-link-to-a-partner',
  title: 'Spare parts for the garage',
  minutes: 35,
  module: '06-private-link',
  order: 1,
  objectives: [
    'offer a Service to a network that has the same addresses as your own',
    'decide who may ask for a connection, and who gets it',
    "admit a consumer's packets by the addresses that they really have",
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `A garage wants to see which spare parts are in stock: the Deployment \`stock\` in your cluster \`aks-parts\`
(\`rg-parts\`). It has a subscription of its own, \`Partner\`, with \`vnet-garage\` in \`rg-garage\`. Both companies chose
\`10.60.0.0/16\`, years ago; nobody is going to renumber. You may work in both: \`az account set --subscription Partner\`,
or \`--subscription Partner\` with a single command. Each subscription has its own user, without rights in the other.

Your \`vnet-parts\` has \`snet-frontends\` for internal load balancers and \`snet-link\` for Private Link. The group
\`nsg-nodes\` on the nodes' subnet lets in what it names and drops the rest, among it \`vm-build\`. That must stay so. An
auditor, subscription \`${AUDITOR}\`, will want a connection some day.`,
  tasks: [
    {
      id: 'offer',
      title: 'Offer the app',
      text: `A Service \`${APP}\` in namespace \`default\` publishes the pods of \`stock\` on TCP 80 inside your network, and a Private Link
service on its frontend has two NAT addresses in \`${LINK_SUBNET}\`. There is no public way in.`,
      hints: [
        `Two networks with the same addresses cannot be peered. A Private Link service needs no route between them: it stands on a frontend of your load balancer and calls it from addresses of your own.`,
        `The cloud controller makes one for an internal Service: annotations that begin with \`service.beta.kubernetes.io/azure-pls-\`. If nothing comes, \`kubectl describe service ${APP}\` says why. \`az network private-link-service list -g MC_rg-parts_aks-parts_westeurope\` shows what came.`,
        `\`azure-load-balancer-internal: "true"\`, \`azure-pls-create: "true"\`, \`azure-pls-ip-configuration-subnet: ${LINK_SUBNET}\`, \`azure-pls-ip-configuration-ip-address-count: "2"\`, each with \`service.beta.kubernetes.io/\` in front.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'nat-addresses',
          evidence:
            'a Private Link service stands on the frontend, with two addresses in the subnet kept for it',
          holds: twoNatAddresses,
        },
        {
          kind: 'invariant',
          id: 'no-public-door',
          evidence: 'no public frontend leads to the cluster, while the private one is there',
          holds: (cloud) => {
            const service = linkService(cloud);
            return isMissing(service) ? { passed: false, found: service.missing } : noPublicFrontend(cloud);
          },
        },
      ],
    },
    {
      id: 'connect',
      title: 'Bring the garage in',
      text: `A private endpoint in \`vnet-garage\` is connected to it, and \`vm-garage\` reaches the app at the endpoint's address.
\`vm-build\` in your own network is still dropped by a rule, whatever it calls.`,
      hints: [
        `The endpoint belongs to the garage, in its subscription and its network; the connection is a request that you, the owner of the service, grant. After that the packet still meets every group on its way to a node.`,
        `Without rights on the service the garage can only ask: \`--manual-request true\`. \`netpath --from vm/vm-garage --to pe/NAME --port 80\` shows what decides, and which source the packet has at \`nsg-nodes\`.`,
        `\`az network private-endpoint create --subscription Partner -g rg-garage -n pe-stock --vnet-name vnet-garage --subnet snet-endpoints --private-connection-resource-id PLS_ID --connection-name to-stock --manual-request true\`, then a rule in \`nsg-nodes\` that allows \`10.60.2.0/28\` on port 80.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'garage',
          evidence: 'the garage reaches the app at an address of its own network',
          from: 'vm/vm-garage',
          to: endpointOfGarage,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'invariant',
          id: 'answer',
          evidence: 'and the app understands what arrives',
          holds: answersGarage,
        },
        {
          kind: 'flow',
          id: 'build',
          evidence: 'vm-build, which has the same address as vm-garage, is dropped by a rule',
          from: 'vm/vm-build',
          to: published,
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b|KUBE-PROXY-FIREWALL/,
            control: 'garage',
          },
        },
        {
          kind: 'flow',
          id: 'build-to-node',
          evidence: 'the group on the subnet still keeps vm-build away from the nodes themselves',
          from: 'vm/vm-build',
          to: firstNode,
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'blocked', disposition: 'denied-inbound', by: /\bNSG\b/, control: 'garage' },
        },
        {
          kind: 'invariant',
          id: 'no-detour',
          evidence: 'nobody but the garage has an endpoint that is connected',
          holds: noOtherEndpoint,
        },
        {
          kind: 'flow',
          id: 'stranger',
          evidence: 'the internet has no way to the app',
          from: 'host/stranger',
          to: published,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'blocked', disposition: 'no-route', by: /internet/, control: 'garage' },
        },
      ],
    },
    {
      id: 'who-may-ask',
      title: 'Decide who may ask',
      text: `The auditor can ask for a connection, and then waits for your approval. Anybody else who learns the alias is told that
there is no such service.`,
      hints: [
        `To see a service and to be let in without a question are two lists.`,
        `\`azure-pls-visibility\` and \`azure-pls-auto-approval\` take subscription ids with spaces between them. Empty visibility leaves only those who have rights on the service.`,
        `\`azure-pls-visibility: "GARAGE_ID ${AUDITOR}"\` and \`azure-pls-auto-approval: GARAGE_ID\`, with the id from \`az account show --subscription Partner --query id -o tsv\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'auditor-waits',
          evidence: 'a request from the auditor would wait for approval',
          holds: requestGets(AUDITOR, 'the auditor', 'Pending'),
        },
        {
          kind: 'invariant',
          id: 'others-see-nothing',
          evidence:
            'a request from any other subscription would be refused: the service is not visible to it',
          holds: requestGets(ANYBODY, 'a subscription that nobody named', 'not visible'),
        },
      ],
    },
    {
      id: 'look',
      title: 'Say who calls',
      text: `Look at a call of \`vm-garage\` in your own network.`,
      hints: [
        `The consumer's address stays on its side. In your network somebody else calls in its place.`,
        `\`netpath --from vm/vm-garage --to pe/NAME --port 80 -o json\` has the header before and after each step. The server also prints the client that it sees.`,
        `The Private Link service translates the source first; then, unless externalTrafficPolicy is Local, kube-proxy does on the node.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'nsg-source',
          evidence: 'which source the NSG sees',
          key: 'nsg-source',
          question: 'Which source address does a call of vm-garage have when nsg-nodes looks at it?',
          accept: acceptNsgSource,
        },
        {
          kind: 'answer',
          id: 'seen-by-pod',
          evidence: 'who the pod takes for its client',
          key: 'seen-by-pod',
          question:
            'Whose address does the pod see as the source of that call, with your Service as it is: garage, endpoint, nat or node?',
          accept: acceptSeen,
        },
      ],
    },
  ],
};

export default lab;
