/**
 * How a flow ends. The set is closed; `DISPOSITIONS` is its one documented table. It is said of the whole
 * conversation: where the first packet arrives and the reply does not come back, of what ended the reply.
 */
export type Disposition =
  | 'delivered'
  | 'denied-outbound'
  | 'denied-inbound'
  | 'no-route'
  | 'dropped-by-route'
  | 'next-hop-unreachable'
  | 'no-outbound-path'
  | 'snat-exhausted'
  | 'refused'
  | 'asymmetric'
  | 'loop'
  | 'undetermined';

/** What each disposition means, and what the sender sees. */
export const DISPOSITIONS: Readonly<
  Record<Disposition, { readonly meaning: string; readonly senderSees: string }>
> = {
  delivered: {
    meaning: 'The packet reached a process that listens, and the reply came back.',
    senderSees: 'an answer',
  },
  'denied-outbound': {
    meaning: 'A filter on the sending side, or a firewall on the way, dropped the packet.',
    senderSees: 'a timeout',
  },
  'denied-inbound': {
    meaning: 'A filter on the receiving side dropped the packet.',
    senderSees: 'a timeout',
  },
  'no-route': {
    meaning: 'A host on the way had no route to the destination; or a forward proxy no address for its name.',
    senderSees: 'a timeout, or "Network is unreachable" when the sender itself has none',
  },
  'dropped-by-route': {
    meaning: 'The longest matching route says to drop, as next hop type None does.',
    senderSees: 'a timeout',
  },
  'next-hop-unreachable': {
    meaning:
      'The chosen next hop does not exist, is off, or does not pass packets on; or a load balancer has no healthy instance to choose.',
    senderSees: 'a timeout, or "No route to host" when ARP fails at the sender',
  },
  'no-outbound-path': {
    meaning: 'The packet was bound for the internet and nothing gives it a public source address.',
    senderSees: 'a timeout',
  },
  'snat-exhausted': {
    meaning: 'Every source port that translation could use towards this destination is taken.',
    senderSees: 'a timeout, or a reset',
  },
  refused: {
    meaning: 'The packet reached the host and nothing listens on that port.',
    senderSees: '"Connection refused"',
  },
  asymmetric: {
    meaning:
      'The packet arrived but the reply took a way that does not know the session, or round a firewall that waits for it.',
    senderSees: 'a timeout',
  },
  loop: {
    meaning: 'The packet came back to a host that it had already left.',
    senderSees: 'a timeout',
  },
  undetermined: {
    meaning: 'The model does not know; the reason says what it would need to know.',
    senderSees: 'not known',
  },
};
