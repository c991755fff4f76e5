/** `scp SOURCE... TARGET` between a machine and one that ssh reaches: files, one side over ssh, the other here. */
import type { CommandContext, CommandResult, Place, SimulatedCommand } from './command.ts';
import { destinationOf, readSshArguments, type SshRequest } from './ssh-arguments.ts';
import { sshLogin } from './ssh-login.ts';

const USAGE =
  'usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]\n           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]\n           [-P port] [-S program] [-X sftp_option] source ... target\n';
const SWITCHES = /^-[46BCpqTv]+$/;

export const scp: SimulatedCommand = {
  name: 'scp',
  places: ['workstation', 'vm'],
  run: async (context) => {
    const read = readArguments(context.args);
    if ('exitCode' in read) return read;
    const target = read.files.at(-1);
    const sources = read.files.slice(0, -1);
    const [first] = sources;
    if (target === undefined || first === undefined) return failed(USAGE);
    const remotes = new Set(
      [...sources, target].flatMap((each) => (each.kind === 'remote' ? [each.at] : [])),
    );
    const [at] = remotes;
    const isUpload = target.kind === 'remote';
    if (at === undefined || remotes.size > 1 || sources.some(({ kind }) => (kind === 'remote') === isUpload))
      return notSimulated(
        at === undefined ? 'copying between local files (use cp)' : 'copying between two machines',
      );
    const request = readSshArguments([...read.options, at]);
    if ('complaint' in request) return failed(request.complaint, 255);
    if (isUpload) return upload(context, request, sources, target.path);
    return download(context, request, sources, target.path);
  },
};

type File =
  | { readonly kind: 'local'; readonly path: string }
  /** `at`: `user@host`. */
  | { readonly kind: 'remote'; readonly at: string; readonly path: string };

interface Arguments {
  /** In ssh's own words. */
  readonly options: readonly string[];
  readonly files: readonly File[];
}

function readArguments(args: readonly string[]): Arguments | CommandResult {
  const options: string[] = [];
  let at = 0;
  for (; args[at]?.startsWith('-') === true; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (SWITCHES.test(arg)) continue;
    const [, letter, joined = ''] = /^-([iJoPF])(.*)$/s.exec(arg) ?? [];
    if (letter === undefined)
      return notSimulated(arg === '-r' ? 'copying folders (-r)' : `the option ${arg}`);
    const value = joined === '' ? args[++at] : joined;
    if (value === undefined) return failed(`scp: option requires an argument -- ${letter}\n${USAGE}`);
    options.push(letter === 'P' ? '-p' : `-${letter}`, value);
  }
  const files = args.slice(at).map(fileOf);
  const odd = files.find(({ path }) => /[*?[]/.test(path));
  return odd === undefined ? { options, files } : notSimulated(`a pattern such as ${odd.path}`);
}

/** What has a colon before any slash is on another machine. */
function fileOf(text: string): File {
  const [, at, path = ''] = /^([^/:]+):(.*)$/s.exec(text) ?? [];
  if (at === undefined || destinationOf(at).host === '') return { kind: 'local', path: text };
  return { kind: 'remote', at, path: path.replace(/^~(\/|$)/, '') || '.' };
}

async function upload(
  context: CommandContext,
  request: SshRequest,
  sources: readonly File[],
  to: string,
): Promise<CommandResult> {
  const there = await sshLogin(context, request);
  if (!there.ok) return failed(`${there.error}scp: Connection closed\n`, 255);
  const { place, warnings } = there.value;
  for (const { path } of sources) {
    const text = await context.readFile(homely(context, path));
    if (text === null) {
      const why = (await isFolder(context, context.place, homely(context, path)))
        ? `local "${path}" is not a regular file\nscp: failed to upload file ${path} to ${to}`
        : `stat local "${path}": No such file or directory`;
      return failed(`${warnings}scp: ${why}\n`);
    }
    const name = path.split('/').at(-1) ?? path;
    const script = 'if [ -d "$1" ]; then cat > "$1/$2"; else cat > "$1"; fi';
    const done = await context.runIn(
      place,
      ['sh', '-c', script, 'sh', to.replace(/(.)\/$/, '$1'), name],
      text,
    );
    if (done.exitCode !== 0)
      return failed(
        `${warnings}scp: dest open "${to}": No such file or directory\nscp: failed to upload file ${path} to ${to}\n`,
      );
  }
  return { stdout: '', stderr: warnings, exitCode: 0 };
}

async function download(
  context: CommandContext,
  request: SshRequest,
  sources: readonly File[],
  to: string,
): Promise<CommandResult> {
  const there = await sshLogin(context, request);
  if (!there.ok) return failed(`${there.error}scp: Connection closed\n`, 255);
  const { place, warnings } = there.value;
  for (const { path } of sources) {
    if (await isFolder(context, place, path)) return notSimulated('copying folders');
    const done = await context.runIn(place, ['cat', path], '');
    if (done.exitCode !== 0) return failed(`${warnings}scp: ${path}: No such file or directory\n`);
    const name = path.split('/').at(-1) ?? path;
    const goesInto = await isFolder(context, context.place, homely(context, to));
    const target = goesInto ? `${to.replace(/\/$/, '')}/${name}` : to;
    await context.writeFile(homely(context, target), done.stdout);
  }
  return { stdout: '', stderr: warnings, exitCode: 0 };
}

async function isFolder(context: CommandContext, place: Place, path: string): Promise<boolean> {
  if (path === '.') return true;
  const absolute = place === context.place && !path.startsWith('/') ? `${context.cwd}/${path}` : path;
  return (await context.runIn(place, ['test', '-d', absolute], '')).exitCode === 0;
}

function homely(context: CommandContext, path: string): string {
  return path.replace(/^~\//, `${context.env.get('HOME') ?? '/root'}/`);
}

function notSimulated(what: string): CommandResult {
  return failed(`scp: ${what} is not simulated in this workbook\n`);
}

function failed(stderr: string, exitCode = 1): CommandResult {
  return { stdout: '', stderr, exitCode };
}
