/** The workflow files for static hosts: that they build with this repository's commands, and may no more than they need. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }
    >
  >;
}

const WORKFLOWS = ['github-pages', 'azure-static-web-apps'] as const;
const read = (name: string): Workflow => parse(readFileSync(`deploy/static/${name}.yml`, 'utf8')) as Workflow;

describe.each(WORKFLOWS)('%s', (name) => {
  const { permissions, jobs } = read(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('builds what is installed from the lock file, with the Node of this repository', () => {
    expect(steps.flatMap(({ run }) => run ?? []).slice(0, 2)).toEqual(['npm ci', 'npm run build']);
    const node = steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'))?.with?.['node-version'];
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(devDependencies['node']?.split('.')[0]).toBe(String(node));
  });

  test('may read the repository, and write nothing while it builds', () => {
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) {
      const installs = job.steps.some(({ run }) => run === 'npm ci');
      const writes = Object.values(job.permissions ?? {}).includes('write');
      expect(installs && writes).toBe(false);
    }
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with?.['persist-credentials']).toBe(false);
  });

  test('publishes dist/', () => {
    const published = steps.flatMap(
      ({ with: options }) => options?.['path'] ?? options?.['app_location'] ?? [],
    );
    expect(published).toEqual(['dist']);
  });
});

test('GitHub Pages tells the build its base path, Static Web Apps has none', () => {
  const build = (name: string) =>
    Object.values(read(name).jobs)
      .flatMap((job) => job.steps)
      .find(({ run }) => run === 'npm run build');
  expect(build('github-pages')?.env).toEqual({ BASE_PATH: '${{ steps.pages.outputs.base_path }}' });
  expect(build('azure-static-web-apps')?.env).toBeUndefined();
});
