/** Shell scripts of containers that run several programs with load: behind `&`, in a `for`, after a pause. */
import { loadOfScript } from './load-generators.ts';
import type { LoadScript } from './load-generators.ts';
import type { Container } from './objects.ts';

export interface ScriptProgram extends LoadScript {
  /** Seconds from the container's start to the program's. */
  readonly startsAfter: number;
}

export interface ProgramsOfScript {
  readonly programs: readonly ScriptProgram[];
  /** `sleeps`: the script goes on sleeping when its programs have ended. `ends`: it ends with the last of them. */
  readonly then: 'sleeps' | 'ends';
}

type Environment = NonNullable<Container['env']>;

const PLAIN_WORD = /^[\w:/.,=@%+-]+$/;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const SLEEP = String.raw`sleep\s+(\d+(?:\.\d+)?)([smhd]?)`;
const FIRST_SLEEP = new RegExp(String.raw`^${SLEEP}\s*(?:;|&&|\n)\s*`);
const LAST_SLEEP = new RegExp(
  String.raw`(?:^|;|&&|\n|(?<=&))\s*(?:${SLEEP}|sleep\s+inf(?:inity)?|tail\s+-f\s+/dev/null)\s*;?$`,
);
const LAST_WAIT = /(?:^|;|\n|(?<=&))\s*wait\s*;?$/;
/** A single `&`: not `&&`, not that of `2>&1` or `&>file`. */
const AMPERSAND = /(?<![&>])&(?![&>\d])/;
const FOR_IN = /\bfor\s+([A-Za-z_]\w*)\s+in\s+([^;\n]+?)\s*[;\n]\s*do\s+([^;\n]*?)\s*&\s*;?\s*done\b/g;
const MOST_ROUNDS = 200;

/** Reads a script that is nothing but programs that make load; null for any other. */
export function programsOfScript(script: string, environment: Environment = []): ProgramsOfScript | null {
  let rest = unrolled(expanded(script.trim(), environment));
  const one = loadOfScript(rest);
  if (one !== null) return { programs: [{ ...one, startsAfter: 0 }], then: 'ends' };
  let startsAfter = 0;
  for (let pause = FIRST_SLEEP.exec(rest); pause !== null; pause = FIRST_SLEEP.exec(rest)) {
    startsAfter += Number(pause[1]) * (UNITS[pause[2] ?? ''] ?? 1);
    rest = rest.slice(pause[0].length);
  }
  const sleeps = LAST_SLEEP.test(rest);
  rest = rest.replace(LAST_SLEEP, '').trim();
  const waits = LAST_WAIT.test(rest);
  rest = rest.replace(LAST_WAIT, '').trim();
  const parts = rest.split(AMPERSAND).map((each) => each.trim());
  const isDetached = parts.at(-1) === '';
  // A shell that waits for nobody ends, and everything in its container with it.
  if (isDetached && !sleeps && !waits) return null;
  const programs = (isDetached ? parts.slice(0, -1) : parts).flatMap((each) => loadOfScript(each) ?? []);
  if (programs.length === 0 || programs.length !== parts.length - (isDetached ? 1 : 0)) return null;
  return {
    programs: programs.map((each) => ({ ...each, startsAfter })),
    then: sleeps ? 'sleeps' : 'ends',
  };
}

/** Puts in the variables of the container that have a plain value. */
function expanded(script: string, environment: Environment): string {
  return environment.reduce(
    (text, { name, value }) =>
      value !== undefined && PLAIN_WORD.test(value)
        ? text.replaceAll(new RegExp(String.raw`"?\$(?:\{${name}\}|${name}\b)"?`, 'g'), value)
        : text,
    script,
  );
}

/** Writes out `for x in a b; do program $x & done` and `for i in $(seq 3)`. */
function unrolled(script: string): string {
  return script.replaceAll(FOR_IN, (whole, name: string, list: string, body: string) => {
    const words = wordsOf(list);
    if (words === null || words.length === 0) return whole;
    return words.map((value) => `${expanded(body, [{ name, value }])} &`).join(' ');
  });
}

function wordsOf(list: string): readonly string[] | null {
  const counted = /^(?:\$\(seq\s+(?:(\d+)\s+)?(\d+)\)|\{(\d+)\.\.(\d+)\})$/.exec(list.trim());
  if (counted !== null) {
    const first = Number(counted[1] ?? counted[3] ?? 1);
    const last = Number(counted[2] ?? counted[4]);
    return last - first < MOST_ROUNDS
      ? Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => String(first + at))
      : null;
  }
  const words = list.trim().split(/\s+/);
  return words.every((each) => PLAIN_WORD.test(each)) ? words : null;
}
