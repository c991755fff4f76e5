import type { MasqueradeRule } from './azure/resources.ts';

/** Returns what a masquerade rule asks, in the words and order of `iptables -S`; empty if it asks nothing. */
export function masqueradeMatch({ source, destination, outInterface }: MasqueradeRule): string {
  return [
    source === null ? '' : `-s ${source}`,
    destination === null ? '' : `-d ${destination}`,
    outInterface === null ? '' : `-o ${outInterface}`,
  ]
    .filter((each) => each !== '')
    .join(' ');
}

/** Returns a masquerade rule as `iptables -t nat -S` prints it. */
export function masqueradeText(rule: MasqueradeRule): string {
  const match = masqueradeMatch(rule);
  return `-A POSTROUTING ${match === '' ? '' : `${match} `}-j MASQUERADE`;
}
