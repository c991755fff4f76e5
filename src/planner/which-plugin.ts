/** Holds every network plugin against what a cluster needs, with a reason for each judgement. */
import { KUBENET_RETIREMENT, MAX_PODS_RANGE } from '../model/limits/aks.ts';
import { AZURE_POLICY_RETIREMENT, PLUGIN_STANDING, PLUGIN_SUPPORT } from '../model/limits/network-plugins.ts';
import type { PluginFeature, PluginOption, PluginSupport } from '../model/limits/network-plugins.ts';
import { NPM_MAX_NODES, NPM_MAX_PODS } from '../model/limits/network-policy.ts';
import type { Limit } from '../model/limits/limit.ts';
import { DEFAULT_MAX_PODS } from './node-needs.ts';
import { planAddresses } from './ip-plan.ts';
import type { IpPlan } from './ip-plan.ts';
import type { CountOrPercent } from './input.ts';
import { hasCilium, ipamOfOption, moveBetween, PLUGIN_OPTIONS } from './plugin-migration.ts';
import { rankOptions } from './ranking.ts';
import type { ContradictionOf, Effect, Ranked, Ranking, ReasonFor } from './ranking.ts';

/** What can be asked for: the features of the support table, and what is a number, a date or a cluster. */
export type Requirement =
  PluginFeature | 'policy-any' | 'nodes' | 'space' | 'existing' | 'in-place' | 'until';

export interface PluginNeeds {
  /** Features that the cluster must have. */
  readonly features: readonly PluginFeature[];
  /** `any`: network policies must be obeyed, whoever does it. */
  readonly policy: 'azure' | 'calico' | 'cilium' | 'any' | null;
  readonly nodes: number | null;
  /** Pods of the whole cluster. */
  readonly pods: number | null;
  readonly maxPods: number | null;
  readonly surge: CountOrPercent;
  /** Length of the largest block of the VNet that the cluster may have. */
  readonly spaceLength: number | null;
  readonly existing: PluginOption | null;
  readonly inPlace: 'required' | 'not-required';
  /** Last day on which the cluster is meant to run, as 2028-12-31. */
  readonly until: string | null;
}

export type Reason = ReasonFor<Requirement>;
export type Candidate = Ranked<PluginOption, Requirement>;
export type Contradiction = ContradictionOf<Requirement>;
export type PluginChoice = Ranking<PluginOption, Requirement>;

/**
 * Returns every plugin with its reasons, ranked by what rules it out, by whether it
 * needs a new cluster, by what is unknown, by conditions, and at last by what AKS recommends.
 */
export function choosePlugin(needs: PluginNeeds): PluginChoice {
  return rankOptions(
    PLUGIN_OPTIONS.map((option) => ({ option, reasons: reasonsFor(option, needs) })),
    (option) => PLUGIN_STANDING[option].value,
  );
}

function reasonsFor(option: PluginOption, needs: PluginNeeds): readonly Reason[] {
  return [
    ...needs.features.map((feature) => featureReason(option, feature)),
    ...policyReasons(option, needs),
    ...sizeReasons(option, needs),
    ...moveReasons(option, needs),
    ...dateReasons(option, needs),
    {
      requirements: [],
      effect: 'note',
      text: PLUGIN_STANDING[option].value,
      source: PLUGIN_STANDING[option].source,
      read: PLUGIN_STANDING[option].read,
    },
  ];
}

const EFFECTS: Readonly<Record<PluginSupport['support'], Effect>> = {
  yes: 'supports',
  no: 'rules-out',
  condition: 'condition',
  unknown: 'unknown',
};

export const REQUIREMENT_NAMES: Readonly<Record<Requirement, string>> = {
  'pods-reachable': 'Pods reachable from outside the cluster',
  'pod-source': "The pods' own address as source outside the cluster",
  windows: 'Windows nodes',
  'policy-azure': 'Network policies by Azure Network Policy Manager',
  'policy-calico': 'Network policies by Calico',
  'policy-cilium': 'Network policies by Cilium',
  'policy-any': 'Network policies',
  'virtual-nodes': 'Virtual nodes',
  agic: 'Application Gateway Ingress Controller',
  agc: 'Application Gateway for Containers',
  'dual-stack': 'IPv4 and IPv6 (dual-stack)',
  'private-link-service': 'A Private Link Service in front of a Service',
  'static-egress-gateway': 'Static Egress Gateway',
  'node-auto-provisioning': 'Node auto-provisioning',
  'network-isolated': 'A network isolated cluster',
  'shared-subnet': 'Several clusters in one subnet',
  'pod-rules': 'An NSG, route table or NAT gateway for pods alone',
  nodes: 'The number of nodes and pods',
  space: 'The address space',
  existing: 'The cluster that exists',
  'in-place': 'No new cluster',
  until: 'The date',
};

function featureReason(option: PluginOption, feature: PluginFeature): Reason {
  const limit = PLUGIN_SUPPORT[feature];
  const { support, why } = limit.value[option];
  return {
    requirements: [feature],
    effect: EFFECTS[support],
    text: why ?? `${REQUIREMENT_NAMES[feature]}: supported.`,
    source: limit.source,
    read: limit.read,
  };
}

function sourced(limit: Pick<Limit, 'source' | 'read'>): Pick<Reason, 'source' | 'read'> {
  return { source: limit.source, read: limit.read };
}

const number = (value: number): string => value.toLocaleString('en');

function policyReasons(option: PluginOption, needs: PluginNeeds): readonly Reason[] {
  const { policy, features, until } = needs;
  if (policy === null) return [];
  if (policy === 'any') return [anyPolicyReason(option)];
  const requirement = `policy-${policy}` as const;
  const reasons: Reason[] = [featureReason(option, requirement)];
  const cannot = PLUGIN_SUPPORT[requirement].value[option].support === 'no';
  if (features.includes('dual-stack') && policy !== 'cilium' && ipamOfOption(option) === 'overlay') {
    reasons.push({
      requirements: [requirement, 'dual-stack'],
      effect: 'rules-out',
      text: 'Dual-stack Overlay works with neither Azure Network Policy Manager nor Calico.',
      ...sourced(PLUGIN_SUPPORT['dual-stack']),
    });
  }
  if (features.includes('node-auto-provisioning') && policy === 'calico') {
    reasons.push({
      requirements: [requirement, 'node-auto-provisioning'],
      effect: 'rules-out',
      text: 'Node auto-provisioning does not work with Calico.',
      ...sourced(PLUGIN_SUPPORT['node-auto-provisioning']),
    });
  }
  if (policy !== 'azure' || cannot) return reasons;
  const os = features.includes('windows') ? 'windows' : 'linux';
  const ends = AZURE_POLICY_RETIREMENT.value[os];
  const name = `Azure Network Policy Manager${os === 'windows' ? ' on Windows' : ''}`;
  if (os === 'windows' && needs.existing === null) {
    reasons.push({
      requirements: [requirement, 'windows'],
      effect: 'rules-out',
      text: `${name} takes no new clusters, and ends on ${ends}.`,
      ...sourced(AZURE_POLICY_RETIREMENT),
    });
    return reasons;
  }
  reasons.push({
    requirements: until === null ? [requirement] : [requirement, 'until', ...windowsToo(os)],
    effect: until !== null && until >= ends ? 'rules-out' : 'condition',
    text: `${name} is supported until ${ends}.`,
    ...sourced(AZURE_POLICY_RETIREMENT),
  });
  const nodes = sizeFor(option, needs)?.nodes ?? 0;
  if (nodes > NPM_MAX_NODES.value || (needs.pods ?? 0) > NPM_MAX_PODS.value) {
    reasons.push({
      requirements: [requirement, 'nodes'],
      effect: 'rules-out',
      text: `Azure Network Policy Manager is supported up to ${number(NPM_MAX_NODES.value)} nodes and ${number(NPM_MAX_PODS.value)} pods.`,
      ...sourced(NPM_MAX_NODES),
    });
  }
  return reasons;
}

function windowsToo(os: 'windows' | 'linux'): readonly Requirement[] {
  return os === 'windows' ? ['windows'] : [];
}

function anyPolicyReason(option: PluginOption): Reason {
  const engine = hasCilium(option)
    ? 'Cilium obeys them; it is built in.'
    : option === 'kubenet'
      ? 'Calico obeys them; it is chosen when the cluster is made.'
      : 'Calico obeys them, or Azure Network Policy Manager until its end.';
  return {
    requirements: ['policy-any'],
    effect: hasCilium(option) ? 'supports' : 'condition',
    text: hasCilium(option) ? engine : `An engine must be added, or policies do nothing: ${engine}`,
    ...sourced(PLUGIN_SUPPORT['policy-calico']),
  };
}

/** Pools as equal as can be, with room for their surge. */
function poolsOf(nodes: number): readonly number[] {
  const most = 500;
  const count = Math.ceil(nodes / most);
  return Array.from({ length: count }, (_, index) => Math.floor((nodes + index) / count));
}

interface Size {
  readonly nodes: number;
  readonly maxPods: number;
}

/** Nodes and pods per node that are asked for, or follow from the pods; null where nothing is asked. */
function sizeFor(option: PluginOption, { nodes, pods, maxPods }: PluginNeeds): Size | null {
  const usual = DEFAULT_MAX_PODS[ipamOfOption(option)];
  if (nodes === null && pods === null) return null;
  if (nodes === null) {
    return { nodes: Math.ceil((pods ?? 0) / (maxPods ?? usual)), maxPods: maxPods ?? usual };
  }
  const { lowest, highest } = MAX_PODS_RANGE.value;
  const enough = Math.min(highest, Math.max(lowest, Math.ceil((pods ?? 0) / nodes)));
  return { nodes, maxPods: maxPods ?? (pods === null ? usual : enough) };
}

function sizeReasons(option: PluginOption, needs: PluginNeeds): readonly Reason[] {
  const { pods, surge, spaceLength } = needs;
  const size = sizeFor(option, needs);
  if (size === null) return [];
  const { nodes, maxPods } = size;
  const plan = planAddresses(ipamOfOption(option), {
    pools: poolsOf(nodes),
    surge: [surge],
    growth: [{ kind: 'count', count: 0 }],
    maxPods: [maxPods],
    extraAddresses: 0,
    subnetLength: null,
    podSubnetLength: null,
    podCidrLength: null,
  });
  const computed = { source: 'Computed, as calc ip-plan does', read: SUM_READ };
  const crowded =
    pods === null || pods <= nodes * maxPods
      ? []
      : [
          `${number(nodes)} nodes of ${maxPods} pods run ${number(nodes * maxPods)}, and ${number(pods)} are wanted.`,
        ];
  const against = [...crowded, ...plan.now.obstacles].map((text): Reason => {
    return { requirements: ['nodes'], effect: 'rules-out', text, ...computed };
  });
  const guidance = plan.remarks.map((text): Reason => {
    return { requirements: ['nodes'], effect: 'condition', text, ...computed };
  });
  const needed = `${number(plan.now.addressesNeeded)} addresses of the VNet for ${number(plan.now.peakNodes)} nodes of ${maxPods} pods`;
  return [...against, ...guidance, { ...spaceReason(plan, spaceLength, needed), ...computed }];
}

/** The plan's own sources stand in the limits that it adds up. */
const SUM_READ = '2026-04-16';

function spaceReason(
  { now }: IpPlan,
  spaceLength: number | null,
  needed: string,
): Omit<Reason, 'source' | 'read'> {
  const smallest = now.smallestPrefix === null ? 'and no range is that large' : `a /${now.smallestPrefix}`;
  const pods = now.ranges.find((each) => each.range === 'pod-cidr')?.smallestPrefix ?? null;
  const outside = pods === null ? '' : ` Pods take a /${pods} outside the VNet.`;
  if (spaceLength === null) {
    return { requirements: [], effect: 'note', text: `Takes ${needed}: ${smallest}.${outside}` };
  }
  const fits = now.smallestPrefix !== null && now.smallestPrefix >= spaceLength;
  return {
    requirements: ['space', 'nodes'],
    effect: fits ? 'supports' : 'rules-out',
    text: `Takes ${needed}: ${smallest}, and there is a /${spaceLength}.${outside}`,
  };
}

function moveReasons(option: PluginOption, { existing, inPlace }: PluginNeeds): readonly Reason[] {
  if (existing === null) return [];
  const move = moveBetween(existing, option);
  const source = {
    source:
      'Update Azure CNI IPAM mode and data plane, https://learn.microsoft.com/azure/aks/update-azure-cni',
    read: '2024-11-26',
  };
  const required = inPlace === 'required';
  const requirements: readonly Requirement[] = required ? ['existing', 'in-place'] : ['existing'];
  switch (move.kind) {
    case 'stays':
      return [{ requirements, effect: 'supports', text: 'Is what the cluster has.', ...source }];
    case 'in-place':
      return [{ requirements, effect: 'condition', text: move.how, ...source }];
    case 'new-pools':
      return [{ requirements, effect: 'condition', text: move.how, ...source }];
    case 'new-cluster': {
      const effect = required ? 'rules-out' : 'new-cluster';
      return [{ requirements, effect, text: `Needs a new cluster. ${move.why}`, ...source }];
    }
    case 'unknown':
      return [{ requirements, effect: 'unknown', text: move.why, ...source }];
  }
}

function dateReasons(option: PluginOption, { until }: PluginNeeds): readonly Reason[] {
  if (option !== 'kubenet') return [];
  const ends = KUBENET_RETIREMENT.value;
  return [
    {
      requirements: until === null ? [] : ['until'],
      effect: until !== null && until >= ends ? 'rules-out' : 'condition',
      text: `kubenet clusters are unsupported from ${ends}.`,
      ...sourced(KUBENET_RETIREMENT),
    },
  ];
}
