/**
 * NetworkPolicies as the filters that each engine's nodes get: whether the kernel, given those filters,
 * lets pass what the model lets pass, and counts the drop at the same rule.
 */
import { admitNetworkPolicySpec } from '../../../../src/model/kubernetes/network-policy-admission.ts';
import type { NetworkPolicyManifest } from '../../../../src/model/kubernetes/manifest.ts';
import { flow } from '../../../support/network-drafts.ts';
import {
  nodeAddress,
  OUTSIDE,
  podAddress,
  policedNetwork,
  policy,
} from '../../../support/policed-network.ts';
import type { ClusterSketch, PodSketch } from '../../../support/policed-network.ts';
import { icmp, tcp, udp } from '../scenario.ts';
import type { Question, Scenario, Variation } from '../scenario.ts';

type Spec = NetworkPolicyManifest['spec'];

const HTTP = [{ name: 'http', protocol: 'TCP', number: 80 }] as const;
const PODS: readonly PodSketch[] = [
  { namespace: 'default', name: 'web', node: 0, labels: { app: 'web' }, ports: HTTP },
  { namespace: 'default', name: 'client', node: 0, labels: { app: 'client' } },
  { namespace: 'default', name: 'far', node: 1, labels: { app: 'client' } },
  { namespace: 'shop', name: 'api', node: 1, labels: { app: 'api' }, ports: HTTP },
];
const [WEB = '', CLIENT = '', FAR = '', API = ''] = PODS.map((_, at) => podAddress(at));
const FROM = {
  web: 'pod/default/web',
  client: 'pod/default/client',
  far: 'pod/default/far',
  api: 'pod/shop/api',
};

function variation(
  engine: ClusterSketch['engine'],
  name: string,
  specs: readonly Spec[],
  questions: readonly Question[],
): Variation {
  return {
    name: `${engine}: ${name}`,
    questions,
    open: async () => ({
      network: policedNetwork({
        engine,
        nodes: 2,
        namespaces: { default: {}, shop: { team: 'shop' } },
        pods: PODS,
        policies: specs.map((spec, at) => policy(`p${at}`, 'default', admitNetworkPolicySpec(spec))),
        ports: [80, 8080, 8085],
      }).network,
      flowOf: ({ from, to, protocol, port }) => flow(from, to, protocol, port ?? 0),
    }),
  };
}

const denyAll: Spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
const webFromClients: Spec = {
  podSelector: { matchLabels: { app: 'web' } },
  ingress: [
    { from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ port: 'http' }] },
    {
      from: [{ namespaceSelector: { matchLabels: { team: 'shop' } } }],
      ports: [{ port: 8080, endPort: 8085 }],
    },
  ],
};
const outToBlocks: Spec = {
  podSelector: { matchLabels: { app: 'web' } },
  policyTypes: ['Egress'],
  egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [`${CLIENT}/32`] } }] }],
};

export const networkPolicy: Scenario = {
  name: 'network-policy',
  variations: (['azure', 'calico', 'cilium'] as const).flatMap((engine) => {
    const others = engine === 'cilium' ? 'denied-outbound' : 'delivered';
    return [
      variation(
        engine,
        'without policies',
        [],
        [
          tcp(FROM.client, WEB, 'delivered'),
          tcp(FROM.far, WEB, 'delivered'),
          tcp('host/outside', WEB, 'delivered'),
          tcp(FROM.web, OUTSIDE, 'delivered'),
        ],
      ),
      variation(
        engine,
        'everything isolated',
        [denyAll],
        [
          tcp(FROM.client, WEB, engine === 'azure' ? 'denied-inbound' : 'denied-outbound'),
          tcp(FROM.api, WEB, 'denied-inbound'),
          icmp(FROM.api, WEB, 'denied-inbound'),
          tcp('host/outside', WEB, 'denied-inbound'),
          tcp(FROM.web, API, 'denied-outbound'),
          udp(FROM.web, OUTSIDE, 'denied-outbound'),
          tcp(FROM.web, nodeAddress(0), engine === 'azure' ? 'delivered' : 'denied-outbound'),
          tcp(FROM.web, nodeAddress(1), 'denied-outbound'),
          tcp('node/0', WEB, 'delivered'),
          icmp('node/0', WEB, 'delivered'),
          tcp('node/1', WEB, 'denied-inbound'),
        ],
      ),
      variation(
        engine,
        'some senders, some ports',
        [webFromClients],
        [
          tcp(FROM.client, WEB, 'delivered'),
          tcp(FROM.far, WEB, 'delivered'),
          tcp(FROM.far, WEB, 'denied-inbound', 8080),
          udp(FROM.far, WEB, 'denied-inbound', 80),
          tcp(FROM.api, WEB, 'denied-inbound'),
          tcp(FROM.api, WEB, 'delivered', 8080),
          tcp(FROM.api, WEB, 'delivered', 8085),
          tcp(FROM.web, FAR, 'delivered'),
          tcp(FROM.web, OUTSIDE, 'delivered'),
        ],
      ),
      variation(
        engine,
        'egress to a block with an exception',
        [outToBlocks],
        [
          tcp(FROM.web, OUTSIDE, 'delivered'),
          icmp(FROM.web, OUTSIDE, 'delivered'),
          tcp(FROM.web, CLIENT, 'denied-outbound'),
          tcp(FROM.web, FAR, others),
          tcp(FROM.web, nodeAddress(1), others),
          tcp(FROM.client, WEB, 'delivered'),
        ],
      ),
    ];
  }),
};
