import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, EndOf, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalAddress } from '../../src/lab/service-view.ts';
import { isAllowed } from '../../src/model/azure/permissions.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { formatAddress } from '../../src/model/ip/address.ts';

const SERVICE = 'leave';
const ADDRESS = '10.80.1.10';

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, 'rg-staff', 'aks-staff');

function atWantedAddress(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const address = externalAddress(cluster, 'default', SERVICE);
  if (isMissing(address)) return { passed: false, found: address.missing };
  return address === ADDRESS
    ? { passed: true }
    : { passed: false, found: `Service ${SERVICE} is published at ${address}, not at ${ADDRESS}.` };
}

/** A second, public frontend would let the internet in by another door. */
function noPublicFrontend(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const { nodeResourceGroup } = cluster.cluster;
  const balancer = findResource(cloud, 'Microsoft.Network/loadBalancers', nodeResourceGroup, 'kubernetes');
  const [rule] = balancer?.loadBalancingRules ?? [];
  return rule === undefined
    ? { passed: true }
    : {
        passed: false,
        found: `The public load balancer kubernetes has the rule ${rule.name}: somebody on the internet may call it.`,
      };
}

/** The cluster may use the subnet of the frontends, and has got nothing beside it. */
function leastRights(cloud: Cloud): Holds {
  const identity = findResource(
    cloud,
    'Microsoft.ManagedIdentity/userAssignedIdentities',
    'rg-staff',
    'id-aks',
  );
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', 'rg-staff', 'vnet-app');
  if (identity === null || network === null) return { passed: false, found: 'id-aks or vnet-app is gone.' };
  const join = 'Microsoft.Network/virtualNetworks/subnets/join/action';
  const mayJoin = (subnet: string): boolean =>
    isAllowed(cloud, identity.principalId, join, `${network.id}/subnets/${subnet}`);
  if (!mayJoin('snet-frontends')) {
    return { passed: false, found: 'id-aks may not join snet-frontends, so no frontend can stand there.' };
  }
  return mayJoin('snet-data')
    ? {
        passed: false,
        found: 'id-aks may join snet-data too: the role was given on more than the subnet of the frontends.',
      }
    : { passed: true };
}

const payroll: EndOf = (cloud) => {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const pod = nodesRunning(cluster, 'payroll')[0]?.pod;
  return pod === undefined ? { missing: 'No pod with the label app=payroll runs.' } : podEnd(pod);
};

function acceptSeen(cloud: Cloud, answer: string): Accepts {
  const asked = askModel(cloud, { from: 'vm/vm-office', to: ADDRESS, protocol: 'tcp', port: 80 });
  const cluster = view(cloud);
  const seen = asked.ok ? asked.value.trace.seenSource : null;
  if (seen === null || isMissing(cluster)) {
    return {
      passed: false,
      feedback: 'No call from vm-office reaches a pod yet: let it in first, then look.',
    };
  }
  const given = plainAnswer(answer);
  const source = formatAddress(seen.address);
  // Which node it is depends on the port that the client happens to use.
  const isNode = nodesOf(cluster).some(({ address }) => address === source);
  const right = given === source || (isNode && nodesOf(cluster).some(({ address }) => address === given));
  if (right) return { passed: true };
  return {
    passed: false,
    feedback:
      given === ADDRESS
        ? 'The load balancer puts its address on nothing: it picks a node and leaves the packet as it is. Look at what the node does.'
        : 'Ask a server: az vm run-command invoke -g rg-staff -n vm-office --command-id RunShellScript --scripts "curl -s http://10.80.1.10" prints the client that the pod sees.',
  };
}

const lab: Lab = {
  id: 'internal-for-peers',
  title: 'Leave requests stay in the house',
  minutes: 30,
  module: '05-internal-load-balancer',
  order: 1,
  objectives: [
    'publish a Service on a private address that you chose, in a subnet of its own',
    'give the cluster the one right it lacks, and no other',
    'let one peered network in and keep another one out',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `The staff's leave requests, the Deployment \`leave\` in cluster \`aks-staff\` (\`rg-staff\`), get an address in
the company's network: \`${ADDRESS}\`, in the subnet \`snet-frontends\` of \`vnet-app\` that was kept for such addresses.
DNS already names it.

\`vnet-app\` is peered with \`vnet-office\` (\`10.90.0.0/16\`, \`vm-office\`) and \`vnet-lab\` (\`10.91.0.0/16\`, \`vm-lab\`);
a private connection leads to the branch, \`192.168.40.0/24\` (\`branch\`). The office, the branch and the cluster's own
pods use the app. Nobody else does: not the lab, not the other machines of \`vnet-app\`, not the internet. The lab goes on
using \`vm-data\` in \`vnet-app\`. The cluster acts under the identity \`id-aks\`.`,
  tasks: [
    {
      id: 'publish',
      title: 'Publish it inside',
      text: `A Service \`${SERVICE}\` in namespace \`default\` publishes the pods of \`leave\` on TCP 80 at \`${ADDRESS}\`. The office
and the branch reach it, and so do pods of the cluster (\`payroll\`). From the internet there is no way to it.`,
      hints: [
        `A Service of type LoadBalancer is public unless it says otherwise, and a frontend in a subnet is something like a machine in it: whoever makes it must be allowed to join that subnet.`,
        `Three annotations: internal, the subnet's name, the address. While something is missing, \`kubectl describe service ${SERVICE}\` ends with the reason.`,
        `\`az role assignment create --assignee-object-id PRINCIPAL --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope SUBNET_ID\`, where SUBNET_ID is that of snet-frontends; then \`azure-load-balancer-internal: "true"\`, \`azure-load-balancer-internal-subnet: snet-frontends\` and \`azure-load-balancer-ipv4: ${ADDRESS}\`, each with \`service.beta.kubernetes.io/\` in front.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'wanted-address',
          evidence: 'the app has the address that DNS names',
          holds: atWantedAddress,
        },
        {
          kind: 'flow',
          id: 'office',
          evidence: 'the peered office reaches the app',
          from: 'vm/vm-office',
          to: ADDRESS,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'branch',
          evidence: 'the branch reaches it through the private connection',
          from: 'host/branch',
          to: ADDRESS,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'payroll',
          evidence: 'a pod of the cluster reaches it',
          from: payroll,
          to: ADDRESS,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'internet',
          evidence: 'the internet has no way to a private address',
          from: 'host/stranger',
          to: ADDRESS,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'blocked', disposition: 'no-route', by: /internet/, control: 'office' },
        },
        {
          kind: 'invariant',
          id: 'no-public-door',
          evidence: 'no public frontend leads to the cluster',
          holds: noPublicFrontend,
        },
      ],
    },
    {
      id: 'keep-out',
      title: 'Keep the lab out',
      text: `\`vm-lab\` and the other machines of \`vnet-app\` are dropped by a rule, while the office gets through. The peering
with the lab stays, and \`vm-lab\` still reaches \`vm-data\`.`,
      hints: [
        `A group lets everything in from the tag VirtualNetwork, at priority 65000, and that tag holds peered networks too. A rule that allows the office takes nothing away from the others.`,
        `\`loadBalancerSourceRanges\` is asked on the node as well, after the group has let the packet through. Or the group must deny what it was not told to allow: the annotations have a switch for that.`,
        `\`loadBalancerSourceRanges: [10.90.0.0/16, 192.168.40.0/24, 10.244.0.0/16]\`. With \`azure-allowed-ip-ranges\` it takes \`azure-deny-all-except-load-balancer-source-ranges: "true"\` beside it.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'lab',
          evidence: 'the lab is dropped, by a list or a rule that leaves it out',
          from: 'vm/vm-lab',
          to: ADDRESS,
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: ['denied-inbound', 'denied-outbound'],
            by: /KUBE-PROXY-FIREWALL|\bNSG\b/,
            control: 'office',
          },
        },
        {
          kind: 'flow',
          id: 'data',
          evidence: 'another machine of the same VNet is dropped too',
          from: 'vm/vm-data',
          to: ADDRESS,
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: ['denied-inbound', 'denied-outbound'],
            by: /KUBE-PROXY-FIREWALL|\bNSG\b/,
            control: 'office',
          },
        },
        {
          kind: 'flow',
          id: 'lab-to-data',
          evidence: 'the lab still uses the VM in vnet-app',
          from: 'vm/vm-lab',
          to: 'vm/vm-data',
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'delivered' },
        },
      ],
    },
    {
      id: 'rights',
      title: 'Give no more than it takes, and say what the pod sees',
      text: `The identity of the cluster may join \`snet-frontends\` and no subnet that it could not join before. And say whose
address the app has in its log for a call from \`vm-office\`.`,
      hints: [
        `A role counts on its scope and on everything below it. The scope of a role assignment may be a single subnet.`,
        `\`az role assignment list --assignee PRINCIPAL --all -o table\` shows what was given where. What the pod sees, the server itself says: every simulated server answers with its client's address.`,
        `\`az vm run-command invoke -g rg-staff -n vm-office --command-id RunShellScript --scripts "curl -s http://${ADDRESS}"\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'least-rights',
          evidence: 'the identity may use the subnet of the frontends, and none beside it',
          holds: leastRights,
        },
        {
          kind: 'answer',
          id: 'seen-by-pod',
          evidence: 'who the pod takes for its client',
          key: 'seen-by-pod',
          question: 'Which source address does a pod of leave see when vm-office calls 10.80.1.10?',
          accept: acceptSeen,
        },
      ],
    },
  ],
};

export default lab;
