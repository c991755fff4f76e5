/** The declared shape of one kubectl command: the table that parsing, `--help` and completion read. */
import type { Cloud } from '../../model/cloud.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { KubernetesState } from '../../model/kubernetes/objects.ts';
import type { Result } from '../../model/result.ts';
import type { CommandContext, Place } from '../command.ts';
import type { KubectlFailure } from './failure.ts';

export type FlagType =
  /** May stand alone; `--x=false` switches it off. */
  | { readonly kind: 'flag' }
  | { readonly kind: 'string' }
  | { readonly kind: 'integer' }
  /** Repeatable; `comma` also splits at commas. */
  | { readonly kind: 'list'; readonly split: 'comma' | 'none' }
  /** A string that may be left out (`--cascade`, `--dry-run`): the value then. */
  | { readonly kind: 'optional'; readonly absent: string };

export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  readonly shorthand?: string;
  readonly type: FlagType;
  readonly help: string;
  /** What kubectl shows as the default in its help, for example `'default'` or `1`. */
  readonly shown?: string;
  /** Real kubectl accepts it; we refuse when it is used, with this reason. */
  readonly notSimulated?: string;
}

export class Flags {
  readonly #values: ReadonlyMap<string, string | readonly string[]>;

  constructor(values: ReadonlyMap<string, string | readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | null {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : (value?.at(-1) ?? null);
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  }

  isOn(name: string): boolean {
    return this.#values.get(name) === 'true';
  }

  number(name: string): number | null {
    const text = this.text(name);
    return text === null ? null : Number(text);
  }
}

export interface KubectlInput {
  readonly flags: Flags;
  readonly args: readonly string[];
  /** What follows `--`; null if there was none. */
  readonly afterDash: readonly string[] | null;
}

/** The cluster that the kubeconfig's context points to. */
export interface Target {
  readonly cluster: ArmKey;
  readonly state: KubernetesState;
  /** From `-n`, or the context's, or `default`. */
  readonly namespace: string;
  readonly contextName: string;
}

export interface KubectlOutcome {
  readonly cloud?: Cloud;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly enter?: Place;
  readonly elapsedSeconds?: number;
}

export type KubectlResult = Result<KubectlOutcome, KubectlFailure>;

export interface KubectlCommand {
  /** `['create', 'deployment']` */
  readonly path: readonly string[];
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly details?: string;
  /** What follows the command in the usage line, for example `NAME --image=image [options]`. */
  readonly usage: string;
  readonly examples: readonly { readonly does: string; readonly line: string }[];
  readonly flags: readonly Flag[];
  /** `local` commands work without a cluster. */
  readonly needs: 'cluster' | 'local';
  readonly run: (
    input: KubectlInput,
    target: Target,
    context: CommandContext,
  ) => KubectlResult | Promise<KubectlResult>;
}

export const OUTPUT_FLAG: Flag = {
  name: 'output',
  shorthand: 'o',
  type: { kind: 'string' },
  help: 'Output format. One of: (json, yaml, name, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, wide).',
};

export const SELECTOR_FLAG: Flag = {
  name: 'selector',
  shorthand: 'l',
  type: { kind: 'string' },
  help: "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.",
};

export const FILENAME_FLAG: Flag = {
  name: 'filename',
  shorthand: 'f',
  type: { kind: 'list', split: 'comma' },
  help: 'Filename to use to create the resource, or - for standard input.',
};

export const ALL_NAMESPACES_FLAG: Flag = {
  name: 'all-namespaces',
  shorthand: 'A',
  type: { kind: 'flag' },
  help: 'If present, list the requested object(s) across all namespaces.',
};

export const DRY_RUN_FLAG: Flag = {
  name: 'dry-run',
  type: { kind: 'optional', absent: 'unchanged' },
  shown: "'none'",
  help: 'Must be "none", "server", or "client". With the others nothing is changed.',
};
