/**
 * The declared shape of one `az` command: a table that parsing, `--help`, completion and the
 * azure-cli witness read, plus a pure function on the cloud.
 */
import type { AzureError } from '../../model/azure/error.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Result } from '../../model/result.ts';
import type { CommandResult, Place } from '../command.ts';

/** Any JSON value, as printed by `-o json` and queried by `--query`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type AzOptionType =
  | { readonly kind: 'string' }
  | { readonly kind: 'integer' }
  /** Present means true; takes no value. */
  | { readonly kind: 'flag' }
  /** Three-state: `--x`, `--x true`, `--x false`. */
  | { readonly kind: 'boolean' }
  /** Case-insensitive on input, as azure-cli's enums are; the value is the canonical spelling. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** Space-separated values, nargs='+'; with `empty`, nargs='*'. */
  | { readonly kind: 'list'; readonly empty?: 'allowed' }
  /** A list that may be given several times, as `--set a=b --set c=d`; the value is a list of lists. */
  | { readonly kind: 'lists' }
  /** `key[=value]` pairs, as in --tags. */
  | { readonly kind: 'pairs' };

export interface AzOption {
  /** Real spellings, as azure-cli lists them: `['--name', '-n']`; none for the words that stand for themselves. */
  readonly names: readonly string[];
  /** The key in `AzArguments`, camelCase. */
  readonly dest: string;
  readonly type: AzOptionType;
  readonly required?: true;
  readonly help: string;
  /** Real azure-cli accepts it; we refuse with this reason when it is used. */
  readonly notSimulated?: string;
  /** Of an option with `notSimulated`: the one value that is taken, since it says what happens anyway. */
  readonly simulatedValue?: string;
  /** Accepted and without effect on networking (for example `--no-wait`); says why that is right. */
  readonly noEffect?: string;
  /** Heading in `--help`, for example `Subnet` for `Subnet Arguments`; absent for the first one. */
  readonly group?: string;
  /** What `--help` names as the default. */
  readonly default?: string;
  /**
   * Which part of a resource id fills this option when `--ids` is given. A command with such options
   * takes `--ids`, and needs them all when it is not given.
   */
  readonly idPart?: 'resource-group' | 'name' | 'child-name' | 'grandchild-name';
  /** First azure-cli version with this option, if later than the one on record in tests/fixtures; or the extension that has it. */
  readonly since?: string;
  /** Of an enum: values that came later than the azure-cli on record, each with its version. */
  readonly newerValues?: Readonly<Record<string, string>>;
}

export type AzArguments = Readonly<Record<string, Json | undefined>>;

/** A usage problem found by a command after parsing, in azure-cli's words. */
export interface AzUsageError {
  readonly kind: 'usage';
  readonly message: string;
  /** 3 for what was not found. */
  readonly exitCode: 1 | 2 | 3;
  /** What azure-cli puts on a line of its own behind it. */
  readonly recommendation?: string;
  /** Said before it. */
  readonly warnings?: readonly string[];
  /** What went on meanwhile, where a command waited in vain. */
  readonly cloud?: Cloud;
}

export interface AzServiceError extends AzureError {
  readonly kind: 'azure';
  /** 3 for a resource that was not found, as azure-cli exits; 1 otherwise. */
  readonly exitCode?: 1 | 3;
  /** What a long operation left behind that failed half way; absent where nothing changed. */
  readonly cloud?: Cloud;
  /** Said before it. */
  readonly warnings?: readonly string[];
}

export type AzFailure = AzServiceError | AzUsageError;

export interface AzOutcome {
  readonly cloud: Cloud;
  /** Undefined prints nothing, as delete commands do. */
  readonly output?: Json;
  /** Text that the command prints itself, whatever the output format. */
  readonly printed?: string;
  /** azure-cli's table transform, where a command has one of its own; else columns are derived. */
  readonly table?: (output: Json) => readonly Readonly<Record<string, string>>[];
  /** Warnings on stderr. */
  readonly warnings?: readonly string[];
  /** Virtual seconds the operation takes; 1 if absent. */
  readonly durationSeconds?: number;
  /** A script to run inside a machine once the cloud is as above; what it leaves is the outcome. */
  readonly inside?: {
    readonly place: Place;
    readonly script: string;
    readonly then: (result: CommandResult, cloud: Cloud) => AzOutcome;
  };
  /** The program `ssh` of the workstation, which az starts with these arguments; what it leaves is the outcome. */
  readonly ssh?: {
    readonly args: readonly string[];
    readonly then: (result: CommandResult, cloud: Cloud) => AzOutcome;
  };
  /** Where an interactive shell goes. */
  readonly enter?: Place;
}

export interface AzCommand {
  /** `['network', 'vnet', 'create']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly options: readonly AzOption[];
  readonly examples?: readonly { readonly does: string; readonly line: string }[];
  /** Asks before it runs, unless `--yes`. */
  readonly confirm?: true;
  /** Files that `run` may read besides the kubeconfig; `~` is the learner's home. */
  readonly reads?: (args: AzArguments) => readonly string[];
  readonly run: (cloud: Cloud, args: AzArguments, files: AzFiles) => Result<AzOutcome, AzFailure>;
}

/** What a command may read of the learner's file system (for `@file` values and kubeconfig writes). */
export interface AzFiles {
  readonly read: (path: string) => string | null;
  /** Where credentials go unless a path is asked for: the first of KUBECONFIG, else `~/.kube/config`. */
  readonly kubeconfig: string;
  /** Files the command wants written, for example ~/.kube/config; applied after success. */
  readonly write: (path: string, text: string) => void;
}
