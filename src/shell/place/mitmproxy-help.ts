import type { MitmproxyProgram } from '../../model/proxy/mitmproxy-arguments.ts';
import type { MachineRelease } from './machine-release.ts';
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

/** The OpenSSL that a package runs on: that of its release. */
const OPENSSL: Readonly<Record<string, string>> = {
  jammy: 'OpenSSL 3.0.2 15 Mar 2022',
  noble: 'OpenSSL 3.0.13 30 Jan 2024',
  bookworm: 'OpenSSL 3.0.15 3 Sep 2024',
};
/** Python and OpenSSL of the tarball. */
const STANDALONE = ['3.13.2', 'OpenSSL 3.4.1 11 Feb 2025'] as const;

/** Returns what `--version` prints; the lines after the first are those of the machine. */
export function versionText(version: string, installed: string, release: MachineRelease): string {
  const standalone = installed.endsWith('standalone');
  const own = OPENSSL[release.codename];
  const [python, openssl] = standalone || own === undefined ? STANDALONE : [release.python, own];
  return (
    `Mitmproxy: ${version}${standalone ? ' binary' : ''}\n` +
    `Python:    ${python}\n` +
    `OpenSSL:   ${openssl}\n` +
    `Platform:  Linux-${release.kernel}-x86_64-with-glibc${release.glibc}\n`
  );
}
