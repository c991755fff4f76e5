/** What real clients made of NO_PROXY lists, and where they disagree with each other, for the site's page. */
import { z } from 'zod';

const recording = z.object({
  date: z.string(),
  versions: z.record(z.string(), z.string()),
  pairs: z.array(z.object({ list: z.string(), url: z.string(), answers: z.record(z.string(), z.string()) })),
  environments: z.array(z.unknown()),
});

export type RecordedClients = z.infer<typeof recording>;

/** The clients that are compared with each other, by column of the recording. */
export const COMPARED: readonly { readonly column: string; readonly name: string }[] = [
  { column: 'go', name: 'Go' },
  { column: 'curl', name: 'curl' },
  { column: 'curl 7.81.0', name: 'curl before 7.86' },
  { column: 'python-urllib', name: 'urllib' },
  { column: 'python-requests', name: 'requests' },
  { column: 'wget', name: 'wget' },
];

export interface Disagreement {
  readonly list: string;
  readonly url: string;
  /** Names of the clients that go to the host itself, and of those that ask the proxy. */
  readonly direct: readonly string[];
  readonly proxied: readonly string[];
}

/** Reads what `tests/oracle/no-proxy` recorded; throws where the file has another shape. */
export function readRecordedClients(file: unknown): RecordedClients {
  return recording.parse(file);
}

/** Returns the pairs on which not all compared clients do the same, in the order of the recording, each once. */
export function disagreements({ pairs }: RecordedClients): readonly Disagreement[] {
  const seen = new Set<string>();
  return pairs.flatMap(({ list, url, answers }) => {
    const key = `${list} ${url}`;
    const named = (isDirect: boolean): readonly string[] =>
      COMPARED.filter(({ column }) => (answers[column] === 'direct') === isDirect).map(({ name }) => name);
    const [direct, proxied] = [named(true), named(false)];
    if (direct.length === 0 || proxied.length === 0 || seen.has(key)) return [];
    seen.add(key);
    return [{ list, url, direct, proxied }];
  });
}

/** Returns on how many pairs each two of the compared clients do not do the same, in the order of `COMPARED`. */
export function disagreementCounts({ pairs }: RecordedClients): readonly (readonly number[])[] {
  const isDirect = (column: string): readonly boolean[] =>
    pairs.map(({ answers }) => answers[column] === 'direct');
  const columns = COMPARED.map(({ column }) => isDirect(column));
  return columns.map((one) =>
    columns.map((other) => one.filter((value, index) => value !== other[index]).length),
  );
}
