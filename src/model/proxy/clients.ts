/** Programs and libraries that read the proxy variables, each in its own way. */
export type ProxyClient =
  /** net/http and golang.org/x/net/http/httpproxy: containerd, kubelet, most of Kubernetes. */
  | 'go'
  /** curl 7.86 and later, which knows CIDR entries. */
  | 'curl'
  /** curl before 7.86, as Ubuntu 22.04 has it. */
  | 'curl-7.81'
  /** urllib.request of Python's standard library. */
  | 'python-urllib'
  /** The package requests. */
  | 'python-requests'
  /** GNU wget. */
  | 'wget'
  /** wget of busybox. */
  | 'busybox-wget'
  /** fetch of Node.js before 24, which reads none. */
  | 'node-fetch';

/** All of them, in the order in which texts list them. */
export const PROXY_CLIENTS = [
  'curl',
  'curl-7.81',
  'go',
  'python-urllib',
  'python-requests',
  'wget',
  'busybox-wget',
  'node-fetch',
] as const satisfies readonly ProxyClient[];
