import { Fragment } from 'preact';
import type {
  EndpointView,
  FirewallView,
  MachineView,
  MarkedAddress,
  NetworkView,
  PeeringView,
  RouteView,
  SubnetView,
} from './network-view.ts';
import type { GroupText } from './egress-view.ts';
import { RANGES } from '../address/range.ts';
import type { WorkspaceModel } from './workspace-model.ts';

/** How many pods of a node are drawn one by one; the rest is counted. */
const PODS_SHOWN = 6;

/** The network as it is now: VNet, subnets, machines and pods as boxes in boxes, which are nested lists. */
export function NetworkPanel({ model }: { readonly model: WorkspaceModel }) {
  const network = model.network.value;
  return (
    <section class="panel network" aria-labelledby="network-title">
      <h2 id="network-title">The network now</h2>
      {network === null ? (
        <p class="empty">Open the terminal, and the network appears here and follows what you do.</p>
      ) : (
        <Picture network={network} />
      )}
    </section>
  );
}

function Picture({ network }: { readonly network: NetworkView }) {
  const nothing = network.networks.length === 0;
  return (
    <div class="scroll">
      {nothing && <p class="empty">The subscription has no virtual network yet.</p>}
      <ul class="vnets">
        {network.networks.map((vnet) => (
          <li key={vnet.name} class="vnet">
            <p class="box-title">
              VNet {vnet.name}{' '}
              {vnet.prefixes.map((prefix) => (
                <Mark key={prefix.text} address={prefix} />
              ))}
            </p>
            {vnet.peerings.length > 0 && (
              <div class="attached">
                {vnet.peerings.map((peering) => (
                  <Peering key={peering.name} peering={peering} />
                ))}
              </div>
            )}
            {vnet.subnets.length === 0 && <p class="empty">No subnet.</p>}
            <ul class="subnets">
              {vnet.subnets.map((subnet) => (
                <Subnet key={subnet.name} subnet={subnet} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <ul class="around">
        {network.clusters.map((cluster) => (
          <li key={cluster.name}>
            <p class="box-title">
              Cluster {cluster.name}, {cluster.plugin}
            </p>
            <p>
              {cluster.podRange !== null && (
                <>
                  pods <Mark address={cluster.podRange} />{' '}
                </>
              )}
              services <Mark address={cluster.serviceRange} />
            </p>
            <p>
              out by {cluster.outboundType}
              {cluster.publicAddresses.length > 0 && ' as'}
              {cluster.publicAddresses.map((address) => (
                <>
                  {' '}
                  <Mark key={address.text} address={address} />
                </>
              ))}
            </p>
            {cluster.pending.length > 0 && (
              <p class="pending">Service {cluster.pending.join(', ')}: no address yet</p>
            )}
          </li>
        ))}
        {network.balancers.map((balancer) => (
          <li key={`${balancer.name} ${balancer.frontends[0]?.name ?? ''}`}>
            <p class="box-title">
              Load balancer {balancer.name}, {balancer.kind}
            </p>
            <ul class="frontends">
              {balancer.frontends.map((frontend) => (
                <li key={frontend.name}>
                  {frontend.address === null ? 'no address' : <Mark address={frontend.address} />}
                  {frontend.isOutbound && ' the way out'}
                  {frontend.rules.length > 0 && ` ${frontend.rules.join(', ')}`}
                  {frontend.services.length > 0 && ` for Service ${frontend.services.join(', ')}`}
                </li>
              ))}
            </ul>
          </li>
        ))}
        {network.outside.map((host) => (
          <li key={host.name}>
            <p class="box-title">
              {host.kind === 'on-premises'
                ? `${host.name}, behind a gateway`
                : host.name === 'internet'
                  ? 'Internet'
                  : `${host.name}, on the internet`}
            </p>
            <p>
              <Mark address={host.address} />
              {host.behind !== null && (
                <>
                  {' '}
                  in <Mark address={host.behind} />
                </>
              )}
              {host.routesToAzure.map((range) => (
                <span key={range.text}>
                  , which sends <Mark address={range} /> to Azure
                </span>
              ))}
            </p>
            {host.firewall !== null && (
              <div class="attached">
                <details>
                  <summary>firewall of its own, {count(host.firewall.length - 1, 'rule')}</summary>
                  <ul class="rules">
                    {host.firewall.map((rule, at) => (
                      <li key={`${at} ${rule}`}>{rule}</li>
                    ))}
                  </ul>
                </details>
              </div>
            )}
          </li>
        ))}
      </ul>
      <p class="legend">
        {RANGES.map(({ letter, name }) => (
          <span key={letter} data-range={letter}>
            <b>{letter}</b> {name}
          </span>
        ))}
      </p>
    </div>
  );
}

function Peering({ peering: { name, remote, state, isInSync } }: { readonly peering: PeeringView }) {
  return (
    <span class={state === 'Connected' ? undefined : 'none'}>
      peering {name} to VNet {remote}: {state}
      {state === 'Connected' && !isInSync && ', not in sync'}
    </span>
  );
}

function Subnet({ subnet }: { readonly subnet: SubnetView }) {
  return (
    <li class="subnet" data-range={subnet.prefix.range ?? 'none'}>
      <p class="box-title">
        Subnet {subnet.name} <Mark address={subnet.prefix} />
      </p>
      <div class="attached">
        {subnet.routeTable === null ? (
          <span class="none">no route table</span>
        ) : (
          <details>
            <summary>
              {subnet.routeTable.name}, {count(subnet.routeTable.routes.length, 'route')}
            </summary>
            <ul class="routes">
              {subnet.routeTable.routes.map((route) => (
                <Route key={route.name} route={route} />
              ))}
            </ul>
          </details>
        )}
        {subnet.securityGroup === null ? (
          <span class="none">no NSG</span>
        ) : (
          <Group group={subnet.securityGroup} />
        )}
        {subnet.natGateway !== null && (
          <span>
            NAT gateway {subnet.natGateway.name}
            {subnet.natGateway.lends.length === 0 && ', no address'}
            {subnet.natGateway.lends.map((address) => (
              <>
                {' '}
                <Mark key={address.text} address={address} />
              </>
            ))}
          </span>
        )}
        {subnet.isPrivate && <span class="none">private: no default way out</span>}
      </div>
      {subnet.machines.length > 0 && (
        <ul class="machines">
          {subnet.machines.map((machine) => (
            <Machine key={machine.name} machine={machine} />
          ))}
        </ul>
      )}
      {subnet.endpoints.length > 0 && (
        <ul class="machines">
          {subnet.endpoints.map((endpoint) => (
            <Endpoint key={endpoint.name} endpoint={endpoint} />
          ))}
        </ul>
      )}
      {subnet.firewalls.length > 0 && (
        <ul class="machines">
          {subnet.firewalls.map((firewall) => (
            <Firewall key={firewall.name} firewall={firewall} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Group({ group: { name, rules } }: { readonly group: GroupText }) {
  return (
    <details>
      <summary>
        {name}, {count(rules.length, 'rule')}
      </summary>
      <ul class="rules">
        {rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </details>
  );
}

function Route({ route }: { readonly route: RouteView }) {
  return (
    <li>
      <Mark address={route.prefix} /> to{' '}
      {route.nextHopAddress === null ? route.nextHop : <Mark address={route.nextHopAddress} />}
      <span class="route-name">{route.name}</span>
    </li>
  );
}

function Machine({ machine }: { readonly machine: MachineView }) {
  const { system, onHostNetwork } = machine.otherPods;
  const more = machine.pods.length - PODS_SHOWN;
  return (
    <li class={`machine ${machine.kind}`}>
      <p class="box-title">
        {machine.kind === 'node' ? 'Node' : 'VM'} {machine.name} <Mark address={machine.address} />
      </p>
      {machine.publicAddress !== null && (
        <p class="others">
          public address <Mark address={machine.publicAddress} />
        </p>
      )}
      {machine.securityGroup !== null && (
        <div class="attached">
          <Group group={machine.securityGroup} />
        </div>
      )}
      {machine.podRange !== null && (
        <p class="pod-range">
          pods get <Mark address={machine.podRange} />
        </p>
      )}
      {machine.pods.length > 0 && (
        <ul class="pods">
          {machine.pods.slice(0, PODS_SHOWN).map((pod) => (
            <li key={pod.name} data-phase={pod.phase}>
              {pod.name} <Mark address={pod.address} />
              {pod.phase !== 'Running' && <span class="phase">{pod.phase}</span>}
            </li>
          ))}
          {more > 0 && <li>and {count(more, 'pod')} more</li>}
        </ul>
      )}
      {machine.kind === 'node' && (
        <p class="others">
          {count(system, 'system pod')} and {onHostNetwork} with the node’s own address
        </p>
      )}
    </li>
  );
}

function Endpoint({ endpoint: { name, address, service, state } }: { readonly endpoint: EndpointView }) {
  return (
    <li class="machine endpoint">
      <p class="box-title">
        Private endpoint {name} <Mark address={address} />
      </p>
      <p class="others">
        to {service}: {state}
      </p>
    </li>
  );
}

function Firewall({
  firewall: { name, address, publicAddresses, policy, rules },
}: {
  readonly firewall: FirewallView;
}) {
  return (
    <li class="machine">
      <p class="box-title">
        Firewall {name} <Mark address={address} />
        {publicAddresses.map((each) => (
          <Fragment key={each.text}>
            {' '}
            <Mark address={each} />
          </Fragment>
        ))}
      </p>
      <p class="others">
        rules: {rules}
        {policy === null ? '' : `, policy ${policy}`}
      </p>
    </li>
  );
}

function Mark({ address }: { readonly address: MarkedAddress }) {
  return (
    <span class="address" data-range={address.range ?? 'none'}>
      {address.text}
    </span>
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
