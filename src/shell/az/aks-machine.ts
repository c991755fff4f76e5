/** `az aks machine`: the machines of a node pool with their addresses. */
import { requireAgentPool } from '../../model/aks/change-agent-pools.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { findScaleSet, instanceAddress } from '../../model/aks/nodes.ts';
import type { AzureError } from '../../model/azure/error.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { poolClusterName } from './aks-options.ts';
import type { AzArguments, AzCommand, AzOutcome, Json } from './command.ts';
import { resourceGroup, text } from './option.ts';
import { isObject } from './output-format.ts';
import { shown, textArgument } from './outcome.ts';

type Machine = { readonly [key: string]: Json };

const pool = text('--nodepool-name', 'Name of the agentpool of a managed cluster.', { required: true });

function machinesOf(
  cloud: Cloud,
  cluster: ManagedCluster,
  poolName: string,
  poolId: string,
): readonly Machine[] {
  return (findScaleSet(cloud, cluster, poolName)?.instances ?? []).map((instance) => ({
    id: `${poolId}/machines/${instance.computerName}`,
    name: instance.computerName,
    properties: {
      network: { ipAddresses: [{ family: 'IPv4', ip: instanceAddress(instance) }] },
      resourceId: instance.networkInterface.id.split('/networkInterfaces/')[0] ?? '',
    },
    resourceGroup: cluster.resourceGroup,
    type: 'Microsoft.ContainerService/managedClusters/agentPools/machines',
    zones: null,
  }));
}

function requireMachines(cloud: Cloud, args: AzArguments): Result<readonly Machine[], AzureError> {
  const found = requireAgentPool(cloud, {
    resourceGroup: textArgument(args, 'resourceGroup'),
    cluster: textArgument(args, 'clusterName'),
    name: textArgument(args, 'nodepoolName'),
  });
  if (!found.ok) return found;
  return ok(machinesOf(cloud, found.value.cluster, found.value.pool.name, found.value.pool.id));
}

const table: NonNullable<AzOutcome['table']> = (output) =>
  (Array.isArray(output) ? output : [output]).filter(isObject).map((machine) => {
    const properties = machine['properties'] ?? null;
    const network = isObject(properties) ? (properties['network'] ?? null) : null;
    const addresses = isObject(network) ? network['ipAddresses'] : [];
    const [first] = (Array.isArray(addresses) ? addresses : []).filter(isObject);
    return { Name: cell(machine['name']), Ip: cell(first?.['ip']), Family: cell(first?.['family']) };
  });

function cell(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export const aksMachineCommands: readonly AzCommand[] = [
  {
    path: ['aks', 'machine', 'list'],
    summary: 'Get information about IP Addresses, Hostname for all machines in an agentpool.',
    options: [poolClusterName, pool, resourceGroup],
    run: (cloud, args) => shown(cloud, requireMachines(cloud, args), (machines) => machines, table),
  },
  {
    path: ['aks', 'machine', 'show'],
    summary: 'Show IP Addresses, Hostname for a specific machine in an agentpool for a managedcluster.',
    options: [
      poolClusterName,
      text('--machine-name', 'Get IP Addresses, Hostname for a specific machine in an agentpool.', {
        required: true,
      }),
      pool,
      resourceGroup,
    ],
    run: (cloud, args) => {
      const wanted = textArgument(args, 'machineName');
      const machines = requireMachines(cloud, args);
      const found: Result<Machine, AzureError> = machines.ok
        ? machineNamed(machines.value, wanted)
        : machines;
      return shown(cloud, found, (machine) => machine, table);
    },
  },
];

function machineNamed(machines: readonly Machine[], wanted: string): Result<Machine, AzureError> {
  const machine = machines.find((each) => each['name'] === wanted);
  return machine === undefined
    ? err({ code: 'NotFound', message: `Could not find the machine: ${wanted}` })
    : ok(machine);
}
