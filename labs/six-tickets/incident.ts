import { isMissing } from '../../src/lab/cluster-view.ts';
import type { LabIncident } from '../../src/lab/incident.ts';
import { acceptEnd } from './diagnosis.ts';
import { APPS, viewParcels } from './parcels.ts';

const incident: LabIncident = {
  ticket: (start) => {
    const view = viewParcels(start);
    const ticket = isMissing(view) ? undefined : view.kubernetes.configMaps['default/ticket']?.data?.['text'];
    if (ticket === undefined) throw new Error('six-tickets starts without its ticket');
    return ticket;
  },
  brief: (brief) => brief.replace(/Somebody has opened a ticket\.[\s\S]*?\n\n/, ''),
  mend: ['mend', 'still-shut'],
  answers: {
    key: 'object',
    name: () => ({
      noProxy: 'proxy-config',
      httpProxy: 'proxy-config',
      trustedCa: 'proxy-config',
      nodes: 'proxy-config',
      'proxy-ca': 'proxy',
      'proxy-from-nodes': 'nsg-rule',
      ...Object.fromEntries(APPS.map((app) => [app, 'workload'] as const)),
    }),
  },
  ends: (start, ofFlows) => {
    const isSo = (end: string): boolean => acceptEnd(start, end, { start }).passed;
    return ['answered', 'untrusted', 'expired'].some(isSo) ? [...ofFlows, 'program-refuses'] : ofFlows;
  },
  evidence: [
    {
      look: 'words',
      command:
        'kubectl get pods -o wide; for P in $(kubectl get pods --no-headers | awk \'$3 != "Running" { print $1 }\'); do kubectl describe pod $P | sed -n "/^Events/,\\$p"; done',
      why: 'Whether a node cannot pull an image, and in which words: no connection, a stranger’s certificate, or one that has expired.',
    },
    {
      look: 'path',
      command:
        'ask() { netpath "$@" -o json | jq -r \'"\\(.disposition): \\(.reason)"\'; }; for A in desk night; do P=$(kubectl get pods -l app=$A -o name | head -n 1); ask --from $P --to https://pay.example.com; ask --from $P --to http://vm-stock.internal.cloudapp.net; done',
      why: 'Whether each request asks the proxy or goes direct, and how far it gets; what works for one app and not for another is no fault of both.',
    },
    {
      look: 'settings',
      command:
        'az aks show -g rg-parcels -n aks-parcels --query "httpProxyConfig.{http: httpProxy, no: noProxy}"; kubectl get daemonset,deployment -o json | jq -r ".items[] | [.metadata.name, (.spec.template.metadata.annotations | tostring)] | @tsv"',
      why: 'What the cluster was told of the proxy, and which template asks to be left alone by it.',
    },
    {
      look: 'inside',
      command:
        'for A in desk night; do kubectl exec $(kubectl get pods -l app=$A -o name | head -n 1) -- env | grep -i _proxy; done; az vm run-command invoke -g rg-parcels -n vm-proxy --command-id RunShellScript --scripts "systemctl cat mitmproxy | grep ExecStart; openssl x509 -noout -subject -enddate -in /etc/mitmproxy/mitmproxy-ca-cert.pem" --query "value[0].message" -o tsv',
      why: 'Whether a pod was given the variables at all, where the proxy listens, and until when its certificate is valid.',
    },
  ],
  straight: 4,
  lessons: [
    'http-proxy/explore-update-troubleshoot/when-it-does-not-work',
    'http-proxy/explore-update-troubleshoot/changing-the-proxy',
    'http-proxy/how-aks-works-with-http-proxy/what-no-proxy-matches',
  ],
};

export default incident;
