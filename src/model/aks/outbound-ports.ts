/** Whether the public addresses of a cluster's load balancer have the ports that its nodes are promised. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { usablePorts } from '../snat/ports.ts';
import { mostNodes } from './capacity.ts';
import type { AgentPool } from './managed-cluster.ts';
import { surgeOf } from './upgrade-plan.ts';

export interface OutboundPorts {
  /** Of each node; 0 lets Azure share them out, which always fits. */
  readonly allocated: number;
  readonly addresses: number;
}

/**
 * Checks the ports of all nodes that the pools may come to have, those of an upgrade included, as
 * https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/invalidloadbalancerprofileallocatedoutboundports-error
 * counts them: three nodes of one pool are four. Error: `InvalidLoadBalancerProfileAllocatedOutboundPorts`.
 */
export function checkOutboundPorts(
  outbound: OutboundPorts,
  pools: readonly AgentPool[],
): Result<null, AzureError> {
  const nodes = pools.reduce((sum, pool) => sum + mostNodes(pool) + surgeNodes(pool), 0);
  return checkPortsOfNodes(outbound, nodes);
}

/** Checks the ports of so many nodes at once. Error: `InvalidLoadBalancerProfileAllocatedOutboundPorts`. */
export function checkPortsOfNodes(
  { allocated, addresses }: OutboundPorts,
  nodes: number,
): Result<null, AzureError> {
  const available = usablePorts(addresses);
  if (nodes * allocated <= available) return ok(null);
  return err(
    azureError(
      'InvalidLoadBalancerProfileAllocatedOutboundPorts',
      `Load balancer profile allocated ports ${allocated} is not in an allowable range given the number of nodes and IPs provisioned. Total node count ${nodes} requires ${nodes * allocated} ports but only ${available} ports are available given ${addresses} outbound public IPs. Refer to https://aka.ms/aks/slb-ports for more details.`,
      'networkProfile.loadBalancerProfile.allocatedOutboundPorts',
    ),
  );
}

/** Returns how many nodes an upgrade may add to a pool that is as large as it may become. */
export function surgeNodes(pool: AgentPool): number {
  const most = mostNodes(pool);
  return surgeOf(pool.upgradeSettings, most, most);
}
