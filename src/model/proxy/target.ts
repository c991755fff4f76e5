/** What a client is asked for, as far as the choice of a proxy looks at it. */
export interface ProxyTarget {
  readonly scheme: 'http' | 'https';
  /** As in the URL: a name, or an IPv4 address as text; without brackets or port. */
  readonly host: string;
  /** The URL's own, else 80 or 443. */
  readonly port: number;
  /** Whether the URL spells the port: some clients compare entries with a port only then. */
  readonly portIsSpelled: boolean;
}
