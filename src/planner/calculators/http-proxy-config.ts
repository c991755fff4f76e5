/** `calc http-proxy-config`: builds and checks the file of `az aks create --http-proxy-config`. */
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Certificate } from '../../model/certificates/certificate.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import { dayText, fingerprint, nameText } from '../http-proxy-ca.ts';
import { FQDN_PLACEHOLDER, judgeProxyConfig, NAME_CLIENTS } from '../http-proxy-config.ts';
import type { NameVerdict, ProxyAnswer } from '../http-proxy-config.ts';
import type { Finding } from '../http-proxy-finding.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { shortText } from '../readable-issues.ts';
import { HTTP_PROXY_CONFIG_FLAGS, readHttpProxyConfigInput } from './http-proxy-config-flags.ts';
import type { HttpProxyConfigInput } from './http-proxy-config-flags.ts';

export const httpProxyConfig: Calculator = {
  name: 'http-proxy-config',
  title: 'HTTP proxy configuration',
  summary:
    'Builds and checks the file of az aks create --http-proxy-config: what AKS refuses, what cannot work, the exemptions and variables that follow, and the certificates.',
  positional: 'file',
  flags: HTTP_PROXY_CONFIG_FLAGS,
  examples: [
    {
      does: 'Build one',
      line: '--http-proxy http://10.20.0.4:8080 --no-proxy .svc .cluster.local --vnet 10.10.0.0/16 --names my-svc my-svc.shop.svc',
    },
    {
      does: 'For a cluster that exists, with its own ranges',
      line: '--http-proxy http://10.20.0.4:8080 --no-proxy .svc .cluster.local --cluster existing --vnet 10.10.0.0/16 --subnet 10.10.0.0/24 --pod-cidr none',
    },
    { does: 'A proxy where Services are', line: '--http-proxy http://10.0.0.4:8080' },
  ],
  notes: [
    'A file that exists: --file aks-proxy-config.json; - reads standard input. What az aks show -o json prints is read too, with the ranges of the cluster.',
    'Certificates: --ca-file ~/.mitmproxy/mitmproxy-ca-cert.pem. Dates are judged on --date, never on the day of the machine.',
    'The file in the answer holds what could be mended without guessing, and never a private key.',
    'Exit code 1: AKS refuses it, or something cannot work. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const input = runHttpProxyConfig(values);
    if (!input.ok) return input;
    const answer = judgeProxyConfig(input.value.question, input.value.date);
    return ok({
      json: toJson(input.value, answer),
      text: toText(input.value, answer),
      exitCode: answer.outcome === 'taken' ? 0 : 1,
    });
  },
};

/** Returns the inputs; the page judges them on the day that it is. */
export const runHttpProxyConfig = (values: FlagValues): Result<HttpProxyConfigInput, readonly InputIssue[]> =>
  readHttpProxyConfigInput(values);

export function verdictText({ outcome, refusal, findings }: ProxyAnswer): string {
  const count = (severity: Finding['severity']): number =>
    findings.filter((each) => each.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  switch (outcome) {
    case 'refused':
      if (refusal?.code === 'NotSimulated')
        return 'Not right yet: AKS does not take this file, or nothing says what it makes of it.';
      return `AKS refuses it: (${refusal?.code ?? ''}) ${shortText(refusal?.message ?? '')}`;
    case 'broken':
      return `AKS takes it, but ${errors === 1 ? 'one thing is wrong' : `${errors} things are wrong`} with it.`;
    case 'taken':
      return warnings === 0
        ? 'AKS takes it, and nothing stands against it.'
        : `AKS takes it; ${warnings === 1 ? 'one warning' : `${warnings} warnings`}.`;
  }
}

/** What was taken for granted. */
export function assumptionsOf({ question }: HttpProxyConfigInput, at: number | null): readonly string[] {
  return [
    ...(at === null && question.trustedCa !== null
      ? ['No --date was named: whether the certificates are valid is not judged.']
      : []),
    ...(question.cluster.fqdn === null
      ? [`${FQDN_PLACEHOLDER} stands for the name of the API server, which AKS exempts.`]
      : []),
  ];
}

export const findingText = ({ about, message, instead }: Finding): string =>
  `${about}: ${message}${instead === null ? '' : ` Try: ${instead}`}`;

/** What a certificate says, in the order in which it is shown. */
export function certificateRows(each: Certificate): readonly (readonly [string, string])[] {
  const { publicKey } = each;
  const names = each.subjectAlternativeNames?.map(({ value }) => value).join(', ') ?? 'none';
  return [
    ['Subject', nameText(each.subject)],
    ['Issuer', nameText(each.issuer)],
    ['Valid', `${dayText(each.notBefore)} to ${dayText(each.notAfter)}`],
    ['CA', each.basicConstraints?.ca === true ? 'yes' : 'no'],
    ['Key usage', each.keyUsage?.join(', ') ?? 'not limited'],
    ['Alternative names', names],
    ['Key', publicKey.kind === 'rsa' ? `RSA, ${publicKey.bits} bits` : publicKey.algorithm],
    ['SHA-256', fingerprint(each)],
  ];
}

/** `direct (.svc)`, `proxy`. */
export function nameCell({ verdicts }: NameVerdict, client: (typeof NAME_CLIENTS)[number]): string {
  const { via, decided } = verdicts[client];
  if (via === 'proxy') return 'proxy';
  return `direct (${decided === null ? 'no entry' : decided.kind === 'entry' ? decided.entry : decided.rule})`;
}

function toJson(input: HttpProxyConfigInput, answer: ProxyAnswer): CalculatorAnswer['json'] {
  const { refusal, file } = answer;
  return {
    verdict: verdictText(answer),
    outcome: answer.outcome,
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.message },
    findings: answer.findings.map((each): Json => ({ ...each })),
    file: file === null ? null : (JSON.parse(file) as Json),
    mended: answer.mended,
    effectiveNoProxy: answer.effectiveNoProxy.map(({ entry }) => entry),
    variables: answer.variables,
    certificates: answer.certificates.map(certificateJson),
    names: answer.names.map(nameJson),
    assumptions: assumptionsOf(input, input.date),
  };
}

function certificateJson(each: Certificate): Json {
  return {
    subject: nameText(each.subject),
    issuer: nameText(each.issuer),
    notBefore: new Date(each.notBefore * 1000).toISOString(),
    notAfter: new Date(each.notAfter * 1000).toISOString(),
    isCa: each.basicConstraints?.ca === true,
    keyUsage: each.keyUsage,
    subjectAlternativeNames: each.subjectAlternativeNames?.map(({ value }) => value) ?? null,
    serialNumber: each.serialNumber,
    sha256: fingerprint(each),
  };
}

function nameJson({ name, verdicts }: NameVerdict): Json {
  const of = (client: (typeof NAME_CLIENTS)[number]): Json => {
    const { via, decided } = verdicts[client];
    return {
      via,
      decidedBy: decided === null ? null : decided.kind === 'entry' ? decided.entry : decided.rule,
    };
  };
  return { name, clients: Object.fromEntries(NAME_CLIENTS.map((client) => [client, of(client)])) };
}

const SEVERITY = { error: 'Wrong', warning: 'Warning', note: 'Note' } as const;

function toText(input: HttpProxyConfigInput, answer: ProxyAnswer): readonly string[] {
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    verdictText(answer),
    ...answer.findings.map((each) => `${SEVERITY[each.severity]}: ${shortText(findingText(each))}`),
    ...assumptionsOf(input, input.date).map((each) => `Assumed: ${each}`),
    ...answer.certificates.flatMap((each, index) =>
      section(
        `Certificate ${index + 1} of ${answer.certificates.length}`,
        certificateRows(each).map(([name, value]) => `${name.padEnd(18)} ${value}`),
      ),
    ),
    ...section(
      'effectiveNoProxy',
      answer.effectiveNoProxy.map(({ entry, by }) => `${shortText(entry)}${by === 'you' ? '  (yours)' : ''}`),
    ),
    ...section(
      'Variables of pods and nodes',
      Object.entries(answer.variables).map(([name, value]) => `${name}=${value}`),
    ),
    ...section('What pods call', nameLines(answer.names)),
    ...(answer.file === null ? [] : ['', 'File:', ...answer.file.trimEnd().split('\n')]),
    ...answer.mended.map((each) => `Mended: ${each}`),
  ];
}

function nameLines(names: readonly NameVerdict[]): readonly string[] {
  return names.flatMap((each) => [
    each.name,
    ...NAME_CLIENTS.map((client) => `  ${client.padEnd(16)} ${nameCell(each, client)}`),
  ]);
}
