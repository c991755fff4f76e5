/** Finds what was handed in below a folder, in any of the layouts that people hand things in. */
import { existsSync, readdirSync, type Dirent } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { SkippedFile } from '../../../lab/grading.ts';
import { similarNames } from '../../../lab/similar-names.ts';
import { UsageError } from '../usage-error.ts';
import { progressSubmissions } from './progress-submissions.ts';
import { readScriptFile, scriptAmong, seedRecordedIn } from './submission-files.ts';
import type { Submission } from './submission.ts';

export interface Found {
  /** By learner, then lab. */
  readonly submissions: readonly Submission[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Returns the submissions below `folder`. `labs` are all labs there are; with `only`, no other is graded,
 * and a script whose name tells no lab belongs to it. Throws `UsageError` if the folder cannot be read.
 */
export function findSubmissions(folder: string, labs: readonly string[], only: string | null): Found {
  const search = new Search(folder, labs, only);
  search.top();
  return search.found();
}

/** Names that say nothing about a learner: of the system, and of `lab start` beside the script. */
const IGNORED = /^\.|^(?:node_modules|__MACOSX|TASKS\.md|history\.sh|backups)$/;
/** So deep do folders of unknown names stand in folders: `ada/homework/week-1/checkout-times-out.sh`. */
const DEEPEST = 3;

class Search {
  readonly #root: string;
  readonly #labs: readonly string[];
  readonly #only: string | null;
  readonly #submissions = new Map<string, Submission>();
  readonly #skipped: SkippedFile[] = [];

  constructor(folder: string, labs: readonly string[], only: string | null) {
    this.#root = resolve(folder);
    this.#labs = labs;
    this.#only = only;
  }

  found(): Found {
    const submissions = [...this.#submissions.values()].sort(
      (a, b) => a.learner.localeCompare(b.learner, 'en') || a.lab.localeCompare(b.lab, 'en'),
    );
    return { submissions, skipped: this.#skipped };
  }

  top(): void {
    for (const entry of this.#entries(this.#root)) {
      const path = join(this.#root, entry.name);
      if (entry.isDirectory()) this.#topFolder(entry.name, path);
      else if (entry.name.endsWith('.sh')) this.#topScript(entry, path);
      else if (entry.name.endsWith('.json')) this.#progress(null, entry.name.slice(0, -5), path);
      else this.#skipOther(entry, path);
    }
  }

  #topFolder(name: string, path: string): void {
    if (name === 'workspace') {
      this.#folderOf(basename(this.#root), path, 0);
      return;
    }
    const lab = this.#labNamed(name);
    if (lab === null) {
      this.#folderOf(name, path, 0);
      if (!this.#isKnown(name)) {
        this.#skip(path, `nothing in it is handed in for ${this.#only ?? 'any lab'}`);
      }
      return;
    }
    if (existsSync(join(path, 'lab.sh'))) {
      this.#labFolder(this.#ownerOfRoot(), lab, path);
      return;
    }
    // LAB/LEARNER.sh or LAB/LEARNER/lab.sh
    for (const entry of this.#entries(path)) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) this.#labFolder(entry.name, lab, inside);
      else if (entry.name.endsWith('.sh')) this.#script(entry.name.slice(0, -3), lab, inside, null);
      else this.#skipOther(entry, inside);
    }
  }

  #topScript(entry: Dirent, path: string): void {
    const stem = entry.name.slice(0, -3);
    const lab = this.#labNamed(stem);
    if (lab !== null) this.#script(this.#ownerOfRoot(), lab, path, null);
    else if (this.#only !== null) this.#script(stem, this.#only, path, null);
    else {
      this.#skip(
        path,
        `its name is no lab${this.#suggestion(stem)}, and no folder says whose it is. If all files here are for one lab, give --lab LAB`,
      );
    }
  }

  /** Everything that one learner handed in. */
  #folderOf(learner: string, path: string, depth: number): void {
    const entries = this.#entries(path);
    const names = entries.map(({ name }) => name);
    // Somebody handed in the whole repository: theirs is what stands in workspace/.
    const isCheckout = names.includes('package.json') && names.includes('labs');
    for (const entry of entries) {
      const inside = join(path, entry.name);
      if (isCheckout && entry.name !== 'workspace') continue;
      if (entry.isDirectory()) {
        const lab = this.#labNamed(entry.name);
        if (lab !== null) this.#labFolder(learner, lab, inside);
        else if (depth < DEEPEST) this.#folderOf(learner, inside, depth + 1);
        else this.#skip(inside, 'it stands too deep; name folders LEARNER/LAB');
      } else if (entry.name.endsWith('.json')) this.#progress(learner, learner, inside);
      else if (entry.name.endsWith('.sh')) this.#learnersScript(learner, entry.name.slice(0, -3), inside);
      else this.#skipOther(entry, inside);
    }
  }

  #learnersScript(learner: string, stem: string, path: string): void {
    const lab = this.#labNamed(stem) ?? this.#only;
    if (lab !== null) this.#script(learner, lab, path, null);
    else this.#skip(path, `there is no lab '${stem}'${this.#suggestion(stem)}`);
  }

  #labFolder(learner: string, lab: string, path: string): void {
    const chosen = scriptAmong(
      this.#entries(path).map(({ name }) => name),
      lab,
    );
    switch (chosen.kind) {
      case 'script':
        this.#script(learner, lab, join(path, chosen.name), seedRecordedIn(path));
        return;
      case 'none':
        this.#skip(path, 'there is no script in it');
        return;
      case 'several':
        this.#add({
          learner,
          lab,
          file: this.#shown(path),
          seed: null,
          work: {
            kind: 'rejected',
            why: `several scripts (${chosen.names.join(', ')}): name the one that counts lab.sh`,
          },
        });
    }
  }

  #script(learner: string, lab: string, path: string, seed: string | null): void {
    if (this.#only !== null && lab !== this.#only) {
      this.#skip(path, `only ${this.#only} is graded`);
      return;
    }
    const read = readScriptFile(path);
    const work =
      read.kind === 'text'
        ? ({ kind: 'script', text: read.text } as const)
        : ({ kind: 'rejected', why: read.why } as const);
    this.#add({ learner, lab, file: this.#shown(path), seed, work });
  }

  /** `owner` is whose folder the file is in; null for one that stands alone, which may say whose it is. */
  #progress(owner: string | null, name: string, path: string): void {
    const read = progressSubmissions(path, this.#only === null ? this.#labs : [this.#only]);
    if (read.kind === 'unfit') {
      this.#skip(path, read.why);
      return;
    }
    const learner = owner ?? this.#ownName(read.learner, name);
    if (read.submissions.length === 0) {
      this.#skip(path, `nothing in it is done for ${this.#only ?? 'any lab'}`);
    }
    for (const submission of read.submissions) this.#add({ ...submission, learner, file: this.#shown(path) });
  }

  /** Two files that say the same name may be of two people: then the names of the files tell them apart. */
  #ownName(typed: string | null, file: string): string {
    const name = typed?.trim() ?? '';
    if (name === '' || this.#isKnown(file)) return file;
    return this.#isKnown(name) ? `${name} (${file})` : name;
  }

  #isKnown(name: string): boolean {
    return [...this.#submissions.values()].some(({ learner }) => learner === name);
  }

  #add(submission: Submission): void {
    const key = `${submission.learner}\0${submission.lab}`;
    const before = this.#submissions.get(key);
    if (before === undefined) this.#submissions.set(key, submission);
    else this.#skipped.push({ file: submission.file, why: `${before.file} is graded for this lab already` });
  }

  #entries(folder: string): readonly Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => !IGNORED.test(name))
        .sort(
          // A script counts before what the browser has of the same lab.
          (a, b) =>
            Number(a.name.endsWith('.json')) - Number(b.name.endsWith('.json')) || (a.name < b.name ? -1 : 1),
        );
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      if (folder === this.#root) {
        throw new UsageError(
          `Cannot read the folder ${folder} (${code}). Give the folder that holds what was handed in: one folder per learner, with LAB.sh or LAB/lab.sh in it.`,
        );
      }
      this.#skip(folder, `it cannot be read (${code})`);
      return [];
    }
  }

  /** Any spelling that a person or a learning platform would use: `Checkout times out` is a lab too. */
  #labNamed(name: string): string | null {
    const plain = name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, '-');
    return this.#labs.find((lab) => lab === plain) ?? null;
  }

  #suggestion(name: string): string {
    const similar = similarNames(name, this.#labs);
    return similar.length === 0 ? '' : ` (did you mean ${similar.join(' or ')}?)`;
  }

  #ownerOfRoot(): string {
    return basename(this.#root) === 'workspace' ? basename(dirname(this.#root)) : basename(this.#root);
  }

  #skipOther(entry: Dirent, path: string): void {
    if (entry.isSymbolicLink()) this.#skip(path, 'it is a symbolic link, which is not followed');
    else if (/\.(?:zip|tar|t?gz|7z|rar)$/i.test(entry.name)) this.#skip(path, 'unpack it first');
    else this.#skip(path, 'it is no script (NAME.sh)');
  }

  #skip(path: string, why: string): void {
    this.#skipped.push({ file: this.#shown(path), why });
  }

  #shown(path: string): string {
    return relative(this.#root, path).replaceAll('\\', '/');
  }
}
