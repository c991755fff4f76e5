import type { Locator, Page } from '@playwright/test';

/** A packet path on a lesson. */
export class PacketPath {
  readonly root: Locator;

  constructor(page: Page, index = 0) {
    this.root = page.locator('packet-path').nth(index);
  }

  get shownWay(): Locator {
    return this.root.locator('.way[data-shown]');
  }

  get currentStep(): Locator {
    return this.shownWay.locator('.step[aria-current=step]');
  }

  get openSteps(): Locator {
    return this.shownWay.locator('.step details[open]');
  }

  get status(): Locator {
    return this.shownWay.getByRole('status');
  }

  async focus(): Promise<void> {
    await this.shownWay.getByRole('button', { name: 'Next step' }).focus();
  }

  async next(): Promise<void> {
    await this.shownWay.getByRole('button', { name: 'Next step' }).click();
  }

  async play(): Promise<void> {
    await this.shownWay.getByRole('button', { name: 'Play' }).click();
  }

  async pause(): Promise<void> {
    await this.shownWay.getByRole('button', { name: 'Pause' }).click();
  }

  async showWayBack(): Promise<void> {
    await this.root.getByRole('button', { name: 'The way back' }).click();
  }

  stepCount(): Promise<number> {
    return this.shownWay.locator('.step').count();
  }
}
