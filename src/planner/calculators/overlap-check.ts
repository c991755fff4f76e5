/** `calc overlap-check`: every range around a cluster against every other, with the rule each overlap breaks. */
import { DEFAULT_SERVICE_CIDR } from '../../model/limits/aks.ts';
import { addressPlus, formatAddress, parseAddress } from '../../model/ip/address.ts';
import type { Address } from '../../model/ip/address.ts';
import { firstAddress, formatPrefix, prefixContains } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, CalculatorFlag } from '../calculator.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { checkOverlaps } from '../overlap-check.ts';
import type { Finding, PlacedRange, RangeKind, Severity } from '../overlap-check.ts';

const FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'vnet',
    aliases: ['vnets', 'vnet-prefix', 'address-prefixes', 'address-space'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'VNet',
    help: "Prefixes of the cluster's VNet.",
  },
  {
    name: 'subnet',
    aliases: ['subnets', 'node-subnet', 'subnet-prefix', 'pod-subnet'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Subnets',
    help: 'Subnets of that VNet, pod subnets too, as in nodes=10.224.0.0/20.',
  },
  {
    name: 'peer',
    aliases: ['peers', 'peered-vnet', 'peering'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Peered VNets',
    help: 'Prefixes of VNets that are or will be peered.',
  },
  {
    name: 'on-premises',
    aliases: ['on-prem', 'onprem', 'onpremises'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'On premises',
    help: 'Ranges behind a VPN or ExpressRoute.',
  },
  {
    name: 'pod-cidr',
    aliases: ['podcidr', 'pod-range', 'pods-cidr', 'pod'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Pod CIDR',
    help: 'For Overlay and kubenet. Several clusters may use the same one.',
  },
  {
    name: 'service-cidr',
    aliases: ['service-range', 'services-cidr', 'svc-cidr', 'service'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Service CIDR',
    help: 'The range of Service addresses.',
    fallback: DEFAULT_SERVICE_CIDR.value,
  },
  {
    name: 'dns-service-ip',
    aliases: ['dns', 'dns-ip', 'dns-service-address'],
    takes: 'one',
    placeholder: 'ADDRESS',
    label: 'DNS service address',
    help: 'Inside the Service CIDR, and not its first address. Empty means its tenth, which az has to be told: by itself it takes 10.0.0.10.',
    rare: true,
  },
  {
    name: 'forbidden',
    aliases: ['forbid', 'avoid', 'reserved'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX ...',
    label: 'Other forbidden ranges',
    help: 'Ranges that your own rules keep free. Those of Azure and AKS are known already.',
    rare: true,
  },
];

export interface OverlapAnswer {
  readonly ranges: readonly PlacedRange[];
  readonly findings: readonly Finding[];
  readonly verdict: string;
}

export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  refused: 'Refused',
  breaks: 'Breaks traffic',
  avoid: 'Advised against',
};

export const overlapCheck: Calculator = {
  name: 'overlap-check',
  title: 'Overlap checker',
  summary:
    'Finds every overlap among VNets, peers, on-premises, pod and Service ranges, and says what to do.',
  positional: null,
  flags: FLAGS,
  examples: [
    {
      does: 'A VNet that holds the default Service CIDR',
      line: '--vnet 10.0.0.0/8 --subnet nodes=10.240.0.0/16',
    },
    {
      does: 'Everything around an Overlay cluster',
      line: '--vnet 10.224.0.0/16 --peer hub=10.0.0.0/16 --on-premises office=10.244.0.0/16 --pod-cidr 10.244.0.0/16 --service-cidr 172.16.0.0/16',
    },
  ],
  notes: [
    'refused: Azure or AKS says no, with the error code that is named. breaks: accepted, and traffic goes wrong. avoid: advised against.',
    'Exit code 1: something was found. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runOverlapCheck(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    return ok({ json: toJson(value), text: toText(value), exitCode: value.findings.length === 0 ? 0 : 1 });
  },
};

/** Returns the findings as data; the page draws them. */
export function runOverlapCheck(values: FlagValues): Result<OverlapAnswer, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(FLAGS, values));
  const ranges = [
    ...rangesOf(reader, 'vnet', 'vnet', 'VNet'),
    ...rangesOf(reader, 'subnet', 'subnet', 'subnet'),
    ...rangesOf(reader, 'peer', 'peer', 'peer'),
    ...rangesOf(reader, 'on-premises', 'on-premises', 'on-premises'),
    ...rangesOf(reader, 'pod-cidr', 'pod', 'pod CIDR'),
    ...rangesOf(reader, 'service-cidr', 'service', 'Service CIDR'),
    ...rangesOf(reader, 'forbidden', 'forbidden', 'forbidden'),
  ];
  const services = ranges.filter((each) => each.kind === 'service');
  const dns = readDns(reader, services);
  if (ranges.length < 2 && reader.issues.length === 0) {
    reader.refuse('vnet', null, 'is missing: an overlap takes two ranges.', '--vnet 10.224.0.0/12');
  }
  if (reader.issues.length > 0) return err(reader.issues);
  const findings = checkOverlaps({ ranges, dnsServiceAddress: dns });
  return ok({ ranges, findings, verdict: verdictOf(ranges, findings) });
}

function rangesOf(reader: InputReader, flag: string, kind: RangeKind, noun: string): readonly PlacedRange[] {
  return reader.namedPrefixes(flag).map(({ name, prefix }) => ({
    kind,
    name: name === null ? noun : `${noun} ${name}`,
    prefix,
  }));
}

function readDns(reader: InputReader, services: readonly PlacedRange[]): Address | null {
  const [service] = services;
  const text = reader.single('dns-service-ip');
  if (text === null) {
    if (service === undefined || services.length > 1 || reader.isGiven('dns-service-ip')) return null;
    const tenth = addressPlus(firstAddress(service.prefix), 10);
    if (tenth !== null && prefixContains(service.prefix, tenth)) return tenth;
    // The first two have a use, and the last is none for DNS either.
    const other = service.prefix.length > 30 ? null : addressPlus(firstAddress(service.prefix), 2);
    const message = `is needed: the Service CIDR ${formatPrefix(service.prefix)} has no tenth address.`;
    return reader.refuse('dns-service-ip', null, message, other === null ? null : formatAddress(other));
  }
  if (services.length > 1) {
    return reader.refuse(
      'dns-service-ip',
      text,
      `belongs to one Service CIDR, but ${services.length} were given.`,
    );
  }
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.value : reader.refuseAddress('dns-service-ip', parsed.error);
}

function verdictOf(ranges: readonly PlacedRange[], findings: readonly Finding[]): string {
  if (findings.length === 0) return `Nothing is wrong with these ${ranges.length} ranges.`;
  const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
  const parts = [
    [count('refused'), 'refused'],
    [count('breaks'), 'breaking traffic'],
    [count('avoid'), 'advised against'],
  ] as const;
  const said = parts.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`);
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}: ${said.join(', ')}.`;
}

/** Returns who is concerned: `VNet (10.0.0.0/8) and Service CIDR (10.0.0.0/16)`. */
export function namesOf({ between }: Finding): string {
  return between.map(({ name, prefix }) => `${name} (${formatPrefix(prefix)})`).join(' and ');
}

function toJson({ ranges, findings, verdict }: OverlapAnswer): CalculatorAnswer['json'] {
  const rangeJson = ({ kind, name, prefix }: PlacedRange) => ({ kind, name, prefix: formatPrefix(prefix) });
  const found = findings.map((finding) => ({
    severity: finding.severity,
    between: finding.between.map(rangeJson),
    shared: finding.shared === null ? null : formatPrefix(finding.shared),
    rule: finding.rule,
    instead: finding.instead,
    code: finding.code,
  }));
  return {
    verdict,
    ok: findings.length === 0,
    ranges: ranges.map(rangeJson),
    overlaps: found.filter((each) => each.shared !== null),
    findings: found,
  };
}

function toText({ findings, verdict }: OverlapAnswer): readonly string[] {
  return [
    verdict,
    '',
    ...findings.flatMap((finding) => [
      `${SEVERITY_NAMES[finding.severity]}: ${namesOf(finding)}${finding.shared === null ? '' : `, both hold ${formatPrefix(finding.shared)}`}`,
      `  ${finding.rule}${finding.code === null ? '' : ` Azure's error code: ${finding.code}.`}`,
      `  ${finding.instead}`,
    ]),
  ];
}
