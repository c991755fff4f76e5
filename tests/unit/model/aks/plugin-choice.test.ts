import { describe, expect, it } from 'vitest';
import { choosePlugin } from '../../../../src/model/aks/plugin-choice.ts';
import type { PluginChoice, WantedPlugin } from '../../../../src/model/aks/plugin-choice.ts';

const NOW = Date.parse('2026-09-01T09:00:00Z') / 1000;
const BEFORE_NODE_SUBNET_CILIUM = Date.parse('2025-01-01T00:00:00Z') / 1000;

type Wanted = Omit<WantedPlugin, 'pool'> & { readonly podSubnetId?: string };

function choose(
  { podSubnetId, ...wanted }: Wanted,
  version = '1.35.3',
  now = NOW,
): ReturnType<typeof choosePlugin> {
  return choosePlugin({ ...wanted, pool: podSubnetId === undefined ? {} : { podSubnetId } }, version, now);
}

describe('a request', () => {
  const rows: readonly [string, Wanted, PluginChoice, string?][] = [
    [
      'without a plugin means Overlay',
      {},
      {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'azure',
        networkPolicy: 'none',
      },
    ],
    [
      'without a plugin means kubenet before Kubernetes 1.30',
      {},
      {
        networkPlugin: 'kubenet',
        networkPluginMode: null,
        networkDataplane: null,
        networkPolicy: 'none',
      },
      '1.29.9',
    ],
    [
      'with plugin azure alone means Node Subnet',
      { networkPlugin: 'azure' },
      { networkPlugin: 'azure', networkPluginMode: null, networkDataplane: 'azure', networkPolicy: 'none' },
    ],
    [
      'with Cilium brings its policies',
      { networkPlugin: 'azure', networkPluginMode: 'overlay', networkDataplane: 'cilium' },
      {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
      },
    ],
    [
      'with Cilium alone is Overlay with Cilium',
      { networkDataplane: 'cilium' },
      {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
      },
    ],
    [
      'may have Cilium with Node Subnet',
      { networkPlugin: 'azure', networkDataplane: 'cilium' },
      {
        networkPlugin: 'azure',
        networkPluginMode: null,
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
      },
    ],
    [
      'may have policies of Azure or Calico',
      { networkPlugin: 'azure', networkPolicy: 'calico' },
      { networkPlugin: 'azure', networkPluginMode: null, networkDataplane: 'azure', networkPolicy: 'calico' },
    ],
    [
      'may have no plugin at all',
      { networkPlugin: 'none' },
      { networkPlugin: 'none', networkPluginMode: null, networkDataplane: null, networkPolicy: 'none' },
    ],
  ];
  it.each(rows)('%s', (_, wanted, choice, version) => {
    const chosen = choose(wanted, version);
    expect(chosen.ok ? chosen.value : chosen.error).toEqual(choice);
  });
});

describe('what does not go together', () => {
  const rows: readonly [string, Wanted, string, string, string][] = [
    [
      'Overlay with kubenet',
      { networkPlugin: 'kubenet', networkPluginMode: 'overlay' },
      'UnsupportedNetworkPluginModeWithNetworkPlugin',
      'NetworkPluginMode overlay is not supported with NetworkPlugin kubenet.',
      'networkProfile.networkPluginMode',
    ],
    [
      'Cilium with kubenet',
      { networkPlugin: 'kubenet', networkDataplane: 'cilium' },
      'BadRequest',
      'Cilium dataplane requires network plugin azure.',
      'networkProfile.networkPlugin',
    ],
    [
      'Cilium with policies of Azure',
      { networkPlugin: 'azure', networkDataplane: 'cilium', networkPolicy: 'azure' },
      'BadRequest',
      'Cilium dataplane requires network policy cilium.',
      'networkProfile.networkPolicy',
    ],
    [
      'policies of Cilium without Cilium',
      { networkPlugin: 'azure', networkPolicy: 'cilium' },
      'NetworkPolicyNotSupported',
      'Network Policy cilium requires NetworkDataplane cilium',
      'networkProfile.networkPolicy',
    ],
    [
      'policies of Azure with kubenet',
      { networkPlugin: 'kubenet', networkPolicy: 'azure' },
      'NetworkPolicyAzureNotSupportedForKubenet',
      'Use calico, or network plugin azure.',
      'networkProfile.networkPolicy',
    ],
    [
      'policies without a plugin',
      { networkPlugin: 'none', networkPolicy: 'calico' },
      'NetworkPolicyNotSupportedForNone',
      'network plugin none',
      'networkProfile.networkPolicy',
    ],
    [
      'policies that nobody has',
      { networkPlugin: 'azure', networkPolicy: 'weave' },
      'NetworkPolicyNotSupported',
      'weave',
      'networkProfile.networkPolicy',
    ],
    [
      'a pod range with Node Subnet',
      { networkPlugin: 'azure', podCidr: '10.244.0.0/16' },
      'InvalidParameter',
      'in plugin mode overlay',
      'networkProfile.podCIDR',
    ],
  ];
  it.each(rows)('%s', (_, wanted, code, text, target) => {
    const chosen = choose(wanted);
    expect(chosen.ok ? 'accepted' : chosen.error).toMatchObject({ code, target });
    expect(chosen.ok ? '' : chosen.error.message).toContain(text);
  });

  it('Cilium with Node Subnet, until 2025-05-19', () => {
    const wanted: Wanted = { networkPlugin: 'azure', networkDataplane: 'cilium' };
    const chosen = choose(wanted, '1.31.2', BEFORE_NODE_SUBNET_CILIUM);
    expect(chosen.ok ? '' : chosen.error.message).toBe(
      'Cilium dataplane requires either network plugin mode overlay or pod subnet',
    );
    expect(choose({ ...wanted, podSubnetId: '/pods' }, '1.31.2', BEFORE_NODE_SUBNET_CILIUM).ok).toBe(true);
  });

  it('Calico with kubenet is real, and not simulated', () => {
    const chosen = choose({ networkPlugin: 'kubenet', networkPolicy: 'calico' });
    expect(chosen.ok ? '' : chosen.error.code).toBe('NotSimulated');
  });
});
