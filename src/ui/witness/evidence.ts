/** What the recordings of the kernel witness and the ledger of known gaps say, for the site's page. */
import { parse } from 'yaml';
import { z } from 'zod';

const flow = z.object({
  question: z.string(),
  disposition: z.string(),
  seenSource: z.string().nullable(),
  by: z.string().nullable(),
});

const recording = z.object({
  scenario: z.string(),
  witness: z.object({ date: z.string(), kernel: z.string(), iproute2: z.string(), nftables: z.string() }),
  variations: z.array(z.object({ name: z.string(), flows: z.array(flow) })),
});

const ledger = z.object({
  gaps: z.array(
    z.object({
      id: z.string(),
      scenario: z.string(),
      flow: z.string(),
      model: z.string(),
      reality: z.string(),
      reason: z.string(),
      since: z.string(),
    }),
  ),
});

export type RecordedEvidence = z.infer<typeof recording>;
export type KnownGap = z.infer<typeof ledger>['gaps'][number];

/** Reads what `tests/oracle` recorded, scenario by scenario; throws where a file has another shape. */
export function readEvidence(files: readonly unknown[]): readonly RecordedEvidence[] {
  return files.map((file) => recording.parse(file)).sort((a, b) => a.scenario.localeCompare(b.scenario));
}

export function readGaps(text: string): readonly KnownGap[] {
  return ledger.parse(parse(text)).gaps;
}

export function flowCount(evidence: readonly RecordedEvidence[]): number {
  return evidence
    .flatMap((each) => each.variations)
    .reduce((total, variation) => total + variation.flows.length, 0);
}
