/** Reads what `npm audit --json` prints. */

export type Audit =
  | {
      readonly kind: 'answered';
      /** Packages with a high or critical finding. */ readonly findings: readonly string[];
    }
  /** The registry has no such service, or there is no network. */
  | { readonly kind: 'unanswered'; readonly why: string };

const SEVERE = new Set(['high', 'critical']);

/** Throws nothing: output that is no answer is one that was not given. */
export function readAudit(output: string): Audit {
  let data: unknown;
  try {
    // npm's own warnings may stand before the answer.
    data = JSON.parse(output.slice(Math.max(0, output.search(/^\{/m)), output.lastIndexOf('}') + 1));
  } catch {
    return { kind: 'unanswered', why: lastLine(output) };
  }
  if (!isRecord(data) || !isRecord(data['vulnerabilities'])) {
    const error = isRecord(data) ? data['error'] : undefined;
    const said = [isRecord(error) ? error['summary'] : null, isRecord(data) ? data['message'] : null].find(
      (text) => typeof text === 'string' && text !== '',
    );
    return { kind: 'unanswered', why: typeof said === 'string' ? said : lastLine(output) };
  }
  const findings = Object.entries(data['vulnerabilities']).flatMap(([name, found]) => {
    const severity = isRecord(found) ? found['severity'] : undefined;
    return typeof severity === 'string' && SEVERE.has(severity) ? [`${name}: ${severity}`] : [];
  });
  return { kind: 'answered', findings };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim().length > 1);
  return (lines.at(-1) ?? 'npm said nothing').trim().slice(0, 200);
}
