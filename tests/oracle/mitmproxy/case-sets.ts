import { MITM_CASES, type MitmCase } from './cases.ts';
import { CHAIN_CASES } from './chain-cases.ts';

/** By the file in `recorded/` that has what the real one says, without `-8.1.1.json`. */
export const CASES = { mitmproxy: MITM_CASES, chains: CHAIN_CASES } satisfies Readonly<
  Record<string, readonly MitmCase[]>
>;

export type CaseSet = keyof typeof CASES;

export function isCaseSet(text: string): text is CaseSet {
  return Object.hasOwn(CASES, text);
}

export const CASE_SETS = Object.keys(CASES).filter(isCaseSet);
