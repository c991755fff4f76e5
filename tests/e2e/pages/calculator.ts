/** A calculator page as a visitor uses it. */
import type { Locator, Page } from '@playwright/test';

export class CalculatorPage {
  readonly #page: Page;
  readonly verdict: Locator;
  readonly warnings: Locator;
  readonly status: Locator;
  readonly command: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.verdict = page.locator('.calc-verdict');
    this.warnings = page.locator('.calc-warnings li');
    this.status = page.locator('.calc').getByRole('status');
    this.command = page.locator('.calc-terminal code');
  }

  /** Opens a calculator, and waits until its script has taken over. */
  async open(name: string, query = ''): Promise<void> {
    await this.#page.goto(`/calculators/${name}/${query}`);
    // Its script comes when somebody reaches for it.
    await this.#page.locator('.calc').dispatchEvent('pointerover');
    await this.#page.locator('astro-island:not([ssr]) .calc').waitFor();
  }

  field(label: string): Locator {
    return this.#page.getByRole('textbox', { name: label });
  }

  /** Empty while the field is fine. What is wrong is said after the paint that shows what was typed. */
  async errorOf(label: string): Promise<string> {
    await this.#page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve)))),
    );
    const ids = (await this.field(label).getAttribute('aria-describedby')) ?? '';
    const id = ids.split(' ').find((each) => each.endsWith('-error'));
    return id === undefined ? '' : this.#page.locator(`#${id}`).innerText();
  }

  row(name: string): Locator {
    return this.#page.getByRole('row', { name });
  }

  mapBlock(part: 'subnet' | 'taken' | 'checked' | 'free' | 'overlap'): Locator {
    return this.#page.locator(`.calc-map-space [data-part="${part}"]`);
  }
}
