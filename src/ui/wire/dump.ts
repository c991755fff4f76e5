/** Bytes as hexadecimal digits beside text, row by row, as xxd prints them. */
import type { WireField, WireFieldKind } from '../../model/proxy/wire-bytes.ts';

/** Bytes behind one another that say the same thing. */
export interface DumpRun {
  /** Null: nothing worth pointing at. */
  readonly kind: WireFieldKind | null;
  /** Index of the field, which stands in the list beside. */
  readonly field: number | null;
  readonly hex: string;
  /** `.` for what cannot be printed. */
  readonly text: string;
}

export type DumpRow =
  | {
      readonly kind: 'bytes';
      readonly offset: string;
      /** Eight bytes each; the second may be empty. */
      readonly halves: readonly [readonly DumpRun[], readonly DumpRun[]];
    }
  /** Rows that say nothing new. */
  | { readonly kind: 'left-out'; readonly bytes: number; readonly why: 'sealed' | 'zeros' };

const ROW = 16;
const HALF = 8;
/** Rows of what is sealed that are shown: enough to see that nothing is to be seen. */
const SEALED_ROWS = 2;

/** What is worth pointing at in the bytes; everything else is only listed. */
const TELLING: ReadonlySet<WireFieldKind> = new Set([
  'start-line',
  'body',
  'server-name',
  'protocols',
  'alert',
  'sealed',
  'subject',
  'issuer',
  'validity',
  'names',
]);

export const isTelling = ({ kind }: WireField): boolean => TELLING.has(kind);

/** Returns the rows of a message. `bytes` are hexadecimal digits. */
export function dumpRows(bytes: string, fields: readonly WireField[]): readonly DumpRow[] {
  const length = bytes.length / 2;
  const owners = ownersOf(length, fields);
  const rows: DumpRow[] = [];
  let sealedRows = 0;
  for (let at = 0; at < length; at += ROW) {
    const end = Math.min(at + ROW, length);
    const why = plainRow(bytes, at, end, owners, fields);
    if (why === null) sealedRows = 0;
    else if (why === 'sealed') sealedRows++;
    const last = rows.at(-1);
    const isLeftOut = why === 'zeros' ? at > 0 : why === 'sealed' && sealedRows > SEALED_ROWS;
    if (why !== null && isLeftOut && end < length) {
      if (last?.kind === 'left-out' && last.why === why)
        rows[rows.length - 1] = { ...last, bytes: last.bytes + end - at };
      else rows.push({ kind: 'left-out', bytes: end - at, why });
      continue;
    }
    const half = (from: number): readonly DumpRun[] =>
      runsOf(bytes, Math.min(from, end), Math.min(from + HALF, end), owners, fields);
    rows.push({
      kind: 'bytes',
      offset: at.toString(16).padStart(4, '0'),
      halves: [half(at), half(at + HALF)],
    });
  }
  return rows;
}

/** The innermost telling field of each byte, as its index; -1: none. */
function ownersOf(length: number, fields: readonly WireField[]): Int32Array {
  const owners = new Int32Array(length).fill(-1);
  fields.forEach((each, index) => {
    if (isTelling(each)) owners.fill(index, each.start, each.end);
  });
  return owners;
}

function plainRow(
  bytes: string,
  at: number,
  end: number,
  owners: Int32Array,
  fields: readonly WireField[],
): 'sealed' | 'zeros' | null {
  if (end - at < ROW) return null;
  const here = owners.subarray(at, end);
  const kinds = new Set([...here].map((owner) => fields[owner]?.kind ?? null));
  if (kinds.size !== 1) return null;
  if (kinds.has('sealed')) return 'sealed';
  return kinds.has(null) && /^0+$/.test(bytes.slice(at * 2, end * 2)) ? 'zeros' : null;
}

function runsOf(
  bytes: string,
  start: number,
  end: number,
  owners: Int32Array,
  fields: readonly WireField[],
): readonly DumpRun[] {
  const runs: DumpRun[] = [];
  for (let at = start; at < end; at++) {
    const owner = owners[at] ?? -1;
    const field = owner < 0 ? null : owner;
    const hex = bytes.slice(at * 2, at * 2 + 2);
    const text = printable(parseInt(hex, 16));
    const last = runs.at(-1);
    if (last !== undefined && last.field === field) {
      runs[runs.length - 1] = { ...last, hex: `${last.hex} ${hex}`, text: last.text + text };
    } else runs.push({ kind: field === null ? null : (fields[field]?.kind ?? null), field, hex, text });
  }
  return runs;
}

const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');
