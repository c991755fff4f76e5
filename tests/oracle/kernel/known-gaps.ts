import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const LEDGER = fileURLToPath(new URL('../known-gaps.yaml', import.meta.url));

const gap = z.strictObject({
  /** Kebab-case, stable: the site links to it. */
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  witness: z.literal('kernel'),
  scenario: z.string(),
  variation: z.string(),
  /** As `questionText` prints it. */
  flow: z.string(),
  model: z.string(),
  reality: z.string(),
  /** Why they differ, and what a learner should believe. */
  reason: z.string().min(20),
  since: z.iso.date(),
});

const ledger = z.strictObject({ gaps: z.array(gap) });

export type KnownGap = z.infer<typeof gap>;

/** Returns the ledger of known disagreements; throws with readable issues if it breaks its own schema. */
export function readLedger(text: string = readFileSync(LEDGER, 'utf8')): readonly KnownGap[] {
  const parsed = ledger.safeParse(parse(text));
  if (!parsed.success) throw new Error(`known-gaps.yaml: ${z.prettifyError(parsed.error)}`);
  const ids = new Set<string>();
  for (const { id } of parsed.data.gaps) {
    if (ids.has(id)) throw new Error(`known-gaps.yaml: ${id} is listed twice`);
    ids.add(id);
  }
  return parsed.data.gaps;
}

/** Returns the gap that excuses a disagreement; null if none does. */
export function knownGap(scenario: string, variation: string, flow: string): KnownGap | null {
  return (
    readLedger().find(
      (each) => each.scenario === scenario && each.variation === variation && each.flow === flow,
    ) ?? null
  );
}
