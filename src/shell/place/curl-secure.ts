/** TLS of curl with whoever is at the other end. */
import { closing } from './curl-lines.ts';
import { handshake, hello, noTls, type HandshakeInput } from './curl-tls.ts';
import { verificationOf } from './curl-trust.ts';
import type { CurlProblem } from './curl-url.ts';
import type { Peer } from './http-exchange.ts';
import { RETRANSMISSION_SECONDS, type CurlRun, type Failure, type Where } from './curl-run.ts';

/** TLS with whoever is at the other end. */
export async function secure(
  run: CurlRun,
  peer: Peer,
  host: string,
  whose: 'Server' | 'Proxy',
  where: Where,
): Promise<Failure | null> {
  const { options, program, context, view } = run.setup;
  const own =
    whose === 'Server'
      ? { ...options.tls, insecure: options.insecure }
      : { ...options.proxy, insecure: options.proxy.insecure };
  const chain = typeof peer.tls === 'string' ? [] : peer.tls.chain;
  const input: HandshakeInput = {
    form: run.form,
    version: program.version,
    openssl: program.openssl,
    whose,
    offers: offers(run, whose),
    host,
    at: view.cloud.now,
    verification: await verificationOf(context, own, chain),
  };
  const sent = hello(input);
  run.note(...sent.lines);
  if (sent.problem !== null) return noTrustFile(run, sent.problem);
  if (peer.tls === 'silent') return silentTls(run);
  if (typeof peer.tls === 'string') {
    const said =
      peer.answer({ host, path: '/', method: 'GET' }, 'plain').kind === 'not-http' ? 'ssh' : 'http';
    const failed = noTls(run.form, program.openssl, peer.tls, `${where.host}:${where.port}`, said);
    run.note(...failed.lines);
    return { ...failed.problem, noted: 'no' };
  }
  const shaken = handshake(input, peer.tls);
  run.note(...shaken.lines);
  if (whose === 'Server') run.verifyResult = shaken.result;
  else run.proxyVerifyResult = shaken.result;
  if (shaken.problem !== null) {
    // A name that is another one comes out once the handshake is over.
    if (shaken.alert === null) run.over = 'tls';
    else peer.distrusted?.(shaken.alert);
    return { ...shaken.problem, noted: 'no' };
  }
  run.over = 'tls';
  if (whose === 'Server') run.httpVersion = shaken.protocol === 'h2' ? '2' : '1.1';
  return null;
}

/** It tries again while it closes, but for the newest. */
function noTrustFile(run: CurlRun, problem: CurlProblem): Failure {
  const said = `* ${problem.message}`;
  const again = run.form === '7.88' ? [said] : run.form === '8.5' ? [said, said] : [];
  run.note(closing(run.form), ...again);
  return { ...problem, noted: 'no', close: 'nothing' };
}

function offers(run: CurlRun, whose: 'Server' | 'Proxy'): readonly ('h2' | 'http/1.1')[] {
  const { options } = run.setup;
  if (whose === 'Server') return options.httpVersion === '1.1' ? ['http/1.1'] : ['h2', 'http/1.1'];
  return run.url?.scheme === 'https' || options.proxy.tunnel === 'on' ? ['http/1.1'] : [];
}

function silentTls(run: CurlRun): Failure {
  const waited = Math.min(run.patience, RETRANSMISSION_SECONDS);
  const after = Math.round(waited * 1000) + 1;
  const { maxTime, connectTimeout } = run.setup.options;
  const isOver = maxTime !== null || connectTimeout !== null;
  const message = !isOver
    ? 'SSL connection timeout'
    : run.form === '7.81'
      ? `Operation timed out after ${after} milliseconds with 0 bytes received`
      : `Connection timed out after ${after} milliseconds`;
  return { code: 28, message, after: Math.ceil(waited) };
}
