/** The cluster behind its firewall: whether it lives, and what it reaches. */
import { isMissing, nodesOf, podEnd, podsOn, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { EndOf, Holds, Missing } from '../../src/lab/lab.ts';
import { checkNodeEgress } from '../../src/model/aks/node-egress.ts';
import { getResource, listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { portsOfFirewallRules } from '../../src/lab/rule-ports.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';

const GROUP = 'rg-vault';
const CLUSTER = 'aks-vault';
const APP = 'web';
const LEAST = 2;

interface Vault {
  readonly view: ClusterView;
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
}

function vaultOf(cloud: Cloud): Vault | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const all = nodesOf(view);
  const ready = all.filter((node) => node.ready === 'yes');
  if (ready.length < LEAST)
    return { missing: `Of ${all.length} nodes ${ready.length} are Ready, and ${LEAST} are needed.` };
  const pods = ready.flatMap(({ name }) => podsOn(view, name, APP));
  if (pods.length < LEAST) {
    return {
      missing: `${pods.length} pods with the label app=${APP} run, and ${LEAST} are needed: kubectl get pods.`,
    };
  }
  return { view, nodes: ready.map(({ name }) => `node/${name}`), pods: pods.map(podEnd) };
}

const end =
  (take: 'pods' | 'nodes'): EndOf =>
  (cloud): string | Missing => {
    const vault = vaultOf(cloud);
    return isMissing(vault) ? vault : (vault[take][0] ?? { missing: 'There is none.' });
  };

export const firstPod = end('pods');
export const firstNode = end('nodes');

/** The cluster has the outbound type that was asked for, and enough of it runs. */
export function lives(cloud: Cloud): Holds {
  const vault = vaultOf(cloud);
  if (isMissing(vault)) return { passed: false, found: vault.missing };
  const { outboundType } = vault.view.cluster.networkProfile;
  return outboundType === 'userDefinedRouting'
    ? { passed: true }
    : { passed: false, found: `The cluster has outbound type ${outboundType}, not userDefinedRouting.` };
}

/** A node that is added tomorrow reaches all that it needs. */
export function anotherNode(cloud: Cloud): Holds {
  const vault = vaultOf(cloud);
  if (isMissing(vault)) return { passed: false, found: vault.missing };
  const { cluster } = vault.view;
  for (const pool of cluster.agentPoolProfiles) {
    const checked = checkNodeEgress(cloud, cluster, pool);
    if (!checked.ok)
      return { passed: false, found: `A new node of pool ${pool.name} would fail: ${checked.error.message}` };
  }
  return { passed: true };
}

/** Every pod calls the partner, and the partner sees a public address that a firewall holds. */
export function everyPodCalls(cloud: Cloud): Holds {
  const vault = vaultOf(cloud);
  if (isMissing(vault)) return { passed: false, found: vault.missing };
  const held = listResources(cloud, 'Microsoft.Network/azureFirewalls').flatMap(({ ipConfigurations }) =>
    ipConfigurations.flatMap(({ publicIPAddress }) =>
      publicIPAddress === null
        ? []
        : (getResource(cloud, publicIPAddress.id, 'Microsoft.Network/publicIPAddresses')?.ipAddress ?? []),
    ),
  );
  for (const from of vault.pods) {
    const asked = ask(cloud, { from, to: 'https://api.example.com' });
    if (!asked.ok) return { passed: false, found: asked.error.message };
    const { trace } = asked.value;
    if (trace.disposition !== 'delivered') return { passed: false, found: `${from}: ${trace.reason}` };
    if (!trace.hops.some(({ place }) => place.startsWith('firewall/'))) {
      return { passed: false, found: `${from} reaches the partner without a firewall on its way.` };
    }
  }
  return held.length > 0
    ? { passed: true }
    : { passed: false, found: 'No Azure Firewall has a public address.' };
}

const OUTSIDE = ['sister', 'drop', 'files', 'lookalike', 'forum', 'api'];

/** Asked with a name, since application rules decide by it. */
const WEB = [80, 443];
/** Time, and the tunnel of older clusters: AKS's own list has them with any address. */
const OF_AKS = [123, 1194, 9000];
const STRANGERS = ['drop', 'forum', 'api'];

/** From pods and nodes, everything but the one call to the partner is denied by a firewall. */
export function nothingElse(cloud: Cloud): Holds {
  const vault = vaultOf(cloud);
  if (isMissing(vault)) return { passed: false, found: vault.missing };
  const names = [
    'www.example.com',
    'drop.example.net',
    'evil-api.example.com',
    'files.blob.core.windows.net',
    'forum.example.org',
  ];
  const ports = portsOfFirewallRules(cloud).filter((port) => !WEB.includes(port) && !OF_AKS.includes(port));
  const to: readonly Omit<Question, 'from'>[] = [
    ...names.flatMap((name) => [{ to: `https://${name}` }, { to: `http://${name}` }]),
    { to: 'http://api.example.com' },
    { to: 'http://drop.example.net:8080' },
    ...OUTSIDE.flatMap((host) => [
      { to: `host/${host}`, port: 22 },
      { to: `host/${host}`, port: 8443 },
      { to: `host/${host}`, protocol: 'udp' as const, port: 53 },
      { to: `host/${host}`, protocol: 'udp' as const, port: 443 },
      { to: `host/${host}`, protocol: 'icmp' as const },
    ]),
    ...STRANGERS.flatMap((host) =>
      ports.flatMap((port) =>
        (['tcp', 'udp'] as const).map((protocol) => ({ to: `host/${host}`, protocol, port })),
      ),
    ),
  ];
  for (const from of [...vault.pods, ...vault.nodes]) {
    for (const question of to) {
      const asked = ask(cloud, { from, ...question });
      if (!asked.ok) return { passed: false, found: asked.error.message };
      const { trace } = asked.value;
      const place = trace.hops.at(-1)?.place ?? '';
      if (trace.disposition === 'denied-outbound' && place.startsWith('firewall/')) continue;
      const { protocol = 'tcp', port } = question;
      return {
        passed: false,
        found: `${from} to ${question.to}${port === undefined ? '' : ` ${protocol}/${port}`} is not denied by a firewall: ${trace.disposition}, ${trace.reason}`,
      };
    }
  }
  return { passed: true };
}
