/**
 * What a question is about, where the course has several things of one kind that are easily taken for
 * each other: network plugins, and ways out. Read off its words. Pure.
 */

const TOPICS: readonly (readonly [topic: string, words: RegExp])[] = [
  ['kubenet', /\bkubenet\b/i],
  ['node-subnet', /\bnode subnet\b/i],
  ['pod-subnet', /\bpod subnet\b|\bstaticblock\b|\bdynamic allocation\b/i],
  ['overlay', /\boverlay\b/i],
  ['cilium', /\bcilium\b/i],
  ['load-balancer-out', /\bloadBalancer\b|\boutbound rule\b|\boutbound address\b/],
  ['nat-gateway', /\bNAT gateway|NATGateway/i],
  ['user-defined-routing', /\buserDefinedRouting\b|\bfirewall\b|\broute table\b/i],
  ['no-way-out', /\boutbound type `?(none|block)\b|`(none|block)`/],
  ['http-proxy', /\bproxy\b|\bnoProxy\b|\bNO_PROXY\b/i],
];

/** Topics that the words mention, in the order of the course. */
export function topicsIn(words: string): readonly string[] {
  return TOPICS.filter(([, mentioned]) => mentioned.test(words)).map(([topic]) => topic);
}
