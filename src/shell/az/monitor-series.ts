/** Samples of metrics, and the series that Azure Monitor makes of them. */
import type { Json } from './command.ts';
import { minuteText } from './monitor-time.ts';
import type { MetricTime } from './monitor-time.ts';

export type Aggregation = 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total';

export interface Metric {
  readonly value: string;
  readonly localizedValue: string;
  readonly description: string;
  readonly dimensions: readonly string[];
  /** Used where a query names none. */
  readonly aggregation: Aggregation;
}

/** One measured thing: its dimensions, and its value in the minute that begins at `minute`, if it is known when. */
export interface Sample {
  readonly at: Readonly<Record<string, string>>;
  readonly value: number;
  readonly minute: number;
}

/** A dimension to split by, and the one value that is wanted of it; null for all. */
export interface Split {
  readonly dimension: string;
  readonly only: string | null;
}

const MINUTE = 60;

/**
 * Returns one series for each combination of the dimensions' values, at most `top` of them. A series has a
 * point for each interval; `minutes` are those that anything is known of.
 */
export function timeSeries(
  samples: readonly Sample[],
  {
    splits,
    top,
    aggregations,
    time,
    minutes,
  }: {
    readonly splits: readonly Split[];
    readonly top: number;
    readonly aggregations: readonly Aggregation[];
    readonly time: MetricTime;
    readonly minutes: readonly number[];
  },
): Json {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const values = splits.map(({ dimension }) => sample.at[dimension] ?? '');
    if (splits.some(({ only }, at) => only !== null && only.toLowerCase() !== values[at]?.toLowerCase()))
      continue;
    const key = JSON.stringify(values);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  const step = time.intervalMinutes * MINUTE;
  const buckets = [...new Set(minutes.map((each) => Math.floor(each / step) * step))];
  return [...groups.values()].slice(0, splits.length === 0 ? 1 : top).map((group) => ({
    data: buckets.map((bucket) => ({
      ...aggregated(
        group.filter(({ minute }) => minute >= bucket && minute < bucket + step).map(({ value }) => value),
        aggregations,
      ),
      timeStamp: minuteText(bucket),
    })),
    metadatavalues: splits.map(({ dimension }) => ({
      name: { localizedValue: dimension.toLowerCase(), value: dimension.toLowerCase() },
      value: group[0]?.at[dimension] ?? '',
    })),
  }));
}

function aggregated(
  values: readonly number[],
  aggregations: readonly Aggregation[],
): Readonly<Record<string, number>> {
  const total = values.reduce((sum, value) => sum + value, 0);
  const results: Readonly<Record<Aggregation, number>> = {
    Average: values.length === 0 ? 0 : total / values.length,
    Count: values.length,
    Maximum: values.reduce((a, b) => Math.max(a, b), 0),
    Minimum: values.length === 0 ? 0 : values.reduce((a, b) => Math.min(a, b)),
    Total: total,
  };
  const order: readonly Aggregation[] = ['Average', 'Count', 'Maximum', 'Minimum', 'Total'];
  return Object.fromEntries(
    order.flatMap((each) => (aggregations.includes(each) ? [[each.toLowerCase(), results[each]]] : [])),
  );
}
