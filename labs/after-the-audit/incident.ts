import { isMissing } from '../../src/lab/cluster-view.ts';
import { isEnd, type LabIncident } from '../../src/lab/incident.ts';
import { failedCalls, libraryOf } from './calls.ts';
import { RULES } from './groups.ts';

const incident: LabIncident = {
  ticket: () =>
    'We have had the auditors in. Last night their list was put in place, and since this morning something here does not work that did yesterday; the helpdesk has it on the phone. The list itself was checked twice, so it must be something else. Please look at it before we open.',
  silent: /denied by/,
  mend: ['mend', 'still-shut'],
  answers: { key: 'rule', name: () => Object.fromEntries(RULES.map((rule) => [rule, 'nsg-rule'] as const)) },
  ends: (start) => {
    const library = libraryOf(start);
    const failed = isMissing(library) ? [] : failedCalls(start, library);
    return failed.map(({ trace }): string => trace.disposition).filter(isEnd);
  },
  evidence: [
    {
      look: 'path',
      command:
        'S=$(kubectl get nodes -l agentpool=system -o name | head -n 1); A=$(kubectl get nodes -l agentpool=apps -o name | head -n 1); P=$(kubectl get pods -l app=catalogue -o name | head -n 1); PUBLIC=$(kubectl get service catalogue -o jsonpath="{.status.loadBalancer.ingress[0].ip}"); ask() { netpath "$@" -o json | jq -r \'"\\(.disposition): \\(.reason)"\'; }; ask --from $S --to $A --port 10250; ask --from $A --to $S --port 10250; ask --from $P --to service/kube-system/kube-dns --protocol udp --port 53; ask --from host/reader --to $PUBLIC --port 80; ask --from vm/vm-desk --to 10.60.2.10 --port 80; ask --from $S --to host/registry --port 443; ask --from $P --to host/payments --port 443',
      why: 'The calls of the list and those that a cluster makes by itself; the one that fails names the group that ends it.',
    },
    {
      look: 'rules',
      command:
        "for G in nsg-system nsg-apps; do az network nsg rule list -g rg-library --nsg-name $G --query \"[].[name, priority, protocol, sourcePortRange, destinationPortRange, join(' ', sourceAddressPrefixes || [sourceAddressPrefix]), join(' ', destinationAddressPrefixes || [destinationAddressPrefix])]\" -o tsv > $G.txt; done; diff nsg-system.txt nsg-apps.txt",
      why: 'The two groups were to have one list. Where they differ, one of them is wrong.',
    },
  ],
  straight: 2,
  lessons: [
    'network-security-groups/which-rule-decides',
    'network-security-groups/what-a-cluster-needs',
    'network-security-groups/two-groups-one-packet',
  ],
};

export default incident;
