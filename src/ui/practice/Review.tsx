import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Catalogue } from '../../practice/catalogue.ts';
import { begunModules, candidates, type Entries } from '../../practice/due.ts';
import { chooseSession } from '../../practice/session.ts';
import { summaryOf, type Answered } from '../../practice/summary.ts';
import { answered } from '../../progress/review-entry.ts';
import { openProgress, type ProgressStore } from '../../progress/store.ts';
import { type AskedQuestion, fetchCatalogue, fetchSession } from './fetch-questions.ts';
import { ReviewEnd } from './ReviewEnd.tsx';
import { ReviewForm } from './ReviewForm.tsx';
import { ReviewStart, type Scope } from './ReviewStart.tsx';

type Phase =
  | { readonly kind: 'start' }
  | { readonly kind: 'asking'; readonly questions: readonly AskedQuestion[]; readonly at: number }
  | { readonly kind: 'end' };

/** The whole of a review, from what is due to what was weak. Every answer is kept as it is given. */
export default function Review({ base }: { readonly base: string }) {
  const [catalogue, setCatalogue] = useState<Catalogue | null>(null);
  const [store, setStore] = useState<ProgressStore | null>(null);
  const [entries, setEntries] = useState<Entries>(new Map());
  const [scope, setScope] = useState<Scope | null>(null);
  const [phase, setPhase] = useState<Phase>({ kind: 'start' });
  const [answers, setAnswers] = useState<readonly Answered[]>([]);
  const [isKept, setIsKept] = useState(true);
  const [failure, setFailure] = useState<'none' | 'fetching' | 'failed'>('none');

  const load = (): void => {
    setFailure('none');
    Promise.all([fetchCatalogue(base), openProgress()]).then(
      ([all, opened]) => {
        setCatalogue(all);
        setStore(opened);
        setEntries(opened.entries(''));
        setIsKept(opened.state === 'kept');
      },
      () => setFailure('failed'),
    );
  };
  useEffect(load, []);
  useEffect(() => store?.subscribe(() => setEntries(store.entries(''))), [store]);

  const begun = useMemo(
    () => (catalogue === null ? new Set<string>() : begunModules(catalogue, entries)),
    [catalogue, entries],
  );
  const chosen: Scope = scope ?? (begun.size > 0 ? 'begun' : 'all');

  if (catalogue === null || store === null) {
    return (
      <section class="review not-content needs-script" aria-label="Review">
        {failure === 'failed' ? (
          <>
            <p role="alert">The questions could not be fetched. Check the connection.</p>
            <button type="button" class="button" onClick={load}>
              Try again
            </button>
          </>
        ) : (
          <ReviewStart found={null} />
        )}
      </section>
    );
  }

  const pool = candidates(
    catalogue,
    entries,
    chosen === 'all' ? new Set(catalogue.modules.map(({ id }) => id)) : begun,
    Date.now(),
  );
  const start = (): void => {
    const now = Date.now();
    const session = chooseSession(pool, String(now));
    setFailure('fetching');
    fetchSession(base, session).then(
      (questions) => {
        setFailure('none');
        setAnswers([]);
        setPhase({ kind: 'asking', questions, at: 0 });
      },
      () => setFailure('failed'),
    );
  };

  switch (phase.kind) {
    case 'start':
      return (
        <section class="review not-content" aria-label="Review">
          <ReviewStart
            found={{
              titles: catalogue.modules.filter(({ id }) => begun.has(id)).map(({ title }) => title),
              pool,
              scope: chosen,
              failure,
              isKept,
            }}
            onScope={setScope}
            onStart={start}
          />
        </section>
      );
    case 'asking': {
      const asked = phase.questions[phase.at];
      if (asked === undefined) return null;
      const { candidate } = asked;
      const onChecked = (verdict: 'right' | 'wrong'): void => {
        setAnswers((before) => [...before, { question: candidate, prompt: asked.question.prompt, verdict }]);
        const key = `review.${candidate.id}`;
        const value = answered(store.get(key)?.value, candidate.row, { at: Date.now(), verdict });
        store.put(key, value).then(
          (where) => setIsKept(where !== 'memory'),
          () => setIsKept(false),
        );
      };
      const isLast = phase.at + 1 === phase.questions.length;
      return (
        <section class="quiz review not-content" aria-label="Review">
          <ReviewForm
            key={phase.at}
            asked={asked}
            place={{ at: phase.at + 1, of: phase.questions.length }}
            lesson={catalogue.lessons.find(({ id }) => id === candidate.lesson) ?? null}
            base={base}
            isKept={isKept}
            onChecked={onChecked}
            onNext={() => setPhase(isLast ? { kind: 'end' } : { ...phase, at: phase.at + 1 })}
            onEnd={() => setPhase({ kind: 'end' })}
          />
        </section>
      );
    }
    case 'end':
      return (
        <section class="review not-content" aria-label="Review">
          <ReviewEnd
            summary={summaryOf(answers)}
            catalogue={catalogue}
            base={base}
            isKept={isKept}
            onAgain={() => setPhase({ kind: 'start' })}
          />
        </section>
      );
  }
}
