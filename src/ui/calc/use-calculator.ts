/** The state behind a calculator page: what is typed, what it means, and the page's address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { err, type Result } from '../../model/result.ts';
import type { Calculator } from '../../planner/calculator.ts';
import type { FlagValues, InputIssue } from '../../planner/input.ts';
import { unreadableInputs } from '../../planner/input-limits.ts';
import { readableIssues } from '../../planner/readable-issues.ts';
import { afterPaint } from './after-paint.ts';
import { typedEarly } from './typed-early.ts';
import {
  addressOf,
  draftFromAddress,
  draftValues,
  keptInHistory,
  leftOutOfAddress,
  textsOf,
} from './url-state.ts';
import type { Draft } from './url-state.ts';

export interface CalculatorState<Plan> {
  readonly draft: Draft;
  /** The last plan whose inputs could all be read, so that a half-typed number wipes nothing away. */
  readonly plan: Plan;
  readonly issues: readonly InputIssue[];
  /** What a screen reader is told, once the typing has paused. */
  readonly announcement: string;
  readonly onInput: (field: string, text: string) => void;
  /** Replaces everything that is typed. */
  readonly onStart: (draft: Draft) => void;
}

const PAUSE_MILLISECONDS = 700;

/**
 * Runs a calculator on what is typed. `start` is what the server renders, and must be readable; the
 * page's own address replaces it once the script runs.
 */
export function useCalculator<Plan>(
  calculator: Calculator,
  run: (values: FlagValues) => Result<Plan, readonly InputIssue[]>,
  start: Draft,
  verdictOf: (plan: Plan) => string,
): CalculatorState<Plan> {
  const [draft, setDraft] = useState(start);
  const [answer, setAnswer] = useState(() => {
    const first = run(draftValues(start));
    if (!first.ok) throw new Error(`${calculator.name} cannot start with ${JSON.stringify(start)}`);
    return { to: start, plan: first.value, issues: noIssues };
  });
  const [announcement, setAnnouncement] = useState('');
  const forget = useRef<() => void>(() => undefined);
  const [early] = useState(() => typedEarly(calculator));

  const enter = (to: Draft): void => {
    const values = draftValues(to);
    const unreadable = unreadableInputs(calculator, values);
    const result = unreadable.length > 0 ? err(unreadable) : run(values);
    setAnswer((before) => ({
      to,
      plan: result.ok ? result.value : before.plan,
      issues: result.ok ? noIssues : readableIssues(result.error),
    }));
  };

  useEffect(() => {
    const given = draftFromAddress(calculator, window.location.search);
    const kept = keptInHistory(window.history.state);
    if (given === null && Object.keys(kept).length + Object.keys(early).length === 0) return;
    const before = given === null && Object.keys(kept).length === 0 ? start : textsOf(calculator, start);
    const found = { ...before, ...given, ...kept, ...early };
    if (Object.keys(early).length > 0) return take(found);
    setDraft(found);
    enter(found);
  }, []);

  useEffect(() => {
    if (answer.to === start) return;
    const timer = setTimeout(() => {
      const count = answer.issues.length;
      const mend = count === 1 ? 'One input cannot be read.' : `${count} inputs cannot be read.`;
      setAnnouncement(count === 0 ? verdictOf(answer.plan) : mend);
    }, PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [answer]);

  /** The field shows at once what is typed; the answer follows, and not for each of several fast digits. */
  const take = (to: Draft): void => {
    setDraft(to);
    forget.current();
    forget.current = afterPaint(() => {
      enter(to);
    });
    // At once: whoever reloads or leaves right after a key loses nothing. Replaced, not pushed: the way
    // back leads to the page before, not through every digit.
    window.history.replaceState(
      { draft: leftOutOfAddress(to) },
      '',
      `${window.location.pathname}${addressOf(to)}${window.location.hash}`,
    );
  };

  return {
    draft,
    plan: answer.plan,
    issues: answer.issues,
    announcement,
    onInput: (field, text) => take({ ...draft, [field]: text }),
    onStart: take,
  };
}

const noIssues: readonly InputIssue[] = [];
