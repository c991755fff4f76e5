/** What a client makes of a NO_PROXY list for one target, and why. */
export interface NoProxyVerdict {
  readonly via: 'proxy' | 'direct';
  /**
   * What decided: the first entry that matches (`index` is its place in `entries`, from 0), or a rule of the
   * client's own, in one sentence. `null`: nothing matched, so the proxy is asked.
   */
  readonly decided: NoProxyDecision | null;
  /** Every entry as this client cuts them out of the list, in order, empty ones left out. */
  readonly entries: readonly NoProxyEntry[];
}

export type NoProxyDecision =
  | { readonly kind: 'entry'; readonly entry: string; readonly index: number }
  | { readonly kind: 'rule'; readonly rule: string };

export interface NoProxyEntry {
  readonly entry: string;
  readonly matches: boolean;
  /** One sentence without its full stop. */
  readonly why: string;
}

/** Whether an entry matches, and why; what each client's own rules answer. */
export type EntryVerdict = Pick<NoProxyEntry, 'matches' | 'why'>;

export function matching(why: string): EntryVerdict {
  return { matches: true, why };
}

export function notMatching(why: string): EntryVerdict {
  return { matches: false, why };
}

/** The verdict of a client for which the first entry that matches decides. */
export function firstMatch(
  entries: readonly string[],
  verdictOf: (entry: string) => EntryVerdict,
): NoProxyVerdict {
  const judged = entries.map((entry) => ({ entry, ...verdictOf(entry) }));
  const index = judged.findIndex(({ matches }) => matches);
  const found = judged[index];
  return found === undefined
    ? { via: 'proxy', decided: null, entries: judged }
    : { via: 'direct', decided: { kind: 'entry', entry: found.entry, index }, entries: judged };
}
