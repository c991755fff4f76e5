/** What cloud-init would run from `--custom-data` at the first boot, as a shell script. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzFailure } from './command.ts';
import { quoteWord } from '../quote.ts';
import { parseYaml } from '../yaml-text.ts';

function refused(what: string): Result<never, AzFailure> {
  return err({
    kind: 'azure',
    code: 'NotSimulated',
    message: `${what} in --custom-data is not simulated in this workbook. Real cloud-init may accept it.`,
  });
}

/** Returns the script: a `#!` script as it is; of `#cloud-config`, packages, written files and commands. */
export function customDataScript(text: string): Result<string, AzFailure> {
  if (text.startsWith('#!')) return ok(text.slice(text.indexOf('\n') + 1));
  if (!text.startsWith('#cloud-config')) return refused('Anything but a #! script or #cloud-config');
  let config: unknown;
  try {
    config = parseYaml(text);
  } catch {
    return refused('YAML that cannot be read');
  }
  if (config === null || config === undefined) return ok('');
  if (typeof config !== 'object' || Array.isArray(config))
    return refused('A #cloud-config that is no mapping');
  const lines: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    switch (key) {
      case 'package_update':
      case 'package_upgrade':
        break;
      case 'packages':
        if (!Array.isArray(value)) return refused('packages that are no list');
        lines.push(`apt-get install -y ${value.map((one) => quoteWord(String(one))).join(' ')}`);
        break;
      case 'write_files': {
        const written = writeFiles(value);
        if (!written.ok) return written;
        lines.push(...written.value);
        break;
      }
      case 'runcmd':
        if (!Array.isArray(value)) return refused('runcmd that is no list');
        for (const one of value) {
          lines.push(Array.isArray(one) ? one.map((word) => quoteWord(String(word))).join(' ') : String(one));
        }
        break;
      default:
        return refused(`The key ${key}`);
    }
  }
  return ok(lines.join('\n'));
}

function writeFiles(value: unknown): Result<readonly string[], AzFailure> {
  if (!Array.isArray(value)) return refused('write_files that is no list');
  const lines: string[] = [];
  for (const file of value as readonly unknown[]) {
    if (typeof file !== 'object' || file === null) return refused('write_files without a path');
    const entries = new Map<string, unknown>(Object.entries(file));
    const path = entries.get('path');
    const content = entries.get('content') ?? '';
    if (typeof path !== 'string' || typeof content !== 'string' || entries.has('encoding'))
      return refused('An encoded or nameless file');
    lines.push(`printf %s ${quoteWord(content)} > ${quoteWord(path)}`);
  }
  return ok(lines);
}
