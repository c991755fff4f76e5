/** The workspace of a lab as a learner uses it. */
import { expect, type Locator, type Page } from '@playwright/test';

export class WorkspacePage {
  readonly #page: Page;
  readonly root: Locator;
  readonly status: Locator;
  readonly network: Locator;
  readonly script: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.locator('.workspace');
    this.status = this.root.getByRole('status');
    this.network = page.getByRole('region', { name: 'The network now' });
    this.script = page.getByRole('textbox', { name: /Your script/ });
  }

  /** Opens a lab, and waits until its script has taken over and brought back what was kept. */
  async open(lab: string): Promise<void> {
    await this.#page.goto(`/labs/${lab}/`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.#page.locator('.workspace[data-ready="ready"]').waitFor();
  }

  async openTerminal(): Promise<void> {
    await this.root.getByRole('button', { name: /^Open the terminal/ }).click();
    await this.prompt();
  }

  /** Waits until nothing runs and the terminal shows a prompt at its end. */
  async prompt(): Promise<void> {
    await expect(this.root.locator('.busy')).toHaveCount(0);
    await expect.poll(() => this.screen()).toMatch(/[$#] ?$/);
  }

  /** What the terminal shows, without blank rows at its end. */
  async screen(): Promise<string> {
    const rows = await this.root.locator('.xterm-rows > div').allInnerTexts();
    return rows
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }

  async type(line: string): Promise<void> {
    await this.root.locator('.xterm-helper-textarea').focus();
    await this.#page.keyboard.type(`${line}\n`);
    await this.prompt();
  }

  part(name: 'Tasks' | 'Terminal' | 'Script' | 'Network'): Locator {
    return this.root.getByRole('navigation', { name: 'Parts of the lab' }).getByRole('button', { name });
  }

  task(title: string): Locator {
    return this.root.getByRole('listitem').filter({ has: this.#page.getByRole('heading', { name: title }) });
  }

  async check(): Promise<void> {
    await this.root.getByRole('button', { name: 'Check', exact: true }).click();
    await expect(this.root.locator('.busy')).toHaveCount(0);
    await expect(this.status).toContainText('passed');
  }

  /** Puts a script into the editor, runs it in a fresh network and waits for the checks. */
  async runFromStart(script: string): Promise<void> {
    await this.part('Script').click();
    await this.script.fill(script);
    await this.root.getByRole('button', { name: 'Run from the start and check' }).click();
    // A long script takes seconds, and more where other tests keep the machine busy.
    await expect(this.root.locator('.task[data-state]:not([data-state="open"])').first()).toBeVisible({
      timeout: 30_000,
    });
    await expect(this.root.locator('.busy')).toHaveCount(0, { timeout: 30_000 });
  }

  async answer(question: string, value: string): Promise<void> {
    await this.root.getByLabel(question).fill(value);
    await this.root.getByLabel(question).press('Enter');
    await expect(this.root.locator('.busy')).toHaveCount(0);
  }
}
