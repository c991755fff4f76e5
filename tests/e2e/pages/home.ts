import type { Locator, Page } from '@playwright/test';

/** The home page, where a visitor sends a packet. */
export class HomePage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/');
  }

  end(side: 'Send a packet from' | 'to', name: string): Locator {
    return this.page
      .getByRole('group', { name: side, exact: true })
      .getByRole('radio', { name, exact: true });
  }

  async send(from: string, to: string): Promise<void> {
    // The ends of the last packet may stand in each other's way.
    const target = this.end('to', to);
    if (await this.end('Send a packet from', from).isDisabled()) await target.check();
    await this.end('Send a packet from', from).check();
    await target.check();
  }

  get answer(): Locator {
    return this.page.locator('packet-mover').getByRole('status');
  }

  get places(): Locator {
    return this.page.getByRole('list', { name: 'The packet’s way' }).getByRole('listitem');
  }

  /** The line that the packet takes in the diagram that is shown. */
  line(): Promise<string | null> {
    return this.page.locator('packet-mover .diagram:visible .travelled').getAttribute('d');
  }
}
