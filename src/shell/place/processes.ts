/** The processes of a VM: those that every machine has, and what was started on it. Others are not simulated. */
import { endProcess, softwareOf, type MachineProcess } from '../../model/azure/machine-software.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { signalled } from './machine-systemctl.ts';
import { commandLine } from './machine-units.ts';
import { nodeUnits } from './node-units.ts';
import { failed, notSimulatedHere, printed } from './program.ts';

interface Row {
  readonly pid: number;
  readonly user: string;
  /** As `comm`. */
  readonly name: string;
  readonly command: string;
  readonly process: MachineProcess | null;
}

const SYSTEM: readonly Omit<Row, 'process'>[] = [
  { pid: 1, user: 'root', name: 'systemd', command: '/sbin/init' },
  { pid: 512, user: 'systemd+', name: 'systemd-network', command: '/lib/systemd/systemd-networkd' },
  {
    pid: 800,
    user: 'root',
    name: 'sshd',
    command: 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
  },
];

function rowsOf(context: CommandContext): readonly Row[] | null {
  const { place, cloud } = context;
  if (place.kind !== 'vm') return null;
  const { packages, processes } = softwareOf(cloud, place.id);
  const isStandalone = packages['mitmproxy']?.endsWith('standalone') === true;
  return [
    ...SYSTEM.map((each) => ({ ...each, process: null })),
    ...processes.map((process) => ({
      pid: process.pid,
      user: process.user,
      name: process.argv[0] ?? '',
      command: isStandalone ? process.argv.join(' ') : commandLine(process.argv),
      process,
    })),
  ];
}

/** The services of a node whose processes are known; others run there too. */
function rowsOfNode({ place, cloud }: CommandContext): readonly Row[] | null {
  const node = place.kind === 'node' ? cloud.kubernetes[place.cluster]?.nodes[place.name] : undefined;
  if (place.kind !== 'node' || node === undefined) return null;
  return nodeUnits(cloud, place.cluster, node).flatMap(({ name, commandLine: command, state }) =>
    state.kind === 'running'
      ? [{ pid: state.pid, user: 'root', name: name.replace('.service', ''), command, process: null }]
      : [],
  );
}

/** Returns the cloud in which the processes have ended; systemd starts what it was told to keep. */
async function ended(
  context: CommandContext,
  vmId: string,
  processes: readonly MachineProcess[],
): Promise<{ readonly cloud: Cloud; readonly seconds: number }> {
  const signal = /^-(?:9|KILL|SIGKILL)$/.test(context.args[0] ?? '') ? 'KILL' : 'TERM';
  let { cloud } = context;
  let seconds = 0;
  for (const process of processes) {
    if (process.unit === null) cloud = endProcess(cloud, vmId, process);
    else {
      const after = await signalled({ ...context, cloud }, vmId, process.unit, signal);
      cloud = after.cloud;
      seconds = Math.max(seconds, after.seconds);
    }
  }
  return { cloud, seconds };
}

const SIGNALS = /^-(?:\d+|[A-Z][A-Z0-9]*|s)$/;

/** `kill [-9] PID ...`. */
export function kill(): SimulatedCommand {
  return {
    name: 'kill',
    places: ['pod', 'node', 'vm', 'on-premises', 'internet'],
    run: (context) => {
      const rows = rowsOf(context);
      const { place } = context;
      if (rows === null || place.kind !== 'vm') return notSimulatedHere('kill', 'the list of processes');
      const words = context.args.filter((arg, at) => !(at === 0 && SIGNALS.test(arg)));
      if (words.length === 0) return failed('kill: usage: kill [-s sigspec | -n signum | -sigspec] pid\n', 2);
      if (context.args.includes('-0')) return alive(rows, words);
      return end(context, place.id, words, (word) => {
        if (word.startsWith('%'))
          return 'bash: kill: jobs are not simulated in this workbook (use its id, $!)\n';
        const row = rows.find(({ pid }) => String(pid) === word);
        if (!/^\d+$/.test(word)) return `bash: kill: ${word}: arguments must be process or job IDs\n`;
        if (row === undefined) return `bash: kill: (${word}) - No such process\n`;
        if (row.process === null) return `kill: ending ${row.name} is not simulated in this workbook\n`;
        return mayEnd(context, row) ? [row.process] : `bash: kill: (${word}) - Operation not permitted\n`;
      });
    },
  };
}

function alive(rows: readonly Row[], words: readonly string[]): CommandResult {
  const gone = words
    .filter((word) => word !== '-0')
    .find((word) => !rows.some(({ pid }) => String(pid) === word));
  return gone === undefined ? printed('') : failed(`bash: kill: (${gone}) - No such process\n`);
}

function mayEnd(context: CommandContext, row: Row): boolean {
  const user = context.env.get('USER') ?? 'root';
  return user === 'root' || user === row.user;
}

async function end(
  context: CommandContext,
  vmId: string,
  words: readonly string[],
  found: (word: string) => readonly MachineProcess[] | string,
): Promise<CommandResult> {
  let { cloud } = context;
  let stderr = '';
  let seconds = 0;
  for (const word of words) {
    const processes = found(word);
    if (typeof processes === 'string') stderr += processes;
    else {
      const after = await ended({ ...context, cloud }, vmId, processes);
      cloud = after.cloud;
      seconds = Math.max(seconds, after.seconds);
    }
  }
  return {
    stdout: '',
    stderr,
    exitCode: stderr === '' ? 0 : 1,
    ...(cloud === context.cloud ? {} : { cloud }),
    // What systemd starts again is there when the next line is read.
    elapsedSeconds: 1 + seconds,
  };
}

/** `pkill [-f] PATTERN`, `pgrep [-a] [-f] PATTERN`, `killall NAME`, `pidof NAME`. */
export function byName(program: 'pkill' | 'pgrep' | 'killall' | 'pidof'): SimulatedCommand {
  return {
    name: program,
    places: ['vm', 'node'],
    run: (context) => {
      const isSearch = program === 'pgrep' || program === 'pidof';
      const rows = rowsOf(context) ?? (isSearch ? rowsOfNode(context) : null);
      const { place } = context;
      if (rows === null) return notSimulatedHere(program, 'the list of processes');
      const options = context.args.filter((arg) => arg.startsWith('-') && !SIGNALS.test(arg));
      const [wanted] = context.args.filter((arg) => !arg.startsWith('-'));
      if (wanted === undefined)
        return failed(
          `${program}: no matching criteria specified\nTry \`${program} --help' for more information.\n`,
          2,
        );
      const unknown = options.find(
        (option) => !/^-(?:[afxlq]+|-full|-exact|-list-full|-list-name)$/.test(option),
      );
      if (unknown !== undefined) return notSimulatedHere(program, `the option ${unknown}`);
      const has = (letter: string, long: string) =>
        options.includes(long) || options.some((option) => /^-\w+$/.test(option) && option.includes(letter));
      const isWhole = program === 'killall' || program === 'pidof' || has('x', '--exact');
      const pattern = new RegExp(isWhole ? `^(?:${wanted})$` : wanted);
      const matching = rows.filter((row) => pattern.test(has('f', '--full') ? row.command : row.name));
      if (place.kind !== 'vm' && matching.length === 0)
        return notSimulatedHere(program, 'any process of a node but kubelet and containerd');
      if (isSearch || place.kind !== 'vm') {
        const lines = matching.map(({ pid, command, name }) =>
          has('a', '--list-full')
            ? `${pid} ${command}`
            : has('l', '--list-name')
              ? `${pid} ${name}`
              : String(pid),
        );
        const text = program === 'pidof' ? lines.toReversed().join(' ') : lines.join('\n');
        return { stdout: text === '' ? '' : `${text}\n`, stderr: '', exitCode: lines.length === 0 ? 1 : 0 };
      }
      if (matching.length === 0)
        return program === 'killall' ? failed(`${wanted}: no process found\n`) : failed('');
      return end(
        context,
        place.id,
        matching.map(({ pid }) => String(pid)),
        (word) => {
          const row = matching.find(({ pid }) => String(pid) === word);
          if (row?.process === null || row === undefined)
            return `${program}: ending ${row?.name ?? word} is not simulated in this workbook\n`;
          if (!mayEnd(context, row))
            return program === 'killall'
              ? `${row.name}(${row.pid}): Operation not permitted\n${wanted}: no process found\n`
              : `pkill: killing pid ${row.pid} failed: Operation not permitted\n`;
          return [row.process];
        },
      );
    },
  };
}

/** `ps aux`, `ps -ef`, `ps -C NAME`, `ps -p PID`. */
export function ps(): SimulatedCommand {
  return {
    name: 'ps',
    places: ['pod', 'node', 'vm', 'on-premises', 'internet'],
    run: (context) => {
      const rows = rowsOf(context);
      if (rows === null) return notSimulatedHere('ps', 'the list of processes');
      const words = context.args.join(' ');
      const by = /^-([Cp])\s*(\S+)$/.exec(words);
      if (by !== null) {
        const [, letter, value = ''] = by;
        const chosen = rows.filter(({ pid, name }) =>
          letter === 'C' ? name === value : String(pid) === value,
        );
        const lines = chosen.map(({ pid, name }) => `${String(pid).padStart(7)} ?        00:00:01 ${name}\n`);
        return {
          ...printed(`    PID TTY          TIME CMD\n${lines.join('')}`),
          exitCode: chosen.length === 0 ? 1 : 0,
        };
      }
      if (/^-?aux?(?:ww?)?$/.test(words) || words === 'ax' || words === '-ax') {
        const lines = rows.map(
          ({ pid, user, command }) =>
            `${user.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.5 144380 62584 ?        Ssl  09:00   0:01 ${command}\n`,
        );
        return printed(
          `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n${lines.join('')}`,
        );
      }
      if (/^-(?:ef|e|A|Af|eF)$/.test(words)) {
        const lines = rows.map(
          ({ pid, user, command }) =>
            `${user.padEnd(8)} ${String(pid).padStart(7)}       1  0 09:00 ?        00:00:01 ${command}\n`,
        );
        return printed(`UID          PID    PPID  C STIME TTY          TIME CMD\n${lines.join('')}`);
      }
      return notSimulatedHere(
        'ps',
        words === '' ? 'the processes of the terminal (use ps aux)' : `"ps ${words}"`,
      );
    },
  };
}
