/**
 * `az vmss update` and `update-instances`: what a learner may change on the scale set of a node pool.
 * AKS does not support it, and puts its own model back when it next sets the number of nodes.
 */
import { notSimulated } from '../../model/azure/error.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import { updateScaleSetModel, upgradeInstances } from '../../model/aks/scale-set-model.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzCommand, AzFailure, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import type { Edited } from './generic-update.ts';
import { genericUpdate, list, noWaitFlag, refused, resourceGroup, text } from './option.ts';
import { changed, given, optionalList, refusedByAzure, textArgument } from './outcome.ts';
import { isList, isObject } from './output-format.ts';
import { SCALE_SET, scaleSetJson } from './vmss-json.ts';

const scaleSetName = text(
  '--name -n',
  'Scale set name. You can configure the default using `az configure --defaults vmss=<name>`.',
  { required: true },
);

const CONFIGURATIONS = 'virtualMachineProfile.networkProfile.networkInterfaceConfigurations';

const OTHERS = [
  '--automatic-repairs-action',
  '--automatic-repairs-grace-period',
  '--capacity-reservation-group --crg',
  '--disk-controller-type',
  'maybe:--enable-automatic-repairs',
  'maybe:--enable-cross-zone-upgrade',
  'maybe:--enable-osimage-notification',
  'maybe:--enable-secure-boot',
  'maybe:--enable-spot-restore',
  'maybe:--enable-terminate-notification',
  'maybe:--enable-vtpm',
  '--ephemeral-os-disk-placement --ephemeral-placement',
  'maybe:--force-deletion',
  '--instance-id',
  '--license-type',
  '--max-batch-instance-percent',
  '--max-price',
  '--max-unhealthy-instance-percent',
  '--max-unhealthy-upgraded-instance-percent',
  '--pause-time-between-batches',
  '--ppg',
  'maybe:--prioritize-unhealthy-instances',
  '--priority',
  'maybe:--protect-from-scale-in',
  'maybe:--protect-from-scale-set-actions',
  '--regular-priority-count',
  '--regular-priority-percentage',
  'list:--scale-in-policy',
  '--spot-restore-timeout',
  '--terminate-notification-time',
  'maybe:--ultra-ssd-enabled',
  '--user-data',
  '--v-cpus-available',
  '--v-cpus-per-core',
  '--vm-sku',
];

export const vmssUpdateCommands: readonly AzCommand[] = [
  {
    path: ['vmss', 'update'],
    summary:
      "Update a VMSS. Run 'az vmss update-instances' command to roll out the changes to VMs if you have not configured upgrade policy.",
    options: [
      scaleSetName,
      resourceGroup,
      noWaitFlag,
      ...genericUpdate,
      ...refused('of a scale set, only IP forwarding and tags may change here, with --set', ...OTHERS),
      ...refused('name the scale set instead', 'list:--ids'),
    ],
    examples: [
      {
        does: 'Turn IP forwarding off in the model of a scale set.',
        line: 'az vmss update -g MC_rg_aks_westeurope -n aks-nodepool1-12345678-vmss --set virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0].enableIPForwarding=false',
      },
    ],
    run: (cloud, args) => {
      const group = textArgument(args, 'resourceGroup');
      const name = textArgument(args, 'name');
      const found = requireResource(cloud, SCALE_SET, group, name);
      if (!found.ok) return refusedByAzure(found.error);
      const before = scaleSetJson(found.value);
      const edited = editResource(before, args, ['tags', CONFIGURATIONS]);
      if (!edited.ok) return edited;
      const forwarding = newForwarding(before, edited.value);
      if (!forwarding.ok) return forwarding;
      const next = updateScaleSetModel(
        cloud,
        found.value,
        given({ tags: edited.value.tags('tags'), enableIPForwarding: forwarding.value }),
      );
      return changed(
        ok(next),
        (after) => {
          const made = requireResource(after, SCALE_SET, group, name);
          return made.ok ? scaleSetJson(made.value) : null;
        },
        20,
      );
    },
  },
  {
    path: ['vmss', 'update-instances'],
    summary: 'Upgrade VMs within a VMSS.',
    options: [
      scaleSetName,
      resourceGroup,
      list('--instance-ids', 'Space-separated list of IDs (ex: 1 2 3 ...) or * for all instances.', {
        required: true,
      }),
      noWaitFlag,
    ],
    examples: [
      {
        does: 'Bring every instance to the model of its scale set.',
        line: "az vmss update-instances -g MC_rg_aks_westeurope -n aks-nodepool1-12345678-vmss --instance-ids '*'",
      },
    ],
    run: (cloud, args) => {
      const found = requireResource(
        cloud,
        SCALE_SET,
        textArgument(args, 'resourceGroup'),
        textArgument(args, 'name'),
      );
      if (!found.ok) return refusedByAzure(found.error);
      const ids = optionalList(args, 'instanceIds') ?? [];
      return changed(upgradeInstances(cloud, found.value, ids.includes('*') ? 'all' : ids), undefined, 40);
    },
  },
];

/** Returns the new value of IP forwarding, undefined for an unchanged one; whatever else changed is refused. */
function newForwarding(
  before: { readonly [key: string]: Json },
  edited: Edited,
): Result<boolean | undefined, AzFailure> {
  const now = edited.value(CONFIGURATIONS);
  if (now === undefined) return ok(undefined);
  const was = configurationsIn(before);
  const [first, ...more] = isList(now) ? now : [];
  const forwarding = isObject(first ?? null) && isObject(first) ? first['enableIpForwarding'] : undefined;
  if (typeof forwarding !== 'boolean' || !isObject(was[0] ?? null)) {
    return refusedByAzure(notSimulated('This change of the network profile'));
  }
  const restored = isObject(was[0]) ? { ...was[0], enableIpForwarding: forwarding } : null;
  const others = JSON.stringify([first, ...more]) !== JSON.stringify([restored, ...was.slice(1)]);
  if (others) return refusedByAzure(notSimulated('Changing more of a network profile than IP forwarding'));
  return ok(forwarding);
}

function configurationsIn(resource: Json): readonly Json[] {
  const found = CONFIGURATIONS.split('.').reduce<Json>(
    (holder, key) => (isObject(holder) ? (holder[key] ?? null) : null),
    resource,
  );
  return isList(found) ? found : [];
}
