/**
 * The model of a scale set, which new instances are made by and which old ones take when they are
 * upgraded to it (upgrade policy Manual, as AKS sets it). AKS supports no change of it, but Azure makes
 * one, and it lasts until AKS next writes the scale set itself.
 */
import type { AzureError } from '../azure/error.ts';
import { nextEtag, putResource } from '../azure/resource-store.ts';
import type { ScaleSetInstance, VirtualMachineScaleSet } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

export interface ScaleSetModel {
  readonly enableIPForwarding: boolean;
}

/** Returns what the scale set gives to a new instance: the nodes of kubenet forward. */
export function scaleSetModel(scaleSet: VirtualMachineScaleSet): ScaleSetModel {
  return { enableIPForwarding: scaleSet.simulation.enableIPForwarding ?? true };
}

export function isLatestModel(scaleSet: VirtualMachineScaleSet, instance: ScaleSetInstance): boolean {
  return instance.networkInterface.enableIPForwarding === scaleSetModel(scaleSet).enableIPForwarding;
}

/** Changes the model; the instances stay as they are. */
export function updateScaleSetModel(
  cloud: Cloud,
  scaleSet: VirtualMachineScaleSet,
  changes: Partial<ScaleSetModel> & { readonly tags?: VirtualMachineScaleSet['tags'] },
): Cloud {
  const { tags = scaleSet.tags, enableIPForwarding = scaleSetModel(scaleSet).enableIPForwarding } = changes;
  return putResource(cloud, {
    ...scaleSet,
    tags,
    simulation: { ...scaleSet.simulation, enableIPForwarding },
    etag: nextEtag(cloud, scaleSet.id, scaleSet.etag),
  });
}

/** Brings instances to the model. Error: `InvalidParameter` for an id that no instance has. */
export function upgradeInstances(
  cloud: Cloud,
  scaleSet: VirtualMachineScaleSet,
  instanceIds: readonly string[] | 'all',
): Result<Cloud, AzureError> {
  const wanted = new Set(
    instanceIds === 'all' ? scaleSet.instances.map((each) => each.instanceId) : instanceIds,
  );
  const stray = [...wanted].find((id) => scaleSet.instances.every((each) => each.instanceId !== id));
  if (stray !== undefined) {
    return err({
      code: 'InvalidParameter',
      message: `The provided instanceId ${stray} is not an active Virtual Machine Scale Set VM instanceId.`,
      target: 'instanceIds',
    });
  }
  const { enableIPForwarding } = scaleSetModel(scaleSet);
  const instances = scaleSet.instances.map((each) => {
    const nic = each.networkInterface;
    if (!wanted.has(each.instanceId) || nic.enableIPForwarding === enableIPForwarding) return each;
    return {
      ...each,
      networkInterface: { ...nic, enableIPForwarding, etag: nextEtag(cloud, nic.id, nic.etag) },
    };
  });
  return ok(
    putResource(cloud, { ...scaleSet, instances, etag: nextEtag(cloud, scaleSet.id, scaleSet.etag) }),
  );
}
