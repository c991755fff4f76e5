/** The workspace of one lab: what is kept, what runs, what the checks said. The view only draws it. */
import { batch, signal, type Signal } from '@preact/signals';
import type { LabReport } from '../../lab/lab.ts';
import {
  isSameSession,
  labProgressOf,
  logged,
  newLabProgress,
  resetLab,
  undoReset,
  withState,
  type LabProgress,
  type LogEntry,
} from '../../progress/lab-progress.ts';
import type { Entry, KeptIn, ProgressStore } from '../../progress/store.ts';
import { LabConnection, type WorkerLike } from './lab-connection.ts';
import type { LabPage } from './lab-page.ts';
import type { NetworkView } from './network-view.ts';
import type { Completion, Replayed, Requests, Screen } from './protocol.ts';

/** The part of the terminal that the workspace writes to; tests give a list of lines. */
export interface Display {
  clear(): void;
  show(prompt: string, typed: string, output: string): void;
  notice(text: string): void;
  ready(prompt: string): void;
  takeOver(): void;
}

export interface Notice {
  readonly text: string;
  readonly action: 'undo' | null;
}

/** What a workspace needs of the store of progress. */
export type WorkStore = Pick<ProgressStore, 'state' | 'get' | 'put' | 'putAside' | 'subscribe'>;

export class WorkspaceModel {
  readonly page: LabPage;
  readonly progress: Signal<LabProgress>;
  readonly kept = signal<KeptIn | null>(null);
  /** What the learner waits for; null when nothing runs. */
  readonly busy = signal<string | null>(null);
  readonly network = signal<NetworkView | null>(null);
  readonly report = signal<LabReport | null>(null);
  readonly notice = signal<Notice | null>(null);
  readonly problem = signal<string | null>(null);
  /** Whether another tab went on with the lab, and the network here is not that of `progress` yet. */
  readonly session = signal<'current' | 'behind'>('current');
  readonly #openStore: () => Promise<WorkStore>;
  #store: WorkStore | null = null;
  #unsubscribe: () => void = () => undefined;
  readonly #connection: LabConnection;
  #display: Display | null = null;
  /** What ran since the network was built, for a terminal that is opened later. */
  #shown: { readonly prompt: string; readonly typed: string; readonly output: string }[] = [];
  #opening: Promise<void> | null = null;
  #isOpen = false;
  #prompt = '';
  /** The script as the simulated home folder has it. */
  #scriptThere: string | null = null;

  constructor(
    page: LabPage,
    openStore: () => Promise<WorkStore>,
    createWorker: () => WorkerLike,
    drawnSeed: string,
  ) {
    this.page = page;
    this.#openStore = openStore;
    this.#connection = new LabConnection(page.id, page.title, createWorker);
    this.progress = signal(newLabProgress(page.id, drawnSeed, page.template));
  }

  /** Brings back what an earlier visit kept. What cannot be read is put aside, never overwritten. */
  async load(): Promise<void> {
    const store = await this.#openStore();
    this.#store = store;
    this.#unsubscribe = store.subscribe(({ keys, by }) => {
      if (by === 'another-tab' && keys.includes(this.#key)) this.#goOn(store.get(this.#key));
    });
    // Said before anything is typed, where it can be known.
    if (store.state !== 'kept') this.kept.value = 'memory';
    const entry = store.get(this.#key);
    if (entry === null) return;
    const progress = labProgressOf(entry.value, this.page.id);
    if (progress !== null) {
      this.progress.value = progress;
      return;
    }
    await store.putAside(this.#key);
    this.notice.value = {
      text: 'What this browser kept of your work could not be read. It is put aside, not deleted.',
      action: null,
    };
  }

  /** Rebuilds the network if the lab went on in another tab. Called before anything runs, and when the tab is seen. */
  async catchUp(): Promise<void> {
    if (this.session.value === 'current' || this.busy.value !== null) return;
    await this.#restart();
    this.notice.value = { text: 'This lab went on in another tab; here it is as it is there.', action: null };
  }

  /** Starts the simulation if it does not run yet, and shows in `display` what happens in it. */
  async open(display: Display | null): Promise<void> {
    if (this.#opening === null) {
      this.#display = display;
      this.#opening = this.#reopen();
      await this.#opening;
      return;
    }
    if (display !== null && display !== this.#display) {
      this.#display = display;
      for (const { prompt, typed, output } of this.#shown) display.show(prompt, typed, output);
      // While it opens, the opening itself says when it is ready.
      if (this.#isOpen) display.ready(this.#prompt);
    }
    await this.#opening;
  }

  async runLine(text: string): Promise<{ readonly output: string; readonly prompt: string }> {
    if (this.session.value === 'behind') await this.catchUp();
    if (text.includes('lab.sh') && this.#scriptThere !== this.progress.value.now.script) await this.#save();
    const entry: LogEntry = { kind: 'line', text };
    const prompt = this.#prompt;
    const outcome = await this.#busyWith('Running', () => this.#connection.run(entry));
    this.#follow(outcome.screen);
    if (outcome.kind === 'stopped') {
      return {
        output: '^C\r\nStopped. The network is as it was before this command.\r\n',
        prompt: this.#prompt,
      };
    }
    if (outcome.screen.session === 'closed') {
      await this.#connection.open(this.progress.value.now.seed, this.progress.value.now.log);
      return {
        output: `${outcome.screen.output}The session ended and began again; your work is still here.\r\n`,
        prompt: this.#prompt,
      };
    }
    this.#log(entry);
    this.#shown.push({ prompt, typed: text, output: outcome.screen.output });
    return { output: outcome.screen.output, prompt: this.#prompt };
  }

  complete(line: string): Promise<Completion> {
    return this.#connection.complete(line);
  }

  interrupt(): void {
    this.#connection.interrupt();
  }

  setScript(script: string): void {
    this.#change(withState(this.progress.value, { script }));
  }

  /** Runs the script in the network as it is. */
  async runScript(): Promise<void> {
    if (this.session.value === 'behind') await this.catchUp();
    await this.open(null);
    const text = this.progress.value.now.script;
    const display = this.#display;
    display?.takeOver();
    const entry: LogEntry = { kind: 'script', text };
    const prompt = this.#prompt;
    const outcome = await this.#busyWith('Running your script', () => this.#connection.run(entry));
    this.#follow(outcome.screen);
    if (outcome.kind === 'ran') {
      this.#scriptThere = text;
      this.#log(entry);
      this.#show(prompt, 'bash lab.sh', outcome.screen.output);
    } else {
      display?.show(prompt, 'bash lab.sh', '^C\r\nStopped. The network is as it was before the script.\r\n');
    }
    display?.ready(this.#prompt);
  }

  /** Runs the script in a fresh network, as `npm run lab -- check` does, and checks the outcome. */
  async checkScript(): Promise<void> {
    const { seed, script } = this.progress.value.now;
    const dropped = this.progress.value.now.log.length > 0;
    const fresh = resetLab(this.progress.value, seed, script);
    this.#change(dropped ? fresh : { ...fresh, before: this.progress.value.before });
    await this.#restart();
    await this.runScript();
    await this.check();
    if (dropped) {
      this.notice.value = { text: 'The network was built anew for your script.', action: 'undo' };
    }
  }

  async check(): Promise<void> {
    if (this.session.value === 'behind') await this.catchUp();
    await this.open(null);
    const report = await this.#busyWith('Checking', () => this.#connection.check());
    batch(() => {
      this.report.value = report;
      const passed = report.tasks.filter((task) => task.passed).map((task) => task.id);
      this.#change(withState(this.progress.value, { passed }));
    });
  }

  /** What is known of an incident at its beginning. */
  async brief(): Promise<Requests['brief']['reply']> {
    await this.open(null);
    return this.#busyWith('Asking what people notice', () => this.#connection.brief());
  }

  /** What an incident was, once it is over. */
  async debrief(): Promise<Requests['debrief']['reply']> {
    if (this.session.value === 'behind') await this.catchUp();
    await this.open(null);
    return this.#busyWith('Looking back', () => this.#connection.debrief());
  }

  /** Answers a question as the command does, so that it stands in the history. */
  async answer(key: string, value: string): Promise<void> {
    if (this.session.value === 'behind') await this.catchUp();
    await this.open(null);
    const line = `answer ${key} '${value.replaceAll("'", `'\\''`)}'`;
    const display = this.#display;
    display?.takeOver();
    const prompt = this.#prompt;
    const { output, prompt: next } = await this.runLine(line);
    display?.show(prompt, line, output);
    display?.ready(next);
  }

  async reset(): Promise<void> {
    this.#change(resetLab(this.progress.value, this.progress.value.now.seed, this.page.template));
    this.notice.value = { text: 'The lab is as shipped again.', action: 'undo' };
    await this.#restart();
  }

  /** The same lab with another variation; what was there can be taken back. */
  async nextVariation(): Promise<void> {
    const { seeds } = this.page;
    const { seed } = this.progress.value.now;
    const next = seeds[(seeds.indexOf(seed) + 1) % seeds.length] ?? seeds[0];
    this.#change(resetLab(this.progress.value, next, this.page.template));
    this.notice.value = { text: `This is variation ${next}.`, action: 'undo' };
    await this.#restart();
  }

  async undoReset(): Promise<void> {
    this.#change(undoReset(this.progress.value));
    this.notice.value = { text: 'Your work is back.', action: 'undo' };
    await this.#restart();
  }

  close(): void {
    this.#unsubscribe();
    this.#connection.close();
  }

  async #restart(): Promise<void> {
    this.report.value = null;
    if (this.#opening === null) return;
    this.#display?.clear();
    this.#opening = this.#reopen();
    await this.#opening;
  }

  async #reopen(): Promise<void> {
    const { seed, log } = this.progress.value.now;
    this.session.value = 'current';
    this.problem.value = null;
    this.#scriptThere = null;
    this.#shown = [];
    this.#isOpen = false;
    try {
      const screen = await this.#busyWith('Building the network', () =>
        this.#connection.open(seed, log, (replayed) => {
          this.#replayed(replayed);
        }),
      );
      this.#follow(screen);
      this.#isOpen = true;
      this.#display?.ready(screen.prompt);
    } catch (problem) {
      this.#opening = null;
      this.problem.value = problem instanceof Error ? problem.message : String(problem);
    }
  }

  #replayed({ entry, prompt, output, number, of }: Replayed): void {
    this.busy.value = `Bringing your work back: ${number} of ${of}`;
    if (entry.kind !== 'line') this.#scriptThere = entry.text;
    if (entry.kind === 'save') return;
    this.#show(prompt, entry.kind === 'script' ? 'bash lab.sh' : entry.text, output);
  }

  async #save(): Promise<void> {
    const entry: LogEntry = { kind: 'save', text: this.progress.value.now.script };
    await this.#connection.run(entry);
    this.#scriptThere = entry.text;
    this.#log(entry);
  }

  #show(prompt: string, typed: string, output: string): void {
    this.#shown.push({ prompt, typed, output });
    this.#display?.show(prompt, typed, output);
  }

  #follow(screen: Screen): void {
    this.#prompt = screen.prompt;
    this.network.value = screen.network;
  }

  #log(entry: LogEntry): void {
    this.#change(logged(this.progress.value, entry));
  }

  #change(progress: LabProgress): void {
    this.progress.value = progress;
    const put = (store: WorkStore): Promise<void> =>
      store.put(this.#key, progress).then((kept) => {
        this.kept.value = kept;
      });
    // At once where the store is open: the tab may be closed the moment after.
    void (this.#store === null ? this.#openStore().then(put) : put(this.#store));
  }

  /** Another tab went on with this lab, or reset all progress. */
  #goOn(entry: Entry | null): void {
    const before = this.progress.value;
    const progress =
      entry === null
        ? newLabProgress(this.page.id, before.now.seed, this.page.template)
        : labProgressOf(entry.value, this.page.id);
    if (progress === null) return;
    this.progress.value = progress;
    if (this.#opening !== null && !isSameSession(before.now, progress.now)) this.session.value = 'behind';
  }

  get #key(): string {
    return `lab.${this.page.id}`;
  }

  async #busyWith<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.busy.value = what;
    try {
      return await work();
    } finally {
      this.busy.value = null;
    }
  }
}
