/** Who gets to what listens on vm-proxy, and what leaves the clients' subnet by itself: as sets of packets, not samples. */
import { askModel } from '../../src/lab/ask-model.ts';
import type { Holds } from '../../src/lab/lab.ts';
import { trafficInWords } from '../../src/lab/traffic-words.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Listener, VirtualMachine } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { effectiveView } from '../../src/model/compile/effective-view.ts';
import { address } from '../../src/model/ip/address.ts';
import { everyAddress, setOf, setOfAddresses, setSubtract } from '../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../src/model/ip/address-set.ts';
import { prefix } from '../../src/model/ip/prefix.ts';
import { verdictOfGroups } from '../../src/model/nsg/partition.ts';
import { everyPort } from '../../src/model/nsg/port-set.ts';
import { trafficOf } from '../../src/model/nsg/traffic.ts';
import type { Traffic } from '../../src/model/nsg/traffic.ts';

export const GROUP = 'rg-watch';
export const PROXY_PORT = 8080;
const SSH_PORT = 22;
/** Where Azure's own probes come from: every default rule set lets them in. */
const PROBES = setOfAddresses([address('168.63.129.16')]);

/** Returns a machine of the lab, or null if it was deleted. */
export function machineOf(cloud: Cloud, name: string): VirtualMachine | null {
  return findResource(cloud, 'Microsoft.Compute/virtualMachines', GROUP, name);
}

/** Returns the private address of a machine, or null. */
export function addressOf(cloud: Cloud, name: string): string | null {
  const [nic] = machineOf(cloud, name)?.networkProfile.networkInterfaces ?? [];
  const card =
    nic === undefined
      ? null
      : findResource(cloud, 'Microsoft.Network/networkInterfaces', GROUP, nic.id.split('/').at(-1) ?? '');
  return card?.ipConfigurations[0]?.privateIPAddress ?? null;
}

/** What listens on vm-proxy for others than itself. */
function openListeners(cloud: Cloud): readonly Listener[] {
  return (machineOf(cloud, 'vm-proxy')?.simulation.listeners ?? []).filter(
    (each) => each.protocol === 'tcp' && each.address?.startsWith('127.') !== true,
  );
}

/** Returns the forward proxy on the port that clients are told, or null. */
export function proxyOf(cloud: Cloud): NonNullable<Listener['proxy']> | null {
  return openListeners(cloud).find(({ port }) => port === PROXY_PORT)?.proxy ?? null;
}

function clientsOf(cloud: Cloud): AddressSet {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet-watch');
  const range = network?.subnets.find(({ name }) => name === 'snet-clients')?.addressPrefix;
  return setOf(prefix(range ?? '10.70.2.0/26'));
}

/** The part of some traffic that the groups on the way let pass, or do not, and the rules that decided. */
interface Part {
  readonly traffic: Traffic;
  readonly by: readonly string[];
}

/** TCP from somewhere to a port of vm-proxy, as the groups on its way divide it; null if it does not run. */
function divided(cloud: Cloud, source: AddressSet, port: number): Record<'allowed' | 'denied', Part> | null {
  const [nic] = machineOf(cloud, 'vm-proxy')?.networkProfile.networkInterfaces ?? [];
  const view = nic === undefined ? null : effectiveView(cloud, nic.id);
  const own = addressOf(cloud, 'vm-proxy');
  if (view === null || own === null) return null;
  const asked = trafficOf({
    protocol: 'Tcp',
    source,
    sourcePorts: everyPort,
    destination: setOfAddresses([address(own)]),
    destinationPorts: [{ from: port, to: port }],
  });
  const groups = view.groups.map(({ group, on }) => ({
    name: group.name,
    place: on === 'subnet' ? ('subnet' as const) : ('nic' as const),
    rules: [...group.securityRules, ...group.defaultSecurityRules],
  }));
  const parts = verdictOfGroups(groups, 'Inbound', asked, view.names);
  const part = (wanted: (access: string) => boolean): Part => {
    const found = parts.filter(({ access }) => wanted(access));
    const last = found.flatMap(({ by }) => by.slice(-1));
    return {
      traffic: found.map(({ where }) => where),
      by: [
        ...new Set(last.map(({ group, part: { rule } }) => `${rule?.name ?? 'no rule'} of ${group.name}`)),
      ],
    };
  };
  return {
    allowed: part((access) => access === 'Allow'),
    denied: part((access) => access !== 'Allow'),
  };
}

const NOT_RUNNING: Holds = { passed: false, found: 'vm-proxy does not run.' };

/** Every address of the clients' subnet gets to the proxy's port, whatever machine has it tomorrow. */
export function everyClient(cloud: Cloud): Holds {
  if (proxyOf(cloud) === null) return noProxy(cloud);
  const parts = divided(cloud, clientsOf(cloud), PROXY_PORT);
  if (parts === null) return NOT_RUNNING;
  const { traffic, by } = parts.denied;
  return traffic.length === 0
    ? { passed: true }
    : {
        passed: false,
        found: `Not all of snet-clients may ask. Kept out is ${trafficInWords(traffic)}, by ${by.join(', ')}.`,
      };
}

/** Nobody else gets there, nor to anything else that mitmproxy listens on. */
export function nobodyElse(cloud: Cloud): Holds {
  if (proxyOf(cloud) === null) return noProxy(cloud);
  const others = setSubtract(setSubtract(everyAddress, clientsOf(cloud)), PROBES);
  const everybody = setSubtract(everyAddress, PROBES);
  const ports = new Set([PROXY_PORT, ...openListeners(cloud).map(({ port }) => port)]);
  for (const port of ports) {
    if (port === SSH_PORT) continue;
    const parts = divided(cloud, port === PROXY_PORT ? others : everybody, port);
    if (parts === null) return NOT_RUNNING;
    const { traffic, by } = parts.allowed;
    if (traffic.length === 0) continue;
    const what = openListeners(cloud).find((each) => each.port === port)?.program ?? 'the proxy';
    return {
      passed: false,
      found: `${capital(trafficInWords(traffic))} gets to ${what} on vm-proxy${by.length === 0 ? '' : `: ${by.join(', ')} lets it pass`}.`,
    };
  }
  return { passed: true };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function noProxy(cloud: Cloud): Holds {
  const listener = openListeners(cloud).find(({ port }) => port === PROXY_PORT);
  return {
    passed: false,
    found:
      listener === undefined
        ? `Nothing on vm-proxy listens on port ${PROXY_PORT} for others.`
        : `What listens on port ${PROXY_PORT} of vm-proxy is ${listener.program}, no forward proxy.`,
  };
}

const NAMES = [
  'www.example.com',
  'savings.example',
  'login.savings.example',
  'mysavings.example',
  'savings.example.org',
];
const PORTS = [22, 53, 80, 443, 853, 8080, 8443];

/** Nothing that the clients send reaches the internet by itself: no other host, port or protocol. */
export function nothingPast(cloud: Cloud): Holds {
  const questions = [
    ...NAMES.flatMap((name) => [
      { to: `https://${name}`, protocol: 'tcp' as const, client: 'none' as const },
      { to: `http://${name}`, protocol: 'tcp' as const, client: 'none' as const },
    ]),
    ...['web', 'bank', 'lookalike', 'drop'].flatMap((host) => [
      ...PORTS.flatMap((port) =>
        (['tcp', 'udp'] as const).map((protocol) => ({ to: `host/${host}`, protocol, port })),
      ),
      { to: `host/${host}`, protocol: 'icmp' as const },
    ]),
  ];
  for (const from of ['vm/vm-client', 'vm/vm-desk']) {
    for (const question of questions) {
      const asked = askModel(cloud, { from, ...question });
      if (!asked.ok) return { passed: false, found: asked.error };
      const { disposition, reason } = asked.value.trace;
      // What nobody listens for has got there as well.
      if (disposition !== 'delivered' && disposition !== 'refused' && disposition !== 'undetermined')
        continue;
      const port = 'port' in question ? `/${question.port}` : '';
      return {
        passed: false,
        found: `${from} to ${question.to} ${question.protocol}${port} leaves past the proxy: ${disposition}: ${reason}`,
      };
    }
  }
  return { passed: true };
}
