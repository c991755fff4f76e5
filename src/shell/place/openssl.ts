/** OpenSSL 3.0's command line, as far as certificates need it. */
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { curlOf } from './curl-version.ts';
import { failed, notSimulatedHere, printed } from './program.ts';

type Run = (context: CommandContext, args: readonly string[]) => Promise<CommandResult> | CommandResult;

/** When the versions of 3.0 were released. What these commands print is the same in all of them. */
const RELEASED: Readonly<Record<string, string>> = {
  '3.0.2': '15 Mar 2022',
  '3.0.13': '30 Jan 2024',
  '3.0.19': '27 Jan 2026',
};

/**
 * The OpenSSL that the curl of the place was built with. Images with a later one are taken to have 3.0.13, since 3.2 and
 * later print names without spaces (`CN=a`), and all commands here print as 3.0 does.
 */
function versionLine({ cloud, place }: CommandContext): string {
  const { openssl: own } = curlOf(cloud, place);
  const version = RELEASED[own] === undefined ? '3.0.13' : own;
  const text = `OpenSSL ${version} ${RELEASED[version] ?? ''}`;
  return `${text} (Library: ${text})\n`;
}

const COMMANDS: Readonly<Record<string, Run>> = {
  base64: async (context, args) => (await import('./openssl-digest.ts')).encode(context, 'base64', args),
  dgst: async (context, args) => (await import('./openssl-digest.ts')).digest(context, 'dgst', args),
  enc: async (context, args) => (await import('./openssl-digest.ts')).encode(context, 'enc', args),
  genpkey: async (context, args) => (await import('./openssl-keys.ts')).genpkey(context, args),
  genrsa: async (context, args) => (await import('./openssl-keys.ts')).genrsa(context, args),
  pkey: async (context, args) => (await import('./openssl-keys.ts')).showKey(context, 'pkey', args),
  req: async (context, args) => (await import('./openssl-req.ts')).req(context, args),
  rsa: async (context, args) => (await import('./openssl-keys.ts')).showKey(context, 'rsa', args),
  s_client: async (context, args) => (await import('./openssl-s-client.ts')).sClient(context, args),
  sha1: async (context, args) => (await import('./openssl-digest.ts')).digest(context, 'sha1', args),
  sha256: async (context, args) => (await import('./openssl-digest.ts')).digest(context, 'sha256', args),
  verify: async (context, args) => (await import('./openssl-verify.ts')).verify(context, args),
  version: (context, args) =>
    args.every((arg) => arg === '-v')
      ? printed(versionLine(context))
      : args.every((arg) => /^--?[abcdefmoprv]$/.test(arg))
        ? notSimulatedHere('openssl', `the option ${args.join(' ')} of openssl version`)
        : failed(
            `version: Unknown option: ${args.find((arg) => !/^--?[abcdefmoprv]$/.test(arg)) ?? ''}\nversion: Use -help for summary.\n`,
          ),
  x509: async (context, args) => (await import('./openssl-x509.ts')).x509(context, args),
};

/** Commands and digests that OpenSSL has besides. */
const OTHERS =
  'asn1parse ca ciphers cmp cms crl crl2pkcs7 dhparam dsa dsaparam ec ecparam engine errstr fipsinstall gendsa help info kdf list mac nseq ocsp passwd pkcs12 pkcs7 pkcs8 pkeyparam pkeyutl prime rand rehash rsautl s_server s_time sess_id smime speed spkac srp storeutl ts blake2b512 blake2s256 md4 md5 rmd160 sha224 sha3-224 sha3-256 sha3-384 sha3-512 sha384 sha512 sm3 aes-128-cbc aes-256-cbc des3'.split(
    ' ',
  );

export function openssl(): SimulatedCommand {
  return {
    name: 'openssl',
    places: ['workstation', 'pod', 'node', 'vm', 'on-premises', 'internet'],
    run: async (context) => {
      const [name, ...args] = context.args;
      if (name === undefined || OTHERS.includes(name))
        return failed(
          `openssl: ${name === undefined ? 'the list of its commands' : name} is not simulated in this workbook; ${Object.keys(COMMANDS).sort().join(', ')} are\n`,
        );
      const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
      if (run === undefined) return failed(`Invalid command '${name}'; type "help" for a list.\n`);
      if (args.includes('-help') || args.includes('--help'))
        return notSimulatedHere('openssl', `the help of openssl ${name}`);
      return run(context, args);
    },
  };
}
