/**
 * The exact state of a network as one text: the cloud itself, with what no command prints, and what was
 * left out of it. Written by us; read back from anybody, so nothing in it is taken on trust.
 */
import { compile } from '../../model/compile/compile.ts';
import type { Cloud } from '../../model/cloud.ts';
import { upgradeCloud } from '../../model/upgrade-cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { InputIssue } from '../input.ts';
import { tracerEnds } from '../packet-tracer.ts';
import type { TracerState } from '../packet-tracer.ts';
import { rawObject, textOf } from './bag.ts';
import { levelsOf, MOST_CHARACTERS, MOST_LEVELS } from './documents.ts';
import { importCloud } from './import-cloud.ts';
import type { ImportOptions } from './import-cloud.ts';
import type { LeftOut } from './left-out.ts';

const FORMAT = 'aks-networking-workbook/network';

export function stateText({ cloud, leftOut, notes }: TracerState): string {
  return JSON.stringify({ format: FORMAT, version: 1, cloud, leftOut, notes });
}

/** Reports whether a text is a state of ours rather than the answer of a command. */
export function looksLikeState(text: string): boolean {
  return text.slice(0, 200).includes(`"${FORMAT}"`);
}

/** Returns the network that texts hold: one exact state, or what commands print. */
export function readNetwork(
  texts: readonly string[],
  options: ImportOptions = {},
): Result<TracerState, readonly InputIssue[]> {
  const states = texts.filter(looksLikeState);
  const [state] = states;
  if (state === undefined) return importCloud(texts, options);
  if (texts.filter((text) => text.trim() !== '').length > 1) {
    return refuse(
      options,
      'A saved state stands alone: it holds a whole network.',
      'the state, or the JSON, not both.',
    );
  }
  return readState(state, options);
}

function readState(text: string, options: ImportOptions): Result<TracerState, readonly InputIssue[]> {
  if (text.length > MOST_CHARACTERS)
    return refuse(options, 'The saved state is too large to be one of ours.', null);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refuse(options, 'The saved state is cut off, or was changed: it is no JSON.', 'the whole file.');
  }
  const raw = rawObject(data);
  if (raw?.['version'] !== 1 || levelsOf(data, MOST_LEVELS) > MOST_LEVELS)
    return refuse(options, DAMAGED, null);
  try {
    const cloud = upgradeCloud(raw['cloud'] as Cloud);
    const entries = Array.isArray(raw['leftOut']) ? (raw['leftOut'] as readonly unknown[]) : [];
    const notes = Array.isArray(raw['notes']) ? (raw['notes'] as readonly unknown[]) : [];
    // Whoever reads the cloud takes its shape for granted: what is not ours does not get through this.
    for (const host of compile(cloud).network.hosts.values()) void host.id;
    tracerEnds(cloud);
    return ok({
      cloud,
      leftOut: entries.flatMap((each) => leftOutOf(each) ?? []),
      notes: notes.filter((each) => typeof each === 'string'),
    });
  } catch {
    return refuse(options, DAMAGED, null);
  }
}

const DAMAGED = 'The saved state is damaged, or was written by something else.';

function leftOutOf(value: unknown): LeftOut | null {
  const raw = rawObject(value);
  if (raw === null) return null;
  const kind = (['resource', 'property', 'missing', 'text'] as const).find((each) => each === raw['kind']);
  const weight = (['decides', 'may-matter', 'no-packets'] as const).find((each) => each === raw['weight']);
  if (kind === undefined || weight === undefined) return null;
  const list = (key: string): readonly string[] => {
    const found = raw[key];
    return Array.isArray(found)
      ? (found as readonly unknown[]).filter((each) => typeof each === 'string')
      : [];
  };
  return {
    kind,
    weight,
    name: textOf(raw['name']),
    what: textOf(raw['what']),
    effect: textOf(raw['effect']),
    on: typeof raw['on'] === 'string' ? raw['on'] : null,
    near: list('near'),
    addresses: list('addresses'),
    ...(raw['only'] === 'internet' ? { only: 'internet' } : {}),
  };
}

function refuse(
  options: ImportOptions,
  message: string,
  instead: string | null,
): Result<never, readonly InputIssue[]> {
  return err([{ flag: options.flag ?? 'json', value: null, message, instead }]);
}
