/** systemctl on a VM, for the units that a learner writes: start, stop, enable and what they say. */
import {
  changeSoftware,
  endProcess,
  softwareOf,
  startUnit,
  type MachineUnit,
} from '../../model/azure/machine-software.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import {
  changeUnit,
  hasInstall,
  unitTitle,
  machineServices,
  note,
  systemdUnit,
  UNIT_FOLDER,
} from './machine-units.ts';
import { failed, notSimulatedHere, printed } from './program.ts';
import { lookWithSystemctl, withSuffix, type SystemctlWords } from './systemctl.ts';
import { settings } from './systemd-unit.ts';
import { unitStart } from './unit-start.ts';

/** Runs systemctl's words; `now`: whether `--now` was given. */
export async function systemctlOnMachine(
  context: CommandContext,
  vmId: string,
  words: SystemctlWords,
  now: boolean,
): Promise<CommandResult> {
  const { verb } = words;
  const needsRoot = !LOOKING.includes(verb);
  if (needsRoot && (context.env.get('USER') ?? 'root') !== 'root') {
    const what = words.units[0] === undefined ? 'reload daemon' : `${verb} ${withSuffix(words.units[0])}`;
    return failed(`Failed to ${what}: Interactive authentication required.\n`);
  }
  if (verb === 'daemon-reload') return { ...printed(''), cloud: await reloaded(context, vmId) };
  let remarks = '';
  let { cloud } = context;
  for (const each of words.units) {
    const read = await withUnit({ ...context, cloud }, vmId, bare(each));
    cloud = read.cloud;
    remarks += read.remark;
  }
  const current = { ...context, cloud };
  const looked = lookWithSystemctl(machineServices(cloud, vmId), words, cloud.now);
  if (looked !== null) {
    return { ...looked, stderr: remarks + looked.stderr, ...(cloud === context.cloud ? {} : { cloud }) };
  }
  const [first] = words.units;
  if (first === undefined)
    return OF_UNITS.includes(verb)
      ? failed('Too few arguments.\n')
      : notSimulatedHere('systemctl', `"${`systemctl ${verb}`.trim()}"`);
  const missing = words.units.find((each) => softwareOf(cloud, vmId).units[bare(each)] === undefined);
  if (missing !== undefined) return notThere(verb, withSuffix(missing));
  let result: CommandResult = { ...printed(''), stderr: remarks, cloud };
  for (const each of words.units) {
    const one = await act({ ...current, cloud: result.cloud ?? cloud }, vmId, verb, bare(each), now);
    result = {
      ...one,
      stdout: result.stdout + one.stdout,
      stderr: result.stderr + one.stderr,
      cloud: one.cloud ?? result.cloud ?? cloud,
    };
  }
  return result;
}

const LOOKING = [
  'status',
  'show',
  'cat',
  'is-active',
  'is-enabled',
  'is-failed',
  'show-environment',
  'list-units',
];
/** What says nothing and does nothing without a unit. */
const OF_UNITS = [
  'start',
  'stop',
  'restart',
  'reload',
  'try-restart',
  'reload-or-restart',
  'enable',
  'disable',
  'reenable',
  'mask',
  'unmask',
  'kill',
  'edit',
  'revert',
  'cat',
  'is-active',
  'is-enabled',
  'is-failed',
];
const bare = (name: string): string => name.replace(/\.service$/, '');

function notThere(verb: string, unit: string): CommandResult {
  if (verb === 'enable' || verb === 'disable')
    return failed(`Failed to ${verb} unit: Unit file ${unit} does not exist.\n`);
  return failed(`Failed to ${verb} ${unit}: Unit ${unit} not found.\n`, 5);
}

/** systemd reads a unit file when it first hears of the unit, and again at `daemon-reload` only. */
async function withUnit(
  context: CommandContext,
  vmId: string,
  name: string,
): Promise<{ readonly cloud: Cloud; readonly remark: string }> {
  const { cloud } = context;
  const known = softwareOf(cloud, vmId).units[name];
  if (known?.enabled === 'transient') return { cloud, remark: '' };
  const text = await context.readFile(`${UNIT_FOLDER}/${name}.service`);
  if (text === null || text === known?.text) return { cloud, remark: '' };
  if (known !== undefined) {
    return {
      cloud,
      remark: `Warning: The unit file, source configuration file or drop-ins of ${name}.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n`,
    };
  }
  const unit: MachineUnit = { text, enabled: 'disabled', state: 'inactive', since: 0, exitCode: null };
  return { cloud: keepUnit(cloud, vmId, name, unit), remark: '' };
}

function keepUnit(cloud: Cloud, vmId: string, name: string, unit: MachineUnit): Cloud {
  return changeSoftware(cloud, vmId, ({ units, files }) => ({
    units: { ...units, [name]: unit },
    files: { ...files, [`${UNIT_FOLDER}/${name}.service`]: unit.text },
  }));
}

async function reloaded(context: CommandContext, vmId: string): Promise<Cloud> {
  let { cloud } = context;
  for (const [name, unit] of Object.entries(softwareOf(cloud, vmId).units)) {
    if (unit.enabled === 'transient') continue;
    const text = await context.readFile(`${UNIT_FOLDER}/${name}.service`);
    if (text !== null) {
      cloud = keepUnit(cloud, vmId, name, { ...unit, text });
      if (unit.enabled === 'enabled') cloud = await withBoot({ ...context, cloud }, vmId, name);
    } else if (unit.state !== 'active') {
      cloud = changeSoftware(cloud, vmId, ({ units, files }) => ({
        units: Object.fromEntries(Object.entries(units).filter(([each]) => each !== name)),
        files: Object.fromEntries(
          Object.entries(files).filter(([path]) => path !== `${UNIT_FOLDER}/${name}.service`),
        ),
      }));
    }
  }
  return cloud;
}

async function act(
  context: CommandContext,
  vmId: string,
  verb: string,
  name: string,
  now: boolean,
): Promise<CommandResult> {
  const { cloud } = context;
  const unit = softwareOf(cloud, vmId).units[name];
  if (unit === undefined) return printed('');
  const isRunning = softwareOf(cloud, vmId).processes.some((each) => each.unit === name);
  switch (verb) {
    case 'start':
      return isRunning ? printed('') : start(context, vmId, name);
    case 'stop':
      return { ...printed(''), cloud: stopped(cloud, vmId, name) };
    case 'restart':
    case 'try-restart':
    case 'reload-or-restart': {
      if (verb === 'try-restart' && !isRunning) return printed('');
      // A second goes by, so that the journal has the end before the new start.
      const later = { ...stopped(cloud, vmId, name), now: cloud.now + 1 };
      const started = await start({ ...context, cloud: later }, vmId, name);
      return { ...started, cloud: { ...(started.cloud ?? later), now: cloud.now }, elapsedSeconds: 2 };
    }
    case 'enable': {
      const there = systemdUnit(name, unit, softwareOf(cloud, vmId));
      if (!hasInstall(there)) {
        const text =
          'The unit files have no installation config (WantedBy=, RequiredBy=, Also=,\nAlias= settings in the [Install] section, and DefaultInstance= for template\nunits). This means they are not meant to be enabled or disabled using systemctl.\n';
        return now ? withText(await start(context, vmId, name), text) : { ...printed(''), stderr: text };
      }
      const link =
        unit.enabled === 'enabled'
          ? ''
          : `Created symlink ${UNIT_FOLDER}/multi-user.target.wants/${name}.service → ${UNIT_FOLDER}/${name}.service.\n`;
      const enabled = await withBoot(
        { ...context, cloud: changeUnit(cloud, vmId, name, (each) => ({ ...each, enabled: 'enabled' })) },
        vmId,
        name,
      );
      if (!now || isRunning) return { ...printed(''), stderr: link, cloud: enabled };
      const started = await start({ ...context, cloud: enabled }, vmId, name);
      return withText({ ...started, cloud: started.cloud ?? enabled }, link);
    }
    case 'disable': {
      const disabled = changeUnit(cloud, vmId, name, ({ boot: _boot, ...each }) => ({
        ...each,
        enabled: 'disabled',
      }));
      const text =
        unit.enabled === 'enabled' ? `Removed ${UNIT_FOLDER}/multi-user.target.wants/${name}.service.\n` : '';
      return { ...printed(''), stderr: text, cloud: now ? stopped(disabled, vmId, name) : disabled };
    }
    case 'reset-failed':
      return {
        ...printed(''),
        cloud: changeUnit(cloud, vmId, name, (each) =>
          each.state === 'failed' ? { ...each, state: 'inactive' } : each,
        ),
      };
  }
  return notSimulatedHere('systemctl', `"${`systemctl ${verb}`.trim()}"`);
}

function withText(result: CommandResult, before: string): CommandResult {
  return { ...result, stderr: before + result.stderr };
}

/** An enabled unit starts at boot, with what it would start now. */
async function withBoot(context: CommandContext, vmId: string, name: string): Promise<Cloud> {
  const { cloud } = context;
  const unit = softwareOf(cloud, vmId).units[name];
  if (unit === undefined) return cloud;
  const described = systemdUnit(name, unit, softwareOf(cloud, vmId));
  const outcome = await unitStart(context, described, 'later');
  return changeUnit(cloud, vmId, name, ({ boot: _boot, ...each }) =>
    outcome.kind === 'runs'
      ? { ...each, boot: { ...outcome.start, message: `Started ${unitTitle(cloud, vmId, described)}.` } }
      : each,
  );
}

/** Starts a unit: `Type=simple` says nothing of what the program does next, whatever becomes of it. */
export async function start(context: CommandContext, vmId: string, name: string): Promise<CommandResult> {
  const { cloud } = context;
  const software = softwareOf(cloud, vmId);
  const unit = software.units[name];
  if (unit === undefined) return notThere('start', `${name}.service`);
  const described = systemdUnit(name, unit, software);
  const title = unitTitle(cloud, vmId, described);
  const outcome = await unitStart(context, described, 'now');
  switch (outcome.kind) {
    case 'not-simulated':
      return notSimulatedHere('systemctl', outcome.what);
    case 'bad-setting':
      return {
        ...failed(
          `Failed to start ${name}.service: Unit ${name}.service has a bad unit file setting.\nSee system logs and 'systemctl status ${name}.service' for details.\n`,
        ),
        cloud: note(cloud, vmId, name, outcome.message),
      };
    case 'runs': {
      for (const [path, text] of Object.entries(outcome.start.files)) await context.writeFile(path, text);
      const started = startUnit(cloud, vmId, name, outcome.start, `Started ${title}.`);
      return {
        ...printed(''),
        stderr: outcome.remarks,
        cloud:
          unit.enabled === 'enabled'
            ? await withBoot({ ...context, cloud: started.cloud }, vmId, name)
            : started.cloud,
        elapsedSeconds: 1,
      };
    }
    case 'fails': {
      const written = changeSoftware(cloud, vmId, (before) => ({
        written: [
          ...before.written,
          {
            pid: before.nextPid,
            program: 'mitmdump',
            sink: { kind: 'journal', unit: name },
            lines: outcome.lines.map((text) => ({ at: cloud.now, text })),
          },
        ],
        nextPid: before.nextPid + 7,
      }));
      const ended = changeUnit(written, vmId, name, (each) => ({
        ...each,
        state: outcome.exitCode === 0 ? 'inactive' : 'failed',
        since: cloud.now,
        exitCode: outcome.exitCode,
      }));
      return {
        ...printed(''),
        cloud: note(ended, vmId, name, `Started ${title}.`, ...outcome.messages),
        elapsedSeconds: 1,
      };
    }
  }
}

/**
 * A process of a unit that somebody ended beside systemctl: systemd starts it again where `Restart=` says so. mitmproxy
 * ends well on SIGTERM. How often is counted, as systemd does, but no unit gives up here.
 */
export async function signalled(
  context: CommandContext,
  vmId: string,
  name: string,
  signal: 'TERM' | 'KILL',
): Promise<{ readonly cloud: Cloud; readonly seconds: number }> {
  const { cloud } = context;
  const software = softwareOf(cloud, vmId);
  const unit = software.units[name];
  const process = software.processes.find((each) => each.unit === name);
  if (unit === undefined || process === undefined) return { cloud, seconds: 0 };
  if (unit.enabled === 'transient') return { cloud: stopped(cloud, vmId, name), seconds: 0 };
  const described = systemdUnit(name, unit, software);
  const ended = changeUnit(endProcess(cloud, vmId, process), vmId, name, (each) => ({
    ...each,
    state: signal === 'KILL' ? 'failed' : 'inactive',
    since: cloud.now,
    exitCode: signal === 'KILL' ? 9 : 0,
  }));
  const noted = note(
    ended,
    vmId,
    name,
    ...(signal === 'KILL'
      ? [
          `${name}.service: Main process exited, code=killed, status=9/KILL`,
          `${name}.service: Failed with result 'signal'.`,
        ]
      : [`${name}.service: Deactivated successfully.`]),
  );
  const policy = settings(described, 'Service', 'Restart').at(-1) ?? 'no';
  const restarts =
    signal === 'KILL' ? ['always', 'on-failure', 'on-abnormal', 'on-abort'] : ['always', 'on-success'];
  if (!restarts.includes(policy)) return { cloud: noted, seconds: 0 };
  const wait = Math.max(1, secondsOf(settings(described, 'Service', 'RestartSec').at(-1) ?? '100ms'));
  const number =
    1 +
    software.messages.filter((each) => each.unit === name && /Scheduled restart job/.test(each.text)).length;
  const later = { ...noted, now: cloud.now + wait };
  const scheduled = note(
    later,
    vmId,
    name,
    `${name}.service: Scheduled restart job, restart counter is at ${number}.`,
  );
  const started = await start({ ...context, cloud: scheduled }, vmId, name);
  return { cloud: { ...(started.cloud ?? scheduled), now: cloud.now }, seconds: wait };
}

/** `systemd.time(7)`, as far as one number goes: seconds, rounded up. */
function secondsOf(text: string): number {
  const [, number = '0', unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|sec|m|min)?$/.exec(text.trim()) ?? [];
  const length = unit === 'ms' ? 0.001 : unit.startsWith('m') ? 60 : 1;
  return Math.ceil(Number(number) * length);
}

/** Returns the cloud in which a unit has stopped. */
export function stopped(cloud: Cloud, vmId: string, name: string): Cloud {
  const software = softwareOf(cloud, vmId);
  const process = software.processes.find((each) => each.unit === name);
  const unit = software.units[name];
  if (process === undefined || unit === undefined) return cloud;
  const title = unitTitle(cloud, vmId, systemdUnit(name, unit, software));
  const ended = changeUnit(endProcess(cloud, vmId, process), vmId, name, (each) => ({
    ...each,
    state: 'inactive',
    since: cloud.now,
    exitCode: 0,
  }));
  const noted = note(
    ended,
    vmId,
    name,
    `Stopping ${title}...`,
    `${name}.service: Deactivated successfully.`,
    `Stopped ${title}.`,
  );
  // What systemd-run made is gone with its process.
  return unit.enabled !== 'transient'
    ? noted
    : changeSoftware(noted, vmId, ({ units }) => ({
        units: Object.fromEntries(Object.entries(units).filter(([each]) => each !== name)),
      }));
}
