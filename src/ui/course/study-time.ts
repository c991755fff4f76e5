/**
 * How long a lesson takes, measured from its text: what there is to read, to predict, to look at and to
 * answer. Front matter says the number that pages show; tests/content/study-time.test.ts holds it near this one.
 */

/** What a lesson asks of its reader, counted. */
export interface Material {
  readonly words: number;
  readonly predictions: number;
  /** Commands whose output is printed. */
  readonly commands: number;
  readonly packetPaths: number;
  /** Answers of calculators. */
  readonly sums: number;
  /** Other pictures and tables to try out. */
  readonly figures: number;
  readonly questions: number;
}

/** Of technical prose, where a sentence is often read twice; plain non-fiction is read at about 240. */
const WORDS_PER_MINUTE = 200;

/** Minutes for one of each. */
const EACH = {
  predictions: 0.5,
  commands: 0.2,
  packetPaths: 0.75,
  sums: 0.5,
  figures: 1,
  questions: 0.6,
} as const satisfies Record<Exclude<keyof Material, 'words'>, number>;

/** Parts that only set words on the page. */
const IN_THE_TEXT = new Set(['Address', 'Fact', 'Quiz', 'Erratum']);

/** Returns how long the material takes, in whole minutes of at least 1. */
export function studyMinutes(material: Material): number {
  const { predictions, commands, packetPaths, sums, figures, questions } = EACH;
  return Math.max(
    1,
    Math.round(
      material.words / WORDS_PER_MINUTE +
        material.predictions * predictions +
        material.commands * commands +
        material.packetPaths * packetPaths +
        material.sums * sums +
        material.figures * figures +
        material.questions * questions,
    ),
  );
}

/** Counts the material of a lesson: its MDX without front matter, and the questions of its quiz. */
export function materialOf(body: string, questions: number): Material {
  const tags = tagsOf(body);
  const count = (name: string): number => tags.filter((tag) => tag.name === name).length;
  let text = '';
  let end = 0;
  for (const tag of tags) {
    text += `${body.slice(end, tag.start)} ${tag.name === 'Predict' ? spokenAttributes(tag.text) : ' '}`;
    // An address or a number stands for one word.
    if (IN_THE_TEXT.has(tag.name) && tag.text.endsWith('/>')) text += ' x ';
    end = tag.end;
  }
  text += body.slice(end);
  return {
    words: wordsIn(text.replaceAll(/^import .*$/gm, '').replaceAll(/<\/?\w[^>]*>/g, ' ')),
    predictions: count('Predict'),
    commands: tags
      .filter(({ name }) => name === 'Transcript')
      .reduce((sum, tag) => sum + commandsIn(tag.text), 0),
    packetPaths: count('PacketPath'),
    sums: count('Calc'),
    figures: new Set(
      tags
        .filter(
          ({ name }) =>
            !IN_THE_TEXT.has(name) && !['Predict', 'Transcript', 'PacketPath', 'Calc'].includes(name),
        )
        .map(({ start }) => start),
    ).size,
    questions,
  };
}

/** `45 min`, `1 h`, `2 h 20 min`; sums of more than an hour are rounded to five minutes, since estimates are no more exact. */
export function durationText(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rounded = Math.round(minutes / 5) * 5;
  const [hours, rest] = [Math.floor(rounded / 60), rounded % 60];
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

interface Tag {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** From `<` to `>`. */
  readonly text: string;
}

/** Opening tags of components; a `>` in quotes or braces ends none. */
function tagsOf(body: string): readonly Tag[] {
  const tags: Tag[] = [];
  const opening = /<([A-Z]\w*)/g;
  for (let found = opening.exec(body); found !== null; found = opening.exec(body)) {
    const end = endOfTag(body, opening.lastIndex);
    tags.push({ name: found[1] ?? '', start: found.index, end, text: body.slice(found.index, end) });
    opening.lastIndex = end;
  }
  return tags;
}

function endOfTag(body: string, from: number): number {
  let quote: string | null = null;
  let depth = 0;
  for (let at = from; at < body.length; at += 1) {
    const character = body.charAt(at);
    if (quote !== null) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = null;
    } else if (character === '"' || (depth > 0 && (character === "'" || character === '`')))
      quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (character === '>' && depth === 0) return at + 1;
  }
  return body.length;
}

function spokenAttributes(tag: string): string {
  const question = /\bquestion="([^"]*)"/.exec(tag)?.[1] ?? '';
  const options = /\boptions=\{\[([\s\S]*?)\]\}/.exec(tag)?.[1] ?? '';
  return `${question} ${options}`;
}

/** Strings of the list `commands`. */
function commandsIn(tag: string): number {
  const list = /\bcommands=\{\[([\s\S]*)\]\}/.exec(tag)?.[1] ?? '';
  return [...list.matchAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g)].length;
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
