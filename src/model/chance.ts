/**
 * Names, ids and addresses that Azure or Kubernetes would draw at random. Here they follow from the
 * cloud's seed and from what they are for, so that the same script always builds the same cloud,
 * whatever runs before it. A scenario fixes one with `#: pin KEY VALUE`; KEY is the purpose.
 *
 * Purposes in use:
 *   pool-digits/CLUSTER/POOL          8 digits in `aks-POOL-11743156-vmss000000`
 *   agentpool-digits/CLUSTER          8 digits in `aks-vnet-…`, `aks-agentpool-…-routetable`
 *   replicaset-hash/NAMESPACE/DEPLOY  `846d6f46b7`
 *   pod-suffix/NAMESPACE/OWNER/N      the last five characters of the N-th pod of OWNER (0-based)
 *   pod-node/NAMESPACE/OWNER/N        the node of that pod, instead of the scheduler's choice
 *   pod-ip/NAMESPACE/POD              the pod's address, instead of host-local's next or azure-cns's choice
 *   network-container/NODE            id of what a NodeNetworkConfig gives to its node, a GUID
 *   pod-age/NAMESPACE/POD, node-age/NODE   seconds before now, at creation
 *   mac/NODE/ADDRESS                  the MAC that NODE knows for ADDRESS
 *   arp/NODE                          comma-separated addresses in the node's neighbour table, in order
 *   pod-cidr/NODE                     the node's pod range, instead of the node IPAM controller's next
 *   cluster-ip/NAMESPACE/SERVICE      a Service's address
 *   node-port/NAMESPACE/SERVICE/PORT  a Service's node port
 *   health-check-node-port/NAMESPACE/SERVICE   the port of its health checks, with externalTrafficPolicy Local
 *   outbound-ip/CLUSTER/N             the N-th public address of the cluster's load balancer (0-based)
 *   outbound-ip-name/CLUSTER/N        its resource name, a GUID
 *   nat-gateway-ip/CLUSTER/N, nat-gateway-ip-name/CLUSTER/N   the same of its managed NAT gateway; once one of
 *                                     these ways out was given up and comes again, N is 1-0, 1-1 ...
 *   fqdn/CLUSTER                      8 hexadecimal digits in the API server's name
 *   public-ip/NAME                    a public address
 */
import type { Cloud } from './cloud.ts';

const DIGITS = '0123456789';
const HEX = '0123456789abcdef';
const HYPHEN = 0x2d;
/** Of the UUIDs drawn here. */
const VERSION = 4;
/** Kubernetes' own alphabet for random suffixes: no vowels, no 0, 1, 3 (apimachinery util/rand). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

type Chance = Pick<Cloud, 'seed' | 'pins'>;

/** Pins without any entry; large clusters ask for a pin some million times. */
const without = new WeakSet<Chance['pins']>();
const some = new WeakSet<Chance['pins']>();

/** Returns the pinned value for a purpose, or null. */
export function pinned(cloud: Chance, purpose: string): string | null {
  const { pins } = cloud;
  if (without.has(pins)) return null;
  if (!some.has(pins)) (Object.keys(pins).length === 0 ? without : some).add(pins);
  return pins[purpose] ?? null;
}

export function drawDigits(cloud: Chance, purpose: string, length: number): string {
  // A leading zero is legal in Azure's names too, but reads like a mistake.
  return pinned(cloud, purpose) ?? characters(cloud, purpose, length, DIGITS).replace(/^0/, '1');
}

export function drawHex(cloud: Chance, purpose: string, length: number): string {
  return pinned(cloud, purpose) ?? characters(cloud, purpose, length, HEX);
}

/** Returns a suffix in Kubernetes' alphabet, as in `nginx-846d6f46b7-6chl2`. */
export function drawSuffix(cloud: Chance, purpose: string, length: number): string {
  return pinned(cloud, purpose) ?? characters(cloud, purpose, length, SAFE);
}

/** Room for the characters of the one UUID that is being drawn. */
const guidCodes = Array.from({ length: 36 }, () => HYPHEN);

/** Returns a version 4 UUID. */
export function drawGuid(cloud: Chance, purpose: string): string {
  const fixed = pinned(cloud, purpose);
  if (fixed !== null) return fixed;
  const next = generator(cloud, purpose);
  // Built at once: a text made of pieces keeps the pieces, and a large cluster has 200,000 of these.
  for (let digit = 0, at = 0; digit < 32; digit++, at++) {
    if (digit === 8 || digit === 12 || digit === 16 || digit === 20) guidCodes[at++] = HYPHEN;
    const drawn = next() % 16;
    guidCodes[at] = HEX.charCodeAt(digit === 12 ? VERSION : digit === 16 ? 8 + (drawn % 4) : drawn);
  }
  return String.fromCharCode(...guidCodes);
}

/** Returns a locally administered unicast MAC, as Linux gives a veth. */
export function drawMac(cloud: Chance, purpose: string): string {
  const fixed = pinned(cloud, purpose);
  if (fixed !== null) return fixed;
  const hex = characters(cloud, purpose, 12, HEX);
  const first = ((Number.parseInt(hex.slice(0, 2), 16) & 0xfc) | 0x02).toString(16).padStart(2, '0');
  return [first, ...[2, 4, 6, 8, 10].map((at) => hex.slice(at, at + 2))].join(':');
}

/** Returns an integer from 0 to `below` - 1. */
export function drawInteger(cloud: Chance, purpose: string, below: number): number {
  return generator(cloud, purpose)() % below;
}

function characters(cloud: Chance, purpose: string, length: number, alphabet: string): string {
  const next = generator(cloud, purpose);
  const codes: number[] = [];
  for (let i = 0; i < length; i++) codes.push(alphabet.charCodeAt(next() % alphabet.length));
  return String.fromCharCode(...codes);
}

/** FNV-1a over `SEED\0PURPOSE` seeds splitmix32; neither is meant to be unguessable. */
function generator({ seed }: Chance, purpose: string): () => number {
  if (lastSeed?.seed !== seed) lastSeed = { seed, state: hash(hash(FNV_BASIS, seed), '\u0000') };
  let state = hash(lastSeed.state, purpose);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

const FNV_BASIS = 0x811c9dc5;
/** The seed that the last draw was made with, and what it hashes to: the next draw has the same one. */
let lastSeed: { readonly seed: string; readonly state: number } | null = null;

/** Returns the hash of what `state` is the hash of, followed by the text. */
function hash(state: number, text: string): number {
  let next = state | 0;
  for (let i = 0; i < text.length; i++) next = Math.imul(next ^ text.charCodeAt(i), 0x01000193);
  return next;
}
