import type { LabIncident } from '../../src/lab/incident.ts';
import { listResources } from '../../src/model/azure/resource-store.ts';

const incident: LabIncident = {
  ticket: () =>
    'One thing in the bookshop hangs since last night. All pods are green. The portal says that all networks are connected, and I believe it, since everything else works. The night shift had a maintenance window and says that they "tidied up".',
  mend: ['mend', 'still-shut'],
  answers: {
    key: 'object',
    name: (start) =>
      Object.fromEntries([
        ...listResources(start, 'Microsoft.Network/virtualNetworks').flatMap(({ virtualNetworkPeerings }) =>
          virtualNetworkPeerings.map(({ name }) => [name, 'peering'] as const),
        ),
        ...listResources(start, 'Microsoft.Network/routeTables').flatMap(({ routes }) =>
          routes.map(({ name }) => [name, 'route'] as const),
        ),
        ...listResources(start, 'Microsoft.Network/networkSecurityGroups').flatMap(({ securityRules }) =>
          securityRules.map(({ name }) => [name, 'nsg-rule'] as const),
        ),
      ]),
  },
  evidence: [
    {
      look: 'path',
      command:
        'P=$(kubectl get pods -l app=books -o name | head -n 1); ask() { netpath "$@" -o json | jq -r \'"\\(.disposition): \\(.reason)"\'; }; ask --from $P --to vm/vm-db --port 80; ask --from $P --to vm/vm-archive --port 80; ask --from $P --to host/plant --port 443; ask --from vm/vm-report --to 10.60.1.10 --port 80; ask --from host/plant --to 10.60.1.10 --port 80',
      why: 'Every call that must work. The reason of the one that fails says what decides, and whether it is the request or the answer.',
    },
    {
      look: 'routes',
      command:
        'for N in vnet-aks vnet-data vnet-hub; do az network vnet peering list -g rg-books --vnet-name $N --query "[].[name, peeringState, peeringSyncLevel, to_string(allowVirtualNetworkAccess), to_string(useRemoteGateways)]" -o tsv; done; for T in $(az network route-table list -g rg-books --query "[].name" -o tsv); do az network route-table route list -g rg-books --route-table-name $T -o table; done',
      why: 'What each link is set to and when it last learned addresses, and which routes stand before it.',
    },
    {
      look: 'rules',
      command: 'az network nsg rule list -g rg-books --nsg-name nsg-data -o table',
      why: 'Whether the database still lets the addresses in that the pods come from.',
    },
  ],
  straight: 2,
  lessons: [
    'vnet-peering/peering-and-its-flags',
    'vnet-peering/addresses-that-change-and-pods',
    'vnet-peering/hub-and-spoke',
  ],
};

export default incident;
