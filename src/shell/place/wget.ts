import { requestFor } from '../../model/compile/ends.ts';
import { SYN_TIMEOUT } from '../../model/limits/snat.ts';
import type { SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import { answerTo, deniedBy, type HttpAnswer } from './http-answer.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { failed, networkProgram, notSimulatedHere, readOptions, type Style } from './program.ts';

/** GNU wget's exit status when a certificate cannot be verified. */
const CERTIFICATE_ERROR = 5;
/** GNU wget's exit status when a server issued an error response. */
const SERVER_ERROR = 8;

/** `wget -qO- URL`, GNU's and busybox's. */
export function wget(style: Style): SimulatedCommand {
  return networkProgram('wget', style, async ({ args, view, context }) => {
    const options = readOptions(args, {
      switches: 'qScv4',
      values: 'OTtUY',
      longSwitches: ['quiet', 'server-response', 'spider', 'no-check-certificate', 'no-verbose'],
      longValues: ['output-document', 'timeout', 'tries', 'header', 'connect-timeout'],
    });
    if (!options.ok) return failed(`wget: ${options.error}\n`, 2);
    const { rest } = options.value;
    // `-qO-` and `-q -O -`
    const given = options.value.given;
    const [url] = rest;
    if (url === undefined) return failed('wget: missing URL\nUsage: wget [OPTION]... [URL]...\n');
    const match = /^(?:(https?):\/\/)?([^:/?#]+)(?::(\d+))?([/?#].*)?$/i.exec(url);
    if (match === null) return failed(`wget: bad address '${url}'\n`);
    const [, scheme = 'http', host = '', portText, path = '/'] = match;
    const port = Number(portText ?? (scheme === 'https' ? 443 : 80));
    const quiet = given.has('q') || given.has('quiet');
    const found = lookUp(view, host);
    if (!found.ok) {
      return style === 'busybox'
        ? failed(`wget: bad address '${host}'\n`)
        : failed(
            quiet
              ? ''
              : `Resolving ${host} (${host})... failed: Name or service not known.\nwget: unable to resolve host address '${host}'\n`,
            4,
          );
    }
    const [address = ''] = found.value.addresses;
    const isSecure = scheme.toLowerCase() === 'https';
    const header = /^host:\s*([^:\s]+)/i.exec(given.get('header') ?? '')?.[1];
    const request = requestFor(isSecure ? 'https' : 'http', isSecure ? host : (header ?? host));
    const made = attempt(view, address, 'tcp', port, request);
    await rememberNeighbours(view, context, made);
    const where = `${host} (${address}:${port})`;
    const cannot = (why: string) =>
      style === 'busybox'
        ? failed(
            quiet
              ? `wget: can't connect to remote host (${address}): ${why}\n`
              : `Connecting to ${where}\nwget: can't connect to remote host (${address}): ${why}\n`,
          )
        : failed(quiet ? '' : `Connecting to ${host} (${host})|${address}|:${port}... failed: ${why}.\n`, 4);
    const said = quiet ? '' : `Connecting to ${where}\n`;
    const refusedWith = (answer: HttpAnswer) => {
      const line = `${answer.status} ${answer.reason}`;
      return style === 'busybox'
        ? { ...failed(`${said}wget: server returned error: HTTP/1.1 ${line}\n`), cloud: made.cloud }
        : {
            ...failed(
              quiet
                ? ''
                : `${said}HTTP request sent, awaiting response... ${line}\nERROR ${answer.status}: ${answer.reason}.\n`,
              SERVER_ERROR,
            ),
            cloud: made.cloud,
          };
    };
    switch (made.kind) {
      case 'unknown':
        return failed(`wget: the simulation cannot tell: ${made.reason}\n`);
      case 'refused':
        return cannot('Connection refused');
      case 'network-unreachable':
        return cannot('Network is unreachable');
      case 'host-unreachable':
        return cannot('No route to host');
      case 'timeout': {
        const patience = Number(given.get('T') ?? given.get('timeout') ?? SYN_TIMEOUT.value);
        if (made.after === 'handshake' && style === 'gnu') {
          return {
            ...failed(
              quiet
                ? ''
                : `${said}HTTP request sent, awaiting response... Read error (Connection timed out) in headers.\n`,
              4,
            ),
            elapsedSeconds: patience,
          };
        }
        const failure =
          style === 'busybox' && (given.has('T') || given.has('timeout'))
            ? failed(`${quiet ? '' : `Connecting to ${where}\n`}wget: download timed out\n`)
            : cannot(style === 'busybox' ? 'Operation timed out' : 'Connection timed out');
        return { ...failure, elapsedSeconds: Math.min(patience, SYN_TIMEOUT.value) };
      }
      case 'intercepted':
        if (made.page === null || isSecure) {
          return style === 'busybox'
            ? failed('wget: error getting response: Connection reset by peer\n')
            : failed(quiet ? '' : 'Unable to establish SSL connection.\n', 4);
        }
        return refusedWith(deniedBy(made.page, 'GET'));
      case 'connected':
        break;
    }
    const kind = made.server.application;
    const secure = kind === 'https' || kind === 'kubernetes-api';
    // busybox does not look at certificates.
    const untrusted = made.server.http?.transport === 'tls' && scheme === 'https' && style === 'gnu';
    if (untrusted && !given.has('no-check-certificate')) {
      const whose = `ERROR: The certificate of '${host}'`;
      const said = `${whose} is not trusted.\n${whose} doesn't have a known issuer.\n`;
      return { ...failed(quiet ? '' : said, CERTIFICATE_ERROR), cloud: made.cloud };
    }
    if ((scheme === 'https') !== secure)
      return failed('wget: error getting response\n', style === 'gnu' ? 4 : 1);
    if (kind !== 'http' && kind !== 'https') {
      if (kind === 'kubernetes-api')
        return notSimulatedHere('wget', 'talking to the API server (use curl -k)');
      return failed('wget: error getting response\n', style === 'gnu' ? 4 : 1);
    }
    if (made.server.http?.proxyProtocol === 'required' && made.proxied === null) {
      return failed('wget: error getting response\n', style === 'gnu' ? 4 : 1);
    }
    const answer = answerTo(made, { host, path, method: 'GET' });
    const output = given.get('O') ?? given.get('output-document') ?? (path.split('/').at(-1) || 'index.html');
    if (answer.status >= 400) return refusedWith(answer);
    if (given.has('spider'))
      return { stdout: '', stderr: `${said}remote file exists\n`, exitCode: 0, cloud: made.cloud };
    if (output === '-') return { stdout: answer.body, stderr: said, exitCode: 0, cloud: made.cloud };
    if (output !== '/dev/null') await context.writeFile(output, answer.body);
    return {
      stdout: '',
      stderr: quiet ? '' : `${said}saving to '${output}'\n'${output}' saved\n`,
      exitCode: 0,
      cloud: made.cloud,
    };
  });
}
