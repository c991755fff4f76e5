/** What the processes of a machine have written, and where. */
import type { MachineProcess, OutputLine, WrittenOutput } from './machine-software.ts';
import type { VirtualMachine } from './resources.ts';
import { logText } from '../proxy/mitmproxy-log.ts';

/** Returns all that a process has written since it started. */
export function outputLines(vm: VirtualMachine, process: MachineProcess): readonly OutputLine[] {
  const start = linesOf(process.startText, process.startedAt);
  const { proxyLog } = process;
  if (proxyLog === undefined) return start;
  const events = vm.simulation.proxyLogs?.find(({ port }) => port === proxyLog.port)?.events ?? [];
  return [
    ...start,
    ...events.slice(proxyLog.firstEvent).flatMap((event) => linesOf(logText(event, proxyLog), event.at)),
  ];
}

function linesOf(text: string, at: number): readonly OutputLine[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((each) => ({ at, text: each }));
}

/** Returns all output of a machine's processes, of those that have ended first. */
export function allOutput(vm: VirtualMachine): readonly WrittenOutput[] {
  const { processes = [], written = [] } = vm.simulation.software ?? {};
  const running = processes.map((process): WrittenOutput => ({
    pid: process.pid,
    program: process.argv[0] ?? '',
    sink: process.sink,
    lines: outputLines(vm, process),
  }));
  return [...written, ...running];
}

/** Returns what went to files, oldest first, by the process that wrote it. */
export function writtenFiles(
  vm: VirtualMachine,
): readonly { readonly pid: number; readonly path: string; readonly text: string }[] {
  return allOutput(vm).flatMap(({ pid, sink, lines }) =>
    sink.kind === 'file'
      ? [{ pid, path: sink.path, text: lines.map(({ text }) => `${text}\n`).join('') }]
      : [],
  );
}
