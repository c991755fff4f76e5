import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DISPOSITIONS } from '../../../src/model/trace/disposition.ts';
import type { Disposition } from '../../../src/model/trace/disposition.ts';

const FOLDER = fileURLToPath(new URL('./recorded/', import.meta.url));

const disposition = z
  .string()
  .refine((text): text is Disposition => text in DISPOSITIONS, 'is no disposition');

const recording = z.strictObject({
  scenario: z.string(),
  /** When and on what the flows were sent. */
  witness: z.strictObject({
    date: z.iso.date(),
    kernel: z.string(),
    iproute2: z.string(),
    nftables: z.string(),
  }),
  variations: z.array(
    z.strictObject({
      name: z.string(),
      flows: z.array(
        z.strictObject({
          question: z.string(),
          disposition: z.union([disposition, z.literal('unexplained')]),
          seenSource: z.string().nullable(),
          answeredBy: z.string().nullable(),
          by: z.string().nullable(),
          evidence: z.string(),
        }),
      ),
    }),
  ),
});

export type Recording = z.infer<typeof recording>;
export type RecordedFlow = Recording['variations'][number]['flows'][number];

export function recordedScenarios(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''));
}

export function readRecording(scenario: string): Recording | null {
  const path = `${FOLDER}${scenario}.json`;
  return existsSync(path) ? recording.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

export function writeRecording(made: Recording): string {
  const path = `${FOLDER}${made.scenario}.json`;
  writeFileSync(path, `${JSON.stringify(recording.parse(made), null, 2)}\n`);
  return path;
}
