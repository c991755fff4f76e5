/**
 * Logging in with ssh: the connections, over other machines where it is asked for, and whom the machine at the
 * end lets in. To on-premises hosts the workstation comes in over a management network that is no part of the
 * simulation, so no firewall rule locks the learner out; to everything else, over the simulated network.
 */
import { findInternetHost, findOnPremisesHost } from '../model/outside-host.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { CommandContext, Place } from './command.ts';
import { attempt } from './place/attempt.ts';
import { lookUp } from './place/name-lookup.ts';
import { viewFrom } from './place/network-view.ts';
import { SSH_PORT, type SshDestination, type SshRequest } from './ssh-arguments.ts';

const ROOT = 'root';
/** The private keys that OpenSSH tries where none is named. */
const USUAL_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
/** What `az … --generate-ssh-keys` writes in place of a private key. */
const OUR_KEY = 'This is not a key';

export interface LoggedIn {
  readonly place: Place;
  /** Said before anything else. */
  readonly warnings: string;
}

/** Returns where the learner is logged in; an error is what ssh says before it ends with 255. */
export async function sshLogin(
  context: CommandContext,
  request: SshRequest,
): Promise<Result<LoggedIn, string>> {
  const keys = await offeredKeys(context, request.identities);
  let { place } = context;
  for (const [index, jump] of request.over.entries()) {
    const there = logInFrom(context, place, jump, keys.offered, index === 0 ? 'directly' : 'tunnelled');
    if (!there.ok) return err(keys.warnings + there.error + CHILD_ENDED);
    place = there.value;
  }
  const there = logInFrom(
    context,
    place,
    request,
    keys.offered,
    request.over.length === 0 ? 'directly' : 'tunnelled',
  );
  return there.ok ? ok({ place: there.value, warnings: keys.warnings }) : err(keys.warnings + there.error);
}

/** What ssh says when its child, the ssh to the machine on the way, has ended (seen with OpenSSH 9.2). */
const CHILD_ENDED =
  'kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n';

interface Keys {
  readonly offered: 'ours' | 'none';
  readonly warnings: string;
}

/** The workstation has the learner's key; another machine has what was copied to it. */
async function offeredKeys(context: CommandContext, named: readonly string[]): Promise<Keys> {
  const home = context.env.get('HOME') ?? '/root';
  const paths = named.length > 0 ? named : USUAL_KEYS.map((name) => `${home}/.ssh/${name}`);
  const isUsual = (path: string): boolean =>
    USUAL_KEYS.some((name) => [`${home}/.ssh/${name}`, `~/.ssh/${name}`].includes(path));
  const atHome = context.place.kind === 'workstation';
  let offered: Keys['offered'] = 'none';
  let warnings = '';
  for (const path of paths) {
    const text = await context.readFile(path.replace(/^~\//, `${home}/`));
    if (text?.startsWith(OUR_KEY) === true || (atHome && (isUsual(path) || text !== null))) offered = 'ours';
    else if (text !== null) warnings += `Load key "${path}": error in libcrypto\n`;
    else if (named.length > 0)
      warnings += `Warning: Identity file ${path} not accessible: No such file or directory.\n`;
  }
  return { offered, warnings };
}

function logInFrom(
  context: CommandContext,
  from: Place,
  to: SshDestination,
  offered: Keys['offered'],
  how: 'directly' | 'tunnelled',
): Result<Place, string> {
  const cannotConnect = (why: string): Result<never, string> =>
    how === 'tunnelled'
      ? err(`channel 0: open failed: connect failed: ${why}\nstdio forwarding failed\n${CHILD_ENDED}`)
      : err(`ssh: connect to host ${to.host} port ${SSH_PORT}: ${why}\n`);
  if (from.kind === 'workstation') {
    const host = findOnPremisesHost(context.cloud, to.host);
    if (host !== null) {
      if (!host.ports.includes(SSH_PORT)) return cannotConnect('Connection refused');
      const there: Place = { kind: 'on-premises', name: host.name };
      return admitted(
        there,
        to,
        to.user ?? ROOT,
        ROOT,
        `On ${host.name} your key is root's: ssh ${host.name}`,
      );
    }
  }
  const view = viewFrom(context.cloud, from, context.nextConnection);
  if (!view.ok) return err(`ssh: ${view.error}\n`);
  const named = findInternetHost(context.cloud, to.host);
  const found = named === null ? lookUp(view.value, to.host) : lookUp(view.value, named.address);
  if (!found.ok)
    return how === 'tunnelled'
      ? cannotConnect('Name or service not known')
      : err(`ssh: Could not resolve hostname ${to.host}: Name or service not known\n`);
  const made = attempt(view.value, found.value.addresses[0] ?? '', 'tcp', SSH_PORT);
  switch (made.kind) {
    case 'unknown':
      return err(`ssh: the simulation cannot tell: ${made.reason}\n`);
    case 'refused':
      return cannotConnect('Connection refused');
    case 'timeout':
      return made.after === 'handshake'
        ? err(
            `Connection timed out during banner exchange\nConnection to ${to.host} port ${SSH_PORT} timed out\n`,
          )
        : cannotConnect('Connection timed out');
    case 'network-unreachable':
      return cannotConnect('Network is unreachable');
    case 'host-unreachable':
      return cannotConnect('No route to host');
    case 'intercepted':
      return err(
        `kex_exchange_identification: read: Connection reset by peer\nConnection reset by ${to.host} port ${SSH_PORT}\n`,
      );
    case 'connected':
      break;
  }
  const { directory } = view.value;
  const machine = directory.machines.find((each) => each.label === made.server.label);
  const me = context.env.get('USER') ?? 'learner';
  if (machine !== undefined) {
    const { adminUsername } = machine.vm.osProfile;
    const user = to.user ?? me;
    if (offered === 'none')
      return err(`${user}@${to.host}: Permission denied (publickey).\n${noKey(context)}`);
    const there: Place = { kind: 'vm', id: machine.vm.id, user };
    const hint = `The key that az vm create made is ${adminUsername}'s: ssh ${adminUsername}@${to.host}`;
    return admitted(there, to, user, adminUsername, hint);
  }
  const server = directory.outside.find((each) => each.label === made.server.label);
  if (server === undefined)
    return err(`ssh: a shell on ${made.server.label} is not simulated in this workbook\n`);
  const { kind, name } = server.outside;
  if (offered === 'none')
    return err(`${to.user ?? ROOT}@${to.host}: Permission denied (publickey).\n${noKey(context)}`);
  return admitted(
    { kind, name },
    to,
    to.user ?? ROOT,
    ROOT,
    `On ${name} your key is root's: ssh root@${to.host}`,
  );
}

function admitted(
  place: Place,
  { host }: SshDestination,
  user: string,
  owner: string,
  hint: string,
): Result<Place, string> {
  return user === owner ? ok(place) : err(`${user}@${host}: Permission denied (publickey).\n(${hint})\n`);
}

function noKey(context: CommandContext): string {
  return context.place.kind === 'workstation'
    ? ''
    : '(Your private key is on the workstation: ssh -J reaches this machine over the other one, or copy the key with scp)\n';
}
