/** Incident mode as a learner uses it. */
import { expect, type Locator, type Page } from '@playwright/test';
import { incidentOf, type IncidentLab } from '../../../src/practice/incident.ts';

export class IncidentPage {
  readonly page: Page;
  readonly region: Locator;
  readonly workspace: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Incident', exact: true });
    this.workspace = page.locator('.workspace.incident');
  }

  async open(): Promise<void> {
    await this.page.goto('/practice/incident/');
    await expect(this.start).toBeVisible();
  }

  get start(): Locator {
    return this.region.getByRole('button', { name: 'Start an incident' });
  }

  /** A seed that is a certain network: computed as the page does, from what the site serves. */
  async seedOf(lab: string, variation: string): Promise<string> {
    const labs = (await (await this.page.request.get('/practice/incidents.json')).json()) as IncidentLab[];
    for (let at = 0; at < 5000; at++) {
      const incident = incidentOf(`seed${at}`, labs);
      if (incident?.lab === lab && incident.variation === variation) return `seed${at}`;
    }
    throw new Error(`no seed is ${lab} ${variation}`);
  }

  async openSeed(seed: string): Promise<void> {
    await this.page.goto(`/practice/incident/?incident=${seed}`);
    await expect(this.page.getByRole('heading', { name: 'Your hypothesis' })).toBeVisible({
      timeout: 30_000,
    });
  }

  async commit(decides: RegExp, end: string, sure: RegExp): Promise<void> {
    const option = this.region.getByLabel('What decides?').locator('option').filter({ hasText: decides });
    await this.region.getByLabel('What decides?').selectOption((await option.getAttribute('value')) ?? '');
    await this.region.getByLabel('What becomes of what fails?').selectOption(end);
    await this.region.getByRole('radio', { name: sure }).check();
    await this.region.getByRole('button', { name: 'Commit, and begin' }).click();
    await expect(this.workspace).toBeVisible();
  }

  /** Waits until nothing runs. */
  async idle(): Promise<void> {
    await expect(this.workspace.locator('.busy')).toHaveCount(0, { timeout: 30_000 });
  }

  async openTerminal(): Promise<void> {
    await this.workspace.getByRole('button', { name: /^Open the terminal/ }).click();
    await this.prompt();
  }

  async prompt(): Promise<void> {
    await this.idle();
    await expect.poll(() => this.screen()).toMatch(/[$#] ?$/);
  }

  async screen(): Promise<string> {
    const rows = await this.workspace.locator('.xterm-rows > div').allInnerTexts();
    return rows
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }

  async type(line: string): Promise<void> {
    await this.workspace.locator('.xterm-helper-textarea').focus();
    await this.page.keyboard.type(`${line}\n`);
    await this.prompt();
  }

  get panel(): Locator {
    return this.workspace.locator('.tasks');
  }

  /** Puts the focus on an element with Tab alone; fails where that does not lead to it. */
  async tabTo(target: Locator): Promise<void> {
    for (let steps = 0; steps < 60; steps++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error('Tab does not lead there');
  }

  points(what: string): Locator {
    return this.region.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: what }) });
  }
}
