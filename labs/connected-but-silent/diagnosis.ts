/** The questions of the lab, answered by the model on the network as it was handed over. */
import { isMissing } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before } from '../../src/lab/lab.ts';
import { meantToDrop } from '../../src/lab/meant-to-drop.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { listResources, putResource } from '../../src/model/azure/resource-store.ts';
import type { VirtualNetwork, VirtualNetworkPeering } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { failedCalls } from './calls.ts';

/** One object, and the cloud in which it alone is as it was meant. */
interface Candidate {
  readonly name: string;
  readonly kind: 'peering' | 'route' | 'rule';
  readonly mended: Cloud;
}

interface Culprit {
  readonly names: readonly string[];
  readonly lost: 'request' | 'answer';
}

const ACCESS = ['aks-to-data', 'data-to-aks', 'aks-to-hub', 'hub-to-aks', 'guest-to-aks', 'guest-to-data'];

function withPeering(cloud: Cloud, network: VirtualNetwork, peering: VirtualNetworkPeering): Candidate {
  const remote = listResources(cloud, 'Microsoft.Network/virtualNetworks').find(
    ({ id }) => id.toLowerCase() === peering.remoteVirtualNetwork.id.toLowerCase(),
  );
  const meant: VirtualNetworkPeering = {
    ...peering,
    allowVirtualNetworkAccess: ACCESS.includes(peering.name),
    useRemoteGateways: peering.name === 'aks-to-hub',
    peeringSyncLevel: 'FullyInSync',
    remoteAddressSpace: remote?.addressSpace ?? peering.remoteAddressSpace,
  };
  const virtualNetworkPeerings = network.virtualNetworkPeerings.map((one) => (one === peering ? meant : one));
  return {
    name: peering.name,
    kind: 'peering',
    mended: putResource(cloud, { ...network, virtualNetworkPeerings }),
  };
}

function candidates(cloud: Cloud): readonly Candidate[] {
  return [
    ...listResources(cloud, 'Microsoft.Network/virtualNetworks').flatMap((network) =>
      network.virtualNetworkPeerings.map((peering) => withPeering(cloud, network, peering)),
    ),
    ...listResources(cloud, 'Microsoft.Network/routeTables').flatMap((table) =>
      table.routes.map((route): Candidate => ({
        name: route.name,
        kind: 'route',
        mended: putResource(cloud, { ...table, routes: table.routes.filter((one) => one !== route) }),
      })),
    ),
    ...listResources(cloud, 'Microsoft.Network/networkSecurityGroups').flatMap((group) =>
      group.securityRules
        .filter(({ access }) => access === 'Allow')
        .map((rule): Candidate => ({
          name: rule.name,
          kind: 'rule',
          mended: putResource(cloud, {
            ...group,
            securityRules: group.securityRules.map((one) =>
              one === rule
                ? { ...rule, sourceAddressPrefix: '10.60.0.0/24', sourceAddressPrefixes: [] }
                : one,
            ),
          }),
        })),
    ),
  ];
}

const known = new WeakMap<Cloud, Culprit>();

/** What heals every call when it alone is put as it was meant. */
function culpritOf(start: Cloud): Culprit {
  const before = known.get(start);
  if (before !== undefined) return before;
  const failed = failedCalls(start);
  if (isMissing(failed)) throw new Error(failed.missing);
  const lost = [...new Set(failed.map(({ trace }) => (trace.reverse === null ? 'request' : 'answer')))];
  const [direction] = lost;
  if (direction === undefined || lost.length > 1) throw new Error(`what is lost: ${lost.join(' and ')}`);
  const found = candidates(start).filter(({ mended }) => {
    const still = failedCalls(mended);
    return !isMissing(still) && still.length === 0;
  });
  const [healing] = found;
  if (healing === undefined || found.length > 1)
    throw new Error(`what heals it: ${found.map(({ name }) => name).join(', ') || 'nothing'}`);
  const { name } = healing;
  // Either end of a link can be synchronized; both then know the other's addresses.
  const unsynchronized =
    healing.kind === 'peering' &&
    listResources(start, 'Microsoft.Network/virtualNetworks').some(({ virtualNetworkPeerings }) =>
      virtualNetworkPeerings.some((one) => one.name === name && one.peeringSyncLevel !== 'FullyInSync'),
    );
  const names = unsynchronized ? [name, name.split('-to-').reverse().join('-to-')] : [name];
  const culprit: Culprit = { names, lost: direction };
  known.set(start, culprit);
  return culprit;
}

const refuse = (feedback: string): Accepts => ({ passed: false, feedback });

export function acceptObject(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = plainAnswer(answer).replace(/^(peering|route|rule)[\s/]+/, '');
  if (culpritOf(start).names.includes(given)) return { passed: true };
  const candidate = candidates(start).find(({ name }) => name === given);
  if (candidate === undefined) {
    return refuse(
      meantToDrop(start, given) ??
        'Answer with the name of one peering, one route or one security rule, for example aks-to-hub.',
    );
  }
  return refuse(
    `On a copy of your network the ${candidate.kind} ${given} was put as it was meant: the same calls fail. The deciding step of a trace that fails names what decided; ask what it ought to have been instead.`,
  );
}

export function acceptLost(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = plainAnswer(answer).replace(/^reply$/, 'answer');
  const { lost } = culpritOf(start);
  if (given === lost) return { passed: true };
  if (given !== 'request' && given !== 'answer') return refuse('Answer with request or answer.');
  return refuse(
    given === 'request'
      ? 'The request arrives: netpath shows a hop at the destination. Read what it says of the way back.'
      : 'Nothing arrives that could be answered: netpath shows no way back.',
  );
}
