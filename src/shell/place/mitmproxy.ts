/** mitmdump, mitmweb and mitmproxy on a VM: they start a forward proxy, which goes on when the command returns. */
import { keepFiles, softwareOf, startProcess, type UnitStart } from '../../model/azure/machine-software.ts';
import {
  readMitmproxyCall,
  type MitmproxyCall,
  type MitmproxyProgram,
} from '../../model/proxy/mitmproxy-arguments.ts';
import { findOption } from '../../model/proxy/mitmproxy-options.ts';
import { settingsOf } from '../../model/proxy/mitmproxy-settings.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { BACKGROUND } from '../background-processes.ts';
import { MITMPROXY_PACKAGE } from './mitmproxy-package.ts';
import { helpText, optionsText, versionText } from './mitmproxy-help.ts';
import { releaseOf, type MachineRelease } from './machine-release.ts';
import { expanded, listen, type Starter } from './mitmproxy-launch.ts';
import { failed, printed } from './program.ts';
import { parseYaml } from '../yaml-text.ts';

/** What a start comes to, or what the program says and gives up. */
export type Prepared =
  | { readonly kind: 'ready'; readonly start: UnitStart; readonly remarks: string }
  | { readonly kind: 'gives-up'; readonly result: CommandResult };

export function mitmproxyCommand(program: MitmproxyProgram): SimulatedCommand {
  return {
    name: program,
    places: ['vm'],
    run: (context) => {
      const home = context.env.get('HOME') ?? '/root';
      const user = context.env.get('USER') ?? 'root';
      return startMitmproxy(context, program, { user, home, unit: null, sink: { kind: 'none' } });
    },
  };
}

async function startMitmproxy(
  context: CommandContext,
  program: MitmproxyProgram,
  starter: Starter,
): Promise<CommandResult> {
  const prepared = await prepareMitmproxy(context, program, starter, 'now');
  if (prepared.kind === 'gives-up') return prepared.result;
  const { place, cloud } = context;
  if (place.kind !== 'vm') throw new Error('it is prepared on a VM only');
  const { process, listeners, files } = prepared.start;
  for (const [path, text] of Object.entries(files)) await context.writeFile(path, text);
  const started = startProcess(keepFiles(cloud, place.id, files), place.id, process, listeners);
  const isBehind = context.env.has(BACKGROUND);
  const goesOn = isBehind
    ? ''
    : `(${program} goes on in the background here; the real one holds the shell until Ctrl-C, so scripts put & behind it)\n`;
  return {
    ...printed(process.startText),
    stderr: prepared.remarks + goesOn,
    cloud: started.cloud,
    elapsedSeconds: 1,
    started: { pid: started.pid, text: process.startText },
  };
}

/** Returns what a start of the program comes to; `later`: as if nothing else listened yet, for a unit at boot. */
export async function prepareMitmproxy(
  context: CommandContext,
  program: MitmproxyProgram,
  starter: Starter,
  when: 'now' | 'later',
): Promise<Prepared> {
  const givesUp = (result: CommandResult): Prepared => ({ kind: 'gives-up', result });
  const { place } = context;
  if (place.kind !== 'vm') return givesUp(failed(`bash: ${program}: command not found\n`, 127));
  const installed = softwareOf(context.cloud, place.id).packages[MITMPROXY_PACKAGE];
  if (installed === undefined) return givesUp(failed(`bash: ${program}: command not found\n`, 127));
  const version = installed.replace(/ .*$/, '');
  // A program of PyInstaller knows itself as it was called.
  const self = installed.endsWith('standalone') ? program : `/usr/bin/${program}`;
  const call = readMitmproxyCall(program, context.args, version);
  if (!call.ok) return givesUp(problemResult(call.error, program, self));
  const shown = show(call.value, program, releaseOf(context.cloud, place.id), version, installed);
  if (shown !== null) return givesUp(shown);
  if (program === 'mitmproxy') return givesUp(terminal(context));
  const values = await withConfiguration(context, call.value, starter);
  if (!values.ok) return givesUp(failed(`${self}: ${values.error}\n`));
  const settings = settingsOf(values.value, version);
  if (!settings.ok) return givesUp(problemResult(settings.error, program, self));
  const prepared = await listen(context, {
    program,
    self,
    version,
    call: call.value,
    settings: settings.value,
    starter,
    when,
  });
  return 'exitCode' in prepared ? givesUp(prepared) : { kind: 'ready', ...prepared };
}

function problemResult(
  problem: { readonly kind: 'usage' | 'option' | 'not-simulated'; readonly message: string },
  program: MitmproxyProgram,
  self: string,
): CommandResult {
  switch (problem.kind) {
    case 'usage': {
      const filter = program === 'mitmdump' ? ' [filter]' : '';
      const head = `usage: ${program} [options]${filter}\n${program}: error: ${problem.message}\n`;
      return { stdout: '\n', stderr: head, exitCode: 1 };
    }
    case 'option':
      return failed(`${self}: ${problem.message}\n`);
    case 'not-simulated':
      return failed(`${program}: ${problem.message} is not simulated in this workbook\n`);
  }
}

function show(
  call: MitmproxyCall,
  program: MitmproxyProgram,
  release: MachineRelease,
  version: string,
  installed: string,
): CommandResult | null {
  switch (call.shows) {
    case null:
      return null;
    case 'version':
      return printed(versionText(version, installed, release));
    case 'help':
      // The real program ends with 1 after its help (tools/main.py).
      return { ...printed(`${helpText(program, version)}\n`), exitCode: 1 };
    case 'options':
      return printed(optionsText(version));
    case 'commands':
      return failed(`${program}: the list of its commands is not simulated in this workbook\n`);
  }
}

/** The console interface needs a screen of its own. */
function terminal(context: CommandContext): CommandResult {
  return context.terminal === 'interactive'
    ? failed(
        'mitmproxy: its console, with one line per request to move through and open, is not simulated in this workbook; mitmdump shows the same requests as lines\n',
      )
    : failed(
        "Error: mitmproxy's console interface requires a tty. Please run mitmproxy in an interactive shell environment.\n",
      );
}

type Values = MitmproxyCall['values'];

/** `config.yaml` in the folder says what the command line does not. */
async function withConfiguration(
  context: CommandContext,
  call: MitmproxyCall,
  starter: Starter,
): Promise<{ readonly ok: true; readonly value: Values } | { readonly ok: false; readonly error: string }> {
  const given = new Map(call.values);
  if (call.quiet) {
    given.set('termlog_verbosity', 'error');
    given.set('flow_detail', 0);
  }
  if (call.verbose) {
    given.set('termlog_verbosity', 'debug');
    given.set('flow_detail', 2);
  }
  if (call.filter.length > 0) given.set('dumper_filter', call.filter.join(' '));
  const confdir = typeof given.get('confdir') === 'string' ? String(given.get('confdir')) : '~/.mitmproxy';
  for (const name of ['config.yaml', 'config.yml']) {
    const path = `${expanded(confdir, starter.home)}/${name}`;
    const text = await context.readFile(path);
    if (text === null) continue;
    let read: unknown;
    try {
      read = parseYaml(text);
    } catch {
      return { ok: false, error: `Error reading ${path}: Could not parse options.` };
    }
    if (read === null || read === undefined) continue;
    if (typeof read !== 'object' || Array.isArray(read))
      return { ok: false, error: `Error reading ${path}: Config error - no keys found.` };
    for (const [key, value] of Object.entries(read)) {
      const option = findOption(key);
      if (option === null || given.has(key)) continue;
      if (option.notSimulated !== undefined)
        return {
          ok: false,
          error: `${key} in ${path}: ${option.notSimulated} is not simulated in this workbook`,
        };
      const wanted = {
        boolean: 'boolean',
        integer: 'number',
        'optional-integer': 'number',
        text: 'string',
        'optional-text': 'string',
        list: 'object',
      }[option.type];
      if (value !== null && typeof value !== wanted)
        return { ok: false, error: `Expected <class '${wanted}'> for ${key}, but got ${typeof value}.` };
      given.set(key, Array.isArray(value) ? value.map(String) : (value as string | number | boolean | null));
    }
  }
  return { ok: true, value: given };
}
