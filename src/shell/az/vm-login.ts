/** How a new machine is logged in to: azure-cli's checks of names, passwords and keys. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { readSshKey } from './aks-validation.ts';
import type { AzArguments, AzFailure, AzFiles } from './command.ts';
import { optionalList, optionalText } from './outcome.ts';

/** Which key files `az vm create` may read. */
export function loginPaths(args: AzArguments): readonly string[] {
  return optionalList(args, 'sshKeyValues') ?? ['~/.ssh/id_rsa.pub'];
}

const RESERVED_USER_NAMES = [
  ...['administrator', 'admin', 'user', 'user1', 'user2', 'test', 'test1', 'test2', 'test3', '123', '1', 'a'],
  ...['actuser', 'adm', 'aspnet', 'backup', 'console', 'david', 'guest', 'john', 'owner', 'root', 'server'],
  ...['sql', 'support', 'support_388945a0', 'sys', 'video'],
];

interface Login {
  readonly adminUsername: string;
  readonly warnings: readonly string[];
}

function failure(message: string): Result<never, AzFailure> {
  return err({ kind: 'usage', message, exitCode: 1 });
}

/**
 * Returns who logs in. With `--generate-ssh-keys` a missing key pair is written to `~/.ssh`; without a
 * key and without a password it is azure-cli's error.
 */
export function checkLogin(args: AzArguments, files: AzFiles): Result<Login, AzFailure> {
  const adminUsername = optionalText(args, 'adminUsername') ?? 'azureuser';
  if (RESERVED_USER_NAMES.includes(adminUsername.toLowerCase())) {
    return failure(
      `This user name '${adminUsername}' meets the general requirements, but is specifically disallowed for this image. Please try a different value.`,
    );
  }
  const password = optionalText(args, 'adminPassword');
  const wanted = optionalText(args, 'authenticationType') ?? (password === undefined ? 'ssh' : 'password');
  if (wanted !== 'ssh') {
    if (password === undefined) {
      return failure('Please specify password in non-interactive mode: --admin-password.');
    }
    const weak = weakness(password);
    if (weak !== null) return failure(weak);
  }
  if (wanted === 'password') return ok({ adminUsername, warnings: [] });
  const key = readSshKey({ ...args, sshKeyValue: optionalList(args, 'sshKeyValues')?.[0] }, files);
  return key.ok ? ok({ adminUsername, warnings: key.value.warnings }) : key;
}

function weakness(password: string): string | null {
  if (password.length < 12 || password.length > 72) {
    return 'The password length must be between 12 and 72';
  }
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  return kinds >= 3
    ? null
    : 'Password must have the 3 of the following: 1 lower case character, 1 upper case character, 1 number and 1 special character';
}
