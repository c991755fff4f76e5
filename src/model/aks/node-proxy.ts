/**
 * How nodes use the HTTP proxy that they were set up with: containerd, which reads the variables as Go does and trusts
 * what `trustedCa` put into the node's store, and the check of a new node, which looks at no certificate
 * (Azure/AgentBaker, pkg/agent, getOutBoundCmd: `curl -v --insecure --proxy-insecure https://mcr.microsoft.com/v2/`).
 */
import { findResource } from '../azure/resource-store.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { fromBase64, fromUtf8 } from '../certificates/bytes.ts';
import { parsePem } from '../certificates/pem.ts';
import { publicRoot } from '../certificates/public-authority.ts';
import { goError } from '../certificates/trust-words.ts';
import { verifyServer } from '../certificates/verify.ts';
import type { Cloud } from '../cloud.ts';
import type { Address } from '../ip/address.ts';
import type { NodeProxy } from '../kubernetes/objects.ts';
import { AZURE_PLATFORM_ADDRESSES } from '../limits/azure-network.ts';
import { chooseProxy } from '../proxy/environment.ts';
import type { ProxyAddress } from '../proxy/environment.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { networkEnd } from './network-end.ts';
import type { NetworkEnd } from './network-end.ts';
import { askThroughProxy, proxyOwnChain } from './proxy-path.ts';
import type { ProxyAnswer, ProxyQuestion } from './proxy-path.ts';

const HTTPS_PORT = 443;

/** Returns a node of a cluster as an end of connections. */
export function nodeEnd(
  cloud: Cloud,
  cluster: Pick<ManagedCluster, 'nodeResourceGroup' | 'simulation'>,
  place: Pick<NetworkEnd, 'virtualNetwork' | 'subnet'>,
  at: Address,
): NetworkEnd {
  const name = `aks-agentpool-${cluster.simulation.agentPoolDigits}-nsg`;
  const group = findResource(
    cloud,
    'Microsoft.Network/networkSecurityGroups',
    cluster.nodeResourceGroup,
    name,
  );
  return networkEnd(cloud, place, at, group === null ? null : { id: group.id });
}

/** Returns the proxy that a program of a node goes to for a name; null where it goes there itself. */
export function proxyOfNode(
  { environment }: Pick<NodeProxy, 'environment'>,
  host: string,
): ProxyAddress | null {
  const choice = chooseProxy('go', environment, {
    scheme: 'https',
    host,
    port: HTTPS_PORT,
    portIsSpelled: false,
  });
  return choice.kind === 'proxy' ? choice.proxy : null;
}

/** An https request by way of a proxy, as far as it does not depend on who looks at certificates. */
export interface ProxiedRequest {
  readonly question: ProxyQuestion;
  readonly answer: ProxyAnswer;
  /** What the proxy shows where TLS is spoken to it; null where it is not. */
  readonly ownChain: readonly Certificate[] | null;
}

/** Returns what a node gets by way of a proxy. */
export function requestThroughProxy(
  cloud: Cloud,
  from: NetworkEnd,
  proxy: ProxyAddress,
  host: string,
  request: ProxyQuestion['request'],
): ProxiedRequest {
  const question: ProxyQuestion = { from, proxy, host, port: HTTPS_PORT, request };
  return {
    question,
    answer: askThroughProxy(cloud, question),
    ownChain: proxy.scheme === 'https' ? proxyOwnChain(cloud, question) : null,
  };
}

/** Why the check of a new node fails, as a clause; null if it does not, or if nobody knows. */
export function whyCheckFails({ question, answer }: ProxiedRequest): string | null {
  const through = `through the HTTP proxy ${question.proxy.text}`;
  switch (answer.kind) {
    case 'unknown':
      return null;
    case 'unreachable':
      return `${through}, which is not reached: ${answer.why}`;
    case 'refuses':
      return `${through}, which answers CONNECT with ${answer.status} ${answer.reason}: ${answer.why}`;
    case 'closes':
      return `${through}, which ends the connection: ${answer.why}`;
    case 'passes':
      // Any answer of HTTP will do: the check does not ask for success.
      return answer.inside.kind === 'closes'
        ? `${through}, which ends the connection: ${answer.inside.why}`
        : null;
  }
}

export type GoOutcome =
  | { readonly kind: 'passes' | 'unknown' }
  /** What net/http says behind `Head "https://…": `. */
  | { readonly kind: 'error'; readonly error: string }
  /** An answer of HTTP that is no success: `403 Forbidden`. */
  | { readonly kind: 'status'; readonly status: string };

/**
 * Returns what containerd gets, in Go's words: an error on the way to a proxy is wrapped as `proxyconnect tcp`, and of
 * an answer to CONNECT only its reason is left (net/http/transport.go, dialConn).
 */
export function goOutcome(cloud: Cloud, node: NodeProxy, request: ProxiedRequest): GoOutcome {
  const { question, answer, ownChain } = request;
  const { host, port } = question.proxy;
  const error = (text: string): GoOutcome => ({ kind: 'error', error: text });
  if (answer.kind === 'unknown') return { kind: 'unknown' };
  if (answer.kind === 'unreachable') {
    const at = `${answer.address ?? ''}:${port}`;
    switch (answer.how) {
      case 'timeout':
        return error(`proxyconnect tcp: dial tcp ${at}: i/o timeout`);
      case 'refused':
        return error(`proxyconnect tcp: dial tcp ${at}: connect: connection refused`);
      case 'no-such-host':
        return error(`proxyconnect tcp: dial tcp: lookup ${host} on ${dnsServer(question)}:53: no such host`);
    }
  }
  if (ownChain !== null) {
    const fault = distrust(cloud, node, ownChain, host);
    if (fault !== null) return fault.kind === 'error' ? error(`proxyconnect tcp: ${fault.error}`) : fault;
  }
  switch (answer.kind) {
    case 'refuses':
      return error(answer.reason);
    case 'closes':
      return error('unexpected EOF');
    case 'passes': {
      const fault = distrust(cloud, node, answer.chain, question.host);
      if (fault !== null) return fault;
      switch (answer.inside.kind) {
        case 'server':
          return { kind: 'passes' };
        case 'answers':
          return { kind: 'status', status: `${answer.inside.status} ${answer.inside.reason}`.trim() };
        case 'closes':
          return error('EOF');
      }
    }
  }
}

function dnsServer({ from }: ProxyQuestion): string {
  return from.virtualNetwork.dhcpOptions.dnsServers[0] ?? AZURE_PLATFORM_ADDRESSES.value.wireServer;
}

/** What Go says of a chain that a node does not trust; null if it does. */
function distrust(
  cloud: Cloud,
  node: NodeProxy,
  chain: readonly Certificate[],
  host: string,
): Distrust | null {
  const before = judged.get(chain);
  if (before?.at === cloud.now && before.node === node) return before.outcome;
  const verdict = verifyServer({ chain, trusted: trustedBy(node), host, at: cloud.now, reader: 'go' });
  const outcome: Distrust | null =
    verdict.kind === 'trusted'
      ? null
      : verdict.kind === 'undetermined'
        ? { kind: 'unknown' }
        : { kind: 'error', error: goError(verdict, cloud.now) };
  judged.set(chain, { at: cloud.now, node, outcome });
  return outcome;
}

type Distrust = Exclude<GoOutcome, { kind: 'status' }>;

/** The last judgement on each chain: many pods are started in one moment. A chain is for one host. */
const judged = new WeakMap<
  readonly Certificate[],
  { readonly at: number; readonly node: NodeProxy; readonly outcome: Distrust | null }
>();

const known = new WeakMap<NodeProxy, readonly Certificate[]>();

/** Returns the certificates in a node's store: the public ones, and those of `trustedCa`. */
export function trustedBy(node: NodeProxy): readonly Certificate[] {
  let trusted = known.get(node);
  if (trusted === undefined) {
    const bytes = fromBase64(node.config.trustedCa ?? '');
    const read = bytes instanceof Uint8Array ? parsePem(fromUtf8(bytes)) : null;
    known.set(node, (trusted = [publicRoot(), ...(read?.ok === true ? read.value : [])]));
  }
  return trusted;
}
