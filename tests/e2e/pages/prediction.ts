import type { Locator, Page } from '@playwright/test';

/** A prediction on a lesson. */
export class Prediction {
  readonly root: Locator;

  constructor(page: Page, index = 0) {
    this.root = page.locator('predict-box').nth(index);
  }

  get outcome(): Locator {
    return this.root.locator('.outcome');
  }

  get summary(): Locator {
    return this.root.locator('summary').first();
  }

  get hint(): Locator {
    return this.root.getByRole('status');
  }

  async commit(): Promise<void> {
    await this.root.getByRole('button', { name: 'Commit to this answer' }).click();
  }

  /** Chooses the option by its place, counted from 0. */
  async choose(option: number): Promise<void> {
    await this.root.getByRole('radio').nth(option).check();
  }

  chosen(): Promise<string | null> {
    return this.root.locator('input:checked').getAttribute('value');
  }
}
