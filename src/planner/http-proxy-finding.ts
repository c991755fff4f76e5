/** What is wrong, or worth knowing, about a proxy configuration. */

/** `error`: AKS refuses it, or it cannot work. `warning`: it works, but not as most people mean it. */
export type FindingSeverity = 'error' | 'warning' | 'note';

export type FindingAbout = 'file' | 'httpProxy' | 'httpsProxy' | 'noProxy' | 'trustedCa' | 'cluster';

export interface Finding {
  readonly severity: FindingSeverity;
  readonly about: FindingAbout;
  /** Stays as it is once released: `private-key`, `expired`. */
  readonly code: string;
  /** One sentence or more. Never holds what was pasted as a certificate or a key. */
  readonly message: string;
  /** A value or a command that mends it; null where there is none. */
  readonly instead: string | null;
}

export function finding(
  severity: FindingSeverity,
  about: FindingAbout,
  code: string,
  message: string,
  instead: string | null = null,
): Finding {
  return { severity, about, code, message, instead };
}
