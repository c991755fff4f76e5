/** Private Link services and private endpoints out of pasted JSON. */
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  PrivateEndpoint,
  PrivateEndpointConnection,
  PrivateLinkService,
  PrivateLinkServiceConnection,
} from '../../model/azure/resources.ts';
import { baseOf, bagOfObject, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

export function readPrivateLinkService(object: ArmObject, { log }: ReadContext): PrivateLinkService {
  const bag = bagOfObject(object, log);
  const names = (key: string): { readonly subscriptions: readonly string[] } => ({
    subscriptions: bag.bag(key)?.texts('subscriptions') ?? [],
  });
  const service: PrivateLinkService = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/privateLinkServices',
    alias: bag.text('alias') ?? '',
    loadBalancerFrontendIpConfigurations: bag.references('loadBalancerFrontendIpConfigurations'),
    ipConfigurations: bag.bags('ipConfigurations').map((each, index) => {
      const { id, name } = partId(each, object.id, 'ipConfigurations');
      const own = each.under(armKey(id));
      const configuration = {
        id,
        name,
        primary: own.flag('primary', index === 0),
        privateIPAddress: own.text('privateIPAddress') ?? '',
        privateIPAllocationMethod: own.choice('privateIPAllocationMethod', ['Dynamic', 'Static'], 'Dynamic'),
        subnet: own.reference('subnet') ?? { id: '' },
      };
      if (configuration.privateIPAddress === '') {
        own.leave(
          'privateIPAddress',
          'It is not there: az network nic list has it for the NIC of the service.',
          'decides',
        );
      }
      own.finish({ harmless: ['privateIPAddressVersion'] });
      return configuration;
    }),
    enableProxyProtocol: bag.flag('enableProxyProtocol', false),
    fqdns: bag.texts('fqdns'),
    visibility: names('visibility'),
    autoApproval: names('autoApproval'),
    privateEndpointConnections: bag
      .bags('privateEndpointConnections')
      .map((each): PrivateEndpointConnection => {
        const { id, name } = partId(each, object.id, 'privateEndpointConnections');
        const own = each.under(armKey(id));
        const connection: PrivateEndpointConnection = {
          id,
          name,
          privateEndpoint: own.reference('privateEndpoint') ?? { id: '' },
          privateLinkServiceConnectionState: stateOf(own),
          linkIdentifier: own.text('linkIdentifier') ?? '0',
          provisioningState: 'Succeeded',
        };
        own.finish({ harmless: ['privateEndpointLocation'] });
        return connection;
      }),
  };
  bag.finish({
    harmless: ['networkInterfaces', 'accessMode'],
    decides: { destinationIPAddress: 'A Private Link service that leads to an address is not modelled.' },
  });
  return service;
}

function stateOf(bag: Bag): PrivateEndpointConnection['privateLinkServiceConnectionState'] {
  const state = bag.bag('privateLinkServiceConnectionState');
  return {
    status:
      state?.choice('status', ['Pending', 'Approved', 'Rejected', 'Disconnected'], 'Pending') ?? 'Pending',
    description: state?.text('description') ?? '',
    actionsRequired: state?.text('actionsRequired') ?? '',
  };
}

export function readPrivateEndpoint(object: ArmObject, { log }: ReadContext): PrivateEndpoint | null {
  const bag = bagOfObject(object, log);
  const connections = (key: string): readonly PrivateLinkServiceConnection[] =>
    bag.bags(key).map((each) => {
      const { id, name } = partId(each, object.id, key);
      const own = each.under(armKey(id));
      const connection: PrivateLinkServiceConnection = {
        id,
        name,
        privateLinkServiceId: own.text('privateLinkServiceId') ?? '',
        groupIds: own.texts('groupIds'),
        requestMessage: own.text('requestMessage'),
        privateLinkServiceConnectionState: stateOf(own),
        provisioningState: 'Succeeded',
      };
      if (!/\/privateLinkServices\/|\.azure\.privatelinkservice$/i.test(connection.privateLinkServiceId)) {
        bag.leave(
          `privateLinkServiceId = ${connection.privateLinkServiceId.split('/').slice(-3).join('/')}`,
          'A private endpoint of an Azure service leads to that service, which is not modelled.',
          'decides',
        );
      }
      own.finish();
      return connection;
    });
  const endpoint: PrivateEndpoint = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/privateEndpoints',
    subnet: bag.reference('subnet') ?? { id: '' },
    networkInterfaces: bag.references('networkInterfaces'),
    customNetworkInterfaceName: bag.text('customNetworkInterfaceName') || null,
    privateLinkServiceConnections: connections('privateLinkServiceConnections'),
    manualPrivateLinkServiceConnections: connections('manualPrivateLinkServiceConnections'),
  };
  bag.finish({
    harmless: ['customDnsConfigs', 'ipConfigurations', 'privateDnsZoneConfigs'],
    matters: { applicationSecurityGroups: 'Rules that name these groups do not see this endpoint here.' },
  });
  const { privateLinkServiceConnections: own, manualPrivateLinkServiceConnections: manual } = endpoint;
  if (own.length + manual.length > 0) return endpoint;
  bag.leave(
    'privateLinkServiceConnections',
    'Without a connection nobody can say where it leads.',
    'decides',
  );
  return null;
}
