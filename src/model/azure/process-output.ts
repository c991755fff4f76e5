/** What the processes of a machine have written, and where. */
import type { MachineProcess, WrittenOutput } from './machine-software.ts';
import type { VirtualMachine } from './resources.ts';
import { logText } from '../proxy/mitmproxy-log.ts';

/** One line with its time, for the journal. */
export interface OutputLine {
  readonly at: number;
  readonly text: string;
}

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

export function outputText(vm: VirtualMachine, process: MachineProcess): string {
  return outputLines(vm, process)
    .map(({ text }) => `${text}\n`)
    .join('');
}

function linesOf(text: string, at: number): readonly OutputLine[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((each) => ({ at, text: each }));
}

/** Returns what went to files, oldest first, by the process that wrote it. */
export function writtenFiles(
  vm: VirtualMachine,
): readonly { readonly pid: number; readonly path: string; readonly text: string }[] {
  const { processes = [], written = [] } = vm.simulation.software ?? {};
  const running = processes.map((process): WrittenOutput => ({
    pid: process.pid,
    sink: process.sink,
    text: outputText(vm, process),
    at: process.startedAt,
  }));
  return [...written, ...running].flatMap(({ pid, sink, text }) =>
    sink.kind === 'file' ? [{ pid, path: sink.path, text }] : [],
  );
}
