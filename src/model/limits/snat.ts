/** Numbers that Azure documents for source ports: how many there are, who gets them, when they come back. */
import type { Limit } from './limit.ts';

const LOAD_BALANCER_OUTBOUND =
  'Use SNAT for outbound connections, https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections';
const LOAD_BALANCER_OUTBOUND_BEFORE =
  'Outbound connections, https://github.com/MicrosoftDocs/azure-docs, articles/load-balancer/load-balancer-outbound-connections.md as of 2020-09-30';
const NAT_GATEWAY_RESOURCE =
  'Azure NAT Gateway resource, https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource';
const FIREWALL_WITH_NAT_GATEWAY =
  'Scale SNAT ports with Azure NAT Gateway, https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway';
const FIREWALL_SESSIONS =
  'Long running TCP sessions with Azure Firewall, https://learn.microsoft.com/azure/firewall/long-running-sessions';
const IP_SYSCTL =
  'Linux kernel, IP sysctl, https://www.kernel.org/doc/Documentation/networking/ip-sysctl.rst';

/** Ports of each machine in the pool where nobody fixed a number, by how many machines there are. */
export const DEFAULT_PORTS_PER_NODE: Limit<readonly { readonly highest: number; readonly ports: number }[]> =
  {
    value: [
      { highest: 50, ports: 1_024 },
      { highest: 100, ports: 512 },
      { highest: 200, ports: 256 },
      { highest: 400, ports: 128 },
      { highest: 800, ports: 64 },
      { highest: 1_000, ports: 32 },
    ],
    unit: 'ports per machine and protocol, for each address',
    source: LOAD_BALANCER_OUTBOUND,
    read: '2023-03-06',
    note: 'The table ends at 1,000 machines. Nothing is documented above; the model has no number there either.',
  };

/** The most that the table gives a machine, however many addresses there are. */
export const MOST_DEFAULT_PORTS_PER_NODE: Limit = {
  value: 1_024,
  unit: 'ports per machine and protocol',
  source: LOAD_BALANCER_OUTBOUND,
  read: '2023-03-06',
  note: 'With several addresses a machine has the row of the table times the addresses, but at most this. The page of 2022-03-01 and the AKS page know the row for one address only. Decided for the newer page.',
};

/** How long a load balancer keeps a TCP port after the connection has ended. */
export const LOAD_BALANCER_PORT_HOLD: Limit<{ readonly fin: number; readonly rst: number }> = {
  value: { fin: 240, rst: 15 },
  unit: 'seconds',
  source: LOAD_BALANCER_OUTBOUND_BEFORE,
  read: '2020-09-30',
  note: 'The section on port release ("a FINACK: 240 seconds, a RST: 15 seconds, or the idle timeout") was on the page from 2018 to 2020 and left it with the rewrite of 2021, which says only that ports come back when a flow closes. Nothing says that the platform changed. Decided for the last numbers that Azure published.',
};

/** Which flows the idle timeout of an outbound rule ends. */
export const LOAD_BALANCER_IDLE_TIMEOUT_PROTOCOLS: Limit<readonly ('tcp' | 'udp')[]> = {
  value: ['tcp', 'udp'],
  source: LOAD_BALANCER_OUTBOUND,
  read: '2023-03-06',
  note: 'The REST text calls idleTimeoutInMinutes "the timeout for the TCP idle connection"; the page says that an idle connection of either protocol gives its port back after the time that the outbound rule sets. Decided for the page.',
};

export const NAT_GATEWAY_PORTS_PER_ADDRESS: Limit = {
  value: 64_512,
  unit: 'ports per address and protocol',
  source: NAT_GATEWAY_RESOURCE,
  read: '2023-07-10',
};

export const NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION: Limit = {
  value: 50_000,
  unit: 'concurrent connections per address',
  source: NAT_GATEWAY_RESOURCE,
  read: '2023-07-10',
  note: 'Of open connections. Ports that wait to be used again count against the ports, of which there are more.',
};

export const NAT_GATEWAY_CONNECTIONS: Limit = {
  value: 2_000_000,
  unit: 'concurrent connections',
  source: NAT_GATEWAY_RESOURCE,
  read: '2023-07-10',
  note: 'The page says that more may work at a growing risk of failures. The model fails what is above it.',
};

/** How long a port is not used for the same destination after a connection to it ended. Others may use it. */
export const NAT_GATEWAY_PORT_HOLD: Limit<{
  readonly fin: number;
  readonly rst: number;
  readonly udp: number;
}> = {
  value: { fin: 65, rst: 16, udp: 65 },
  unit: 'seconds',
  source: NAT_GATEWAY_RESOURCE,
  read: '2023-07-10',
  note: 'A TCP connection that the idle timeout ended has no such timer on the page; its port is free at once.',
};

/** How long a connection that nobody answers takes a port of a NAT gateway. */
export const NAT_GATEWAY_HALF_OPEN: Limit = {
  value: 30,
  unit: 'seconds',
  source: NAT_GATEWAY_RESOURCE,
  read: '2023-07-10',
};

/** Of UDP flows; that of TCP is a property of the gateway. */
export const NAT_GATEWAY_UDP_IDLE_TIMEOUT: Limit = {
  value: 4,
  unit: 'minutes',
  source: NAT_GATEWAY_RESOURCE,
  read: '2023-07-10',
};

export const FIREWALL_PORTS_PER_ADDRESS: Limit = {
  value: 2_496,
  unit: 'ports per address and instance',
  source: FIREWALL_WITH_NAT_GATEWAY,
  read: '2023-10-25',
  note: 'The copy of 2021 says 2,048, and a note of AKS leaves the instances out. Decided for the newer page.',
};

export const FIREWALL_ADDRESSES: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 1, highest: 250 },
  unit: 'public addresses',
  source: FIREWALL_WITH_NAT_GATEWAY,
  read: '2023-10-25',
};

export const FIREWALL_INSTANCES: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 2, highest: 20 },
  unit: 'instances',
  source:
    'Azure Firewall known issues and limitations, https://learn.microsoft.com/azure/firewall/firewall-known-issues, SNAT port exhaustion',
  read: '2023-10-25',
  note: 'The firewall grows by itself with load; at least two are always there.',
};

/** Of flows to the internet. Azure support can raise it to 15. */
export const FIREWALL_IDLE_TIMEOUT: Limit = {
  value: 4,
  unit: 'minutes',
  source: FIREWALL_SESSIONS,
  read: '2024-02-09',
  note: 'How long the firewall keeps a port after a connection has closed is not documented. It leaves through a Standard load balancer of its own, so the hold of a load balancer is taken.',
};

/** Source ports that Linux gives out by itself: net.ipv4.ip_local_port_range. */
export const EPHEMERAL_PORTS: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 32_768, highest: 60_999 },
  unit: 'ports',
  source: IP_SYSCTL,
  read: '2024-05-01',
  note: 'Azure says only that a machine with its own public address has all ephemeral ports. The translation is 1:1 and keeps the port, so the operating system decides.',
};

/** TIME-WAIT of Linux: how long the side that closed first keeps its port. */
export const TIME_WAIT: Limit = {
  value: 60,
  unit: 'seconds',
  source: 'Linux kernel, TCP_TIMEWAIT_LEN in https://github.com/torvalds/linux/blob/master/include/net/tcp.h',
  read: '2024-05-01',
};

/** How long Linux tries to open a connection that nobody answers: net.ipv4.tcp_syn_retries of 6. */
export const SYN_TIMEOUT: Limit = {
  value: 127,
  unit: 'seconds',
  source: IP_SYSCTL,
  read: '2024-05-01',
};
