/**
 * Load balancers, for reading: the only one here is `kubernetes`, which AKS makes and looks after in the
 * node resource group. Making and changing them is refused by name, as every command that is not here.
 */
import { childNotFound, listResources, requireResource, sameId } from '../../model/azure/resource-store.ts';
import type { LoadBalancer, SubResource } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, Json } from './command.ts';
import { compact, groupOf, reference, resourceGuid } from './network-json.ts';
import type { JsonObject } from './network-json.ts';
import { anyResourceGroup, expand, groupOfId, nameOfId, resourceGroup, text } from './option.ts';
import { refusedByAzure, shown, textArgument } from './outcome.ts';
import { listCommand, showCommand } from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const TYPE = 'Microsoft.Network/loadBalancers';
const lbName = text('--lb-name', 'The load balancer name.', { required: true });

/** What a part of a load balancer has in common with every other part. */
function part(balancer: LoadBalancer, kind: string, entry: { readonly id: string; readonly name: string }) {
  return {
    etag: balancer.etag,
    id: entry.id,
    name: entry.name,
    provisioningState: balancer.provisioningState,
    resourceGroup: groupOf(entry.id),
    type: `${TYPE}/${kind}`,
  };
}

function rulesThrough(balancer: LoadBalancer, uses: (ids: readonly SubResource[]) => boolean): Json {
  const rules = balancer.outboundRules.filter((rule) =>
    uses([...rule.frontendIPConfigurations, rule.backendAddressPool]),
  );
  return rules.length === 0 ? null : rules.map(reference);
}

function frontends(balancer: LoadBalancer): readonly JsonObject[] {
  return balancer.frontendIPConfigurations.map((one) =>
    compact({
      ...part(balancer, 'frontendIPConfigurations', one),
      outboundRules: rulesThrough(balancer, (ids) => ids.some(({ id }) => sameId(id, one.id))),
      privateIPAddress: one.privateIPAddress,
      privateIPAllocationMethod: 'Dynamic',
      publicIPAddress: one.publicIPAddress === null ? null : reference(one.publicIPAddress),
      subnet: one.subnet === null ? null : reference(one.subnet),
    }),
  );
}

/** The IP configurations that say they are in the pool: those of the nodes. */
function members(cloud: Cloud, pool: SubResource): readonly string[] {
  const inPool = (configuration: { readonly loadBalancerBackendAddressPools: readonly SubResource[] }) =>
    configuration.loadBalancerBackendAddressPools.some(({ id }) => sameId(id, pool.id));
  const single = listResources(cloud, 'Microsoft.Network/networkInterfaces');
  const sets = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets');
  return [...single, ...sets.flatMap((set) => set.instances.map((one) => one.networkInterface))]
    .flatMap((nic) => nic.ipConfigurations)
    .filter(inPool)
    .map((configuration) => configuration.id);
}

function pools(cloud: Cloud, balancer: LoadBalancer): readonly JsonObject[] {
  return balancer.backendAddressPools.map((one) => {
    const ids = members(cloud, one);
    return compact({
      ...part(balancer, 'backendAddressPools', one),
      backendIPConfigurations: ids.length === 0 ? null : ids.map((id) => reference({ id })),
      loadBalancerBackendAddresses: ids.map((id) => ({
        name: addressName(id),
        networkInterfaceIPConfiguration: reference({ id }),
      })),
      outboundRules: rulesThrough(balancer, (used) => used.some(({ id }) => sameId(id, one.id))),
    });
  });
}

/** As the service names an address that it took over from a NIC: its group and the end of its id. */
function addressName(id: string): string {
  return `${groupOf(id)}_${id.split('/').slice(-5).join('')}`;
}

function outboundRules(balancer: LoadBalancer): readonly JsonObject[] {
  return balancer.outboundRules.map((one) => ({
    ...part(balancer, 'outboundRules', one),
    allocatedOutboundPorts: one.allocatedOutboundPorts,
    backendAddressPool: reference(one.backendAddressPool),
    enableTcpReset: one.enableTcpReset,
    frontendIPConfigurations: one.frontendIPConfigurations.map(reference),
    idleTimeoutInMinutes: one.idleTimeoutInMinutes,
    protocol: one.protocol,
  }));
}

function loadBalancerJson(cloud: Cloud, balancer: LoadBalancer): JsonObject {
  return compact({
    backendAddressPools: pools(cloud, balancer),
    etag: balancer.etag,
    frontendIPConfigurations: frontends(balancer),
    id: balancer.id,
    inboundNatPools: [],
    inboundNatRules: [],
    // One for each port of a Service of type LoadBalancer, which is not simulated.
    loadBalancingRules: [],
    location: balancer.location,
    name: balancer.name,
    outboundRules: outboundRules(balancer),
    probes: [],
    provisioningState: balancer.provisioningState,
    resourceGroup: balancer.resourceGroup,
    resourceGuid: resourceGuid(cloud, balancer.id),
    sku: { name: balancer.sku.name, tier: balancer.sku.tier },
    tags: balancer.tags,
    type: balancer.type,
  });
}

/** `list` and `show` of one kind of part. */
function partCommands(
  group: string,
  noun: {
    readonly one: string;
    readonly many: string;
    readonly kind: string;
    /** Real azure-cli takes `--ids` for some parts only. */
    readonly ids?: true;
  },
  read: (cloud: Cloud, balancer: LoadBalancer) => readonly JsonObject[],
): readonly AzCommand[] {
  return [
    {
      path: ['network', 'lb', group, 'list'],
      summary: `List ${noun.many} of a load balancer.`,
      options: [lbName, resourceGroup],
      run: (cloud, args) =>
        shown(
          cloud,
          requireResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'lbName')),
          (balancer) => read(cloud, balancer),
        ),
    },
    {
      path: ['network', 'lb', group, 'show'],
      summary: `Get the details of ${noun.one} of a load balancer.`,
      options:
        noun.ids === true
          ? [
              nameOfId('--lb-name', 'The load balancer name.'),
              nameOfId('--name -n', `The name of ${noun.one}.`, 'child-name'),
              groupOfId,
            ]
          : [lbName, text('--name -n', `The name of ${noun.one}.`, { required: true }), resourceGroup],
      run: (cloud, args) => {
        const found = requireResource(
          cloud,
          TYPE,
          textArgument(args, 'resourceGroup'),
          textArgument(args, 'lbName'),
        );
        if (!found.ok) return refusedByAzure(found.error);
        const wanted = textArgument(args, 'name');
        const entry = read(cloud, found.value).find(
          ({ name }) => typeof name === 'string' && name.toLowerCase() === wanted.toLowerCase(),
        );
        if (entry === undefined) {
          return refusedByAzure(childNotFound(`${found.value.id}/${noun.kind}/${wanted}`));
        }
        return ok({ cloud, output: entry });
      },
    },
  ];
}

const kind: ResourceKind<typeof TYPE> = { type: TYPE, path: ['network', 'lb'], json: loadBalancerJson };

export const loadBalancerCommands: readonly AzCommand[] = [
  listCommand(kind, {
    summary: 'List load balancers.',
    options: [anyResourceGroup],
    examples: [
      {
        does: "List the load balancers of a cluster's node resource group.",
        line: 'az network lb list -g MC_MyResourceGroup_MyCluster_westeurope -o table',
      },
    ],
  }),
  showCommand(kind, {
    summary: 'Get the details of a load balancer.',
    options: [nameOfId('--name -n', 'The load balancer name.'), groupOfId, expand],
  }),
  ...partCommands(
    'address-pool',
    { one: 'a backend address pool', many: 'backend address pools', kind: 'backendAddressPools' },
    pools,
  ),
  ...partCommands(
    'frontend-ip',
    { one: 'a frontend IP address', many: 'frontend IP addresses', kind: 'frontendIPConfigurations' },
    (_cloud, balancer) => frontends(balancer),
  ),
  ...partCommands(
    'outbound-rule',
    { one: 'an outbound rule', many: 'outbound rules', kind: 'outboundRules' },
    (_cloud, balancer) => outboundRules(balancer),
  ),
  ...partCommands('probe', { one: 'a probe', many: 'probes', kind: 'probes', ids: true }, () => []),
  ...partCommands(
    'rule',
    { one: 'a load balancing rule', many: 'load balancing rules', kind: 'loadBalancingRules' },
    () => [],
  ),
];
