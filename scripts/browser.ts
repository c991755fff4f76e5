/**
 * Finds a browser for the end-to-end tests, or installs one: the system's Chromium, else Debian's
 * package as root, else Playwright's own download. Never fails silently: the caller gets the reason.
 * The headless shell is Chromium without the windows, and takes a sixth less time of the processor; it is
 * what Playwright itself runs when nobody looks.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Browser =
  | { readonly kind: 'executable'; readonly path: string }
  /** Playwright finds its own download. */
  | { readonly kind: 'playwright' }
  | { readonly kind: 'none'; readonly reason: string };

/** Debian's packages, the first that there is. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];
const NAMES = [...PACKAGES, 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

export function findBrowser(): Browser {
  const given = process.env.CHROMIUM_EXECUTABLE;
  if (given !== undefined && given !== '') {
    return existsSync(given)
      ? { kind: 'executable', path: given }
      : { kind: 'none', reason: `CHROMIUM_EXECUTABLE is ${given}, which does not exist` };
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of NAMES) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (existsSync(path)) return { kind: 'executable', path };
    }
  }
  return { kind: 'none', reason: `none of ${NAMES.join(', ')} is on PATH` };
}

/** Whether a program ended well. What it prints is not shown. */
function succeeds(command: string, ...args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

export async function findOrInstallBrowser(): Promise<Browser> {
  const found = findBrowser();
  if (found.kind !== 'none') return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    await succeeds('apt-get', 'update');
    for (const name of PACKAGES) {
      console.log(`installing ${name} with apt-get ...`);
      await succeeds('apt-get', 'install', '-y', '--no-install-recommends', name);
      const installed = findBrowser();
      if (installed.kind !== 'none') return installed;
    }
  }
  console.log("downloading Playwright's headless shell of Chromium ...");
  if (await succeeds('npx', 'playwright', 'install', '--only-shell', 'chromium'))
    return { kind: 'playwright' };
  return {
    kind: 'none',
    reason: `${found.reason}, and neither apt-get nor "npx playwright install chromium" could install one`,
  };
}
