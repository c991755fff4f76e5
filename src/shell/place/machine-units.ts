/** The services of a VM that a learner wrote or started: what systemd has read of them, and their journal. */
import {
  changeSoftware,
  softwareOf,
  type MachineSoftware,
  type MachineUnit,
} from '../../model/azure/machine-software.ts';
import { allOutput } from '../../model/azure/process-output.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { releaseOf } from './machine-release.ts';
import { settings, type JournalEntry, type ServiceManager, type SystemdUnit } from './systemd-unit.ts';

/** Where an administrator puts unit files. */
export const UNIT_FOLDER = '/etc/systemd/system';
const TRANSIENT_FOLDER = '/run/systemd/transient';

const SYSTEMD: Readonly<Record<string, number>> = { '20.04': 245, '22.04': 249, '24.04': 255, '12': 252 };
/** systemd is the first process. */
const MANAGER_PID = 1;

/** Returns what systemctl and journalctl of a VM know. */
export function machineServices(cloud: Cloud, vmId: string): ServiceManager {
  const vm = getResource(cloud, vmId, 'Microsoft.Compute/virtualMachines');
  const software = softwareOf(cloud, vmId);
  return {
    systemd: SYSTEMD[releaseOf(cloud, vmId).version] ?? 249,
    hostname: vm?.osProfile.computerName ?? '',
    units: Object.entries(software.units).map(([name, unit]) => systemdUnit(name, unit, software)),
    environment: [
      ['LANG', 'C.UTF-8'],
      ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin'],
    ],
    journal: journalOf(cloud, vmId),
  };
}

/** Returns a unit as systemd tells of it. */
export function systemdUnit(name: string, unit: MachineUnit, software: MachineSoftware): SystemdUnit {
  const folder = unit.enabled === 'transient' ? TRANSIENT_FOLDER : UNIT_FOLDER;
  const path = `${folder}/${name}.service`;
  const bare: SystemdUnit = {
    name: `${name}.service`,
    description: `${name}.service`,
    file: { path, text: unit.text },
    dropIns: [],
    enabled: unit.enabled,
    state: { kind: 'stopped', since: null },
    commandLine: '',
  };
  const process = software.processes.find((each) => each.unit === name);
  const documentation = settings(bare, 'Unit', 'Documentation').at(-1);
  return {
    ...bare,
    description: settings(bare, 'Unit', 'Description').at(-1) ?? bare.description,
    ...(documentation === undefined ? {} : { documentation }),
    enabled: unit.enabled === 'disabled' && !hasInstall(bare) ? 'static' : unit.enabled,
    state:
      process !== undefined
        ? { kind: 'running', pid: process.pid, since: unit.since }
        : unit.state === 'failed'
          ? { kind: 'failed', since: unit.since, exitCode: unit.exitCode ?? 1 }
          : { kind: 'stopped', since: unit.since === 0 ? null : unit.since },
    commandLine: process === undefined ? '' : commandLine(process.argv),
    ...(process?.argv[0] === undefined ? {} : { mainProgram: process.argv[0] }),
  };
}

/** Returns a unit as systemd's messages call it: since 250 with its name in front. */
export function unitTitle(cloud: Cloud, vmId: string, { name, description }: SystemdUnit): string {
  const { systemd } = machineServices(cloud, vmId);
  return systemd < 250 || description === name ? description : `${name} - ${description}`;
}

/** As the kernel shows it: the package's programs are Python scripts. */
export function commandLine(argv: readonly string[]): string {
  const [program = '', ...rest] = argv;
  return ['/usr/bin/python3', `/usr/bin/${program}`, ...rest].join(' ');
}

/** Reports whether a unit says what wants it: without, nothing can be enabled. */
export function hasInstall(unit: SystemdUnit): boolean {
  return ['WantedBy', 'RequiredBy', 'Alias', 'Also'].some(
    (name) => settings(unit, 'Install', name).length > 0,
  );
}

/** What ends comes after what the program wrote, where both happen in one second. */
const ENDINGS = /^(Stopping|Stopped)|: (Deactivated|Succeeded|Main process exited|Failed with|Consumed)/;

function journalOf(cloud: Cloud, vmId: string): readonly JournalEntry[] {
  const vm = getResource(cloud, vmId, 'Microsoft.Compute/virtualMachines');
  if (vm === null) return [];
  const said = softwareOf(cloud, vmId).messages.map(({ at, unit, text }) => ({
    rank: ENDINGS.test(text) ? 2 : 0,
    entry: { at, unit: `${unit}.service`, identifier: 'systemd', pid: MANAGER_PID, message: text },
  }));
  const wrote = allOutput(vm).flatMap(({ sink, lines, program, pid }) =>
    sink.kind !== 'journal'
      ? []
      : lines.map(({ at, text }) => ({
          rank: 1,
          entry: { at, unit: `${sink.unit}.service`, identifier: program, pid, message: text },
        })),
  );
  return [...said, ...wrote]
    .map((each, order) => ({ ...each, order }))
    .toSorted((a, b) => a.entry.at - b.entry.at || a.rank - b.rank || a.order - b.order)
    .map(({ entry }) => entry);
}

/** Returns the cloud in which systemd has said something of a unit. */
export function note(cloud: Cloud, vmId: string, unit: string, ...texts: readonly string[]): Cloud {
  return changeSoftware(cloud, vmId, ({ messages }) => ({
    messages: [...messages, ...texts.map((text) => ({ at: cloud.now, unit, text }))],
  }));
}

/** Returns the cloud in which a unit is as `change` makes it. */
export function changeUnit(
  cloud: Cloud,
  vmId: string,
  name: string,
  change: (unit: MachineUnit) => MachineUnit,
): Cloud {
  return changeSoftware(cloud, vmId, ({ units }) => {
    const unit = units[name];
    return unit === undefined ? {} : { units: { ...units, [name]: change(unit) } };
  });
}
