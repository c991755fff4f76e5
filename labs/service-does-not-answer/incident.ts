import { isMissing } from '../../src/lab/cluster-view.ts';
import type { End, LabIncident } from '../../src/lab/incident.ts';
import { externalAddress } from '../../src/lab/service-view.ts';
import { APPS, traceOf, view } from './apps.ts';

const incident: LabIncident = {
  ticket: () =>
    'Something that we publish does not answer any more, since last night. The store, the press pages, the stock for the tills: I cannot say which of them, people call from everywhere. The pods are all running. The change of the night was CHG-40118, and it says only "clean-up".',
  mend: ['mend', 'still-closed'],
  answers: {
    key: 'because-of',
    name: () => ({
      selector: 'service',
      'target-port': 'service',
      'health-probe': 'service',
      annotations: 'service',
      'source-ranges': 'service',
      neighbour: 'service',
      rights: 'rights',
      nsg: 'nsg-rule',
      'route-table': 'route',
    }),
  },
  ends: (start, ofFlows) => {
    const cluster = view(start);
    const refused =
      isMissing(cluster) || APPS.some(({ name }) => isMissing(externalAddress(cluster, 'default', name)));
    const strange = APPS.some((app) => {
      const trace = traceOf(start, app);
      const isThere = !isMissing(cluster) && !isMissing(externalAddress(cluster, 'default', app.name));
      return !isThere && !isMissing(trace) && trace.disposition === 'delivered';
    });
    return [
      ...ofFlows,
      ...(refused ? (['never-sent'] as const) : []),
      ...(strange ? (['answered-by-another'] as const) : []),
    ] satisfies readonly End[];
  },
  evidence: [
    {
      look: 'words',
      command:
        'kubectl get service -o wide; for S in store press stock; do kubectl describe service $S | sed -n "/^Events/,\\$p"; done',
      why: 'Who waits for an address or has another one than its callers know, and in the events why.',
    },
    {
      look: 'path',
      command:
        'ask() { netpath "$@" -o json | jq -r \'"\\(.disposition): \\(.reason)", (.hops[-1].steps[-2].lost[0] // empty | "  not \\(.candidate): \\(.why)")\'; }; PUBLIC=$(az network public-ip show -g rg-addresses -n pip-store --query ipAddress -o tsv); ask --from host/customer --to $PUBLIC --port 80; ask --from host/reporter --to $PUBLIC --port 8080; ask --from vm/vm-till --to 10.40.1.10 --port 80',
      why: 'At which gate the callers of each fail: a load balancer that finds no healthy node, a rule, a node, or the way back.',
    },
    {
      look: 'rules',
      command: 'az network nsg rule list -g rg-shop --nsg-name nsg-nodes -o table',
      why: 'Whether probes and callers get in: probes come from AzureLoadBalancer, and callers still ask for the address of the Service.',
    },
  ],
  straight: 2,
  lessons: [
    'load-balancer-services/health-probes',
    'load-balancer-services/the-way-in-and-back',
    'load-balancer-services/who-may-come-in',
  ],
};

export default incident;
