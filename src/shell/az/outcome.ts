/** Small steps that every command function takes: from the model's results to what `az` prints. */
import type { AzureError } from '../../model/azure/error.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzOutcome, Json } from './command.ts';
import { plainText } from './output-format.ts';

export type Ran = Result<AzOutcome, AzFailure>;

/** A refusal by Azure. */
export function refusedByAzure(error: AzureError): Result<never, AzFailure> {
  return err({ kind: 'azure', ...error });
}

/** A refusal by azure-cli itself, after parsing. */
export function usageFailure(message: string, exitCode: 1 | 2 = 1): Result<never, AzFailure> {
  return err({ kind: 'usage', message, exitCode });
}

/** The outcome of a change: the new cloud and what is printed from it. */
export function changed(
  result: Result<Cloud, AzureError>,
  print?: (cloud: Cloud) => Json,
  durationSeconds = 1,
): Ran {
  if (!result.ok) return refusedByAzure(result.error);
  const cloud = result.value;
  return ok({ cloud, durationSeconds, ...(print === undefined ? {} : { output: print(cloud) }) });
}

/** The outcome of a read. */
export function shown<T>(
  cloud: Cloud,
  result: Result<T, AzureError>,
  print: (value: T) => Json,
  table?: AzOutcome['table'],
): Ran {
  if (!result.ok) return refusedByAzure(result.error);
  return ok({ cloud, output: print(result.value), ...(table === undefined ? {} : { table }) });
}

/** A text argument; the parser has made sure of required ones. */
export function textArgument(args: AzArguments, dest: string): string {
  const value = args[dest];
  if (typeof value !== 'string') throw new Error(`the option for ${dest} was not read as text`);
  return value;
}

export function optionalText(args: AzArguments, dest: string): string | undefined {
  const value = args[dest];
  return typeof value === 'string' ? value : undefined;
}

export function optionalNumber(args: AzArguments, dest: string): number | undefined {
  const value = args[dest];
  return typeof value === 'number' ? value : undefined;
}

export function optionalBoolean(args: AzArguments, dest: string): boolean | undefined {
  const value = args[dest];
  return typeof value === 'boolean' ? value : undefined;
}

export function optionalList(args: AzArguments, dest: string): readonly string[] | undefined {
  const value = args[dest];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Tags, or undefined when the option is not given; `--tags ''` gives none. */
export function optionalTags(args: AzArguments, dest = 'tags'): Readonly<Record<string, string>> | undefined {
  const value = args[dest];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainText(item)]));
}

/** Copies the entries whose value is not undefined, as `exactOptionalPropertyTypes` wants. */
export function given<T extends object>(entries: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  const kept: Partial<T> = {};
  for (const key in entries) {
    const value = entries[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}
