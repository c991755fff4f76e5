import type { Cloud } from '../../model/cloud.ts';
import { allLocations } from '../../model/azure/locations.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, AzOption, Json } from './command.ts';
import { flag, text } from './option.ts';
import { isObject, plainText } from './output-format.ts';
import { textArgument, usageFailure } from './outcome.ts';

/** Here `--subscription` is the command's own option, with short names. */
function subscription(details: Partial<AzOption>): AzOption {
  return text('--subscription -s --name -n', 'Name or ID of subscription.', details);
}

/** A subscription as `az account show` prints it. */
export function describeSubscription(cloud: Cloud): { readonly [key: string]: Json } {
  const { id, name, tenantId, user } = cloud.subscription;
  return {
    environmentName: 'AzureCloud',
    homeTenantId: tenantId,
    id,
    isDefault: true,
    managedByTenants: [],
    name,
    state: 'Enabled',
    tenantId,
    user: { name: user, type: 'user' },
  };
}

export const accountCommands: readonly AzCommand[] = [
  {
    path: ['account', 'show'],
    summary: 'Get the details of a subscription.',
    options: [],
    run: (cloud) => ok({ cloud, output: describeSubscription(cloud), durationSeconds: 0 }),
  },
  {
    path: ['account', 'list'],
    summary: 'Get a list of subscriptions for the logged in account.',
    options: [
      flag('--all', 'List all subscriptions from all clouds, including subscriptions that are not enabled.'),
      flag('--refresh', 'Retrieve up-to-date subscriptions from server.'),
    ],
    run: (cloud) =>
      ok({
        cloud,
        durationSeconds: 0,
        output: [{ ...describeSubscription(cloud), cloudName: 'AzureCloud' }],
        table: (output) =>
          (Array.isArray(output) ? output : []).filter(isObject).map((one) => ({
            Name: plainText(one['name']),
            CloudName: plainText(one['cloudName']),
            SubscriptionId: plainText(one['id']),
            TenantId: plainText(one['tenantId']),
            State: plainText(one['state']),
            IsDefault: 'True',
          })),
      }),
  },
  {
    path: ['account', 'set'],
    summary: 'Set a subscription to be the current active subscription.',
    options: [subscription({ required: true })],
    run: (cloud, args) => {
      const wanted = textArgument(args, 'subscription').toLowerCase();
      const { id, name } = cloud.subscription;
      if (wanted !== id && wanted !== name.toLowerCase()) {
        return usageFailure(
          `The subscription of '${textArgument(args, 'subscription')}' doesn't exist in cloud 'AzureCloud'.`,
        );
      }
      return ok({ cloud, durationSeconds: 0 });
    },
  },
  {
    path: ['account', 'list-locations'],
    summary: 'List supported regions for the current subscription.',
    options: [],
    run: (cloud) =>
      ok({
        cloud,
        output: allLocations().map(({ name, displayName }) => ({
          displayName,
          id: `/subscriptions/${cloud.subscription.id}/locations/${name}`,
          name,
          regionalDisplayName: displayName,
          type: 'Region',
        })),
      }),
  },
];
