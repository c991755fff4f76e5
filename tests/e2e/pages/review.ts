import { type Locator, type Page, expect } from '@playwright/test';

/** The review page, driven by keyboard. */
export class ReviewPage {
  readonly page: Page;
  readonly root: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByRole('region', { name: 'Review' });
  }

  async open(): Promise<void> {
    await this.page.goto('/practice/');
    await expect(this.start).toBeVisible();
  }

  get start(): Locator {
    return this.root.getByRole('button', { name: 'Start' });
  }

  get heading(): Locator {
    return this.root.getByRole('heading', { level: 2 });
  }

  get prompt(): Locator {
    return this.root.locator('.question > fieldset > legend');
  }

  get feedback(): Locator {
    return this.root.locator('.feedback');
  }

  get verdict(): Locator {
    return this.root.getByRole('status');
  }

  scope(name: RegExp): Locator {
    return this.root.getByRole('radio', { name });
  }

  /** Puts the focus on an element with Tab alone; fails where that does not lead to it. */
  async tabTo(target: Locator): Promise<void> {
    for (let steps = 0; steps < 40; steps++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error('Tab does not lead there');
  }

  /** Answers whatever stands there with something readable, right or wrong, and checks it. Keyboard only. */
  async answerSomehow(): Promise<void> {
    // A new question takes the focus, and would take it from a control that a script reached before.
    await expect(this.heading).toBeFocused();
    const controls = this.root.locator('.given input');
    const radios = this.root.locator('.given [type=radio]');
    const groups = new Set(
      await radios.evaluateAll((all) => all.map((each) => each.getAttribute('name') ?? '')),
    );
    for (const group of groups) {
      await this.tabTo(this.root.locator(`.given [name="${group}"]`).first());
      await this.page.keyboard.press('Space');
    }
    for (const box of await controls.and(this.root.locator('[type=text]')).all()) {
      const isNumber = (await box.getAttribute('inputmode')) === 'numeric';
      const isPrefix =
        (await box.evaluate((field) => (field as HTMLInputElement).labels?.[0]?.textContent)) === 'Prefix';
      await this.tabTo(box);
      await this.page.keyboard.type(isNumber ? '3' : isPrefix ? '10.0.0.0/24' : '10.0.0.4');
    }
    if (groups.size === 0) {
      const first = this.root.locator('.given [type=checkbox]').first();
      if ((await controls.and(this.root.locator('[type=text]')).count()) === 0 && (await first.count()) > 0) {
        await this.tabTo(first);
        await this.page.keyboard.press('Space');
      }
    }
    await this.tabTo(this.root.getByRole('button', { name: 'Check' }));
    await this.page.keyboard.press('Enter');
    await expect(this.feedback).toBeVisible();
  }

  async next(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }
}
