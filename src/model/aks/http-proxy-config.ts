/** `httpProxyConfig` of a cluster, in the shape `az aks show` prints; null is what was not given. */
export interface HttpProxyConfig {
  /** Off: the rest is kept, and nothing gets it (`--disable-http-proxy`). */
  readonly enabled: boolean;
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  /** As given; AKS adds its own for `effectiveNoProxy`. */
  readonly noProxy: readonly string[] | null;
  /** Base64 of one or more certificates in PEM. */
  readonly trustedCa: string | null;
}
