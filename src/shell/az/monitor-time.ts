/** The time arguments of `az monitor metrics list`: which minutes a query is about, and how they are put together. */
import { azureError } from '../../model/azure/error.ts';
import type { AzureError } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure } from './command.ts';
import { optionalList, optionalText, refusedByAzure, usageFailure } from './outcome.ts';

export interface MetricTime {
  /** Seconds since the epoch, both. */
  readonly from: number;
  readonly to: number;
  readonly intervalMinutes: number;
}

const MINUTE = 60;
/** What Azure Monitor aggregates to (https://learn.microsoft.com/rest/api/monitor/metrics/list, 2024-02-01). */
const INTERVALS: Readonly<Record<string, number>> = {
  PT1M: 1,
  PT5M: 5,
  PT15M: 15,
  PT30M: 30,
  PT1H: 60,
  PT6H: 360,
  PT12H: 720,
  PT24H: 1440,
  P1D: 1440,
};
const PERIOD = /^(?:p)?(?:(\d+)d)?(?:t)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i;

/** Minutes of `1h30m`, `PT5M` or `1d`; null for anything else. */
function periodMinutes(text: string): number | null {
  const match = PERIOD.exec(text);
  if (match === null || text === '' || /^pt?$/i.test(text)) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((each) => Number(each ?? 0));
  return days * 1440 + hours * MINUTE + minutes + seconds / MINUTE;
}

/** Seconds since the epoch of `2026-09-01`, `2026-09-01T09:00:00Z` or `2026-09-01 09:00 +02:00`; UTC without a zone. */
function moment(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
    text.trim(),
  );
  if (match === null) return null;
  const [, day = '', time = '00:00', seconds = ':00', zone = 'Z'] = match;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const parsed = Date.parse(`${day}T${time}${seconds}${offset}`);
  return Number.isNaN(parsed) ? null : parsed / 1000;
}

/** The service's words (https://github.com/Azure/azure-libraries-for-net/issues/495, 2018-10-23). */
function invalidInterval(text: string, minutes: number): AzureError {
  const supported = [...new Set(Object.values(INTERVALS))].map((each) =>
    each === 1440
      ? '1.00:00:00'
      : `${String(Math.floor(each / MINUTE)).padStart(2, '0')}:${String(each % MINUTE).padStart(2, '0')}:00`,
  );
  const asked = /^p/i.test(text) ? text.toUpperCase() : `PT${minutes}M`;
  return azureError(
    'BadRequest',
    `Invalid time grain duration: ${asked}, supported ones are: ${supported.join(',')}`,
  );
}

/** Returns the minutes that a query is about. Errors: those of azure-cli's parser, `BadRequest`. */
export function metricTime(args: AzArguments, now: number): Result<MetricTime, AzFailure> {
  const interval = optionalText(args, 'interval') ?? '1m';
  const asked = periodMinutes(interval);
  if (asked === null) {
    return usageFailure(`argument --interval: invalid period_type value: '${interval}'`, 2);
  }
  const intervalMinutes = INTERVALS[interval.toUpperCase()] ?? asked;
  if (!Object.values(INTERVALS).includes(intervalMinutes)) {
    return refusedByAzure(invalidInterval(interval, asked));
  }
  const offset = optionalText(args, 'offset') ?? '1h';
  const back = periodMinutes(offset);
  if (back === null) return usageFailure(`argument --offset: invalid period_type value: '${offset}'`, 2);
  const from = time(args, 'startTime');
  if (!from.ok) return from;
  const to = time(args, 'endTime');
  if (!to.ok) return to;
  const end = to.value ?? (from.value === null ? now : from.value + back * MINUTE);
  return ok({ from: from.value ?? end - back * MINUTE, to: end, intervalMinutes });
}

function time(args: AzArguments, name: 'startTime' | 'endTime'): Result<number | null, AzFailure> {
  const words = optionalList(args, name);
  if (words === undefined) return ok(null);
  const text = words.join(' ');
  const parsed = moment(text);
  const option = name === 'startTime' ? '--start-time' : '--end-time';
  return parsed === null
    ? usageFailure(
        `argument ${option}: invalid datetime value: '${text}'. Use 2026-09-01T09:00:00Z or 2026-09-01.`,
        2,
      )
    : ok(parsed);
}

/** `2026-09-01T09:00:00+00:00`, the minute of a moment. */
export function minuteText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}:00+00:00`;
}

/** `0:05:00`, as azure-cli prints a duration. */
export function intervalText(minutes: number): string {
  if (minutes >= 1440) return '1 day, 0:00:00';
  return `${Math.floor(minutes / MINUTE)}:${String(minutes % MINUTE).padStart(2, '0')}:00`;
}
