/** GNU wget 1.21 with OpenSSL, as Ubuntu has it, and with GnuTLS, as Debian has it. */
import { toBase64, toUtf8 } from '../../model/certificates/bytes.ts';
import { chooseProxy, PROXY_VARIABLES } from '../../model/proxy/environment.ts';
import { SYN_TIMEOUT } from '../../model/limits/snat.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import type { HttpAnswer } from './http-answer.ts';
import { headOf } from './http-exchange-head.ts';
import { fetchOnce, type Fetched } from './http-exchange-fetch.ts';
import type { NetworkView } from './network-view.ts';
import { openProblem } from './output-file.ts';
import { failed, printed } from './program.ts';
import { opensslTrustPaths, trustedBy } from './trust-store.ts';
import { certificateLines, libraryOf, type TlsLibrary } from './wget-gnu-certificate.ts';
import { readWgetOptions, type WgetOptions } from './wget-gnu-options.ts';
import { fileOf, readWgetUrl, type WgetUrl } from './wget-url.ts';

const EXIT = { generic: 1, parse: 2, network: 4, certificate: 5, server: 8 } as const;
const READ_TIMEOUT_SECONDS = 900;
/** `--waitretry`: a second longer each time, up to so many. */
const LONGEST_WAIT_SECONDS = 10;
/** More lines than anybody reads; wget would go on. */
const MOST_TRIES = 20;

export async function gnuWget(
  args: readonly string[],
  view: NetworkView,
  context: CommandContext,
): Promise<CommandResult> {
  if (args.includes('--version') || args.includes('-V'))
    return printed('GNU Wget 1.21.2 built on linux-gnu.\n');
  const home = context.env.get('HOME') ?? '/root';
  const settings = [await context.readFile('/etc/wgetrc'), await context.readFile(`${home}/.wgetrc`)];
  const options = readWgetOptions(
    args,
    settings.map((text) => text ?? ''),
  );
  if (!options.ok) return failed(options.error.message, options.error.exitCode);
  if (options.value.urls.length === 0)
    return failed(
      "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      1,
    );
  let result: CommandResult = { stdout: '', stderr: '', exitCode: 0 };
  let now = view;
  const got = { files: 0, bytes: 0 };
  for (const text of options.value.urls) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
    if (scheme !== undefined && !/^https?$/i.test(scheme)) {
      const isReal = /^ftps?$/i.test(scheme);
      const why = isReal
        ? `${scheme}:// is not simulated in this workbook`
        : `Unsupported scheme ${quoted(context, scheme)}`;
      result = { ...result, stderr: `${result.stderr}${text}: ${why}.\n`, exitCode: 1 };
      continue;
    }
    const url = readWgetUrl(text);
    if (url === null) {
      const why = /^(?:https?:\/\/)?(?:[^@/?#]*@)?[^:/?#]+:/i.test(text)
        ? 'Bad port number'
        : 'Invalid host name';
      result = { ...result, stderr: `${result.stderr}${text}: ${why}.\n`, exitCode: 1 };
      continue;
    }
    const download = new Download(url, options.value, now, context);
    const one = await download.run();
    if (download.saved !== null) {
      got.files++;
      got.bytes += download.saved;
    }
    now = { ...now, cloud: one.cloud ?? now.cloud };
    result = {
      stdout: result.stdout + one.stdout,
      stderr: result.stderr + one.stderr,
      exitCode: one.exitCode === 0 ? result.exitCode : one.exitCode,
      elapsedSeconds: (result.elapsedSeconds ?? 0) + (one.elapsedSeconds ?? 0),
    };
  }
  if (options.value.urls.length > 1 && got.bytes > 0 && options.value.says !== 'quiet') {
    const seconds = result.elapsedSeconds ?? 0;
    const at = timeOf(view.cloud.now + seconds);
    result = {
      ...result,
      stderr:
        `${result.stderr}FINISHED --${at}--\nTotal wall clock time: ${seconds === 0 ? '0.1' : seconds}s\n` +
        `Downloaded: ${got.files} files, ${got.bytes} in 0s (${RATE.replace('M', ' MB/s')})\n`,
    };
  }
  return { ...result, ...(now.cloud === view.cloud ? {} : { cloud: now.cloud }) };
}

function quotesOf({ env }: CommandContext): readonly [string, string] {
  return /utf-?8/i.test(env.get('LC_ALL') ?? env.get('LANG') ?? '') ? ['‘', '’'] : ["'", "'"];
}

function quoted(context: CommandContext, text: string): string {
  const [open, close] = quotesOf(context);
  return `${open}${text}${close}`;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

type Again = { readonly kind: 'again'; readonly seconds: number };
type Ended = { readonly kind: 'ended'; readonly exitCode: number };

class Download {
  readonly #url: WgetUrl;
  readonly #options: WgetOptions;
  readonly #context: CommandContext;
  readonly #quotes: readonly [string, string];
  #view: NetworkView;
  #said = '';
  #stdout = '';
  #elapsed = 0;
  #saved: number | null = null;

  constructor(url: WgetUrl, options: WgetOptions, view: NetworkView, context: CommandContext) {
    this.#url = url;
    this.#options = options;
    this.#view = view;
    this.#context = context;
    this.#quotes = quotesOf(context);
  }

  /** Bytes of the page once it has come. */
  get saved(): number | null {
    return this.#saved;
  }

  async run(): Promise<CommandResult> {
    const before = this.#view.cloud;
    const exitCode = await this.#attempts();
    const { cloud } = this.#view;
    return {
      stdout: this.#stdout,
      stderr: this.#said,
      exitCode,
      ...(this.#elapsed === 0 ? {} : { elapsedSeconds: this.#elapsed }),
      ...(cloud === before ? {} : { cloud }),
    };
  }

  /** What only a talkative wget says. */
  #say(text: string): void {
    if (this.#options.says === 'all') this.#said += text;
  }

  /** What only a quiet one keeps to itself. */
  #insist(text: string): void {
    if (this.#options.says !== 'quiet') this.#said += text;
  }

  #quote(text: string): string {
    return `${this.#quotes[0]}${text}${this.#quotes[1]}`;
  }

  #time(): string {
    return timeOf(this.#view.cloud.now + this.#elapsed);
  }

  async #attempts(): Promise<number> {
    const options = this.#options;
    const proxy = this.#proxy();
    if ('exitCode' in proxy) return proxy.exitCode;
    const library = libraryOf(this.#context, this.#view);
    if (options.output !== null && options.output !== '-' && options.output !== '/dev/null') {
      const closed = await openProblem(this.#context, options.output);
      if (closed !== null) {
        this.#said += `${options.output}: ${closed}\n`;
        return EXIT.generic;
      }
    }
    if (options.spider === 'yes') this.#say('Spider mode enabled. Check if remote file exists.\n');
    for (let attempt = 1; ; attempt++) {
      const count = attempt === 1 ? '' : `(try:${String(attempt).padStart(2)})  `;
      this.#say(`--${this.#time()}--  ${count}${this.#url.text}\n`);
      if (library === 'gnutls' && this.#url.scheme === 'https' && options.caFile !== null) {
        const isThere = (await this.#context.readFile(options.caFile)) !== null;
        this.#insist(
          isThere
            ? `Loaded CA certificate '${options.caFile}'\n`
            : `ERROR: Failed to open cert ${options.caFile}: (-64).\n`,
        );
      }
      const fetched = await fetchOnce(this.#input(proxy.proxy, library), this.#view, this.#context);
      const end = await this.#told(fetched, library, proxy.proxy !== null);
      this.#view = { ...this.#view, cloud: fetched.cloud };
      if (end.kind === 'ended') return end.exitCode;
      this.#elapsed += end.seconds;
      if (attempt >= Math.min(options.tries, MOST_TRIES)) {
        this.#insist('Giving up.\n\n');
        return EXIT.network;
      }
      this.#insist('Retrying.\n\n');
      this.#elapsed += Math.min(attempt, LONGEST_WAIT_SECONDS);
    }
  }

  #proxy(): { readonly proxy: Parameters<typeof fetchOnce>[0]['proxy'] } | Ended {
    const options = this.#options;
    if (options.usesProxy === 'no') return { proxy: null };
    const variables = Object.fromEntries(
      PROXY_VARIABLES.flatMap((name) => {
        const value = this.#context.env.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const set = Object.fromEntries(
      Object.entries(options.proxies).map(([name, value]) => [
        name,
        name === 'no_proxy' || value === '' || /^[a-z]+:\/\//i.test(value) ? value : `http://${value}`,
      ]),
    );
    const choice = chooseProxy('wget', { ...variables, ...set }, this.#url);
    switch (choice.kind) {
      case 'direct':
        return { proxy: null };
      case 'error':
        this.#insist(`${choice.message}\n`);
        return { kind: 'ended', exitCode: EXIT.server };
      case 'proxy': {
        const { host, port, userInfo } = choice.proxy;
        return { proxy: { host, port, user: options.proxyUser ?? userInfo ?? null } };
      }
    }
  }

  #input(
    proxy: Parameters<typeof fetchOnce>[0]['proxy'],
    library: TlsLibrary,
  ): Parameters<typeof fetchOnce>[0] {
    const { method, headers, userAgent, user, caFile, checksCertificates } = this.#options;
    const custom = headers.map((each) => {
      const colon = each.indexOf(':');
      return [each.slice(0, colon), each.slice(colon + 1).trim()] as const;
    });
    const sent: HttpAnswer['headers'] = [
      ['User-Agent', userAgent ?? 'Wget/1.21.2'],
      ['Accept', '*/*'],
      ['Accept-Encoding', 'identity'],
      ['Connection', 'Keep-Alive'],
      ...(user === null ? [] : [['Authorization', `Basic ${toBase64(toUtf8(user))}`] as const]),
      ...custom,
    ];
    return {
      url: this.#url,
      proxy,
      method,
      headers: sent,
      tunnels: 'yes',
      trust: {
        reader: library === 'gnutls' ? 'openssl-verify' : 'openssl',
        strict: checksCertificates,
        trusted: async (chain) => {
          const system = await opensslTrustPaths(this.#context);
          const own = caFile === null ? [] : [{ file: caFile, folder: null }];
          const all = await Promise.all(
            [...own, system].map((paths) => trustedBy(this.#context, paths, chain)),
          );
          return all.flatMap((each) => (each.ok ? each.value : []));
        },
      },
    };
  }

  async #told(fetched: Fetched, library: TlsLibrary, proxied: boolean): Promise<Again | Ended> {
    const { outcome, connection } = fetched;
    const end = (exitCode: number): Ended => ({ kind: 'ended', exitCode });
    if (outcome.kind === 'unresolved') {
      const host = connection?.host ?? this.#host(fetched);
      this.#say(`Resolving ${host} (${host})... `);
      const [why, last] =
        outcome.problem.kind === 'no-such-name'
          ? ['Name or service not known', 'unable to resolve host address']
          : ['Temporary failure in name resolution', 'unable to resolve host address'];
      this.#insist(`failed: ${why}.\nwget: ${last} ${this.#quote(host)}\n`);
      return end(EXIT.network);
    }
    if (outcome.kind === 'unknown') return this.#cannotTell(outcome.reason);
    if (connection === null) throw new Error('a connection to nowhere');
    const { host, port, address } = connection;
    const isName = host !== address;
    if (isName) this.#say(`Resolving ${host} (${host})... ${address}\n`);
    this.#say(`Connecting to ${isName ? `${host} (${host})|${address}|` : host}:${port}... `);
    if (outcome.kind === 'unconnected') {
      const { made } = outcome;
      switch (made.kind) {
        case 'unknown':
          return this.#cannotTell(made.reason);
        case 'refused':
          this.#insist('failed: Connection refused.\n');
          return end(EXIT.network);
        case 'network-unreachable':
          this.#insist('failed: Network is unreachable.\n');
          return end(EXIT.network);
        case 'host-unreachable':
          this.#insist('failed: No route to host.\n');
          return end(EXIT.network);
        case 'timeout':
        case 'intercepted':
          this.#insist('failed: Connection timed out.\n');
          return {
            kind: 'again',
            seconds: Math.min(this.#options.connectTimeout ?? Infinity, SYN_TIMEOUT.value),
          };
      }
    }
    this.#say('connected.\n');
    if (outcome.kind === 'no-tunnel') {
      const reason = outcome.answer === null ? 'No error' : outcome.answer.reason;
      this.#insist(
        outcome.answer === null
          ? `Failed reading proxy response: ${reason}\nUnable to establish SSL connection.\n`
          : `Proxy tunneling failed: ${reason}Unable to establish SSL connection.\n`,
      );
      return end(EXIT.network);
    }
    if (outcome.kind === 'no-tls') {
      if (outcome.how === 'silent') {
        this.#insist('Unable to establish SSL connection.\n');
        return { kind: 'again', seconds: this.#options.readTimeout ?? READ_TIMEOUT_SECONDS };
      }
      const words = library === 'gnutls' ? GNUTLS_WORDS : OPENSSL_WORDS;
      this.#insist(`${words[outcome.how]}Unable to establish SSL connection.\n`);
      return end(EXIT.network);
    }
    if (fetched.certificate !== null) {
      this.#insist(
        certificateLines(
          library,
          fetched.certificate,
          this.#url.host,
          this.#options.checksCertificates,
          this.#quotes,
        ),
      );
    }
    if (outcome.kind === 'untrusted') return end(EXIT.certificate);
    return this.#heard(outcome.reply, proxied);
  }

  #host(_fetched: Fetched): string {
    const proxy = this.#proxy();
    return 'proxy' in proxy && proxy.proxy !== null ? proxy.proxy.host : this.#url.host;
  }

  #cannotTell(reason: string): Ended {
    this.#said += `wget: the simulation cannot tell: ${reason}\n`;
    return { kind: 'ended', exitCode: 1 };
  }

  async #heard(
    reply: Extract<Fetched['outcome'], { readonly kind: 'heard' }>['reply'],
    proxied: boolean,
  ): Promise<Again | Ended> {
    this.#say(`${proxied ? 'Proxy' : 'HTTP'} request sent, awaiting response... `);
    const patience = this.#options.readTimeout ?? READ_TIMEOUT_SECONDS;
    if (reply.seconds !== undefined && reply.seconds > patience) {
      this.#insist('Read error (Connection timed out) in headers.\n');
      return { kind: 'again', seconds: patience };
    }
    this.#elapsed += Math.floor(reply.seconds ?? 0);
    switch (reply.kind) {
      case 'unknown':
        return this.#cannotTell(reply.reason);
      case 'silent':
        this.#insist('Read error (Connection timed out) in headers.\n');
        return { kind: 'again', seconds: patience };
      case 'empty':
        this.#insist('No data received.\n');
        return { kind: 'again', seconds: 0 };
      case 'reset':
        this.#insist('Read error (Connection reset by peer) in headers.\n');
        return { kind: 'again', seconds: 0 };
      case 'not-http':
        this.#say('200 No headers, assuming HTTP/0.9\nLength: unspecified\n');
        return { kind: 'ended', exitCode: 0 };
      case 'answer':
        return this.#answered(reply.answer);
    }
  }

  async #answered(answer: HttpAnswer): Promise<Ended> {
    const { spider, output, folder, responseHeaders, says } = this.#options;
    if (responseHeaders === 'shown') {
      const lines = headOf(answer, '1.1').split('\r\n').slice(0, -2);
      this.#say('\n');
      // Not even a quiet one keeps them to itself.
      this.#said += lines.map((each) => `  ${each}\n`).join('');
    } else this.#say(`${answer.status} ${answer.reason}\n`);
    const isError = answer.status >= 400;
    if (isError && this.#options.contentOnError === 'dropped') {
      if (says === 'terse') this.#insist(`${this.#url.text}:\n`);
      if (spider === 'yes')
        this.#insist(
          answer.status === 404
            ? 'Remote file does not exist -- broken link!!!\n\n'
            : `${this.#time()} ERROR ${answer.status}: ${answer.reason}.\n\n`,
        );
      else {
        const end = says === 'terse' ? '\n' : '\n\n';
        this.#insist(`${this.#time()} ERROR ${answer.status}: ${answer.reason}.${end}`);
      }
      return { kind: 'ended', exitCode: EXIT.server };
    }
    const type = answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]?.split(';')[0];
    const size = answer.body.length;
    const bytes = spider === 'yes' ? (lengthOf(answer) ?? size) : size;
    this.#say(`Length: ${bytes}${type === undefined ? '' : ` [${type}]`}\n`);
    if (spider === 'yes') {
      this.#say('Remote file exists.\n\n');
      if (says === 'terse') this.#insist(`${this.#time()} URL: ${this.#url.text} 200 OK\n`);
      return { kind: 'ended', exitCode: 0 };
    }
    const name = output ?? (await this.#free(folder));
    this.#say(
      `Saving to: ${this.#quote(name === '-' ? 'STDOUT' : name)}\n\n     0K${' '.repeat(55)}100% ${RATE}=0s\n\n`,
    );
    this.#saved = size;
    if (name === '-') this.#stdout += answer.body;
    else if (name !== '/dev/null') await this.#context.writeFile(name, answer.body);
    const where = name === '-' ? 'written to stdout' : `${this.#quote(name)} saved`;
    this.#say(`${this.#time()} (${RATE.replace('M', ' MB/s')}) - ${where} [${size}/${size}]\n\n`);
    if (says === 'terse')
      this.#insist(`${this.#time()} URL:${this.#url.text} [${size}/${size}] -> "${name}" [1]\n`);
    return { kind: 'ended', exitCode: isError ? EXIT.server : 0 };
  }

  /** It never writes over a file that is there. */
  async #free(folder: string | null): Promise<string> {
    const name = `${folder === null ? '' : `${folder.replace(/\/$/, '')}/`}${fileOf(this.#url)}`;
    for (let number = 0; ; number++) {
      const tried = number === 0 ? name : `${name}.${number}`;
      if ((await this.#context.readFile(tried)) === null) return tried;
    }
  }
}

/** How fast a page comes that fits into one packet is a matter of luck. */
const RATE = '12.3M';

function lengthOf({ headers }: HttpAnswer): number | null {
  const text = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return text === undefined ? null : Number(text);
}

const GNUTLS_WORDS = {
  'no-tls': 'GnuTLS: An unexpected TLS packet was received.\n',
  closes: 'GnuTLS: The TLS connection was non-properly terminated.\n',
  resets: 'GnuTLS: Error in the pull function.\n',
};
const OPENSSL_WORDS = {
  'no-tls': 'OpenSSL: error:0A00010B:SSL routines::wrong version number\n',
  closes: 'OpenSSL: error:0A000126:SSL routines::unexpected eof while reading\n',
  resets: '',
};
