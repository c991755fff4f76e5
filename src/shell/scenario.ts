/**
 * Scenarios are real bash scripts. What real commands cannot say (the seed, the clock, names that
 * Azure would draw, hosts outside) stands in `#:` lines before the first command.
 */
import { newCloud, type CloudOptions } from '../model/azure/subscription.ts';
import type { OutsideHost } from '../model/cloud.ts';
import { formatIpError } from '../model/ip/ip-error.ts';
import { parseAddress } from '../model/ip/address.ts';
import { parsePrefix, prefixContains } from '../model/ip/prefix.ts';
import { err, ok, type Result } from '../model/result.ts';
import { createSession, type Session, type SessionOptions } from './session.ts';

export interface DirectiveError {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

interface Draft {
  seed?: string;
  now?: number;
  clock?: 'running' | 'frozen';
  readonly pins: Record<string, string>;
  readonly outsideHosts: OutsideHost[];
}

/** Returns what the `#:` lines of a script say; all mistakes at once. */
export function readDirectives(script: string): Result<CloudOptions, readonly DirectiveError[]> {
  const draft: Draft = { pins: {}, outsideHosts: [] };
  const errors: DirectiveError[] = [];
  let commandSeen = false;
  for (const [index, line] of script.split('\n').entries()) {
    const text = line.trim();
    if (text.startsWith('#:')) {
      const problem = commandSeen
        ? 'a "#:" line must stand before the first command'
        : readDirective(text.slice(2).trim(), draft);
      if (problem !== null) errors.push({ line: index + 1, message: problem });
    } else if (text !== '' && !text.startsWith('#')) {
      // Below the first command a "#:" may be part of a here-document, so only look near the top.
      if (commandSeen) break;
      commandSeen = true;
    }
  }
  return errors.length > 0 ? err(errors) : ok(draft);
}

function readDirective(text: string, draft: Draft): string | null {
  const [keyword = '', ...words] = text.split(/\s+/);
  switch (keyword) {
    case 'seed':
      if (words.length === 0) return 'seed needs a text';
      if (draft.seed !== undefined) return 'seed is given twice';
      draft.seed = words.join(' ');
      return null;
    case 'clock':
      return readClock(words, draft);
    case 'pin': {
      const [key, ...value] = words;
      if (key === undefined || value.length === 0) return 'pin needs a key and a value';
      if (draft.pins[key] !== undefined) return `pin ${key} is given twice`;
      draft.pins[key] = value.join(' ');
      return null;
    }
    case 'internet-host':
    case 'on-premises-host':
      return readHost(keyword, words, draft);
  }
  return `unknown directive "${keyword}"; known: seed, clock, pin, internet-host, on-premises-host`;
}

function readClock(words: readonly string[], draft: Draft): string | null {
  const [time = '', mode, ...more] = words;
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) ? Date.parse(time) : Number.NaN;
  // Date.parse moves a day that its month has not, such as 30 February, to the next month.
  const isDay =
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(time.slice(0, 19));
  if (!isDay) return 'clock needs a UTC time such as 2026-09-01T09:00:00Z';
  const unknown = mode === 'frozen' ? more[0] : mode;
  if (unknown !== undefined) return `clock knows "frozen", not "${unknown}"`;
  if (draft.now !== undefined) return 'clock is given twice';
  draft.now = milliseconds / 1000;
  draft.clock = mode === 'frozen' ? 'frozen' : 'running';
  return null;
}

function readHost(
  keyword: 'internet-host' | 'on-premises-host',
  words: readonly string[],
  draft: Draft,
): string | null {
  const [name, address, ...settings] = words;
  if (name === undefined || address === undefined) return `${keyword} needs a name and an address`;
  const parsed = parseAddress(address);
  if (!parsed.ok) return `${keyword} ${name}: ${formatIpError(parsed.error)}`;
  if (draft.outsideHosts.some((host) => host.name === name)) return `the host ${name} is given twice`;
  const values = new Map<string, string>();
  const allowed =
    keyword === 'internet-host'
      ? ['dns', 'ports']
      : ['prefix', 'vnet', 'device', 'key', 'announces', 'ports', 'routes-to-azure'];
  for (const setting of settings) {
    const [key = '', value = ''] = setting.split(/=(.*)/s);
    if (!allowed.includes(key))
      return `${keyword} ${name}: unknown setting "${key}"; known: ${allowed.join(', ')}`;
    if (values.has(key)) return `${keyword} ${name}: ${key} is given twice`;
    values.set(key, value);
  }
  const ports = (values.get('ports') ?? '80').split(',').map(Number);
  if (ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65535)) {
    return `${keyword} ${name}: ports are numbers from 1 to 65535`;
  }
  if (keyword === 'internet-host') {
    const dnsNames = (values.get('dns') ?? '').split(',').filter((dns) => dns !== '');
    draft.outsideHosts.push({ kind: 'internet', name, address, dnsNames, ports });
    return null;
  }
  const prefixText = values.get('prefix');
  if (prefixText === undefined)
    return `${keyword} ${name}: needs prefix=, the addresses of its network, such as prefix=10.1.0.0/16`;
  const prefix = parsePrefix(prefixText);
  if (!prefix.ok) return `${keyword} ${name}: prefix=: ${formatIpError(prefix.error)}`;
  if (!prefixContains(prefix.value, parsed.value))
    return `${keyword} ${name}: its address ${address} lies outside its prefix ${prefixText}`;
  const lists: Record<'routes-to-azure' | 'announces', readonly string[]> = {
    'routes-to-azure': listed(values.get('routes-to-azure')),
    announces: listed(values.get('announces')),
  };
  for (const [setting, texts] of Object.entries(lists)) {
    for (const text of texts) {
      const route = parsePrefix(text);
      if (!route.ok) return `${keyword} ${name}: ${setting}=: ${formatIpError(route.error)}`;
    }
  }
  const device = values.get('device');
  if (device !== undefined) {
    const public_ = parseAddress(device);
    if (!public_.ok) return `${keyword} ${name}: device=: ${formatIpError(public_.error)}`;
    if (values.has('vnet'))
      return `${keyword} ${name}: is behind a VPN device or has a private connection to a VNet: give device= or vnet=, not both`;
  } else if (values.has('key')) {
    return `${keyword} ${name}: key= is what a VPN device expects: give device= too`;
  }
  draft.outsideHosts.push({
    kind: 'on-premises',
    name,
    address,
    prefix: prefixText,
    virtualNetwork: device === undefined ? (values.get('vnet') ?? '*') : '',
    ports,
    ...(device === undefined ? {} : { vpnDevice: device }),
    ...(values.get('key') === undefined ? {} : { sharedKey: values.get('key') ?? '' }),
    ...(lists.announces.length === 0 ? {} : { announces: lists.announces }),
    ...(lists['routes-to-azure'].length === 0 ? {} : { routesToAzure: lists['routes-to-azure'] }),
  });
  return null;
}

function listed(text = ''): readonly string[] {
  return text.split(',').filter((one) => one !== '');
}

export interface ScenarioOutcome {
  readonly session: Session;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Builds what a scenario describes and returns the session in which it ran, ready for more commands.
 * Throws on a mistake in its `#:` lines: scenarios are ours, so that is a bug.
 */
export async function runScenario(
  script: string,
  options: Omit<SessionOptions, 'cloud'> & { readonly name?: string; readonly seed?: string } = {},
): Promise<ScenarioOutcome> {
  const directives = readDirectives(script);
  if (!directives.ok) {
    throw new Error(directives.error.map((each) => `line ${each.line}: ${each.message}`).join('\n'));
  }
  const { name = 'scenario.sh', seed, ...sessionOptions } = options;
  const cloud = newCloud({ ...directives.value, ...(seed === undefined ? {} : { seed }) });
  const session = createSession({ ...sessionOptions, cloud });
  const result = await session.runScript(name, script);
  return { session, ...result };
}
