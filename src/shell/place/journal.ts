/** What journalctl prints of a machine's journal. */
import type { CommandResult } from '../command.ts';
import { failed, notSimulatedHere, printed } from './program.ts';
import type { JournalEntry, ServiceManager } from './systemd-unit.ts';

export type JournalStyle = 'short' | 'short-iso' | 'cat';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Returns one line, or the lines of a message that has several. */
export function formatEntry(entry: JournalEntry, hostname: string, style: JournalStyle): string {
  const { at, identifier, pid, message } = entry;
  if (style === 'cat') return message;
  const date = new Date(at * 1000);
  const iso = date.toISOString();
  const time =
    style === 'short-iso'
      ? iso.replace(/\..*$/, '+0000')
      : `${MONTHS[date.getUTCMonth()] ?? ''} ${iso.slice(8, 10)} ${iso.slice(11, 19)}`;
  const head = `${time} ${hostname} ${identifier}[${pid}]: `;
  return `${head}${message.replaceAll('\n', `\n${' '.repeat(head.length)}`)}`;
}

interface Wanted {
  readonly units: readonly string[];
  readonly lines: number | null;
  readonly since: number | null;
  readonly until: number | null;
  readonly order: 'oldest-first' | 'newest-first';
  readonly style: JournalStyle;
  readonly grep: RegExp | null;
  readonly follow: 'yes' | 'no';
}

/** Runs journalctl on what a machine's services have written. */
export function journalctlOn(manager: ServiceManager, args: readonly string[], now: number): CommandResult {
  const wanted = read(args, now);
  if ('refused' in wanted) return notSimulatedHere('journalctl', wanted.refused);
  if ('problem' in wanted) return failed(`${wanted.problem}\n`);
  let entries = manager.journal.filter(
    ({ unit, at, message }) =>
      (wanted.units.length === 0 || wanted.units.includes(unit)) &&
      (wanted.since === null || at >= wanted.since) &&
      (wanted.until === null || at <= wanted.until) &&
      (wanted.grep === null || wanted.grep.test(message)),
  );
  if (wanted.lines !== null) entries = wanted.lines === 0 ? [] : entries.slice(-wanted.lines);
  if (wanted.order === 'newest-first') entries = entries.toReversed();
  if (entries.length === 0) return printed('-- No entries --\n');
  const text = entries.map((entry) => `${formatEntry(entry, manager.hostname, wanted.style)}\n`).join('');
  return wanted.follow === 'yes'
    ? {
        ...printed(text),
        stderr: 'journalctl: what comes later is not awaited in this workbook; run it again\n',
      }
    : printed(text);
}

function read(
  args: readonly string[],
  now: number,
): Wanted | { readonly problem: string } | { readonly refused: string } {
  const units: string[] = [];
  let lines: number | null = null;
  let since: number | null = null;
  let until: number | null = null;
  let order: Wanted['order'] = 'oldest-first';
  let style: JournalStyle = 'short';
  let grep: RegExp | null = null;
  let follow: Wanted['follow'] = 'no';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const short = /^-([unogSUt])(.+)$/s.exec(arg);
    const [name = '', given] = short === null ? arg.split(/=(.*)/s) : [`-${short[1] ?? ''}`, short[2]];
    const next = () => given ?? args[++at] ?? '';
    switch (name) {
      case '-u':
      case '--unit': {
        const unit = next();
        units.push(unit.includes('.') ? unit : `${unit}.service`);
        break;
      }
      case '-t':
      case '--identifier':
        return { refused: 'choosing by identifier (use -u UNIT)' };
      case '-n':
      case '--lines': {
        const bare = given === undefined && !/^\d+$/.test(args[at + 1] ?? '');
        lines = bare ? 10 : Number(next());
        if (Number.isNaN(lines)) return { problem: `Failed to parse lines '${given ?? ''}'` };
        break;
      }
      case '-S':
      case '--since':
      case '-U':
      case '--until': {
        const text = next();
        const time = readTime(text, now);
        if (time === null) return { problem: `Failed to parse timestamp: ${text}` };
        if (name === '-S' || name === '--since') since = time;
        else until = time;
        break;
      }
      case '-r':
      case '--reverse':
        order = 'newest-first';
        break;
      case '-e':
      case '--pager-end':
        lines ??= 1000;
        break;
      case '-f':
      case '--follow':
        follow = 'yes';
        lines ??= 10;
        break;
      case '-g':
      case '--grep': {
        const pattern = next();
        try {
          // All in lower case: whatever the case (systemd's default).
          grep = new RegExp(pattern, pattern === pattern.toLowerCase() ? 'i' : '');
        } catch {
          return { problem: `Bad pattern "${pattern}"` };
        }
        break;
      }
      case '-o':
      case '--output': {
        const asked = next();
        if (asked !== 'short' && asked !== 'short-iso' && asked !== 'cat')
          return { refused: `the output "${asked}"` };
        style = asked;
        break;
      }
      case '-xeu':
      case '-eu':
      case '-xu': {
        if (name.includes('e')) lines ??= 1000;
        const unit = args[++at] ?? '';
        units.push(unit.includes('.') ? unit : `${unit}.service`);
        break;
      }
      case '-fu': {
        follow = 'yes';
        lines ??= 10;
        const unit = args[++at] ?? '';
        units.push(unit.includes('.') ? unit : `${unit}.service`);
        break;
      }
      case '-x':
      case '-a':
      case '-l':
      case '-q':
      case '-b':
      case '--catalog':
      case '--all':
      case '--full':
      case '--quiet':
      case '--boot':
      case '--utc':
      case '--no-pager':
      case '--no-hostname':
        break;
      default:
        return { refused: name.startsWith('-') ? `the option ${name}` : `choosing by "${arg}"` };
    }
  }
  return { units, lines, since, until, order, style, grep, follow };
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
};

/** Reads `10 min ago`, `-5m`, `today`, `09:00`, `2026-09-01 09:00:00`; null for anything else. */
function readTime(text: string, now: number): number | null {
  const words = text.trim().toLowerCase();
  const midnight = now - (now % 86_400);
  if (words === 'now') return now;
  if (words === 'today') return midnight;
  if (words === 'yesterday') return midnight - 86_400;
  const ago = /^-?((?:\d+\s*[a-z]+\s*)+?)(?:\s*ago)?$/.exec(words);
  if (ago !== null && (words.startsWith('-') || words.endsWith('ago'))) {
    let seconds = 0;
    for (const [, count = '', unit = ''] of (ago[1] ?? '').matchAll(/(\d+)\s*([a-z]+)/g)) {
      const each = UNITS[unit] ?? UNITS[unit.replace(/s$/, '')];
      if (each === undefined) return null;
      seconds += Number(count) * each;
    }
    return now - seconds;
  }
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(words);
  if (clock !== null)
    return midnight + Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? '0');
  const date = /^(\d{4}-\d{2}-\d{2})(?:[ t](\d{2}:\d{2}(?::\d{2})?))?(?:z| utc)?$/.exec(words);
  if (date === null) return null;
  const parsed = Date.parse(`${date[1] ?? ''}T${(date[2] ?? '00:00:00').padEnd(8, ':00')}Z`);
  return Number.isNaN(parsed) ? null : parsed / 1000;
}
