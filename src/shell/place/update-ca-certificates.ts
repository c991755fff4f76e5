/**
 * Debian's update-ca-certificates (sbin/update-ca-certificates of ca-certificates 20230311) with `openssl rehash`. Its
 * links are files here: what stands in /etc/ssl/certs under a certificate's name counts as the link to it.
 */
import { nameHash } from '../../model/certificates/name-hash.ts';
import { parsePem } from '../../model/certificates/pem.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { notSimulatedHere } from './program.ts';
import { BUNDLE } from './trust-files.ts';

const FOLDER = '/etc/ssl/certs';
const PACKAGED = '/usr/share/ca-certificates';
const LOCAL = '/usr/local/share/ca-certificates';
const CONF = '/etc/ca-certificates.conf';
const HOOKS = '/etc/ca-certificates/update.d';

interface Options {
  fresh: boolean;
  verbose: boolean;
}

export function updateCaCertificates(): SimulatedCommand {
  return {
    name: 'update-ca-certificates',
    places: ['pod', 'node', 'vm', 'on-premises', 'internet', 'workstation'],
    run: async (context) => {
      const options: Options = { fresh: false, verbose: false };
      for (const arg of context.args) {
        if (arg === '--fresh' || arg === '-f') options.fresh = true;
        else if (arg === '--verbose' || arg === '-v') options.verbose = true;
        else if (
          /^(--default|-d|--(certsconf|certsdir|localcertsdir|certbundle|etccertsdir|hooksdir))$/.test(arg)
        )
          return notSimulatedHere('update-ca-certificates', `the option ${arg}`);
        else return answered('/usr/sbin/update-ca-certificates: [--verbose] [--fresh]\n');
      }
      return update(context, options);
    },
  };
}

async function update(context: CommandContext, { fresh, verbose }: Options): Promise<CommandResult> {
  const { readFile, writeFile, listFiles = async () => [], removeFile = async () => undefined } = context;
  const conf = ((await readFile(CONF)) ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const out: string[] = [];
  const warnings: string[] = [];
  const counted = { added: 0, removed: 0 };
  if (fresh || conf.length === 0) {
    out.push(`Clearing symlinks in ${FOLDER}...`);
    for (const path of await listFiles(FOLDER)) if (/\.(pem|\d+)$/.test(path)) await removeFile(path);
    out.push('done.');
  }
  out.push(`Updating certificates in ${FOLDER}...`);
  for (const name of conf.filter((line) => line.startsWith('!'))) {
    const link = linkOf(name.slice(1));
    if ((await readFile(link)) === null) continue;
    await removeFile(link);
    counted.removed++;
  }
  const bundled: string[] = [];
  const add = async (path: string, text: string): Promise<void> => {
    const link = linkOf(path);
    if ((await readFile(link)) === null) counted.added++;
    await writeFile(link, text);
    bundled.push(text === '' || text.endsWith('\n') ? text : `${text}\n`);
  };
  for (const name of conf.filter((line) => !line.startsWith('!'))) {
    const path = `${PACKAGED}/${name}`;
    const text = await readFile(path);
    if (text === null) warnings.push(`W: ${path} not found, but listed in ${CONF}.`);
    else await add(path, text);
  }
  const local = (await listFiles(LOCAL)).filter((path) => path.endsWith('.crt'));
  for (const path of [...local].sort()) await add(path, (await readFile(path)) ?? '');
  if (counted.added + counted.removed > 0) {
    const gone = (await listFiles(FOLDER)).filter((path) => path.endsWith('.pem'));
    const known = new Set([...conf.map((name) => linkOf(name)), ...local.map(linkOf)]);
    // Links whose certificate is gone; a file that somebody put there himself stays, as no link would.
    for (const path of gone)
      if (!known.has(path) && (await isLeftOver(context, path))) await removeFile(path);
    const rehashed = await rehash(context, verbose);
    out.push(...rehashed.out);
    warnings.push(...rehashed.warnings);
  }
  await writeFile(BUNDLE, bundled.join(''));
  out.push(`${counted.added} added, ${counted.removed} removed; done.`);
  out.push(`Running hooks in ${HOOKS}...`, 'done.');
  return { stdout: lines(out), stderr: lines(warnings), exitCode: 0 };
}

/** Where the script puts the link to a certificate. */
function linkOf(path: string): string {
  const name = (path.split('/').at(-1) ?? '').replace(/\.crt$/, '');
  return `${FOLDER}/${name.replaceAll(' ', '_').replace(/[()]/g, '=').replaceAll(',', '_')}.pem`;
}

/** Without links this is a guess: what the script once copied from there is in no hash's name but its own. */
async function isLeftOver({ readFile }: CommandContext, path: string): Promise<boolean> {
  const read = parsePem((await readFile(path)) ?? '');
  const subject = read.ok ? read.value[0]?.subject : undefined;
  return (
    subject !== undefined && (await readFile(`${FOLDER}/${nameHash(subject)}.0`)) === (await readFile(path))
  );
}

/** `openssl rehash .`: a file named after the hash of the subject for each file with exactly one certificate. */
async function rehash(
  { readFile, writeFile, listFiles = async () => [], removeFile = async () => undefined }: CommandContext,
  verbose: boolean,
): Promise<{ readonly out: readonly string[]; readonly warnings: readonly string[] }> {
  const files = (await listFiles(FOLDER)).filter(
    (path) => path.split('/').length === FOLDER.split('/').length + 1,
  );
  for (const path of files) if (/\/[0-9a-f]{8}\.\d+$/.test(path)) await removeFile(path);
  const out = verbose ? ['Doing .'] : [];
  const warnings: string[] = [];
  const used = new Map<string, string[]>();
  for (const path of files) {
    if (!/\.(pem|crt|cer|crl)$/.test(path)) continue;
    const name = path.split('/').at(-1) ?? '';
    const text = (await readFile(path)) ?? '';
    const read = parsePem(text);
    const only = read.ok && read.value.length === 1 ? read.value[0] : undefined;
    if (only === undefined) {
      warnings.push(`rehash: warning: skipping ${name},it does not contain exactly one certificate or CRL`);
      continue;
    }
    const hash = nameHash(only.subject);
    const taken = used.get(hash) ?? [];
    if (taken.includes(only.der)) {
      warnings.push(`rehash: warning: skipping duplicate certificate in ${name}`);
      continue;
    }
    used.set(hash, [...taken, only.der]);
    await writeFile(`${FOLDER}/${hash}.${taken.length}`, text);
    if (verbose) out.push(`link ${name} -> ${hash}.${taken.length}`);
  }
  return { out, warnings };
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const answered = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
