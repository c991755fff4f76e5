import type { Locator, Page } from '@playwright/test';

/** The quiz of a lesson, once its island is alive. */
export class Quiz {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.locator('.quiz');
  }

  async ready(): Promise<void> {
    await this.root.scrollIntoViewIfNeeded();
    // Astro drops the attribute when the island has taken over.
    await this.root.locator('astro-island:not([ssr])').waitFor();
  }

  get questions(): Locator {
    return this.root.locator('.questions > li');
  }

  /** The first question that is answered by choosing one option. */
  get firstChoice(): Question {
    return new Question(
      this.questions.filter({ has: this.root.page().locator('fieldset > .options [type=radio]') }).first(),
    );
  }

  get firstTyped(): Question {
    return new Question(
      this.questions.filter({ has: this.root.page().locator('fieldset > .typed') }).first(),
    );
  }
}

export class Question {
  readonly root: Locator;

  constructor(root: Locator) {
    this.root = root;
  }

  get verdict(): Locator {
    return this.root.getByRole('status');
  }

  get feedback(): Locator {
    return this.root.locator('.feedback');
  }

  get options(): Locator {
    return this.root.getByRole('radio');
  }

  async check(): Promise<void> {
    await this.root.getByRole('button', { name: 'Check' }).click();
  }

  async showWhy(): Promise<void> {
    await this.root.getByRole('button', { name: 'Show why' }).click();
  }

  async again(): Promise<void> {
    await this.root.getByRole('button', { name: 'Answer again' }).click();
  }
}
