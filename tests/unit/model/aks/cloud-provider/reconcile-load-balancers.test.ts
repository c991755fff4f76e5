/** What Services of type LoadBalancer have in Azure, from their making to their end. */
import { describe, expect, it } from 'vitest';
import { createSecurityRule, SECURITY_RULE_DEFAULTS } from '../../../../../src/model/azure/security-rule.ts';
import { putResource } from '../../../../../src/model/azure/resource-store.ts';
import { changeLabels } from '../../../../../src/model/kubernetes/apply.ts';
import { createManagedCluster } from '../../../../../src/model/aks/create-managed-cluster.ts';
import { deleteManagedCluster } from '../../../../../src/model/aks/delete-managed-cluster.ts';
import { updateManagedCluster } from '../../../../../src/model/aks/update-managed-cluster.ts';
import { scaleAgentPool } from '../../../../../src/model/aks/change-agent-pools.ts';
import { reconcile } from '../../../../../src/model/aks/reconcile.ts';
import { runToEnd } from '../../../../../src/model/aks/operations.ts';
import type { Cloud } from '../../../../../src/model/cloud.ts';
import { unwrap } from '../../../../../src/model/result.ts';
import {
  CLUSTER,
  cloudWithCluster,
  clusterInput,
  GROUP,
  onlyCluster,
  stateOf,
} from '../../../../support/kubenet-cluster.ts';
import {
  balancerNamed,
  clusterOf,
  eventsOf,
  externalIp,
  INTERNAL,
  managedAddresses,
  membersOf,
  nodeRules,
  refusalOf,
  serviceNamed,
  withoutService,
  withService,
} from '../../../../support/balanced-cluster.ts';

const BARE = reconcile(cloudWithCluster({ networkPlugin: 'azure', networkPluginMode: 'overlay' }));
const WEB = withService(BARE, { name: 'web' });
/** The Azure resources of a cloud, without the etags that every write changes. */
function azureOf(cloud: Cloud): unknown {
  return JSON.parse(JSON.stringify(cloud.resources, (key, value: unknown) => (key === 'etag' ? '' : value)));
}

describe('a public Service', () => {
  const base = `a${serviceNamed(WEB, 'web').metadata.uid.replaceAll('-', '')}`.slice(0, 32);

  it('has a frontend, a rule, a probe and a public address named after it', () => {
    const balancer = balancerNamed(WEB, 'kubernetes');
    expect(balancer?.frontendIPConfigurations.map(({ name }) => name)).toContain(base);
    expect(balancer?.loadBalancingRules.map(({ name }) => name)).toEqual([`${base}-TCP-80`]);
    expect(balancer?.probes.map(({ name }) => name)).toEqual([`${base}-TCP-80`]);
    const [address] = managedAddresses(WEB);
    expect(address).toMatchObject({
      name: `kubernetes-${base}`,
      zones: ['1', '2', '3'],
      tags: { 'k8s-azure-service': 'default/web', 'k8s-azure-cluster-name': 'kubernetes' },
    });
    expect(externalIp(WEB, 'web')).toBe(address?.ipAddress);
  });

  it('leaves the outbound rule and its frontend as they were', () => {
    expect(balancerNamed(WEB, 'kubernetes')?.outboundRules).toEqual(
      balancerNamed(BARE, 'kubernetes')?.outboundRules,
    );
  });

  it('opens the node group for its address and port, at the first priority of the cloud provider', () => {
    expect(nodeRules(WEB)).toMatchObject([
      {
        name: 'k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77',
        priority: 500,
        sourceAddressPrefix: 'Internet',
        destinationAddressPrefix: externalIp(WEB, 'web'),
        destinationPortRange: null,
        destinationPortRanges: ['80'],
      },
    ]);
  });

  it('tells two events and holds a finalizer', () => {
    expect(eventsOf(WEB, 'web')).toEqual(['EnsuringLoadBalancer (1)', 'EnsuredLoadBalancer (1)']);
    expect(serviceNamed(WEB, 'web').metadata.finalizers).toEqual([
      'service.kubernetes.io/load-balancer-cleanup',
    ]);
  });

  it('is done: another round changes nothing at all', () => {
    expect(reconcile(WEB)).toBe(WEB);
    const copy = JSON.parse(JSON.stringify(WEB)) as Cloud;
    expect(reconcile(copy)).toEqual(copy);
  });

  it('leaves nothing behind when it goes', () => {
    const gone = withoutService(WEB, 'web');
    expect(azureOf(gone)).toEqual(azureOf(BARE));
    expect(eventsOf(gone, 'web').slice(2)).toEqual(['DeletingLoadBalancer (1)', 'DeletedLoadBalancer (1)']);
  });

  it('leaves nothing behind when it becomes a ClusterIP Service', () => {
    const inside = withService(WEB, { name: 'web', spec: { type: 'ClusterIP' } });
    expect(azureOf(inside)).toEqual(azureOf(BARE));
    expect(serviceNamed(inside, 'web')).toMatchObject({ status: { loadBalancer: {} } });
    expect(serviceNamed(inside, 'web').metadata.finalizers).toBeUndefined();
  });
});

describe('a public Service that is refused a change', () => {
  it('keeps its frontend, its address and its security rule', () => {
    const refused = withService(WEB, { name: 'web', annotations: { 'azure-pip-name': 'nobody' } });
    expect(azureOf(refused)).toEqual(azureOf(WEB));
    expect(externalIp(refused, 'web')).toBe(externalIp(WEB, 'web'));
    expect(eventsOf(refused, 'web')).toEqual([
      'EnsuredLoadBalancer (1)',
      'EnsuringLoadBalancer (2)',
      'SyncLoadBalancerFailed (1)',
    ]);
  });
});

describe('an internal Service', () => {
  const inside = withService(BARE, { name: 'web', annotations: INTERNAL });

  it('makes the load balancer kubernetes-internal and takes the lowest free address of the nodes', () => {
    expect(externalIp(inside, 'web')).toBe('10.224.0.6');
    expect(balancerNamed(inside, 'kubernetes-internal')?.frontendIPConfigurations).toMatchObject([
      { privateIPAddress: '10.224.0.6', privateIPAllocationMethod: 'Dynamic', zones: ['1', '2', '3'] },
    ]);
    expect(membersOf(inside, 'kubernetes-internal')).toBe(2);
    expect(nodeRules(inside)).toEqual([]);
  });

  it('takes its load balancer along when it is the last', () => {
    expect(azureOf(withoutService(inside, 'web'))).toEqual(azureOf(BARE));
  });

  it('changes sides without a trace of the other one', () => {
    const [out, back] = [
      withService(inside, { name: 'web' }),
      withService(WEB, { name: 'web', annotations: INTERNAL }),
    ];
    expect(balancerNamed(out, 'kubernetes-internal')).toBeNull();
    expect(managedAddresses(back)).toEqual([]);
    expect(balancerNamed(back, 'kubernetes')?.loadBalancingRules).toEqual([]);
  });

  it.each([
    ['10.1.0.4', 'PrivateIPAddressNotInSubnet'],
    ['10.224.0.3', 'PrivateIPAddressInReservedRange'],
    ['10.224.0.4', 'PrivateIPAddressIsAllocated'],
  ])('is refused the address %s: %s', (address, code) => {
    const tried = withService(BARE, {
      name: 'web',
      annotations: { ...INTERNAL, 'azure-load-balancer-ipv4': address },
    });
    expect(externalIp(tried, 'web')).toBe('<pending>');
    expect(refusalOf(tried, 'web')).toContain(`ERROR CODE: ${code}`);
    expect(refusalOf(tried, 'web')).toMatch(
      /^Error syncing load balancer: failed to ensure load balancer: PUT https:\/\/management.azure.com\//,
    );
    expect(azureOf(tried)).toEqual(azureOf(BARE));
  });

  it('keeps what it has when a change is refused, and says so', () => {
    const moved = withService(inside, {
      name: 'web',
      annotations: { ...INTERNAL, 'azure-load-balancer-internal-subnet': 'nowhere' },
    });
    expect(externalIp(moved, 'web')).toBe('10.224.0.6');
    expect(azureOf(moved)).toEqual(azureOf(inside));
    expect(refusalOf(moved, 'web')).toContain(
      `ensure(default/web): lb(kubernetes-internal) - failed to get subnet: aks-vnet-${clusterOf(BARE).simulation.agentPoolDigits}/nowhere`,
    );
  });
});

describe('Services together', () => {
  it('share one security rule for the same port, whose destinations shrink with them', () => {
    const both = withService(WEB, { name: 'shop' });
    expect(nodeRules(both)).toHaveLength(1);
    expect([...(nodeRules(both)[0]?.destinationAddressPrefixes ?? [])].sort()).toEqual(
      [externalIp(both, 'web'), externalIp(both, 'shop')].sort(),
    );
    expect(azureOf(withoutService(both, 'shop'))).toEqual(azureOf(WEB));
  });

  it('share an address on different ports; the address stays with the last of them', () => {
    const address = externalIp(WEB, 'web');
    const draft = {
      name: 'shop',
      annotations: { 'azure-load-balancer-ipv4': address },
      spec: { ports: [{ port: 8080 }] },
    };
    const both = withService(WEB, draft);
    expect(externalIp(both, 'shop')).toBe(address);
    expect(balancerNamed(both, 'kubernetes')?.frontendIPConfigurations).toHaveLength(2);
    expect(managedAddresses(both)[0]?.tags?.['k8s-azure-service']).toBe('default/web,default/shop');
    const second = withoutService(both, 'web');
    expect(externalIp(second, 'shop')).toBe(address);
    expect(balancerNamed(second, 'kubernetes')?.loadBalancingRules).toHaveLength(1);
    expect(managedAddresses(second)[0]?.tags?.['k8s-azure-service']).toBe('default/shop');
    expect(azureOf(withoutService(second, 'shop'))).toEqual(azureOf(BARE));
  });

  it('are refused the same port of one address', () => {
    const tried = withService(WEB, {
      name: 'shop',
      annotations: { 'azure-load-balancer-ipv4': externalIp(WEB, 'web') },
    });
    expect(externalIp(tried, 'shop')).toBe('<pending>');
    expect(refusalOf(tried, 'shop')).toMatch(
      /checkLoadBalancerResourcesConflicts: service port {2}is trying to consume the port 80 which is being referenced by an existing loadBalancing rule a[0-9a-f]{31}-TCP-80 with the same protocol Tcp and frontend IP config with ID \/subscriptions\//,
    );
    // What was in the way goes, and the address with it.
    expect(refusalOf(withoutService(tried, 'web'), 'shop')).toContain('was not found in resource group');
  });

  it('a port that one leaves is at once with the one that waits for it', () => {
    const annotations = { ...INTERNAL, 'azure-load-balancer-ipv4': '10.224.0.50' };
    const waiting = [
      { name: 'a' },
      { name: 'c', annotations },
      // It keeps its public frontend, and comes before the one it waits for.
      { name: 'a', annotations },
    ].reduce((cloud, each) => withService(cloud, each), BARE);
    expect(refusalOf(waiting, 'a')).toContain('checkLoadBalancerResourcesConflicts');
    const left = withService(waiting, { name: 'c', annotations, spec: { ports: [{ port: 443 }] } });
    expect(externalIp(left, 'a')).toBe('10.224.0.50');
    expect(reconcile(left)).toBe(left);
  });

  it('of two clusters do not know of each other', () => {
    const input = clusterInput({ networkPlugin: 'azure', networkPluginMode: 'overlay', name: 'other' });
    const two = withService(reconcile(unwrap(createManagedCluster(WEB, input))), { name: 'web' }, 'other');
    expect(externalIp(two, 'web', 'other')).not.toBe(externalIp(two, 'web'));
    expect(nodeRules(two)).toEqual(nodeRules(WEB));
    expect(managedAddresses(withoutService(two, 'web', 'other'))).toEqual(managedAddresses(WEB));
  });
});

describe('the security group', () => {
  it('keeps the rules of others, and takes the next free priority', () => {
    const { nodeResourceGroup, simulation } = clusterOf(BARE);
    const guarded = unwrap(
      createSecurityRule(
        BARE,
        {
          resourceGroup: nodeResourceGroup,
          networkSecurityGroup: `aks-agentpool-${simulation.agentPoolDigits}-nsg`,
          name: 'mine',
        },
        { ...SECURITY_RULE_DEFAULTS, priority: 500 },
      ),
    );
    const both = withService(guarded, { name: 'web' });
    expect(nodeRules(both).map(({ name, priority }) => [name.slice(0, 18), priority])).toEqual([
      ['mine', 500],
      ['k8s-azure-lb_allow', 501],
    ]);
    expect(nodeRules(withoutService(both, 'web')).map(({ name }) => name)).toEqual(['mine']);
  });

  it('denies everything else to a Service that asks for it, from 4095 down', () => {
    const closed = withService(BARE, {
      name: 'web',
      annotations: { 'azure-deny-all-except-load-balancer-source-ranges': 'true' },
      spec: { loadBalancerSourceRanges: ['203.0.113.0/24'] },
    });
    expect(nodeRules(closed)).toMatchObject([
      { access: 'Allow', priority: 500, sourceAddressPrefix: '203.0.113.0/24' },
      {
        name: 'k8s-azure-lb_deny-all_IPv4',
        access: 'Deny',
        priority: 4095,
        sourceAddressPrefix: '*',
        destinationAddressPrefix: externalIp(closed, 'web'),
        destinationPortRange: '*',
      },
    ]);
  });

  it('lets clients in to the nodes themselves where floating IP is off', () => {
    const direct = withService(BARE, {
      name: 'web',
      annotations: { 'azure-disable-load-balancer-floating-ip': 'true' },
    });
    const nodePort = serviceNamed(direct, 'web').spec.ports[0]?.nodePort;
    expect(nodeRules(direct)).toMatchObject([
      {
        destinationAddressPrefixes: ['10.224.0.4', '10.224.0.5'],
        destinationPortRanges: [nodePort?.toString()],
      },
    ]);
  });
});

describe('nodes', () => {
  it('with the label that excludes them leave the pools of Services only', () => {
    const name = Object.keys(stateOf(WEB).nodes)[0] ?? '';
    const label = 'node.kubernetes.io/exclude-from-external-load-balancers';
    const marked = reconcile(unwrap(changeLabels(WEB, onlyCluster(WEB), 'Node', name, { [label]: 'true' })));
    expect(membersOf(marked, 'kubernetes')).toBe(1);
    expect(membersOf(marked, 'kubernetes', 'aksOutboundBackendPool')).toBe(2);
    expect(eventsOf(marked, 'web').at(-1)).toBe('UpdatedLoadBalancer (1)');
  });

  it('that come and go are in the pools of both load balancers', () => {
    const both = withService(WEB, { name: 'inside', annotations: INTERNAL });
    const names = { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' };
    for (const count of [3, 1]) {
      const started = unwrap(scaleAgentPool(both, names, count));
      const scaled = reconcile(runToEnd(started, clusterOf(started).id).cloud);
      expect([membersOf(scaled, 'kubernetes'), membersOf(scaled, 'kubernetes-internal')]).toEqual([
        count,
        count,
      ]);
    }
  });
});

describe('what AKS and others do to the load balancers', () => {
  it('another number of outbound addresses leaves the Services alone', () => {
    const updated = reconcile(
      unwrap(updateManagedCluster(WEB, GROUP, CLUSTER, { outbound: { managedOutboundIpCount: 2 } })),
    );
    expect(balancerNamed(updated, 'kubernetes')?.loadBalancingRules).toEqual(
      balancerNamed(WEB, 'kubernetes')?.loadBalancingRules,
    );
    expect(balancerNamed(updated, 'kubernetes')?.frontendIPConfigurations).toHaveLength(3);
    expect(externalIp(updated, 'web')).toBe(externalIp(WEB, 'web'));
  });

  it('puts back what was changed by hand', () => {
    const balancer = balancerNamed(WEB, 'kubernetes');
    if (balancer === null) throw new Error('no load balancer');
    const bent = putResource(WEB, {
      ...balancer,
      loadBalancingRules: balancer.loadBalancingRules.map((rule) => ({ ...rule, frontendPort: 81 })),
      probes: [],
    });
    expect(azureOf(reconcile(bent))).toEqual(azureOf(WEB));
  });

  it('deletes everything with the cluster', () => {
    const both = withService(WEB, { name: 'inside', annotations: INTERNAL });
    const gone = unwrap(deleteManagedCluster(both, GROUP, CLUSTER));
    expect(Object.keys(gone.resources)).toEqual([]);
  });
});

describe('limits', () => {
  it('300 rules are what a NIC can bear, over both load balancers', () => {
    const ports = (from: number, count: number): { name: string; port: number }[] =>
      Array.from({ length: count }, (_, at) => ({ name: `p${from + at}`, port: from + at }));
    const many = withService(BARE, { name: 'web', spec: { ports: ports(1000, 250) } });
    expect(externalIp(many, 'web')).not.toBe('<pending>');
    const full = withService(many, { name: 'inside', annotations: INTERNAL, spec: { ports: ports(1, 50) } });
    expect(externalIp(full, 'inside')).not.toBe('<pending>');
    const tooMany = withService(many, {
      name: 'inside',
      annotations: INTERNAL,
      spec: { ports: ports(1, 51) },
    });
    expect(externalIp(tooMany, 'inside')).toBe('<pending>');
    expect(refusalOf(tooMany, 'inside')).toMatch(
      /IpConfiguration \/subscriptions\/.*\/ipConfigurations\/ipconfig1 cannot have more than 300 NAT or load balancing rules combined\./,
    );
    expect(balancerNamed(tooMany, 'kubernetes-internal')).toBeNull();
  });
});
