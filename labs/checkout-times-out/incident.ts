import type { LabIncident } from '../../src/lab/incident.ts';

const incident: LabIncident = {
  ticket: () =>
    'Since last night a part of our customers cannot pay: the page hangs and hangs. Others notice nothing. We changed nothing in the shop. There was a change by somebody else, CHG-20931, and whoever made it cannot be reached.',
  mend: ['mend', 'still-closed'],
  answers: { key: 'decided-by', name: () => ({ route: 'route', nsg: 'nsg-rule', node: 'node' }) },
  evidence: [
    {
      look: 'path',
      command:
        'for A in $(kubectl get pods -l app=checkout -o name); do for B in $(kubectl get pods -l app=checkout -o name); do [ $A = $B ] || netpath --from $A --to $B --port 80 -o json | jq -r \'"\\(.disposition): \\(.reason)"\'; done; done',
      why: 'Each pair, both ways: the node that is an end of every failure is cut off, and the reason names what decides.',
    },
    {
      look: 'routes',
      command:
        'az network route-table route list -g rg-shop --route-table-name rt-shop -o table; az network vnet subnet list -g rg-shop --vnet-name vnet-shop --query "[].{subnet:name, table:routeTable.id}" -o tsv',
      why: 'Whether the range of every node leads to that node, nothing leads elsewhere, and both subnets have the table.',
    },
    {
      look: 'rules',
      command: 'for N in 1 2; do az network nsg rule list -g rg-shop --nsg-name nsg-nodes-$N -o table; done',
      why: 'Whether a rule denies the range of the pods, beside the one that is meant to keep the partner out.',
    },
    {
      look: 'inside',
      command:
        'for N in $(kubectl get nodes -o name); do kubectl debug $N --profile=sysadmin --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- sysctl net.ipv4.ip_forward; done',
      why: 'Whether every node still passes on packets that are not for itself.',
    },
  ],
  straight: 4,
  lessons: [
    'network-plugins/kubenet/across-nodes',
    'udr-and-azure-firewall/how-azure-chooses-a-route',
    'network-security-groups/which-rule-decides',
  ],
};

export default incident;
