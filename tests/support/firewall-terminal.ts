/** A terminal on a cloud with what an Azure Firewall needs: a VNet with both of its subnets, and two addresses. */
import { expect } from 'vitest';
import { azTerminal } from './az.ts';
import type { Cloud } from '../../src/model/cloud.ts';

export interface FirewallTerminal {
  /** Runs a line that must succeed; returns what it printed on stderr. */
  readonly must: (line: string) => Promise<string>;
  /** Runs a line that must be refused, and checks that it changed nothing; returns stderr. */
  readonly refused: (line: string) => Promise<string>;
  /** Runs a line that must succeed; returns its JSON. */
  readonly json: (line: string) => Promise<unknown>;
  readonly cloud: () => Cloud;
}

/** Creates firewall `fw` in VNet `vnet` with public address `pip`. */
export const DEPLOYED =
  'network firewall create -g rg -n fw --conf-name cfg --public-ip pip --vnet-name vnet';

const START = [
  'extension add -n azure-firewall',
  'extension add -n ip-group',
  'group create -n rg -l westeurope',
  'network vnet create -g rg -n vnet --address-prefixes 10.42.0.0/16',
  'network vnet subnet create -g rg --vnet-name vnet -n AzureFirewallSubnet --address-prefixes 10.42.2.0/26',
  'network vnet subnet create -g rg --vnet-name vnet -n AzureFirewallManagementSubnet --address-prefixes 10.42.3.0/26',
  'network public-ip create -g rg -n pip',
  'network public-ip create -g rg -n pip2',
];

export async function firewallTerminal(): Promise<FirewallTerminal> {
  const az = azTerminal({ cloud: { now: Date.parse('2026-11-01') / 1000 } });
  const must = async (line: string): Promise<string> => {
    const ran = await az.line(line);
    expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
    return ran.stderr;
  };
  for (const line of START) await must(line);
  return {
    must,
    refused: async (line) => {
      const before = az.cloud();
      const ran = await az.line(line);
      expect(ran.exitCode, line).not.toBe(0);
      expect(az.cloud(), `${line} left a change`).toBe(before);
      return ran.stderr;
    },
    json: (line) => az.json(...line.split(' ')),
    cloud: az.cloud,
  };
}
