/** What there is to do in the course, as far as progress needs to know it. Plain data, made by the build. */

export interface CourseOutline {
  /** In reading order. */
  readonly modules: readonly OutlineModule[];
}

export interface OutlineModule {
  /** The module's folder, such as `01-network-plugins`; labs name it. */
  readonly id: string;
  readonly title: string;
  readonly lessons: readonly OutlineLesson[];
  readonly labs: readonly OutlineLab[];
}

export interface OutlineLesson {
  /** Its address, and the id of its `read` entry. */
  readonly slug: string;
  readonly title: string;
  /** The part of the module that it stands in, if the module has parts: titles like "Addresses" need it. */
  readonly part: string | null;
  readonly minutes: number;
  /** Ids of `prediction` entries. */
  readonly predictions: readonly string[];
  readonly questions: readonly OutlineQuestion[];
}

export interface OutlineQuestion {
  /** Of the `quiz` entry: `QUIZ#QUESTION`. */
  readonly id: string;
  /** Plain text. */
  readonly prompt: string;
}

export interface OutlineLab {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  /** Ids of its tasks. */
  readonly tasks: readonly string[];
}

/** Where on the lesson's page a question stands. */
export function questionAnchor(id: string): string {
  return `question-${id.slice(id.indexOf('#') + 1)}`;
}

/** The lesson's title with the part of the module it belongs to. */
export function fullTitle({ part, title }: OutlineLesson): string {
  return part === null ? title : `${part}: ${title}`;
}
