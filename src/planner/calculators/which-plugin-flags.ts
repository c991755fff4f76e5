/** The questions of `which-plugin`, and reading the answers into what the planner judges by. */
import { DEFAULT_MAX_SURGE, MAX_PODS_RANGE, NODES_PER_CLUSTER } from '../../model/limits/aks.ts';
import type { PluginFeature, PluginOption } from '../../model/limits/network-plugins.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { PLUGIN_OPTIONS } from '../plugin-migration.ts';
import { readSubnetRange } from '../range-input.ts';
import type { PluginNeeds } from '../which-plugin.ts';

export const OPTION_NAMES: Readonly<Record<PluginOption, string>> = {
  overlay: 'Azure CNI Overlay',
  'overlay-cilium': 'Azure CNI Overlay with Cilium',
  'pod-subnet-dynamic': 'Azure CNI Pod Subnet, dynamic',
  'pod-subnet-dynamic-cilium': 'Azure CNI Pod Subnet, dynamic, with Cilium',
  'pod-subnet-static': 'Azure CNI Pod Subnet, static blocks',
  'pod-subnet-static-cilium': 'Azure CNI Pod Subnet, static blocks, with Cilium',
  'node-subnet': 'Azure CNI Node Subnet',
  'node-subnet-cilium': 'Azure CNI Node Subnet with Cilium',
  kubenet: 'Kubenet',
};

type SwitchFeature = Exclude<PluginFeature, 'policy-azure' | 'policy-calico' | 'policy-cilium'>;

interface Question {
  readonly feature: SwitchFeature;
  readonly aliases: readonly string[];
  readonly label: string;
  readonly help: string;
  readonly rare?: true;
}

const QUESTIONS: readonly Question[] = [
  {
    feature: 'pods-reachable',
    aliases: ['reachable-pods', 'pod-reachable', 'reachable', 'direct-pod-access', 'pods-routable'],
    label: 'Pods are reached by their own addresses',
    help: 'From machines of the VNet, of peers or on premises, without a Service or an ingress.',
  },
  {
    feature: 'pod-source',
    aliases: ['keep-source', 'keep-pod-ip', 'pod-source-ip', 'no-snat'],
    label: "Others see the pods' own addresses",
    help: "Firewalls and logs outside the cluster tell pods apart, instead of seeing the node's address.",
  },
  {
    feature: 'windows',
    aliases: ['windows-nodes', 'windows-pool', 'win'],
    label: 'Windows nodes',
    help: 'At least one Windows node pool.',
  },
  {
    feature: 'dual-stack',
    aliases: ['dualstack', 'ipv6'],
    label: 'IPv4 and IPv6',
    help: 'Dual-stack networking.',
  },
  {
    feature: 'virtual-nodes',
    aliases: ['virtual-node', 'aci', 'aci-connector'],
    label: 'Virtual nodes',
    help: 'Pods on Azure Container Instances by the add-on.',
  },
  {
    feature: 'agic',
    aliases: ['application-gateway-ingress-controller', 'ingress-appgw'],
    label: 'Application Gateway Ingress Controller',
    help: 'AGIC, which sends to pods directly.',
    rare: true,
  },
  {
    feature: 'agc',
    aliases: ['application-gateway-for-containers', 'alb-controller'],
    label: 'Application Gateway for Containers',
    help: "AGIC's successor.",
    rare: true,
  },
  {
    feature: 'pod-rules',
    aliases: ['pod-nsg', 'pod-udr', 'separate-pod-subnet', 'pod-nat-gateway'],
    label: 'Rules of their own for pods',
    help: 'An NSG, a route table or a NAT gateway that holds for pods and not for nodes.',
    rare: true,
  },
  {
    feature: 'shared-subnet',
    aliases: ['share-subnet', 'several-clusters'],
    label: 'Several clusters in one subnet',
    help: 'The subnet of the nodes is shared.',
    rare: true,
  },
  {
    feature: 'node-auto-provisioning',
    aliases: ['nap', 'karpenter'],
    label: 'Node auto-provisioning',
    help: 'Karpenter chooses and makes the nodes.',
    rare: true,
  },
  {
    feature: 'network-isolated',
    aliases: ['isolated', 'network-isolated-cluster'],
    label: 'A network isolated cluster',
    help: 'No way out to the internet at all.',
    rare: true,
  },
  {
    feature: 'private-link-service',
    aliases: ['pls', 'private-link'],
    label: 'Private Link Service',
    help: 'Made by an annotation of a LoadBalancer Service.',
    rare: true,
  },
  {
    feature: 'static-egress-gateway',
    aliases: ['egress-gateway'],
    label: 'Static Egress Gateway',
    help: 'Fixed outbound addresses for some pods.',
    rare: true,
  },
];

const YES_NO = [
  { value: 'yes', label: 'yes' },
  { value: 'no', label: 'no' },
] as const;

const YES_NO_WORDS: Readonly<Record<string, string>> = {
  '': 'yes',
  true: 'yes',
  y: 'yes',
  1: 'yes',
  required: 'yes',
  false: 'no',
  n: 'no',
  0: 'no',
};

function asFlag({ feature, ...question }: Question): CalculatorFlag {
  return {
    name: feature,
    takes: 'optional',
    placeholder: '[yes|no]',
    choices: YES_NO,
    words: YES_NO_WORDS,
    ...question,
  };
}

const SWITCHES = QUESTIONS.map(asFlag);

/** Those of az and of the overview pages. */
const OPTION_WORDS: Readonly<Record<string, PluginOption>> = {
  azure: 'node-subnet',
  'azure-cni': 'node-subnet',
  'azure-cni-overlay': 'overlay',
  'pod-subnet': 'pod-subnet-dynamic',
  dynamic: 'pod-subnet-dynamic',
  static: 'pod-subnet-static',
  'static-block': 'pod-subnet-static',
  cilium: 'overlay-cilium',
};

const POLICY_FLAG: CalculatorFlag = {
  name: 'policy',
  aliases: ['network-policy', 'policy-engine', 'network-policies'],
  takes: 'one',
  placeholder: 'any|azure|calico|cilium|none',
  label: 'Network policies',
  help: 'Whether NetworkPolicy objects must be obeyed, and by whom.',
  choices: [
    { value: 'any', label: 'by any engine' },
    { value: 'cilium', label: 'by Cilium' },
    { value: 'calico', label: 'by Calico' },
    { value: 'azure', label: 'by Azure Network Policy Manager' },
    { value: 'none', label: 'not needed' },
  ],
  words: { no: 'none', yes: 'any', npm: 'azure', 'azure-npm': 'azure' },
};

const EXISTING_FLAG: CalculatorFlag = {
  name: 'existing',
  aliases: ['from', 'current', 'migrate-from', 'existing-cluster', 'plugin'],
  takes: 'one',
  placeholder: 'PLUGIN',
  label: 'A cluster that exists',
  help: 'Its plugin: which others can it get to?',
  terminalHelp: `One of ${PLUGIN_OPTIONS.join(', ')}.`,
  choices: PLUGIN_OPTIONS.map((value) => ({ value, label: OPTION_NAMES[value] })),
  words: OPTION_WORDS,
};

export const WHICH_PLUGIN_FLAGS: readonly CalculatorFlag[] = [
  ...SWITCHES.filter((flag) => flag.rare === undefined),
  POLICY_FLAG,
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'one',
    placeholder: 'N',
    label: 'Nodes',
    help: 'Nodes of the whole cluster at its largest.',
  },
  {
    name: 'pods',
    aliases: ['pod-count', 'total-pods'],
    takes: 'one',
    placeholder: 'N',
    label: 'Pods',
    help: 'Pods of the whole cluster. Without nodes, as many nodes are counted as run them.',
  },
  {
    name: 'max-pods',
    aliases: ['maxpods', 'pods-per-node'],
    takes: 'one',
    placeholder: 'N',
    label: 'Pods per node',
    help: `From ${MAX_PODS_RANGE.value.lowest} to ${MAX_PODS_RANGE.value.highest}. Empty means what each plugin would take.`,
    rare: true,
  },
  {
    name: 'surge',
    aliases: ['max-surge'],
    takes: 'one',
    placeholder: 'N|N%',
    label: 'Surge',
    help: 'Extra nodes per pool during an upgrade; they need addresses too.',
    fallback: DEFAULT_MAX_SURGE.value,
    rare: true,
  },
  {
    name: 'space',
    aliases: ['vnet', 'address-space', 'address-prefix', 'available', 'subnet'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Address space',
    help: 'The block of the VNet that this cluster may have. Counts together with nodes or pods.',
  },
  EXISTING_FLAG,
  {
    name: 'in-place',
    aliases: ['no-new-cluster', 'keep-cluster'],
    takes: 'optional',
    placeholder: '[yes|no]',
    label: 'Without a new cluster',
    help: 'The existing cluster must be updated.',
    choices: YES_NO,
    words: YES_NO_WORDS,
  },
  {
    name: 'until',
    aliases: ['runs-until', 'lifetime', 'end-date'],
    takes: 'one',
    placeholder: 'YYYY-MM-DD',
    label: 'Runs until',
    help: 'The last day on which the cluster is meant to run and be supported.',
  },
  ...SWITCHES.filter((flag) => flag.rare !== undefined),
];

const MOST_PODS = NODES_PER_CLUSTER.value * MAX_PODS_RANGE.value.highest;

export function readWhichPlugin(values: FlagValues): Result<PluginNeeds, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(WHICH_PLUGIN_FLAGS, values));
  const features = QUESTIONS.filter(({ feature }) => readYes(reader, feature)).map(({ feature }) => feature);
  const policy = readPolicy(reader);
  const nodes = reader.integer('nodes', { lowest: 1, highest: NODES_PER_CLUSTER.value * 2 });
  const pods = reader.integer('pods', { lowest: 1, highest: MOST_PODS });
  const maxPods = reader.integer('max-pods', MAX_PODS_RANGE.value);
  const surge = reader.countOrPercent('surge', {
    counts: { lowest: 0, highest: NODES_PER_CLUSTER.value },
    percents: { lowest: 1, highest: 100 },
  });
  const space = readSubnetRange(reader, 'space');
  if (space.length !== null && !reader.isGiven('nodes') && !reader.isGiven('pods')) {
    reader.refuse(
      'space',
      null,
      'says nothing alone: how many nodes or pods are to fit?',
      '--nodes 50, or --pods 1500.',
    );
  }
  const existing = readOption(reader);
  const inPlace = readYes(reader, 'in-place');
  if (inPlace && !reader.isGiven('existing')) {
    reader.refuse('in-place', null, 'says nothing alone: which cluster is there?', '--existing kubenet.');
  }
  const until = readDate(reader);
  if (surge === null || reader.issues.length > 0) return err(reader.issues);
  return ok({
    features,
    policy,
    nodes,
    pods,
    maxPods,
    surge,
    spaceLength: space.length,
    existing,
    inPlace: inPlace ? 'required' : 'not-required',
    until,
  });
}

/** A flag alone means yes. */
function readYes(reader: InputReader, flag: string): boolean {
  if (!reader.isGiven(flag)) return false;
  const text = reader.single(flag) ?? 'yes';
  const named = choiceNamed({ choices: YES_NO, words: YES_NO_WORDS }, text);
  if (named === null) reader.refuse(flag, text, `"${text}" is neither yes nor no.`, 'yes or no.');
  return named === 'yes';
}

function readPolicy(reader: InputReader): PluginNeeds['policy'] {
  const text = reader.single('policy');
  if (text === null) return null;
  const named = choiceNamed(POLICY_FLAG, text);
  if (named === 'none') return null;
  if (named === 'any' || named === 'azure' || named === 'calico' || named === 'cilium') return named;
  return reader.refuse(
    'policy',
    text,
    `"${text}" is no network policy engine of AKS.`,
    'any, azure, calico, cilium or none.',
  );
}

function readOption(reader: InputReader): PluginOption | null {
  const text = reader.single('existing');
  if (text === null || ['none', 'no'].includes(text.toLowerCase())) return null;
  const named = choiceNamed(EXISTING_FLAG, text);
  const found = PLUGIN_OPTIONS.find((each) => each === named);
  if (found !== undefined) return found;
  return reader.refuse('existing', text, `"${text}" is no plugin of AKS.`, `${PLUGIN_OPTIONS.join(', ')}.`);
}

function readDate(reader: InputReader): string | null {
  const text = reader.single('until');
  if (text === null) return null;
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  const [, year = '', month = '12', day] = match ?? [];
  const lastDay = String(new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()).padStart(2, '0');
  const date = `${year}-${month}-${day ?? lastDay}`;
  const isReal = match !== null && Number(month) >= 1 && Number(month) <= 12 && date.slice(8) >= '01';
  if (isReal && date.slice(8) <= lastDay) return date;
  return reader.refuse('until', text, `"${text}" is no date.`, '2029-12-31, or 2029 for its end.');
}
