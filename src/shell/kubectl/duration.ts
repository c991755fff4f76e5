/**
 * Returns an age as kubectl shows it: `45s`, `13m`, `5h20m`, `2d3h`, `400d`, `3y12d`. The steps are
 * those of `HumanDuration` in k8s.io/apimachinery/pkg/util/duration.
 */
export function humanDuration(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const whole = Math.floor(seconds);
  if (whole < 2 * MINUTE) return `${whole}s`;
  const minutes = Math.floor(whole / MINUTE);
  if (minutes < 10) return joined(minutes, 'm', whole % MINUTE, 's');
  if (minutes < 3 * 60) return `${minutes}m`;
  const hours = Math.floor(whole / HOUR);
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return joined(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  if (hours < 24 * 365 * 8) return joined(years, 'y', days % 365, 'd');
  return `${years}y`;
}

const MINUTE = 60;
const HOUR = 3600;

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** Returns the seconds of a duration as Go writes them (`90s`, `1h30m`, `0`), or null. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  if (!/^([\d.]+(h|ms|m|s))+$/.test(text)) return null;
  const units: Readonly<Record<string, number>> = { h: HOUR, m: MINUTE, s: 1, ms: 0.001 };
  let seconds = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/([\d.]+)(h|ms|m|s)/g)) {
    seconds += Number(number) * (units[unit] ?? 0);
  }
  return Number.isFinite(seconds) ? seconds : null;
}

/** Returns a duration as Go prints it: `30s`, `1m0s`, `1h0m0s`. */
export function durationText(seconds: number): string {
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const rest = `${seconds % MINUTE}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}
