import type { LabIncident } from '../../src/lab/incident.ts';
import { holders } from './load-view.ts';

const incident: LabIncident = {
  ticket: () =>
    'One payment in three fails since this morning. It is not the customer: who tries again mostly gets through. The people at pay.example.com see nothing unusual, and for once we have released nothing. Please do not switch off any of the other programs, somebody needs each of them.',
  brief: (brief) => brief.replace(/;\s*a\s+public address for later, `pip-egress`, is reserved\./, '.'),
  mend: ['ports'],
  answers: {
    key: 'deployment',
    name: (start) =>
      Object.fromEntries([...holders(start).keys()].map((name) => [name, 'source-ports'] as const)),
  },
  evidence: [
    {
      look: 'try',
      command:
        'for P in $(kubectl get pods -l app=checkout -o name); do kubectl get $P --no-headers -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName; kubectl exec $P -- curl -s -m 5 -o /dev/null -w "%{http_code}\\n" http://pay.example.com; done',
      why: 'One node fails and two do not, towards the same host: that is no rule and no route, which they share.',
    },
    {
      look: 'metrics',
      command:
        "B=$(az network lb show -g MC_rg-shop_aks-shop_westeurope -n kubernetes --query id -o tsv); for M in AllocatedSnatPorts UsedSnatPorts; do echo $M; az monitor metrics list --resource $B --metric $M --offset 3m --filter \"BackendIPAddress eq '*' and ProtocolType eq 'TCP'\" -o table; done",
      why: 'How many source ports each node was given, and how many of them it uses.',
    },
    {
      look: 'settings',
      command:
        'kubectl get deployments -o custom-columns=NAME:.metadata.name,ARGS:.spec.template.spec.containers[0].args; kubectl get pods -o wide',
      why: 'Whose connections they are: which programs on that node call the same host, and how many they keep or make.',
    },
  ],
  straight: 4,
  lessons: ['snat/ports-run-out', 'snat/time-and-reuse', 'snat/who-lends-the-address'],
};

export default incident;
