/** What runs on a VM beyond its image, as far as the simulation follows it: packages, programs, units, files. */
import type { Cloud } from '../cloud.ts';
import { outputLines } from './process-output.ts';
import { getResource, putResource } from './resource-store.ts';
import type { Listener, VirtualMachine } from './resources.ts';

export interface MachineSoftware {
  /** Packages and programs that were installed, with their versions, such as `mitmproxy` and `8.1.1`. */
  readonly packages: Readonly<Record<string, string>>;
  /** Files that simulated programs wrote or read as their settings, by absolute path: what a new shell finds. */
  readonly files: Readonly<Record<string, string>>;
  /** Of systemd, by name without `.service`, as they were when it last read them. */
  readonly units: Readonly<Record<string, MachineUnit>>;
  readonly processes: readonly MachineProcess[];
  /** What processes that have ended wrote. */
  readonly written: readonly WrittenOutput[];
  readonly messages: readonly ManagerMessage[];
  readonly nextPid: number;
}

export interface MachineUnit {
  /** The unit file; of a transient one (`systemd-run`), what systemd makes up for it. */
  readonly text: string;
  readonly enabled: 'enabled' | 'disabled' | 'transient';
  readonly state: 'active' | 'inactive' | 'failed';
  /** Seconds since the epoch; of the last change of state. */
  readonly since: number;
  /** Its last exit status; null before it ended. */
  readonly exitCode: number | null;
  /** What it starts, of a unit that is enabled: what a boot does. */
  readonly boot?: UnitStart & { readonly message: string };
}

/** What a start of a unit comes to. */
export interface UnitStart {
  readonly process: Omit<MachineProcess, 'pid' | 'ports'>;
  readonly listeners: readonly Listener[];
  /** That it makes, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

/** What systemd itself says of a unit. */
export interface ManagerMessage {
  readonly at: number;
  readonly unit: string;
  readonly text: string;
}

/** Where output goes that nobody reads at once. */
export type OutputSink =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'journal'; readonly unit: string }
  | { readonly kind: 'none' };

export interface MachineProcess {
  readonly pid: number;
  readonly user: string;
  readonly argv: readonly string[];
  readonly startedAt: number;
  /** The unit that it belongs to; null for one from a shell. */
  readonly unit: string | null;
  /** That it listens on. */
  readonly ports: readonly number[];
  readonly sink: OutputSink;
  /** What it wrote when it started. */
  readonly startText: string;
  /** Of a forward proxy: the first of its port's events (`proxyLogs`) that is its own, and how it words them. */
  readonly proxyLog?: {
    readonly port: number;
    readonly firstEvent: number;
    readonly version: string;
    readonly flowDetail: number;
    /** `termlog_verbosity`. */
    readonly verbosity: string;
    /** Which requests it shows, as a filter expression; absent: all. */
    readonly filter?: string;
  };
}

/** One line, with when it was written, in seconds since the epoch. */
export interface OutputLine {
  readonly at: number;
  readonly text: string;
}

export interface WrittenOutput {
  readonly pid: number;
  /** As it was called, without its path. */
  readonly program: string;
  readonly sink: OutputSink;
  readonly lines: readonly OutputLine[];
}

const TYPE = 'Microsoft.Compute/virtualMachines';
/** Of the first program that is started by hand. */
const FIRST_PID = 1742;

export const NO_SOFTWARE: MachineSoftware = {
  packages: {},
  files: {},
  units: {},
  processes: [],
  written: [],
  messages: [],
  nextPid: FIRST_PID,
};

/** Returns what runs on a VM; nothing for one that does not exist. */
export function softwareOf(cloud: Cloud, vmId: string): MachineSoftware {
  return getResource(cloud, vmId, TYPE)?.simulation.software ?? NO_SOFTWARE;
}

/** Returns the cloud in which the VM's software is changed; the same cloud if there is no such VM. */
export function changeSoftware(
  cloud: Cloud,
  vmId: string,
  change: (software: MachineSoftware, vm: VirtualMachine) => Partial<MachineSoftware>,
): Cloud {
  const vm = getResource(cloud, vmId, TYPE);
  if (vm === null) return cloud;
  const before = vm.simulation.software ?? NO_SOFTWARE;
  const software = { ...before, ...change(before, vm) };
  return putResource(cloud, { ...vm, simulation: { ...vm.simulation, software } });
}

/** Returns the cloud in which these files are on the VM's disk. */
export function keepFiles(cloud: Cloud, vmId: string, files: Readonly<Record<string, string>>): Cloud {
  return changeSoftware(cloud, vmId, (software) => ({ files: { ...software.files, ...files } }));
}

/** Returns the cloud in which a program runs on the VM and listens. */
export function startProcess(
  cloud: Cloud,
  vmId: string,
  process: Omit<MachineProcess, 'pid' | 'ports'>,
  listeners: readonly Listener[],
): { readonly cloud: Cloud; readonly pid: number } {
  const { nextPid: pid } = softwareOf(cloud, vmId);
  const started = changeSoftware(cloud, vmId, (software) => ({
    processes: [...software.processes, { ...process, pid, ports: listeners.map(({ port }) => port) }],
    nextPid: pid + 7,
  }));
  const vm = getResource(started, vmId, TYPE);
  if (vm === null) return { cloud, pid };
  return {
    pid,
    cloud: putResource(started, {
      ...vm,
      simulation: { ...vm.simulation, listeners: [...vm.simulation.listeners, ...listeners] },
    }),
  };
}

/** Returns the cloud in which a process of the VM has ended and its ports are free; what it wrote stays. */
export function endProcess(cloud: Cloud, vmId: string, process: MachineProcess): Cloud {
  const before = getResource(cloud, vmId, TYPE);
  if (before === null) return cloud;
  const lines = outputLines(before, process);
  const ended = changeSoftware(cloud, vmId, (software) => ({
    processes: software.processes.filter((each) => each.pid !== process.pid),
    written: [
      ...software.written,
      ...(lines.length === 0 || process.sink.kind === 'none'
        ? []
        : [{ pid: process.pid, program: process.argv[0] ?? '', sink: process.sink, lines }]),
    ],
  }));
  const vm = getResource(ended, vmId, TYPE);
  if (vm === null) return cloud;
  const listeners = vm.simulation.listeners.filter(
    (each) => each.protocol !== 'tcp' || !process.ports.includes(each.port),
  );
  return putResource(ended, { ...vm, simulation: { ...vm.simulation, listeners } });
}

/** Returns the cloud in which a process writes somewhere else, as a shell's redirection tells it. */
export function redirectProcess(
  cloud: Cloud,
  vmId: string,
  pid: number,
  path: string,
  how: 'truncated' | 'appended',
): Cloud {
  const sink: OutputSink = { kind: 'file', path };
  const redirected = changeSoftware(cloud, vmId, (software) => ({
    processes: software.processes.map((each) => (each.pid === pid ? { ...each, sink } : each)),
    written:
      how === 'appended'
        ? software.written
        : software.written.filter((each) => each.sink.kind !== 'file' || each.sink.path !== path),
  }));
  const vm = getResource(redirected, vmId, TYPE);
  const process = vm?.simulation.software?.processes.find((each) => each.pid === pid);
  if (vm === null || process === undefined) return cloud;
  const listeners = vm.simulation.listeners.map((each) =>
    each.proxy !== undefined && process.ports.includes(each.port)
      ? { ...each, proxy: { ...each.proxy, log: sink } }
      : each,
  );
  return putResource(redirected, { ...vm, simulation: { ...vm.simulation, listeners } });
}

/**
 * Returns the cloud in which nothing that was started on the VM runs any more, as after a shutdown; transient units
 * are gone.
 */
export function endAllProcesses(cloud: Cloud, vmId: string): Cloud {
  let next = cloud;
  for (const process of softwareOf(cloud, vmId).processes) next = endProcess(next, vmId, process);
  if (getResource(cloud, vmId, TYPE)?.simulation.software === undefined) return next;
  return changeSoftware(next, vmId, ({ units }) => ({
    units: Object.fromEntries(
      Object.entries(units)
        .filter(([, unit]) => unit.enabled !== 'transient')
        .map(([name, unit]) => [name, { ...unit, state: 'inactive', since: cloud.now }]),
    ),
  }));
}

/** Returns the cloud in which the VM's enabled units have started, as a boot starts them. */
export function bootUnits(cloud: Cloud, vmId: string): Cloud {
  let next = cloud;
  for (const [name, { boot }] of Object.entries(softwareOf(cloud, vmId).units)) {
    if (boot !== undefined) next = startUnit(next, vmId, name, boot, boot.message).cloud;
  }
  return next;
}

/** Returns the cloud in which a unit runs; `message` is what systemd says of it. */
export function startUnit(
  cloud: Cloud,
  vmId: string,
  name: string,
  { process, listeners, files }: UnitStart,
  message: string,
): { readonly cloud: Cloud; readonly pid: number } {
  const vm = getResource(cloud, vmId, TYPE);
  const port = process.proxyLog?.port;
  const seen = vm?.simulation.proxyLogs?.find((each) => each.port === port)?.events.length ?? 0;
  const own = softwareOf(cloud, vmId).files;
  const missing = Object.entries(files).filter(([path]) => own[path] === undefined);
  const started = startProcess(
    keepFiles(cloud, vmId, Object.fromEntries(missing)),
    vmId,
    {
      ...process,
      startedAt: cloud.now,
      ...(process.proxyLog === undefined ? {} : { proxyLog: { ...process.proxyLog, firstEvent: seen } }),
    },
    listeners,
  );
  return {
    pid: started.pid,
    cloud: changeSoftware(started.cloud, vmId, ({ units, messages }) => {
      const unit = units[name];
      if (unit === undefined) return {};
      return {
        units: { ...units, [name]: { ...unit, state: 'active', since: cloud.now, exitCode: null } },
        messages: [...messages, { at: cloud.now, unit: name, text: message }],
      };
    }),
  };
}
