import { expect, type Locator, type Page } from '@playwright/test';

const A_MEGABYTE = 1_000_000;

/** The packet tracer's page, in a reader's words. */
export class TracerPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(fragment = ''): Promise<void> {
    await this.#page.goto(`/tracer/${fragment}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.#page.locator('.tracer[data-ready="ready"]').waitFor();
  }

  async loadScenario(name: string): Promise<void> {
    await this.#page.getByLabel('A scenario of the course').last().selectOption(name);
    await this.#page.getByRole('button', { name: 'Load the scenario' }).click();
  }

  async paste(text: string): Promise<void> {
    const field = this.#page.getByLabel('Your own network, as az and kubectl print it');
    // Playwright's editor command takes a browser seconds for megabytes; what the page hears is the same.
    if (text.length < A_MEGABYTE) await field.fill(text);
    else {
      await expect(field).toBeEditable();
      await field.evaluate((element: HTMLTextAreaElement, value) => {
        element.value = value;
        element.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }, text);
    }
    await this.#page.getByRole('button', { name: 'Load what is pasted' }).click();
  }

  async ask(from: string, to: string, port = ''): Promise<void> {
    await this.#page.getByLabel('From', { exact: true }).fill(from);
    await this.#page.getByLabel('To', { exact: true }).fill(to);
    await this.#page.getByLabel('Port', { exact: true }).fill(port);
    await this.#page.getByRole('button', { name: 'Follow the packet' }).click();
    await this.idle();
  }

  async run(script: string): Promise<void> {
    await this.#page.getByLabel('Commands that run on this network').fill(script);
    await this.#page.getByRole('button', { name: 'Run', exact: true }).click();
    await this.idle();
  }

  async keep(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Keep this network to compare' }).click();
    await this.#page.getByRole('button', { name: 'Compare', exact: true }).waitFor();
  }

  async compare(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Compare', exact: true }).click();
    await this.#page.locator('.tracer-found').waitFor();
  }

  async idle(): Promise<void> {
    await this.#page.locator('.tracer[aria-busy="false"]').waitFor();
  }

  get figure(): Locator {
    return this.#page.locator('.tracer-part > .packet-path');
  }

  get verdict(): Locator {
    return this.figure.locator('.verdict');
  }

  get loaded(): Locator {
    return this.#page.locator('.tracer-loaded');
  }

  get changes(): Locator {
    return this.#page.locator('.tracer-changes > li');
  }

  get wrong(): Locator {
    return this.#page.locator('#tracer-json-wrong');
  }

  async link(): Promise<string> {
    return this.#page.getByLabel('Link to exactly this').inputValue();
  }
}
