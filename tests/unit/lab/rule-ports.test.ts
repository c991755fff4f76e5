import { expect, test } from 'vitest';
import { portsOfFirewallRules } from '../../../src/lab/rule-ports.ts';
import { startLab } from '../../../src/lab/run.ts';
import type { LabSource } from '../../../src/lab/source.ts';

const RULE =
  'az network firewall network-rule create -g rg --firewall-name fw --protocols TCP --source-addresses "*" -o none';
const START = `
set -eu
az group create -n rg -l westeurope -o none
az network firewall create -g rg -n fw -o none
${RULE} --collection-name yes --action Allow --priority 200 -n a --destination-addresses 10.0.0.0/8 --destination-ports 5000-5010 53
${RULE} --collection-name no --action Deny --priority 100 -n b --destination-addresses 10.0.0.0/8 --destination-ports 7777
${RULE} --collection-name all --action Allow --priority 300 -n c --destination-addresses 10.0.0.1 --destination-ports '*'
az network firewall application-rule create -g rg --firewall-name fw --collection-name names --action Allow --priority 200 -n d --source-addresses '*' --protocols Https=8443 --target-fqdns '*' -o none
az network firewall nat-rule create -g rg --firewall-name fw --collection-name in --action Dnat --priority 100 -n e --protocols TCP --source-addresses '*' --destination-addresses 203.0.113.9 --destination-ports 2222 --translated-address 10.0.0.4 --translated-port 22 -o none
`;

const source: LabSource = {
  start: START,
  template: '',
  solutions: [],
  lab: {
    id: 'toy',
    title: 'Toy',
    minutes: 1,
    module: '01-network-plugins',
    order: 1,
    objectives: ['see'],
    seeds: ['one'],
    brief: '',
    tasks: [
      {
        id: 'none',
        title: 'None',
        text: '',
        hints: ['', '', ''],
        checks: [{ kind: 'invariant', id: 'holds', evidence: '', holds: () => ({ passed: true }) }],
      },
    ],
  },
};

test('both ends of every range that some rule lets through, and of no rule that denies', async () => {
  const { cloud } = (await startLab(source, 'one')).session;
  expect(portsOfFirewallRules(cloud)).toEqual([1, 53, 2222, 5000, 5010, 8443, 65_535]);
  expect(portsOfFirewallRules(cloud, ['dnat'])).toEqual([2222]);
});
