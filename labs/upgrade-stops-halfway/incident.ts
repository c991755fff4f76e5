import type { LabIncident } from '../../src/lab/incident.ts';

const incident: LabIncident = {
  ticket: () =>
    'The upgrade of the mill was to be over by midnight, and half of it is not done: some nodes run the new version and some the old one. There was an error, and nobody wrote it down. The mill runs, and must go on running; but we are out of support next week.',
  mend: ['finish', 'next'],
  answers: {
    key: 'because',
    name: () => ({ surge: 'pool', autoscaler: 'pool', neighbours: 'addresses', size: 'addresses' }),
  },
  ends: () => ['never-sent'],
  evidence: [
    {
      look: 'words',
      command:
        'az aks nodepool upgrade -g rg-mill --cluster-name aks-mill -n work --kubernetes-version 1.35 --yes -o none',
      why: 'Asked again it fails again, and the refusal says which range is counted, how many addresses are wanted, and how many there are.',
    },
    {
      look: 'settings',
      command:
        'az aks nodepool show -g rg-mill --cluster-name aks-mill -n work --query "{nodes: count, pods: maxPods, autoscaler: enableAutoScaling, most: maxCount, surge: upgradeSettings.maxSurge}"; az aks show -g rg-mill -n aks-mill --query networkProfile.podCidr; az network vnet subnet show -g rg-mill --vnet-name vnet-mill -n snet-work --query "{range: addressPrefix, taken: length(ipConfigurations)}"',
      why: 'What is counted: nodes or the maximum of the autoscaler, extra nodes, addresses for each; and who else holds some.',
    },
  ],
  straight: 12,
  lessons: [
    'network-plugin-comparison/upgrades-need-addresses',
    'bring-your-own-network/subnet-and-address-plan',
  ],
};

export default incident;
