/** What real clients made of NO_PROXY lists, and where they disagree with each other, for the site's page. */
import { z } from 'zod';

const recording = z.object({
  date: z.string(),
  versions: z.record(z.string(), z.string()),
  pairs: z.array(z.object({ list: z.string(), url: z.string(), answers: z.record(z.string(), z.string()) })),
  environments: z.array(z.unknown()),
});

export type RecordedClients = z.infer<typeof recording>;

interface ComparedClient {
  readonly column: string;
  readonly name: string;
  readonly program: string;
}

/** The clients that are compared with each other, by column of the recording. */
export const COMPARED: readonly ComparedClient[] = [
  { column: 'go', name: 'Go', program: 'Go' },
  { column: 'curl', name: 'curl', program: 'curl' },
  { column: 'curl 7.81.0', name: 'curl before 7.86', program: 'curl' },
  { column: 'python-urllib', name: 'urllib', program: 'Python' },
  { column: 'python-requests', name: 'requests', program: 'requests' },
  { column: 'wget', name: 'wget', program: 'GNU wget' },
];

export interface Disagreement {
  readonly list: string;
  readonly url: string;
  /** Names of the clients that go to the host itself, and of those that ask the proxy. */
  readonly direct: readonly string[];
  readonly proxied: readonly string[];
}

/** Reads what `tests/oracle/no-proxy` recorded; throws where the file has another shape. A pair that came twice is there once. */
export function readRecordedClients(file: unknown): RecordedClients {
  const { pairs, ...rest } = recording.parse(file);
  const distinct = new Map(pairs.map((pair) => [JSON.stringify([pair.list, pair.url]), pair]));
  return { ...rest, pairs: [...distinct.values()] };
}

/** Returns the pairs on which not all compared clients do the same, in the order of the recording. */
export function disagreements({ pairs }: RecordedClients): readonly Disagreement[] {
  return pairs.flatMap(({ list, url, answers }) => {
    const named = (isDirect: boolean): readonly string[] =>
      COMPARED.filter(({ column }) => (answers[column] === 'direct') === isDirect).map(({ name }) => name);
    const [direct, proxied] = [named(true), named(false)];
    return direct.length === 0 || proxied.length === 0 ? [] : [{ list, url, direct, proxied }];
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
