/** `az network watcher`: what Azure says of a machine's security rules and routes without sending a packet. */
import { azureError, notSimulated } from '../../model/azure/error.ts';
import type { AzureError } from '../../model/azure/error.ts';
import { listOwnResources, nextEtag, resourceId } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { flowRuleName, verifyIpFlow } from '../../model/compile/ip-flow.ts';
import type { IpFlow } from '../../model/compile/ip-flow.ts';
import { nextHopWord, routeTo } from '../../model/compile/next-hop.ts';
import { formatAddress, parseAddress } from '../../model/ip/address.ts';
import type { Address } from '../../model/ip/address.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { anyResourceGroup, choice, resourceGroup, text } from './option.ts';
import { refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';
import { diagnosticCommand } from './network-watcher-diagnostic.ts';
import { viewOfVm } from './network-watcher-target.ts';

const vm = text(
  '--vm',
  'Name or ID of the VM to target. If the name of the VM is provided, the --resource-group is required.',
  { required: true },
);
const nic = text(
  '--nic',
  'Name or ID of the NIC resource to test. If the VM has multiple NICs and IP forwarding is enabled on any of them, this parameter is required.',
);

const IP_FLOW = 'az network watcher test-ip-flow';

/** azure-cli 2.45 offers the protocols of another service by mistake; later ones what the service takes. */
const protocol = choice(
  '--protocol',
  ['TCP', 'UDP', 'Http', 'Https', 'Icmp'],
  'Protocol to test: TCP or UDP.',
  {
    required: true,
  },
);

function testIpFlow(cloud: Cloud, args: AzArguments): Ran {
  const asked = textArgument(args, 'protocol');
  if (asked !== 'TCP' && asked !== 'UDP') {
    return usageFailure(
      `${IP_FLOW}: '${asked}' is not a valid value for '--protocol'. Allowed values: TCP, UDP.`,
      2,
    );
  }
  const local = endpoint(textArgument(args, 'local'));
  const remote = endpoint(textArgument(args, 'remote'));
  if (local === null || remote === null) {
    return usageFailure(
      "usage error: the format of the '--local' and '--remote' should be like x.x.x.x:port",
    );
  }
  const direction = textArgument(args, 'direction') === 'Inbound' ? 'Inbound' : 'Outbound';
  const ends = readEnds(direction, local, remote);
  if (!ends.ok) return refusedByAzure(ends.error);
  const view = viewOfVm(cloud, args, ends.value.local.address);
  if (!view.ok) return view;
  const answer = verifyIpFlow(view.value, {
    direction,
    protocol: asked === 'TCP' ? 'Tcp' : 'Udp',
    ...ends.value,
  });
  if (!answer.ok) return refusedByAzure(answer.error);
  const { access, rule } = answer.value;
  return ok({ cloud, durationSeconds: 5, output: { access, ruleName: flowRuleName(rule) } });
}

/** Two texts with one colon between them, as azure-cli splits them. */
function endpoint(given: string): readonly [string, string] | null {
  const [address, port, ...more] = given.split(':');
  return address === undefined || port === undefined || more.length > 0 ? null : [address, port];
}

/** `*` stands for any port on the side that opens the connection. */
function readEnds(
  direction: IpFlow['direction'],
  local: readonly [string, string],
  remote: readonly [string, string],
): Result<Pick<IpFlow, 'local' | 'remote'>, AzureError> {
  const ends: { address: Address; port: number | null }[] = [];
  for (const [side, [host, port]] of [
    ['local', local],
    ['remote', remote],
  ] as const) {
    const address = readAddress(host, `${side}IPAddress`);
    if (!address.ok) return address;
    const isOpener = (side === 'remote') === (direction === 'Inbound');
    const number = /^\d{1,5}$/.test(port) ? Number(port) : NaN;
    const isPort = number >= 0 && number <= 65_535;
    if (!isPort && !(port === '*' && isOpener)) return err(unfit(`${side}Port`, port));
    ends.push({ address: address.value, port: isPort ? number : null });
  }
  const [here, there] = ends;
  if (here === undefined || there === undefined) throw new Error('a flow has two ends');
  return ok({ local: here, remote: there });
}

function readAddress(given: string, property: string): Result<Address, AzureError> {
  const address = parseAddress(given);
  if (address.ok) return address;
  return err(
    /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(given) ? notSimulated(`The address ${given}`) : unfit(property, given),
  );
}

function unfit(property: string, value: string): AzureError {
  return azureError(
    'InvalidRequestFormat',
    `Cannot parse the request. The value ${value} does not fit the property ${property}.`,
  );
}

function showNextHop(cloud: Cloud, args: AzArguments): Ran {
  const source = readAddress(textArgument(args, 'sourceIp'), 'sourceIPAddress');
  if (!source.ok) return refusedByAzure(source.error);
  const destination = readAddress(textArgument(args, 'destIp'), 'destinationIPAddress');
  if (!destination.ok) return refusedByAzure(destination.error);
  const view = viewOfVm(cloud, args, source.value);
  if (!view.ok) return view;
  const { routes, port } = view.value;
  const route = routeTo(routes, destination.value);
  if (route?.unknown !== undefined) {
    return refusedByAzure(
      azureError(
        'NotSimulated',
        `The next hop to ${formatAddress(destination.value)} is not known: ${route.unknown}.`,
      ),
    );
  }
  const word = route === null ? 'None' : nextHopWord(route.nextHopType);
  if (word === null) return refusedByAzure(notSimulated('The next hop to a private endpoint'));
  const table = port.subnet.routeTable;
  const address = route?.nextHopIpAddress ?? null;
  return ok({
    cloud,
    durationSeconds: 5,
    output: {
      ...(address === null ? {} : { nextHopIpAddress: address }),
      nextHopType: word,
      routeTableId: route?.source === 'User' && table !== null ? table.id : 'System Route',
    },
  });
}

/** Azure makes a watcher in each region where a subscription has a VNet, in a group of its own. */
function watchersJson(cloud: Cloud): readonly Json[] {
  const regions = new Set(
    listOwnResources(cloud, 'Microsoft.Network/virtualNetworks').map(({ location }) => location),
  );
  return [...regions].sort().map((location) => {
    const type = 'Microsoft.Network/networkWatchers';
    const id = resourceId(cloud, WATCHER_GROUP, type, `NetworkWatcher_${location}`);
    return {
      etag: nextEtag(cloud, id),
      id,
      location,
      name: `NetworkWatcher_${location}`,
      provisioningState: 'Succeeded',
      resourceGroup: WATCHER_GROUP,
      type,
    };
  });
}

const WATCHER_GROUP = 'NetworkWatcherRG';

export const networkWatcherCommands: readonly AzCommand[] = [
  {
    path: ['network', 'watcher', 'list'],
    summary: 'List Network Watchers.',
    options: [],
    run: (cloud) => ok({ cloud, output: watchersJson(cloud) }),
  },
  {
    path: ['network', 'watcher', 'test-ip-flow'],
    summary: 'Test IP flow to/from a VM given the currently configured network security group rules.',
    options: [
      choice('--direction', ['Inbound', 'Outbound'], 'Direction of the packet relative to the VM.', {
        required: true,
      }),
      text(
        '--local',
        'Private IPv4 address for the VMs NIC and the port of the packet in X.X.X.X:PORT format. `*` can be used for port when direction is outbound.',
        { required: true },
      ),
      protocol,
      text(
        '--remote',
        'IPv4 address and port for the remote side of the packet X.X.X.X:PORT format. `*` can be used for port when the direction is inbound.',
        { required: true },
      ),
      vm,
      nic,
      anyResourceGroup,
    ],
    examples: [
      {
        does: 'Run test-ip-flow verify to test logical connectivity from a VM to the specified destination IPv4 address and port.',
        line: 'az network watcher test-ip-flow -g MyResourceGroup --direction Outbound --protocol TCP --local 10.0.0.4:* --remote 10.1.0.4:80 --vm MyVm',
      },
    ],
    run: testIpFlow,
  },
  {
    path: ['network', 'watcher', 'show-next-hop'],
    summary: "Get information on the 'next hop' of a VM.",
    options: [
      text('--dest-ip', 'Destination IPv4 address.', { required: true }),
      resourceGroup,
      text('--source-ip', 'Source IPv4 address.', { required: true }),
      vm,
      nic,
    ],
    examples: [
      {
        does: 'Get the next hop from a VMs assigned IP address to a destination at 10.1.0.4.',
        line: 'az network watcher show-next-hop -g MyResourceGroup --vm MyVm --source-ip 10.0.0.4 --dest-ip 10.1.0.4',
      },
    ],
    run: showNextHop,
  },
  diagnosticCommand,
];
