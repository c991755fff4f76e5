/** `--api-server-authorized-ip-ranges`, checked as azure-cli does it (acs/_validators.py, validate_ip_ranges). */
import { parsePrefix, prefix, prefixCovers } from '../../model/ip/prefix.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzOption } from './command.ts';
import { text } from './option.ts';
import { optionalText, usageFailure } from './outcome.ts';

const OPTION = '--api-server-authorized-ip-ranges';
const ONLY_NODES = '0.0.0.0/32';

/** Of `az aks create`. */
export const authorizedRanges: AzOption = text(
  OPTION,
  'Comma seperated list of authorized apiserver IP ranges. Set to 0.0.0.0/32 to restrict apiserver traffic to node pools.',
);

/** Of `az aks update`. */
export const changedAuthorizedRanges: AzOption = text(
  OPTION,
  'Comma seperated list of authorized apiserver IP ranges. Set to "" to allow all traffic on a previously restricted cluster. Set to 0.0.0.0/32 to restrict apiserver traffic to node pools.',
);

/**
 * What Python's ipaddress calls not global, but for the documentation ranges of RFC 5737: those are the public
 * addresses of this simulation.
 */
const NOT_GLOBAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/29',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '240.0.0.0/4',
].map((each) => prefix(each));

/** Returns the ranges, none for `""`, or undefined without the option. */
export function readRanges(args: AzArguments): Result<readonly string[] | undefined, AzFailure> {
  const given = optionalText(args, 'apiServerAuthorizedIpRanges');
  if (given === undefined) return ok(undefined);
  if (given === '') return ok([]);
  const ranges = given.split(',').map((each) => each.trim());
  if (ranges.includes(ONLY_NODES) && ranges.length > 1) {
    return usageFailure(
      `Setting ${OPTION} to 0.0.0.0/32 is not allowed with other IP ranges.Refer to https://aka.ms/aks/whitelist for more details`,
    );
  }
  if (ranges.includes('') && ranges.length > 1) {
    return usageFailure(`${OPTION} cannot be disabled and simultaneously enabled`);
  }
  for (const range of ranges) {
    const why = range === ONLY_NODES || range === '' ? null : problem(range);
    if (why !== null) return usageFailure(`${OPTION} ${why}`);
  }
  return ok(ranges.filter((each) => each !== ''));
}

function problem(range: string): string | null {
  if (range.includes(':')) return 'cannot be IPv6 addresses';
  const whole = range.includes('/') ? range : `${range}/32`;
  const read = parsePrefix(whole);
  if (!read.ok || !parseAddress(range.split('/')[0] ?? '').ok) {
    return 'should be a list of IPv4 addresses or CIDRs';
  }
  return NOT_GLOBAL.some((each) => prefixCovers(each, read.value))
    ? 'must be global non-reserved addresses or CIDRs'
    : null;
}
