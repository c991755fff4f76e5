/** What a simulated web server says. */
import type { Attempt } from './attempt.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** Names whose service on the real internet is to answer with the caller's address and nothing else. */
const ADDRESS_ECHOES = [
  'ifconfig.me',
  'icanhazip.com',
  'api.ipify.org',
  'ipinfo.io',
  'checkip.amazonaws.com',
  'ifconfig.co',
];

/** Every simulated web server answers with the client address that it sees, and says who it is. */
export function answerTo(
  made: Extract<Attempt, { readonly kind: 'connected' }>,
  hostName: string,
  method: string,
): HttpAnswer {
  const { server, client } = made;
  if (server.application === 'kubernetes-api') {
    const body = `${JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'forbidden: User "system:anonymous" cannot get path "/"', reason: 'Forbidden', code: 403 }, null, 2)}\n`;
    return {
      status: 403,
      reason: 'Forbidden',
      headers: headersFor(server.program, body, 'application/json'),
      body: method === 'HEAD' ? '' : body,
    };
  }
  const body = ADDRESS_ECHOES.includes(hostName)
    ? `${client}\n`
    : `client address: ${client}\nserver: ${server.label} (${server.program}) at ${server.address}:${server.port}\n`;
  return {
    status: 200,
    reason: 'OK',
    headers: headersFor(server.program, body, 'text/plain'),
    body: method === 'HEAD' ? '' : body,
  };
}

function headersFor(program: string, body: string, type: string): HttpAnswer['headers'] {
  return [
    ['Server', program],
    ['Content-Type', type],
    ['Content-Length', String(body.length)],
  ];
}
