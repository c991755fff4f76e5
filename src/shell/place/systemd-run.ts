/** systemd-run on a VM: a program as a unit that nobody wrote down, gone when it ends. */
import { changeSoftware, softwareOf } from '../../model/azure/machine-software.ts';
import { drawHex } from '../../model/chance.ts';
import type { SimulatedCommand } from '../command.ts';
import { quoteWord } from '../quote.ts';
import { start } from './machine-systemctl.ts';
import { machineServices } from './machine-units.ts';
import { MITMPROXY_PACKAGE } from './mitmproxy-package.ts';
import { TARBALL_PROGRAMS } from './mitmproxy-tarball.ts';
import { failed, notSimulatedHere } from './program.ts';

const VALUED = [
  '--unit',
  '-u',
  '--description',
  '--property',
  '-p',
  '--uid',
  '--setenv',
  '-E',
  '--working-directory',
];
const SWITCHES = [
  '--collect',
  '-G',
  '--quiet',
  '-q',
  '--no-block',
  '--remain-after-exit',
  '-r',
  '--same-dir',
  '-d',
  '--system',
  '--no-ask-password',
];

export function systemdRun(): SimulatedCommand {
  return {
    name: 'systemd-run',
    places: ['vm'],
    run: async (context) => {
      const { place, cloud, args } = context;
      if (place.kind !== 'vm') return notSimulatedHere('systemd-run', 'starting programs here');
      let unit: string | null = null;
      let description: string | null = null;
      let isQuiet = false;
      const service: string[] = [];
      let at = 0;
      for (; at < args.length; at++) {
        const arg = args[at] ?? '';
        if (arg === '--') {
          at++;
          break;
        }
        if (!arg.startsWith('-')) break;
        const [name = '', joined] = arg.startsWith('--')
          ? arg.split(/=(.*)/s)
          : [arg.slice(0, 2), arg.slice(2) || undefined];
        if (SWITCHES.includes(name)) {
          isQuiet ||= name === '--quiet' || name === '-q';
          if (name === '--same-dir' || name === '-d') service.push(`WorkingDirectory=${context.cwd}`);
          continue;
        }
        if (!VALUED.includes(name)) return notSimulatedHere('systemd-run', `the option ${name}`);
        const value = joined ?? args[++at] ?? '';
        if (name === '--unit' || name === '-u') unit = value.replace(/\.service$/, '');
        else if (name === '--description') description = value;
        else if (name === '--property' || name === '-p') service.push(value);
        else if (name === '--uid') service.push(`User=${value}`);
        else if (name === '--working-directory') service.push(`WorkingDirectory=${value}`);
        else service.push(`Environment=${value}`);
      }
      const [program = '', ...rest] = args.slice(at);
      if (program === '') return failed('Command line to execute required.\n');
      if ((context.env.get('USER') ?? 'root') !== 'root')
        return failed('Failed to start transient service unit: Interactive authentication required.\n');
      const software = softwareOf(cloud, place.id);
      const installed = software.packages[MITMPROXY_PACKAGE];
      const isKnown = TARBALL_PROGRAMS.some((each) => each === program.split('/').at(-1));
      if (isKnown && installed === undefined) {
        return failed(`Failed to find executable ${program}: No such file or directory\n`);
      }
      const id = drawHex(cloud, `systemd-run/${place.id}/${software.nextPid}`, 32);
      const name = unit ?? `run-r${id}`;
      const known = software.units[name];
      if (known !== undefined && known.state === 'active')
        return failed(
          `Failed to start transient service unit: Unit ${name}.service was already loaded or has a fragment file.\n`,
        );
      const folder = installed?.endsWith('standalone') === true ? '/usr/local/bin' : '/usr/bin';
      const path = program.startsWith('/') ? program : `${folder}/${program}`;
      const line = [path, ...rest].map(quoteWord).join(' ');
      const text = [
        '# This is a transient unit file, created programmatically via the systemd API. Do not edit.',
        '[Unit]',
        `Description=${description ?? [program, ...rest].join(' ')}`,
        '',
        '[Service]',
        ...service,
        `ExecStart=${line}`,
        '',
      ].join('\n');
      const loaded = changeSoftware(cloud, place.id, ({ units }) => ({
        units: {
          ...units,
          [name]: { text, enabled: 'transient', state: 'inactive', since: cloud.now, exitCode: null },
        },
      }));
      const started = await start({ ...context, cloud: loaded }, place.id, name);
      if (started.exitCode !== 0) return started;
      const { systemd } = machineServices(cloud, place.id);
      const said = `Running as unit: ${name}.service${systemd >= 254 ? `; invocation ID: ${id}` : ''}\n`;
      return { ...started, stderr: (isQuiet ? '' : said) + started.stderr, cloud: started.cloud ?? loaded };
    },
  };
}
