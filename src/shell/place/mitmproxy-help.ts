import type { MitmproxyProgram } from '../../model/proxy/mitmproxy-arguments.ts';
import recorded from './mitmproxy-help.json' with { type: 'json' };

/** Returns the program's help, recorded from 8.1.1; a remark says so where another version runs. */
export function helpText(program: MitmproxyProgram, version: string): string {
  return remark(version) + recorded.help[program].map((line) => `${line}\n`).join('');
}

/** Returns all options with their defaults, as `--options` prints them. */
export function optionsText(version: string): string {
  return remark(version) + recorded.options.map((line) => `${line}\n`).join('');
}

function remark(version: string): string {
  return version === recorded.version
    ? ''
    : `(the text of ${recorded.version}; ${version} has a few options more)\n\n`;
}

/** Python and OpenSSL that each package runs on: those of its release of Ubuntu, or the tarball's own. */
const RUNTIMES: Readonly<Record<string, readonly [python: string, openssl: string]>> = {
  '7.0.2': ['3.10.12', 'OpenSSL 3.0.2 15 Mar 2022'],
  '8.1.1': ['3.12.3', 'OpenSSL 3.0.13 30 Jan 2024'],
};
const STANDALONE = ['3.13.2', 'OpenSSL 3.4.1 11 Feb 2025'] as const;

/** Returns what `--version` prints; the lines after the first are those of the machine. */
export function versionText(version: string, installed: string): string {
  const standalone = installed.endsWith('standalone');
  const [python, openssl] = (standalone ? undefined : RUNTIMES[version]) ?? STANDALONE;
  return (
    `Mitmproxy: ${version}${standalone ? ' binary' : ''}\n` +
    `Python:    ${python}\n` +
    `OpenSSL:   ${openssl}\n` +
    'Platform:  Linux-5.15.0-1053-azure-x86_64-with-glibc2.35\n'
  );
}
