/**
 * The options of mitmproxy: what `--set` takes, with the types of optmanager.py, and what of it is followed here.
 * Read from 8.1.1 and 12.2.3.
 */

export type OptionType = 'boolean' | 'integer' | 'optional-integer' | 'text' | 'optional-text' | 'list';

export interface MitmproxyOption {
  readonly name: string;
  readonly type: OptionType;
  readonly choices?: readonly string[];
  /** What it would change and is not simulated; absent: it is followed, or changes nothing that is shown here. */
  readonly notSimulated?: string;
  /** The versions that have it, where not all do: from the first to before the second. */
  readonly since?: string;
  readonly until?: string;
}

const of =
  (type: OptionType) =>
  (...names: readonly string[]): readonly MitmproxyOption[] =>
    names.map((name) => ({ name, type }));

const refusedAs =
  (type: OptionType, notSimulated: string) =>
  (...names: readonly string[]): readonly MitmproxyOption[] =>
    names.map((name) => ({ name, type, notSimulated }));

const VERBOSITIES = ['error', 'warn', 'info', 'alert', 'debug'];
const TLS_VERSIONS = ['UNBOUNDED', 'SSL3', 'TLS1', 'TLS1_1', 'TLS1_2', 'TLS1_3'];

export const MITMPROXY_OPTIONS: readonly MitmproxyOption[] = [
  // What decides who is served, and what is read.
  ...of('list')('allow_hosts', 'ignore_hosts', 'block_list', 'certs', 'mode'),
  ...of('boolean')('block_global', 'block_private', 'ssl_insecure', 'upstream_cert'),
  ...of('optional-text')('proxyauth', 'ssl_verify_upstream_trusted_ca', 'upstream_auth'),
  ...of('text')('confdir', 'listen_host'),
  ...of('optional-integer')('listen_port'),
  // What it writes.
  ...of('integer')('flow_detail'),
  { name: 'termlog_verbosity', type: 'text', choices: VERBOSITIES },
  ...of('optional-text')('save_stream_filter', 'dumper_filter', 'readfile_filter'),
  { name: 'show_ignored_hosts', type: 'boolean', since: '10.3.0' },
  // The web interface.
  ...of('boolean')('web_open_browser', 'web_debug'),
  ...of('integer')('web_port'),
  ...of('text')('web_host'),
  { name: 'web_password', type: 'text', since: '11.1.2' },
  ...of('list')('web_columns'),
  ...of('optional-text')('web_static_viewer'),
  // Nothing that is shown here depends on these.
  { name: 'connection_strategy', type: 'text', choices: ['eager', 'lazy'] },
  ...of('boolean')('anticache', 'anticomp', 'http2', 'rawtcp', 'websocket', 'showhost', 'proxy_debug'),
  ...of('boolean')('http3', 'normalize_outbound_headers', 'validate_inbound_headers', 'keep_host_header'),
  ...of('boolean')('add_upstream_certs_to_client_chain', 'request_client_cert', 'command_history'),
  ...of('boolean')('http_connect_send_host_header', 'store_streamed_bodies', 'view_order_reversed'),
  ...of('boolean')('keepserving', 'intercept_active', 'strip_ech', 'dns_use_hosts_file', 'dns_server'),
  ...of('integer')('http2_ping_keepalive', 'tcp_timeout', 'content_view_lines_cutoff'),
  ...of('integer')('client_replay_concurrency'),
  ...of('optional-text')('body_size_limit', 'view_filter', 'connect_addr'),
  ...of('optional-text')('ciphers_client', 'ciphers_server', 'protobuf_definitions'),
  ...of('text')('view_order', 'dumper_default_contentview', 'console_layout', 'console_palette'),
  ...of('list')('dns_name_servers'),
  ...[
    'tls_version_client_min',
    'tls_version_client_max',
    'tls_version_server_min',
    'tls_version_server_max',
  ].map((name): MitmproxyOption => ({ name, type: 'text', choices: TLS_VERSIONS })),
  // What would change the answers, and is not followed.
  ...refusedAs('boolean', 'running without a proxy server')('server'),
  ...refusedAs('optional-text', 'sending large bodies on without keeping them')('stream_large_bodies'),
  ...refusedAs('integer', 'keys of another size than 2048 bits')('key_size'),
  ...refusedAs('list', 'scripts in Python')('scripts'),
  ...refusedAs('list', 'changing requests and answers')(
    'modify_body',
    'modify_headers',
    'map_local',
    'map_remote',
  ),
  ...refusedAs('list', 'replaying what was recorded')('client_replay', 'server_replay'),
  ...refusedAs('optional-text', 'reading what was recorded')('rfile'),
  ...refusedAs('optional-text', 'recording flows (keep its log instead)')('save_stream_file'),
  ...refusedAs('optional-text', 'cookies and passwords that are kept')('stickyauth', 'stickycookie'),
  ...refusedAs('optional-text', 'holding requests back')('intercept'),
  ...refusedAs('list', 'protocols other than HTTP')('tcp_hosts', 'udp_hosts'),
  ...refusedAs('optional-text', 'certificates of clients')('client_certs'),
  ...refusedAs('optional-text', 'keys that are encrypted')('cert_passphrase'),
  ...refusedAs(
    'optional-text',
    'a folder of roots (use ssl_verify_upstream_trusted_ca)',
  )('ssl_verify_upstream_trusted_confdir'),
  ...refusedAs('text', 'recording as HAR')('hardump'),
  ...refusedAs('boolean', 'its page with the certificate, mitm.it (copy the file)')('onboarding'),
  ...refusedAs('text', 'its page with the certificate, mitm.it (copy the file)')('onboarding_host'),
];

export function findOption(name: string): MitmproxyOption | null {
  return MITMPROXY_OPTIONS.find((each) => each.name === name) ?? null;
}
