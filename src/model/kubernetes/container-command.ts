/** What command lines do that people give to containers: sleeping, serving, ending at once. */
import { everyPath, LISTED_FOLDER, onlyPaths, STATIC_SITE } from '../http-service.ts';
import type { HttpService } from '../http-service.ts';
import { environment, flagValue, http, opaque, portOf, unknown } from './container-behaviour.ts';
import type { ContainerBehaviour } from './container-behaviour.ts';
import { loadOfCommand, staysUp } from './load-generators.ts';
import { programsOfScript } from './load-scripts.ts';
import { configuredNginx } from './nginx-configuration.ts';
import type { Container } from './objects.ts';

/** A shell image: without a terminal its shell reads the end of its input and leaves. */
export function shell(args: readonly string[], container: Container): ContainerBehaviour {
  if (args.length > 0) return commandBehaviour(args, container);
  if (container.stdin === true) return { kind: 'runs', listeners: [] };
  return { kind: 'exits', exitCode: 0, because: 'its shell has no terminal and no command to run' };
}

/** `netexec` answers at every path; these want parameters (kubernetes test/images/agnhost/netexec). */
const NETEXEC: HttpService = everyPath(200, { '/dial': 400, '/redirect': 302 });

/** The test image of Kubernetes, by its first argument. */
export function agnhost(args: readonly string[], container: Container): ContainerBehaviour {
  const [mode, ...rest] = args;
  switch (mode ?? 'pause') {
    case 'pause':
      return { kind: 'runs', listeners: [] };
    case 'netexec': {
      const tcp = portOf(flagValue(rest, 'http-port') ?? '8080');
      const udp = portOf(flagValue(rest, 'udp-port') ?? '8081');
      if (tcp === null) return unknown('the port in --http-port is not recognised');
      // The image brings /localhost.crt and /localhost.key.
      const isSecure = flagValue(rest, 'tls-cert-file') !== null;
      const listeners = [http(tcp, 'agnhost', isSecure ? { ...NETEXEC, transport: 'tls' } : NETEXEC)];
      if (udp !== null) listeners.push(opaque(udp, 'agnhost', 'udp'));
      return { kind: 'runs', listeners };
    }
    case 'serve-hostname': {
      const port = portOf(flagValue(rest, 'port') ?? '9376');
      return port === null
        ? unknown('the port in --port is not recognised')
        : { kind: 'runs', listeners: [http(port, 'agnhost', everyPath())] };
    }
    case 'porter':
      return porter(container);
    case 'test-webserver': {
      const port = portOf(flagValue(rest, 'port') ?? '80');
      return port === null
        ? unknown('the port in --port is not recognised')
        : { kind: 'runs', listeners: [http(port, 'agnhost', LISTED_FOLDER)] };
    }
    case 'connect':
    case 'dns-suffix':
    case 'dns-server-list':
    case 'etc-hosts':
      return { kind: 'exits', exitCode: 0, because: `agnhost ${mode ?? ''} prints its answer and ends` };
  }
  return commandBehaviour(args, container);
}

/** `porter` serves what its variables say: `SERVE_PORT_80=text` answers at every path of port 80. */
function porter(container: Container): ContainerBehaviour {
  const listeners = (container.env ?? []).flatMap(({ name }) => {
    const [, kind = '', digits = ''] = /^SERVE_(PORT|TLS_PORT|SCTP_PORT)_(\d+)$/.exec(name) ?? [];
    const port = portOf(digits);
    if (port === null) return [];
    return [kind === 'PORT' ? http(port, 'agnhost', everyPath()) : opaque(port, 'agnhost')];
  });
  return { kind: 'runs', listeners };
}

/** http-echo answers at every path with its text, and with `-status-code` where that is given; `/health` always with 200. */
export function httpEcho(args: readonly string[], container: Container): ContainerBehaviour {
  if ((flagValue(args, 'text') ?? environment(container, 'ECHO_TEXT') ?? '') === '')
    return { kind: 'exits', exitCode: 127, because: 'Missing -text option or ECHO_TEXT env var!' };
  const port = portOf(flagValue(args, 'listen') ?? ':5678');
  const status = Number(flagValue(args, 'status-code') ?? 200);
  if (port === null)
    return unknown(`the port in -listen=${flagValue(args, 'listen') ?? ''} is not recognised`);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    return unknown(`the status in -status-code=${flagValue(args, 'status-code') ?? ''} is not recognised`);
  return { kind: 'runs', listeners: [http(port, 'http-echo', everyPath(status, { '/health': 200 }))] };
}

/** podinfo: `--unhealthy` fails `/healthz`, `--unready` fails `/readyz` (stefanprodan/podinfo cmd/podinfo). */
function podinfo(args: readonly string[], container: Container): ContainerBehaviour {
  const given = flagValue(args, 'port') ?? environment(container, 'PODINFO_PORT') ?? '9898';
  const port = portOf(given);
  if (port === null) return unknown(`the port in --port=${given} is not recognised`);
  const isSet = (flag: string): boolean => args.includes(`--${flag}`) || flagValue(args, flag) === 'true';
  const known = onlyPaths(
    '/',
    '/version',
    '/env',
    '/headers',
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/info',
  );
  const service: HttpService = {
    ...known,
    statusOfPath: {
      ...known.statusOfPath,
      ...(isSet('unhealthy') ? { '/healthz': 503 } : {}),
      ...(isSet('unready') ? { '/readyz': 503 } : {}),
    },
  };
  return { kind: 'runs', listeners: [http(port, 'podinfo', service)] };
}

/** What a command line does that replaces the image's own. */
export function commandBehaviour(argv: readonly string[], container: Container): ContainerBehaviour {
  const [program, ...args] = argv;
  const name = (program ?? '').split('/').at(-1) ?? '';
  switch (name) {
    case 'sleep':
    case 'pause':
      return { kind: 'runs', listeners: [] };
    case 'tail':
      return args.includes('-f') || args.includes('-F')
        ? { kind: 'runs', listeners: [] }
        : { kind: 'exits', exitCode: 0, because: 'tail without -f ends' };
    case 'true':
    case 'echo':
    case 'date':
    case 'hostname':
    case 'env':
    case 'printenv':
      return { kind: 'exits', exitCode: 0, because: `${name} ends at once` };
    case 'false':
      return { kind: 'exits', exitCode: 1, because: 'false fails' };
    case 'sh':
    case 'bash':
    case 'ash':
      return shellBehaviour(args, container);
    case 'agnhost':
      return agnhost(args, container);
    case 'nginx':
      return { kind: 'runs', listeners: [http(80, 'nginx', STATIC_SITE)] };
    case 'httpd': {
      const port = portOf(flagValue(args, 'p') ?? '80');
      return port === null
        ? unknown('the port of httpd -p is not recognised')
        : { kind: 'runs', listeners: [http(port, 'httpd', STATIC_SITE)] };
    }
    case 'http-echo':
      return httpEcho(args, container);
    case 'podinfo':
      return podinfo(args, container);
    case 'nc':
    case 'ncat':
    case 'netcat':
      return netcat(args);
    case 'python':
    case 'python3':
      return python(args);
    case 'hey':
    case 'wrk':
      return makesLoad(name, args);
  }
  return unknown(`what the command ${JSON.stringify(argv)} listens on is not known to this workbook`);
}

function shellBehaviour(args: readonly string[], container: Container): ContainerBehaviour {
  const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = flag < 0 ? undefined : args[flag + 1];
  if (script === undefined) return shell([], container);
  const nginx = configuredNginx(script);
  if (nginx !== null) return nginx;
  const made = programsOfScript(script, container.env);
  if (made !== null) {
    const isLasting =
      made.then === 'sleeps' ||
      made.programs.some(({ againAfter, startsAfter }) => againAfter !== null || startsAfter > 0);
    const behaviours = made.programs.map(({ argv }) => commandBehaviour(argv, container));
    const [first = { kind: 'runs', listeners: [] }] = behaviours;
    return isLasting || behaviours.some(({ kind }) => kind === 'runs')
      ? { kind: 'runs', listeners: [] }
      : first;
  }
  const simple = script.trim().replace(/^exec\s+/, '');
  const commands = simple.split(/\s*(?:;|&&)\s*/).filter((each) => each !== '');
  const last = commands.at(-1) ?? '';
  if (/^(while true|while :|until false|for \(\(;;\)\))\s*;?\s*do\b/.test(simple)) {
    if (/\b(hey|wrk)\s+\S/.test(simple)) {
      return unknown('how much load a loop makes that does more than one hey or wrk is not simulated');
    }
    return /\b(nc|ncat|netcat|httpd|python3?|socat|node|ruby|php)\b/.test(simple)
      ? unknown('a loop that starts a server is not recognised')
      : { kind: 'runs', listeners: [] };
  }
  if (/[|<>`$&(){}]/.test(simple)) return unknown('the shell script is more than this workbook reads');
  const quiet = commands
    .slice(0, -1)
    .every((each) => /^(echo|sleep|apk|apt-get|apt|yum|tdnf|cd|export|date|hostname)\b/.test(each));
  return quiet
    ? commandBehaviour(last.split(/\s+/), container)
    : unknown('the shell script is more than this workbook reads');
}

/** Makes connections as long as it runs; `load-generators.ts` says which. */
function makesLoad(name: 'hey' | 'wrk', args: readonly string[]): ContainerBehaviour {
  const load = loadOfCommand([name, ...args]);
  if (load === null) return unknown(`what ${name} does with these arguments is not known to this workbook`);
  if (!load.ok) {
    const [said = 'its arguments'] = `${load.error.stderr}${load.error.stdout}`.split('\n');
    return { kind: 'exits', exitCode: load.error.exitCode, because: `${name} says: ${said}` };
  }
  return staysUp(load.value)
    ? { kind: 'runs', listeners: [] }
    : { kind: 'exits', exitCode: 0, because: `${name} ends after its requests` };
}

function netcat(args: readonly string[]): ContainerBehaviour {
  const listens = args.some((arg) => /^-[a-z]*l/.test(arg));
  const port = portOf(args.filter((arg) => /^\d+$/.test(arg)).at(-1) ?? null);
  if (!listens) return unknown('nc without -l is not recognised as a server');
  if (port === null) return unknown('nc -l without a port is not recognised');
  if (!args.some((arg) => /^-[a-z]*k/.test(arg) || arg === '--keep-open')) {
    return unknown('nc -l without -k ends after its first client');
  }
  const protocol = args.some((arg) => /^-[a-z]*u/.test(arg)) ? 'udp' : 'tcp';
  return { kind: 'runs', listeners: [opaque(port, 'nc', protocol)] };
}

function python(args: readonly string[]): ContainerBehaviour {
  const at = args.indexOf('http.server');
  if (at < 1 || args[at - 1] !== '-m') return unknown('the Python program is not known to this workbook');
  const port = portOf(args.slice(at + 1).find((arg) => /^\d+$/.test(arg)) ?? '8000');
  return port === null
    ? unknown('the port of http.server is not recognised')
    : { kind: 'runs', listeners: [http(port, 'python3', LISTED_FOLDER)] };
}
