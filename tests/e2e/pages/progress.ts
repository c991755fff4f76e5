import type { Download, Locator, Page } from '@playwright/test';

/** A page of progress (the dashboard or the record), once it has read what the browser kept. */
export class ProgressPage {
  readonly page: Page;
  readonly root: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('.progress[data-ready]');
  }

  async open(path = '/progress/'): Promise<void> {
    await this.page.goto(path);
    await this.root.waitFor();
  }

  get next(): Locator {
    return this.page.getByRole('region', { name: 'What to do next' });
  }

  get weak(): Locator {
    return this.page.getByRole('region', { name: 'What is weak' });
  }

  get reviews(): Locator {
    return this.page.getByRole('region', { name: 'Reviews' });
  }

  get modules(): Locator {
    return this.page.getByRole('region', { name: 'What is done' });
  }

  get data(): Locator {
    return this.page.getByRole('region', { name: 'Your data' });
  }

  /** What the last export, import, undo or reset said. */
  get outcome(): Locator {
    return this.data.locator('.outcome');
  }

  figure(name: string): Locator {
    return this.page.locator('.figures > div').filter({ hasText: name });
  }

  async press(name: string): Promise<void> {
    await this.root.getByRole('button', { name }).click();
  }

  async empty(): Promise<void> {
    await this.data.getByText('Empty everything').click();
    await this.press('Empty all of it');
  }

  async download(button: string): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.press(button)]);
    return textOf(download);
  }

  async import(text: string): Promise<void> {
    await this.data.getByLabel('Import a file').setInputFiles({
      name: 'progress.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
  }
}

async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
