/**
 * What a diagnosis was worth, and why, in words: hypothesis first, evidence before changes, the finding, and a
 * repair that breaks nothing. Time is told and counts nothing. Pure.
 */
import type { Look } from '../lab/incident.ts';
import type { Finding, Hypothesis, ScoreLine } from '../progress/incident-entry.ts';
import type { Step } from './diagnosis-path.ts';

export interface Truth {
  readonly suspects: readonly string[];
  readonly ends: readonly string[];
}

export interface Course {
  readonly truth: Truth;
  /** At least one: the first came before any command. */
  readonly hypotheses: readonly Hypothesis[];
  readonly findings: readonly Finding[];
  readonly path: readonly Step[];
  /** The kinds of evidence that decide this incident, with their words. */
  readonly deciding: readonly { readonly look: Look; readonly words: string }[];
  readonly straight: number;
  readonly how: 'mended' | 'gave-up';
}

export interface Score {
  readonly points: number;
  readonly of: number;
  readonly lines: readonly ScoreLine[];
}

export function incidentScore(course: Course): Score {
  const lines = [
    hypothesisLine(course),
    confidenceLine(course),
    evidenceLine(course),
    findingLine(course),
    repairLine(course),
  ];
  const sum = (member: 'points' | 'of'): number => lines.reduce((all, line) => all + line[member], 0);
  return { points: sum('points'), of: sum('of'), lines };
}

/** How many of its two parts are right. */
export function partsRight({ end, suspect }: Pick<Hypothesis, 'end' | 'suspect'>, truth: Truth): 0 | 1 | 2 {
  const right = [truth.ends.includes(end), truth.suspects.includes(suspect)].filter(Boolean).length;
  return right === 2 ? 2 : right === 1 ? 1 : 0;
}

function hypothesisLine({ hypotheses, truth, path }: Course): ScoreLine {
  const what = 'Hypothesis';
  const of = 25;
  const [first] = hypotheses;
  const last = hypotheses.at(-1);
  if (first === undefined || last === undefined) return { what, points: 0, of, words: 'There was none.' };
  const [then, now] = [partsRight(first, truth), partsRight(last, truth)];
  if (then === 2) {
    return now === 2
      ? { what, points: 25, of, words: 'The first one was right, in how it ends and in what decides.' }
      : { what, points: 10, of, words: 'The first one was right, and you left it for another.' };
  }
  const changed = hypotheses.length > 1;
  // Evidence is a look at the network as it was, so not one after a change of one's own.
  const seen = looksBeforeChange(path).some(({ entry }) => entry >= first.after && entry < last.after);
  if (changed && now > then && seen) {
    return now === 2
      ? {
          what,
          points: 20,
          of,
          words: 'The first one was not right; you changed it on evidence, and then it was.',
        }
      : {
          what,
          points: 12,
          of,
          words: 'You narrowed it on evidence: the last one is right in one of two parts.',
        };
  }
  if (changed && now > then) {
    return {
      what,
      points: 6,
      of,
      words: 'You changed it for the better, but had looked at nothing in between.',
    };
  }
  if (now === 1)
    return { what, points: 8, of, words: 'It was right in one of its two parts, and stayed so.' };
  return {
    what,
    points: 0,
    of,
    words: changed
      ? 'It was wrong, and so was what you changed it to.'
      : 'It was wrong, and you did not change it.',
  };
}

/** Brier's rule: nobody gains by saying more, or less, than they believe. */
function confidenceLine({ hypotheses, truth }: Course): ScoreLine {
  const what = 'Confidence';
  const of = 10;
  const [first] = hypotheses;
  if (first === undefined) return { what, points: 0, of, words: 'You said none.' };
  const isRight = partsRight(first, truth) === 2;
  const miss = (isRight ? 100 - first.confidence : first.confidence) / 100;
  const points = Math.round(of * (1 - miss * miss));
  const fit =
    points >= 8 ? 'that fits' : isRight ? 'you knew more than you thought' : 'you knew less than you thought';
  const words = `At first you were ${first.confidence} % sure, and ${isRight ? 'right' : 'not right'}: ${fit}.`;
  return { what, points, of, words };
}

function looksBeforeChange(path: readonly Step[]) {
  const first = path.findIndex(({ kind }) => kind === 'change');
  return (first === -1 ? path : path.slice(0, first)).flatMap((step) => (step.kind === 'look' ? [step] : []));
}

/** One kind of evidence finds it, a second one confirms it. */
const ENOUGH_KINDS = 2;

function evidenceLine({ path, deciding }: Course): ScoreLine {
  const what = 'Evidence before changes';
  const of = 30;
  const before = looksBeforeChange(path);
  const kinds = new Set(before.map(({ look }) => look));
  const asked = deciding.filter(({ look }) => kinds.has(look));
  const missed = deciding.filter(({ look }) => !kinds.has(look));
  const enough = Math.min(ENOUGH_KINDS, deciding.length);
  const points = Math.round((of * Math.min(asked.length, enough)) / Math.max(1, enough));
  const first = path.find((step) => step.kind === 'change');
  const start =
    before.length === 0
      ? first === undefined
        ? 'You looked at nothing.'
        : `You changed something before you had looked at anything: ${first.command}`
      : `${before.length} ${before.length === 1 ? 'look' : 'looks'} before ${first === undefined ? 'the end' : 'the first change'}.`;
  const found = asked.length === 0 ? '' : ` Deciding, and asked for: ${listed(asked)}.`;
  const lacking =
    points === of || missed.length === 0
      ? ''
      : ` Deciding, and not asked for: ${listed(missed)}.${deciding.length > ENOUGH_KINDS ? ' Two of them in all are enough.' : ''}`;
  return { what, points, of, words: `${start}${found}${lacking}` };
}

function listed(kinds: Course['deciding']): string {
  return kinds.map(({ words }) => words).join('; ');
}

const TIMES = ['first', 'second', 'third'] as const;
const FOR_TRY = [20, 12, 7, 4] as const;

function findingLine({ findings, path }: Course): ScoreLine {
  const what = 'Finding';
  const of = 20;
  const at = findings.findIndex(({ right, of: parts }) => right === parts);
  const finding = findings[at];
  const last = findings.at(-1);
  if (last === undefined) return { what, points: 0, of, words: 'You submitted none.' };
  if (finding === undefined) {
    const points = last.of === 0 ? 0 : Math.floor((4 * last.right) / last.of);
    return { what, points, of, words: `In the end ${last.right} of ${last.of} answers were right.` };
  }
  const points = FOR_TRY[at] ?? 2;
  const words = `Right at the ${TIMES[at] ?? `${at + 1}th`} time.`;
  const isLate = path.some((step) => step.kind === 'change' && step.entry < finding.after);
  return isLate
    ? {
        what,
        points: Math.floor(points / 2),
        of,
        words: `${words} But something had been changed before: half.`,
      }
    : { what, points, of, words };
}

function repairLine({ path, straight, how }: Course): ScoreLine {
  const what = 'Repair';
  const of = 15;
  const changes = path.flatMap((step) => (step.kind === 'change' ? [step] : []));
  const broke = [...new Set(changes.flatMap((change) => change.broke))];
  const back = changes.filter(({ effect }) => effect === 'taken-back').length;
  const count =
    changes.length === 1 ? 'One change' : `${changes.length === 0 ? 'No' : changes.length} changes`;
  const told = [
    how === 'mended'
      ? `Mended. ${count}${changes.length > straight ? `; up to ${straight} is straight` : ''}.`
      : `Not mended. ${count}.`,
    ...(back === 0 ? [] : [`${back} took earlier ones back.`]),
    ...(broke.length === 0 ? [] : [`What worked and was broken on the way: ${broke.join('; ')}.`]),
  ].join(' ');
  const lost = 2 * Math.max(0, changes.length - straight) + 2 * back + 5 * broke.length;
  return { what, points: how === 'mended' ? Math.max(0, of - lost) : 0, of, words: told };
}
