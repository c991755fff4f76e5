/** How the failing request ends and what has to change, as the network that was handed over has it. */
import { isMissing } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { hasProxyOf, proxyEnvironment } from '../../src/model/aks/http-proxy.ts';
import { listResources } from '../../src/model/azure/resource-store.ts';
import { parsePem } from '../../src/model/certificates/pem.ts';
import type { Certificate } from '../../src/model/certificates/certificate.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { base64Text } from '../../src/model/kubernetes/base64-text.ts';
import {
  APPS,
  GROUP,
  PROXY,
  PROXY_PORT,
  asked,
  failuresOf,
  nodesOf,
  podsOf,
  proxyOf,
  viewParcels,
} from './parcels.ts';
import type { App, Failure } from './parcels.ts';

export const ENDS = ['direct', 'unreached', 'answered', 'untrusted', 'expired'] as const;
type End = (typeof ENDS)[number];

const certificatesOf = (pem: string): readonly Certificate[] => {
  const read = parsePem(pem);
  return read.ok ? read.value : [];
};

function endOfRequest(failure: Failure): End | null {
  switch (failure.kind) {
    case 'call':
      // What goes direct as it is meant to fails for want of what it calls.
      if (failure.answer.over === null) return failure.by === 'proxy' ? 'direct' : null;
      return failure.answer.over.proxies.length === 0 ? 'unreached' : 'answered';
    case 'pull':
      if (failure.error.includes('expired')) return 'expired';
      if (failure.error.includes('x509')) return 'untrusted';
      return failure.error.includes('proxyconnect') ? 'unreached' : 'answered';
    case 'pod':
      return null;
  }
}

interface Start {
  readonly cloud: Cloud;
  readonly view: ClusterView;
  readonly failures: readonly Failure[];
}

function startOf(cloud: Cloud): Start {
  const [view, failures] = [viewParcels(cloud), failuresOf(cloud)];
  if (isMissing(view)) throw new Error(view.missing);
  if (isMissing(failures)) throw new Error(failures.missing);
  return { cloud, view, failures };
}

/** One thing that may have to change: whether it does, and if not, what shows it. */
interface Suspect {
  readonly name: string;
  readonly also: readonly string[];
  readonly isCulprit: (start: Start) => boolean;
  readonly alibi: string;
}

/** The certificate of the CA with which the proxy signs. */
function proxyCa(cloud: Cloud): Certificate {
  const listener = proxyOf(cloud);
  if ('missing' in listener) throw new Error(listener.missing);
  const [certificate] = certificatesOf(listener.proxy?.authority.certificate ?? '');
  if (certificate === undefined) throw new Error('the proxy has no CA');
  return certificate;
}

function trusts({ cloud, view }: Start): boolean {
  const { der } = proxyCa(cloud);
  const text = base64Text(view.cluster.httpProxyConfig?.trustedCa ?? '');
  return certificatesOf(text).some((each) => each.der === der);
}

const nodesAreOfToday = ({ view }: Start): boolean =>
  nodesOf(view).every((node) => hasProxyOf(node, view.cluster));

/** A pod that would get a variable today, and has neither it nor one of its own. */
const lacksVariables = ({ cloud, view }: Start, app: App): boolean => {
  const wanted = Object.keys(proxyEnvironment(cloud, view.cluster) ?? {});
  return podsOf(view, app).some(({ spec }) =>
    wanted.some((name) => !(spec.containers[0]?.env ?? []).some((each) => each.name === name)),
  );
};

const SUSPECTS: readonly Suspect[] = [
  {
    name: 'noProxy',
    also: [],
    isCulprit: ({ failures }) =>
      failures.some((each) => each.kind === 'call' && each.by === 'itself' && each.answer.over !== null),
    alibi:
      'No request that fails should have gone direct and asked the proxy instead: netpath says of each which entry decided.',
  },
  {
    name: 'httpProxy',
    also: ['httpsProxy'],
    isCulprit: ({ view }) => view.cluster.httpProxyConfig?.httpProxy !== `http://10.82.0.4:${PROXY_PORT}`,
    alibi: 'az aks show has the address and the port at which the proxy listens, and it is switched on.',
  },
  {
    name: 'trustedCa',
    also: ['trusted-ca'],
    isCulprit: (start) => !trusts(start),
    alibi: 'The certificate with which the proxy signs is in trustedCa: compare the fingerprints of both.',
  },
  {
    name: 'proxy-ca',
    also: [
      'proxy ca',
      'ca',
      'certificate',
      'mitmproxy',
      'mitmproxy-ca',
      'mitmproxy-ca.pem',
      'mitmproxy-ca-cert.pem',
    ],
    // What is not the one that the cluster was given can be put back as well as made known.
    isCulprit: (start) => proxyCa(start.cloud).notAfter < start.cloud.now || !trusts(start),
    alibi: 'The certificate of the CA is valid today, and it is the one that the nodes were given.',
  },
  {
    name: 'nodes',
    also: ['node'],
    isCulprit: (start) => !nodesAreOfToday(start),
    alibi: 'The nodes were set up with the configuration that az aks show prints.',
  },
  {
    name: 'proxy-from-nodes',
    also: [],
    isCulprit: (start) =>
      nodesAreOfToday(start) &&
      nodesOf(start.view).some(({ metadata }) => {
        const { trace } = asked(start.cloud, { from: `node/${metadata.name}`, to: PROXY, port: PROXY_PORT });
        return trace.disposition === 'denied-inbound';
      }),
    alibi: 'The rule lets every node in at the port where the proxy listens.',
  },
  ...APPS.map((app): Suspect => ({
    name: app,
    also: [],
    isCulprit: (start) =>
      lacksVariables(start, app) &&
      start.failures.some(
        (each) =>
          each.kind === 'call' &&
          each.by === 'proxy' &&
          each.answer.over === null &&
          podsOf(start.view, app).some(({ metadata }) => each.found.includes(`/${metadata.name} `)),
      ),
    alibi: `The template of ${app} is as it should be: what is wrong with a request of its pods comes from elsewhere.`,
  })),
];

const known = new WeakMap<Cloud, { readonly end: End; readonly culprits: readonly string[] }>();

function causeOf(cloud: Cloud): { readonly end: End; readonly culprits: readonly string[] } {
  const before = known.get(cloud);
  if (before !== undefined) return before;
  const start = startOf(cloud);
  const ends = [...new Set(start.failures.map(endOfRequest).filter((each) => each !== null))];
  const [end] = ends;
  if (end === undefined || ends.length > 1) throw new Error(`requests end as ${ends.join(' and ')}`);
  const culprits = SUSPECTS.filter(({ isCulprit }) => isCulprit(start)).map(({ name }) => name);
  if (culprits.length === 0) throw new Error('nothing has to change');
  const cause = { end, culprits };
  known.set(cloud, cause);
  return cause;
}

const refuse = (feedback: string): Accepts => ({ passed: false, feedback });

export function acceptEnd(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = plainAnswer(answer);
  const { end } = causeOf(start);
  if (given === end) return { passed: true };
  if (!(ENDS as readonly string[]).includes(given)) return refuse(`Answer with one of ${ENDS.join(', ')}.`);
  const asks =
    'Ask from where it fails: a pod with netpath or curl -v, a node with the events of the pod that waits.';
  return refuse(
    given === 'direct'
      ? `The request that fails does ask for a proxy. ${asks}`
      : end === 'direct'
        ? `The request that fails asks for no proxy. ${asks}`
        : `Take the words literally that the sender gets. ${asks}`,
  );
}

/** Kinds and folders that people write before a name. */
const BEFORE_NAMES =
  /^(rule|workload|daemonset|deployment|daemonset\.apps|deployment\.apps|ds|deploy)[\s/]+|^\/etc\/mitmproxy\//;

export function acceptObject(_: Cloud, answer: string, { start }: Before): Accepts {
  const { view } = startOf(start);
  const plain = plainAnswer(answer).replace(BEFORE_NAMES, '');
  const pod = APPS.find((app) => podsOf(view, app).some(({ metadata }) => metadata.name === plain));
  if (pod !== undefined) return refuse(`Of a pod name the workload that makes it: ${pod}.`);
  const given = view.kubernetes.nodes[plain] === undefined ? plain : 'nodes';
  const suspect = SUSPECTS.find(({ name, also }) =>
    [name, ...also].some((each) => each.toLowerCase() === given),
  );
  if (suspect !== undefined) {
    return causeOf(start).culprits.includes(suspect.name) ? { passed: true } : refuse(suspect.alibi);
  }
  const isRule = listResources(start, 'Microsoft.Network/networkSecurityGroups').some(
    ({ resourceGroup, securityRules }) =>
      resourceGroup.toLowerCase() === GROUP && securityRules.some(({ name }) => name.toLowerCase() === given),
  );
  return refuse(
    isRule
      ? `The rule ${given} does what it is there for.`
      : 'Answer with one of noProxy, httpProxy, trustedCa, proxy-ca, nodes, the name of a security rule, or the name of a workload.',
  );
}
