/** What makes an incident of a lab with several causes; `labs/LAB/incident.ts` default-exports one. */
import type { Cloud } from '../model/cloud.ts';
import { DISPOSITIONS } from '../model/trace/disposition.ts';
import type { Blocked } from './lab.ts';

/** Kinds of things that a broken network is broken by. */
export const SUSPECTS = {
  'nsg-rule': 'a rule of a network security group',
  route: 'a route, or the lack of one',
  peering: 'a peering between virtual networks',
  node: 'a node itself: its kernel, or how it was set up',
  service: 'a Service: its ports, selector, annotations or source ranges',
  rights: 'the rights of the identity that the cluster acts under',
  'source-ports': 'too few source ports on the way out',
  addresses: 'a range that has too few free addresses',
  pool: 'a setting of a node pool',
  proxy: 'the HTTP proxy itself: its program or its certificate',
  'proxy-config': 'what the cluster or its nodes were told of the HTTP proxy',
  workload: 'a workload: what its template says',
} as const;
export type Suspect = keyof typeof SUSPECTS;

/** How what fails may end: as the model says of a flow, or without a packet that is lost. */
export type End = Blocked | 'answered-by-another' | 'program-refuses' | 'never-sent';

/** What each end means, in the words of the model's own table where it has them. */
export const ENDS: Readonly<Record<End, string>> = {
  'denied-outbound': DISPOSITIONS['denied-outbound'].meaning,
  'denied-inbound': DISPOSITIONS['denied-inbound'].meaning,
  'no-route': DISPOSITIONS['no-route'].meaning,
  'dropped-by-route': DISPOSITIONS['dropped-by-route'].meaning,
  'next-hop-unreachable': DISPOSITIONS['next-hop-unreachable'].meaning,
  'no-outbound-path': DISPOSITIONS['no-outbound-path'].meaning,
  'snat-exhausted': DISPOSITIONS['snat-exhausted'].meaning,
  refused: DISPOSITIONS.refused.meaning,
  asymmetric: DISPOSITIONS.asymmetric.meaning,
  loop: DISPOSITIONS.loop.meaning,
  'answered-by-another': 'Somebody answers, but not who was meant.',
  'program-refuses':
    'The packet arrives, and a program says no: it does not trust a certificate, or has nobody to ask.',
  'never-sent': 'No packet is lost: Azure or AKS refuses what it was asked to do.',
};

export function isEnd(text: string): text is End {
  return Object.hasOwn(ENDS, text);
}

/** Kinds of evidence; a command asks for one of them. */
export const LOOKS = {
  path: 'the path of a packet',
  try: 'an attempt from where it fails',
  routes: 'routes and peerings',
  rules: 'security rules',
  balancer: 'the load balancer',
  metrics: 'metrics',
  words: 'what the system says of itself: events, logs, refusals',
  settings: 'how things are set up',
  inside: 'a node, a pod or a machine from inside',
} as const;
export type Look = keyof typeof LOOKS;

/** A command of the reference path. It runs in the lab as it was handed over, and changes nothing. */
export interface Evidence {
  readonly look: Look;
  readonly command: string;
  /** Which suspects it tells apart. */
  readonly why: string;
}

export interface LabIncident {
  /** What a colleague writes: what people notice, and nothing else. */
  readonly ticket: (start: Cloud) => string;
  /** Changes the lab's brief where it speaks of a lab. */
  readonly brief?: (brief: string) => string;
  /** Symptoms that would tell what kind of thing it is. */
  readonly silent?: RegExp;
  /** The tasks whose checks prove the repair. */
  readonly mend: readonly [string, ...string[]];
  /** The answers to one of the lab's questions, each with the suspect that it names. */
  readonly answers: {
    readonly key: string;
    readonly name: (start: Cloud) => Readonly<Record<string, Suspect>>;
  };
  /** How what fails ends, where it is more or other than what becomes of the lab's own flows. */
  readonly ends?: (start: Cloud, ofFlows: readonly End[]) => readonly End[];
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** So many changes are a straight repair, whatever the cause. */
  readonly straight: number;
  /** Slugs of lessons that teach what this is about. */
  readonly lessons: readonly [string, ...string[]];
}
