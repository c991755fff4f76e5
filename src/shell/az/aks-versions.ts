/** What `az aks get-versions` prints. */
import { offeredVersions } from '../../model/aks/kubernetes-versions.ts';
import { controlPlaneUpgrades } from '../../model/aks/upgrade-versions.ts';
import { rowsOf } from './aks-json.ts';
import type { Table } from './aks-json.ts';
import type { Json } from './command.ts';
import { isObject } from './output-format.ts';

/** As azure-cli prints it since 2.50. */
export function versionsJson(now: number): { readonly [key: string]: Json } {
  return {
    values: offeredVersions(now).map(({ minor, patches, support, isDefault }) => ({
      capabilities: { supportPlan: support },
      isDefault: isDefault ? true : null,
      isPreview: null,
      patchVersions: Object.fromEntries(
        patches.map((patch, at): [string, Json] => [
          patch,
          { upgrades: [...new Set([...patches.slice(at + 1), ...controlPlaneUpgrades(now, patch)])] },
        ]),
      ),
      version: minor,
    })),
  };
}

export const versionsTable: Table = (output) => {
  const values = isObject(output) ? output['values'] : [];
  return rowsOf(values ?? [])
    .flatMap((minor) => {
      const patches = minor['patchVersions'];
      const capabilities = minor['capabilities'];
      const support =
        isObject(capabilities ?? null) && isObject(capabilities) ? capabilities['supportPlan'] : [];
      return Object.entries(isObject(patches) ? patches : {}).map(([version, detail]) => {
        const upgrades = isObject(detail) ? detail['upgrades'] : [];
        return {
          KubernetesVersion: version,
          Upgrades:
            Array.isArray(upgrades) && upgrades.length > 0
              ? upgrades.map(String).join(', ')
              : 'None available',
          SupportPlan: Array.isArray(support) ? support.map(String).join(', ') : '',
        };
      });
    })
    .sort((a, b) => compareVersions(b.KubernetesVersion, a.KubernetesVersion));
};

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (const [at, part] of (left ?? []).entries()) {
    const difference = part - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
