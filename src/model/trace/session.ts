import type { Backend, HostId, InterfaceName } from '../network/network.ts';
import { isReplyTo, sameTuple } from './header.ts';
import type { Header } from './trace.ts';

/** What a host remembers of a conversation whose first packet it let through. */
export interface Session {
  /** The first packet as it came in. */
  readonly original: Header;
  /** The first packet as it left. */
  translated: Header;
  /** The interface its first packet came in on; null if the host itself sent it. */
  readonly incoming: InterfaceName | null;
  /** The interface it left on last; null if it stayed. */
  outgoing: InterfaceName | null;
  /** Interfaces it came in and left on: their chains let the replies pass. */
  readonly interfaces: Set<InterfaceName>;
  /** The neighbour that a balancing rule gave it to. */
  backend: Backend | null;
  /** The rules that changed the packet, for the reader. */
  readonly translatedBy: string[];
}

/** A session met by a later packet. */
export interface KnownSession {
  readonly session: Session;
  readonly direction: 'original' | 'reply';
}

/** The sessions of all hosts in one conversation: few, so a list serves. */
export class SessionMemory {
  readonly #ofHost = new Map<HostId, Session[]>();

  find(host: HostId, header: Header): KnownSession | null {
    const sessions = this.#ofHost.get(host);
    if (sessions === undefined) return null;
    for (const session of sessions) {
      if (sameTuple(header, session.original)) return { session, direction: 'original' };
      if (isReplyTo(header, session.translated)) return { session, direction: 'reply' };
    }
    return null;
  }

  /** Reports whether something passed the host, whatever it was. */
  has(host: HostId): boolean {
    return this.#ofHost.has(host);
  }

  remember(host: HostId, session: Session): void {
    const sessions = this.#ofHost.get(host);
    if (sessions === undefined) this.#ofHost.set(host, [session]);
    else if (!sessions.includes(session)) sessions.push(session);
  }
}
