/** What systemd runs for a unit: the program of `ExecStart=`, with the user, folder and output that the unit says. */
import type { OutputSink, UnitStart } from '../../model/azure/machine-software.ts';
import { softwareOf } from '../../model/azure/machine-software.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { CommandContext } from '../command.ts';
import { MITMPROXY_PACKAGE } from './mitmproxy-package.ts';
import { prepareMitmproxy } from './mitmproxy.ts';
import { settings, type SystemdUnit } from './systemd-unit.ts';

export type UnitOutcome =
  | { readonly kind: 'runs'; readonly start: UnitStart; readonly remarks: string }
  /** What it says in the journal, as the program and as systemd, and its exit status. */
  | {
      readonly kind: 'fails';
      readonly lines: readonly string[];
      readonly exitCode: number;
      readonly status: string;
      readonly messages: readonly string[];
    }
  /** systemd does not take the unit at all. */
  | { readonly kind: 'bad-setting'; readonly message: string }
  | { readonly kind: 'not-simulated'; readonly what: string };

const PROGRAMS = ['mitmdump', 'mitmweb', 'mitmproxy'] as const;

/** Reads a unit and prepares what it starts; `later`: at boot, when the ports are free. */
export async function unitStart(
  context: CommandContext,
  unit: SystemdUnit,
  when: 'now' | 'later',
): Promise<UnitOutcome> {
  const { place, cloud } = context;
  if (place.kind !== 'vm') throw new Error('units are started on VMs only');
  const name = unit.name.replace(/\.service$/, '');
  const value = (key: string): string | undefined => settings(unit, 'Service', key).at(-1);
  const execStart = settings(unit, 'Service', 'ExecStart').filter((each) => each !== '');
  const [line] = execStart;
  if (line === undefined) {
    return {
      kind: 'bad-setting',
      message: `${unit.name}: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.`,
    };
  }
  const argv = unwrapped(splitWords(line.replace(/^[-@:+!]+/, '')));
  const [path = '', ...args] = argv;
  const program = PROGRAMS.find((each) => each === path.split('/').at(-1));
  if (program === undefined)
    return { kind: 'not-simulated', what: `${path} as a service (mitmdump and mitmweb are)` };
  const installed = softwareOf(cloud, place.id).packages[MITMPROXY_PACKAGE];
  const folder = installed?.endsWith('standalone') === true ? '/usr/local/bin' : '/usr/bin';
  if (installed === undefined || (path.startsWith('/') && path !== `${folder}/${program}`)) {
    return failing(unit, 203, 'EXEC', [
      `${unit.name}: Failed to locate executable ${path}: No such file or directory`,
      `${unit.name}: Failed at step EXEC spawning ${path}: No such file or directory`,
    ]);
  }
  const user = value('User') ?? 'root';
  const admin = getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines')?.osProfile.adminUsername;
  if (!['root', 'nobody', 'www-data', admin].includes(user) && !(await isUser(context, user))) {
    return failing(unit, 217, 'USER', [
      `${unit.name}: Failed to determine user credentials: No such process`,
      `${unit.name}: Failed at step USER spawning ${path}: No such process`,
    ]);
  }
  const home = await homeOf(context, user);
  const starter = { user, home, unit: name, sink: sinkOf(name, value('StandardOutput')) };
  const cwd = (value('WorkingDirectory') ?? '/').replace(/^-/, '').replace(/^~$/, home);
  const prepared = await prepareMitmproxy(
    { ...context, args, cwd, terminal: 'none' },
    program,
    starter,
    when,
  );
  if (prepared.kind === 'ready') return { kind: 'runs', start: prepared.start, remarks: prepared.remarks };
  const { stdout, stderr, exitCode } = prepared.result;
  if (/is not simulated in this workbook/.test(stderr))
    return { kind: 'not-simulated', what: stderr.replace(/ is not simulated in this workbook[\s\S]*$/, '') };
  const lines = (stdout + stderr).split('\n').filter((each) => each !== '');
  return { ...failing(unit, exitCode, 'FAILURE', []), lines };
}

function failing(
  unit: SystemdUnit,
  exitCode: number,
  status: string,
  before: readonly string[],
): Extract<UnitOutcome, { kind: 'fails' }> {
  const ended =
    exitCode === 0
      ? [`${unit.name}: Deactivated successfully.`]
      : [
          `${unit.name}: Main process exited, code=exited, status=${exitCode}/${status}`,
          `${unit.name}: Failed with result 'exit-code'.`,
        ];
  return { kind: 'fails', lines: [], exitCode, status, messages: [...before, ...ended] };
}

function sinkOf(unit: string, output: string | undefined): OutputSink {
  const file = /^(?:append|file|truncate):(\/.*)$/.exec(output ?? '')?.[1];
  if (file !== undefined) return { kind: 'file', path: file };
  return output === 'null' ? { kind: 'none' } : { kind: 'journal', unit };
}

async function isUser(context: CommandContext, user: string): Promise<boolean> {
  return ((await context.readFile('/etc/passwd')) ?? '')
    .split('\n')
    .some((each) => each.startsWith(`${user}:`));
}

async function homeOf(context: CommandContext, user: string): Promise<string> {
  const lines = ((await context.readFile('/etc/passwd')) ?? '').split('\n');
  const own = lines.find((each) => each.startsWith(`${user}:`))?.split(':')[5];
  return own ?? (user === 'root' ? '/root' : user === 'nobody' ? '/nonexistent' : `/home/${user}`);
}

/**
 * `systemd.service(5)`, "Command lines": words in quotes of either kind, and escapes of C in and outside of them. A
 * backslash before anything else stays, with a warning (`EXTRACT_CUNESCAPE_RELAX` of systemd's extract-word.c), so
 * regular expressions come through.
 */
export function splitWords(line: string): readonly string[] {
  return wordsOf(line).map((word) =>
    word.replaceAll(QUOTED_OR_ESCAPED, (text, double?: string, single?: string) =>
      (double ?? single ?? text).replaceAll(
        /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|([abfnrtvs\\"']))/g,
        (kept: string, hex?: string, octal?: string, code: string = '') =>
          hex !== undefined || octal !== undefined
            ? String.fromCharCode(parseInt(hex ?? octal ?? '', hex === undefined ? 8 : 16))
            : (ESCAPES[code] ?? kept),
      ),
    ),
  );
}

const QUOTED_OR_ESCAPED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\\(?:x[0-9a-fA-F]{2}|[0-7]{3}|.)/g;
const ESCAPES: Readonly<Record<string, string | undefined>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'\\]|\\.)+/g)].map(([word]) => word);
}

/** The words of a simple command line of a shell. */
function shellWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'\\]|\\.)+/g)].map(([word]) =>
    word.replaceAll(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
      (_whole, double?: string, single?: string, escaped?: string) =>
        double?.replaceAll(/\\([$`"\\])/g, '$1') ?? single ?? escaped ?? '',
    ),
  );
}

/** `/usr/bin/env X` and `/bin/sh -c 'exec X'` run X. */
function unwrapped(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  if (first.endsWith('/env')) return rest.filter((each, at) => at > 0 || !each.includes('='));
  const isShell = /\/(?:ba|da)?sh$/.test(first) && /^-l?c$/.test(rest[0] ?? '');
  const script = rest[1] ?? '';
  return isShell && !/[;|&<>`$]/.test(script) ? shellWords(script.replace(/^exec +/, '')) : argv;
}
