/** What azure-cli checks itself before it sends anything to AKS, in its own words (acs/_validators.py). */
import { parseResourceId } from '../../model/azure/resource-store.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzFiles } from './command.ts';
import { optionalList, optionalNumber, optionalText, usageFailure } from './outcome.ts';

/** Where the terminal's home is; messages of azure-cli name it in full. */
export const HOME = '/home/learner';
const PUBLIC_KEY_PATH = '~/.ssh/id_rsa.pub';

type Checked = Result<null, AzFailure>;

export function checkNodePoolName(name: string | undefined): Checked {
  if (name === undefined || name === '') return ok(null);
  if (name.length > 12) return usageFailure('--nodepool-name can contain at most 12 characters');
  if (!/^[\p{L}\p{N}]+$/u.test(name)) {
    return usageFailure('--nodepool-name should contain only alphanumeric characters');
  }
  return ok(null);
}

export function checkLinuxHostName(name: string): Checked {
  if (/^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/.test(name)) return ok(null);
  return usageFailure(
    '--name cannot exceed 63 characters and can only contain letters, numbers, underscores (_) or dashes (-).',
  );
}

/** Returns the version without its `v`. */
export function checkKubernetesVersion(text: string | undefined): Result<string | null, AzFailure> {
  if (text === undefined || text === '') return ok(null);
  const found = /^[vV|]?(\d+\.\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (found !== undefined) return ok(found);
  return usageFailure(
    '--kubernetes-version should be the full version number or major.minor version number, such as "1.7.12" or "1.7"',
  );
}

export function checkResourceIdOption(option: string, id: string | undefined): Checked {
  if (id === undefined || id === '' || parseResourceId(id) !== null) return ok(null);
  return usageFailure(`${option} is not a valid Azure resource ID.`);
}

/** Returns labels from `key=value` words, as `--labels` and `--nodepool-labels` take them. */
export function readLabels(
  args: AzArguments,
  dest: string,
): Result<Readonly<Record<string, string>> | undefined, AzFailure> {
  const words = optionalList(args, dest);
  if (words === undefined) return ok(undefined);
  const labels: Record<string, string> = {};
  for (const word of words) {
    if (word === '') continue;
    const parts = word.split('=');
    const [key = '', value = ''] = parts;
    if (parts.length !== 2) {
      return usageFailure(`Invalid label: ${word}. Label definition must be of format name=value.`);
    }
    const wrong = labelProblem(key, value);
    if (wrong !== null) return usageFailure(`Invalid label: ${word}. ${wrong}`);
    labels[key] = value;
  }
  return ok(labels);
}

const QUALIFIED_NAME =
  "A qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";

function labelProblem(key: string, value: string): string | null {
  const parts = key.split('/');
  if (parts.length > 2) return QUALIFIED_NAME;
  const name = parts.at(-1) ?? '';
  if (parts.length === 2) {
    const prefix = parts[0] ?? '';
    if (prefix === '' || prefix.length > 253) return "Label prefix can't be empty or more than 253 chars.";
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(prefix)) {
      return "Prefix part a DNS-1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
    }
  }
  if (name === '' || name.length > 63) return "Label name can't be empty or more than 63 chars.";
  if (!/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) return QUALIFIED_NAME;
  if (value.length > 63) return 'Label must not be more than 63 chars.';
  if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) {
    return "A valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  }
  return null;
}

/** Returns taints from a comma-separated text; an empty text takes all taints away. */
export function readTaints(text: string | undefined): Result<readonly string[] | undefined, AzFailure> {
  if (text === undefined) return ok(undefined);
  const taints = text.split(',').filter((each) => each !== '');
  const wrong = taints.find(
    (each) =>
      !/^[a-zA-Z\d][\w\-./]{0,252}=[a-zA-Z\d][\w\-.]{0,62}:(NoSchedule|PreferNoSchedule|NoExecute)$/.test(
        each,
      ),
  );
  return wrong === undefined ? ok(taints) : usageFailure(`Invalid node taint: ${wrong}`);
}

export function checkMaxSurge(text: string | undefined): Checked {
  return checkIntOrPercent('--max-surge', text);
}

export function checkMaxUnavailable(text: string | undefined): Checked {
  return checkIntOrPercent('--max-unavailable', text);
}

function checkIntOrPercent(option: string, text: string | undefined): Checked {
  if (text === undefined) return ok(null);
  const number = text.replace(/%+$/, '');
  if (!/^\s*[+-]?\d+\s*$/.test(number)) return usageFailure(`${option} should be an int or percentage`);
  return Number(number) < 0 ? usageFailure(`${option} must be positive`) : ok(null);
}

/** Checks the limits of the autoscaler, whether it is asked for or not. */
export function checkNodeCounts(args: AzArguments): Checked {
  for (const [dest, option] of [
    ['minCount', '--min-count'],
    ['maxCount', '--max-count'],
  ] as const) {
    const count = optionalNumber(args, dest);
    if (count !== undefined && (count < 0 || count > 1000)) {
      return usageFailure(`${option} must be in the range [0,1000]`);
    }
  }
  return ok(null);
}

/** Which key file `az aks create` reads. */
export function sshKeyPaths(args: AzArguments): readonly string[] {
  const given = optionalText(args, 'sshKeyValue');
  return given === undefined ? [PUBLIC_KEY_PATH] : [given];
}

/** Returns the public key for the nodes; makes a key pair if asked to and there is none. */
export function readSshKey(
  args: AzArguments,
  files: AzFiles,
): Result<{ readonly key: string | null; readonly warnings: readonly string[] }, AzFailure> {
  if (args['noSshKey'] === true) return ok({ key: null, warnings: [] });
  const path = optionalText(args, 'sshKeyValue') ?? PUBLIC_KEY_PATH;
  const existing = files.read(path);
  if (existing !== null) return ok({ key: existing.trim(), warnings: [] });
  if (/^ssh-rsa\s+AAAA[A-Za-z0-9+/=]+/.test(path)) return ok({ key: path, warnings: [] });
  if (args['generateSshKeys'] !== true) {
    return err({
      kind: 'usage',
      exitCode: 1,
      message:
        'An RSA key file or key value must be supplied to SSH Key Value. You can use --generate-ssh-keys to let CLI generate one for you',
    });
  }
  const secret = path.toLowerCase().endsWith('.pub') ? path.slice(0, -4) : `${path}.private`;
  const key = 'ssh-rsa SIMULATED-PUBLIC-KEY learner@workstation';
  files.write(path, `${key}\n`);
  files.write(secret, 'This is not a key: nothing here logs in with one.\n');
  const [shownSecret, shownPath] = [secret, path].map((each) => each.replace(/^~/, HOME));
  return ok({
    key,
    warnings: [
      `SSH key files '${shownSecret ?? ''}' and '${shownPath ?? ''}' have been generated under ~/.ssh to allow SSH access to the VM. If using machines without permanent storage like Azure Cloud Shell without an attached file share, back up your keys to a safe location`,
    ],
  });
}
