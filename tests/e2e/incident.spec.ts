import { IncidentPage } from './pages/incident.ts';
import { expect, issuesInBothThemes, misfits, test } from './pages/site.ts';

const MEND =
  'az network nsg rule update -g rg-library --nsg-name nsg-apps -n a17-02 --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 -o none';

test('starting one draws a network, and neither title nor address tells which', async ({ page }) => {
  const incident = new IncidentPage(page);
  await incident.open();
  await incident.start.click();
  await expect(page).toHaveURL(/\/practice\/incident\/\?incident=[a-z0-9]{6}$/);
  await expect(page.getByRole('heading', { name: 'The ticket' })).toBeVisible({ timeout: 30_000 });
  await expect(page).toHaveTitle(/^Incident/);
  await expect(incident.workspace).toHaveCount(0);
  const first = page.url();
  await page.getByRole('button', { name: 'Leave it' }).click();
  await expect(incident.start).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(first);
  await expect(page.getByRole('heading', { name: 'The ticket' })).toBeVisible({ timeout: 30_000 });
});

test('a whole incident by keyboard alone, wrong answers included', async ({ page }) => {
  test.setTimeout(180_000);
  const incident = new IncidentPage(page);
  const seed = await incident.seedOf('after-the-audit', 'amber');
  const { keyboard } = page;
  await incident.open();
  await keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await keyboard.press('Enter');
  await incident.tabTo(incident.region.getByLabel(/by its name/));
  await keyboard.type('no!');
  await keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('4 to 20 letters and digits');
  await keyboard.press('ControlOrMeta+A');
  await keyboard.type(seed);
  await keyboard.press('Enter');
  const heading = incident.region.getByRole('heading', { level: 2 });
  await expect(heading).toHaveText(`Incident ${seed}`);
  await expect(heading).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Your hypothesis' })).toBeVisible({ timeout: 30_000 });

  // Nothing chosen is no hypothesis.
  await incident.tabTo(incident.region.getByRole('button', { name: 'Commit, and begin' }));
  await keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Say all three');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await expect(incident.region.getByLabel('What decides?')).toBeFocused();
  await keyboard.type('a route');
  await keyboard.press('Tab');
  await keyboard.type('no-route');
  await expect(incident.region.locator('.meaning')).toContainText('had no route to the destination');
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(incident.workspace).toBeVisible();
  await expect(incident.panel.getByRole('heading', { level: 1 })).toBeFocused();

  await incident.tabTo(incident.workspace.getByRole('button', { name: /^Open the terminal/ }));
  await keyboard.press('Enter');
  await incident.prompt();
  await keyboard.type('az network nsg rule list -g rg-library --nsg-name nsg-apps -o table\n');
  await incident.prompt();
  await keyboard.type(
    'netpath --from host/reader --to $(kubectl get service catalogue -o jsonpath="{.status.loadBalancer.ingress[0].ip}") --port 80 | tail -n 3\n',
  );
  await incident.prompt();
  await keyboard.press('Escape');
  await keyboard.press('Shift+Tab');

  // Changed on evidence.
  const change = incident.panel.getByText('Change it', { exact: true }).first();
  await change.focus();
  await keyboard.press('Enter');
  const decides = incident.panel.getByLabel('What decides?');
  await incident.tabTo(decides);
  await keyboard.type('a rule');
  await keyboard.press('Tab');
  await keyboard.type('denied-in');
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await keyboard.press('ArrowRight');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(incident.panel).toContainText('it is your hypothesis number 2');

  // A wrong finding, then the right one.
  const [group, rule, part] = [
    'In which of the two groups',
    'Which rule of that group',
    'Which part of that rule',
  ];
  await incident.tabTo(incident.panel.getByLabel(group));
  await keyboard.type('nsg-system');
  await keyboard.press('Enter');
  await expect(incident.panel).toContainText('Answer each question');
  await incident.tabTo(incident.panel.getByLabel(rule));
  await keyboard.type('a17-02');
  await keyboard.press('Tab');
  await expect(incident.panel.getByLabel(part)).toBeFocused();
  await keyboard.type('source');
  await keyboard.press('Enter');
  await incident.idle();
  await expect(incident.panel).toContainText('2 of 3 right, submitted once.');
  await incident.panel.getByLabel(group).focus();
  await keyboard.press('ControlOrMeta+A');
  await keyboard.type('nsg-apps');
  await keyboard.press('Enter');
  await incident.idle();
  await expect(incident.panel).toContainText('3 of 3 right, submitted 2 times.');

  // The work is there after a reload.
  await page.reload();
  await expect(incident.panel).toContainText('submitted 2 times', { timeout: 30_000 });
  await incident.idle();
  const close = incident.panel.getByRole('button', { name: 'Close the incident' });
  await expect(close).toBeDisabled();
  await incident.tabTo(incident.workspace.getByRole('button', { name: /^Open the terminal/ }));
  await keyboard.press('Enter');
  await incident.prompt();
  await keyboard.type(`${MEND}\n`);
  await incident.prompt();
  await keyboard.press('Escape');
  await keyboard.press('Shift+Tab');
  const check = incident.panel.getByRole('button', { name: 'Check the repair' });
  await check.focus();
  await keyboard.press('Enter');
  await incident.idle();
  await expect(incident.panel.getByRole('status').last()).toContainText('Mended.');
  await incident.tabTo(close);
  await keyboard.press('Enter');

  await expect(heading).toContainText(`Incident ${seed}: `, { timeout: 30_000 });
  await expect(heading).toBeFocused();
  await expect(incident.points('Hypothesis')).toContainText('20 of 25');
  await expect(incident.points('Evidence before changes')).toContainText('30 of 30');
  await expect(incident.points('Finding')).toContainText('12 of 20');
  await expect(incident.points('Repair')).toContainText('15 of 15');
  await expect(incident.region).toContainText(
    'a rule of a network security group (nsg-apps, a17-02, source)',
  );
  await expect(incident.region.locator('.incident-path')).toContainText('security rules');
  await expect(incident.region.locator('.incident-reference')).toBeVisible({ timeout: 30_000 });
  const lesson = incident.region.getByRole('link', { name: 'Which rule decides' });
  await expect(lesson).toHaveAttribute('href', '/network-security-groups/which-rule-decides/');

  await page.goto('/progress/');
  const listed = page.getByRole('region', { name: 'Incidents' });
  await expect(listed).toContainText('It was a rule of a network security group');
  await listed.getByRole('link', { name: `Incident ${seed}` }).click();
  await expect(heading).toContainText(`Incident ${seed}: `, { timeout: 30_000 });

  await page.getByRole('button', { name: 'Replay this one' }).click();
  await expect(page.getByRole('heading', { name: 'Your hypothesis' })).toBeVisible({ timeout: 30_000 });
  await expect(page).toHaveURL(new RegExp(`incident=${seed}$`));
});

test('changing before looking, and breaking something, is told and costs', async ({ page }) => {
  test.setTimeout(120_000);
  const incident = new IncidentPage(page);
  await incident.openSeed(await incident.seedOf('after-the-audit', 'dune'));
  await incident.commit(/^a node itself/, 'loop', /sure, 95/);
  await incident.openTerminal();
  await incident.type(
    'az network nsg rule update -g rg-library --nsg-name nsg-apps -n a17-07 --access Allow -o none',
  );
  await incident.panel.getByText('Give up', { exact: true }).click();
  await incident.panel.getByRole('button', { name: 'End it and show me' }).click();
  await expect(incident.points('Evidence before changes')).toContainText(
    'You changed something before you had looked at anything',
    { timeout: 30_000 },
  );
  await expect(incident.points('Confidence')).toContainText('1 of 10');
  await expect(incident.points('Repair')).toContainText('What worked and was broken on the way');
});

test('a name that cannot be one, and one of a module that is left out, are told', async ({ page }) => {
  await page.goto('/practice/incident/?incident=..%2F..%2Fetc');
  await expect(page.getByRole('alert')).toContainText('“../../etc” is no incident');
  await expect(new IncidentPage(page).start).toBeVisible();
});

test('with the modules of all incidents left out, a sentence says so', async ({ page }) => {
  await page.route('**/practice/incidents.json', (route) => route.fulfill({ json: [] }));
  await page.goto('/practice/incident/');
  await expect(page.getByText('leaves out the modules that incidents come from')).toBeVisible();
  await expect(new IncidentPage(page).start).toHaveCount(0);
});

test('where the incidents cannot be fetched, it says so and tries again', async ({ page }) => {
  await page.route('**/practice/incidents.json', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto('/practice/incident/');
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
  await page.unroute('**/practice/incidents.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(new IncidentPage(page).start).toBeVisible();
});

test('where nothing is kept, it says so and works', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'indexedDB']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('no');
        },
      });
    }
  });
  const incident = new IncidentPage(page);
  await incident.open();
  await expect(incident.region).toContainText('Your browser lets this page store nothing');
  await incident.start.click();
  await expect(page.getByRole('heading', { name: 'Your hypothesis' })).toBeVisible({ timeout: 30_000 });
  await incident.commit(/^a route/, 'no-route', /guess/);
  await expect(incident.panel.getByRole('status').last()).toContainText(
    'Your browser lets this page store nothing',
  );
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });
  test('a sentence says what it needs, and where to read', async ({ page }) => {
    await page.goto('/practice/incident/');
    await expect(
      page.getByText('An incident runs in a simulated network, which needs script.'),
    ).toBeVisible();
  });
});

test('the review and the sidebar lead there', async ({ page }) => {
  await page.goto('/practice/');
  await expect(page.locator('nav.sidebar').getByRole('link', { name: 'Incident' })).toHaveAttribute(
    'href',
    '/practice/incident/',
  );
  await page.getByRole('main').getByRole('link', { name: 'incident', exact: true }).click();
  await expect(new IncidentPage(page).start).toBeVisible();
});

for (const width of [390, 1440]) {
  test(`start, hypothesis, work and end are accessible in both themes: ${width} px`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const issues: string[] = [];
    const look = async (what: string): Promise<void> => {
      const found = [...(await issuesInBothThemes(page)), ...(await misfits(page))];
      issues.push(...found.map((issue) => `${what}: ${issue}`));
    };
    const incident = new IncidentPage(page);
    await incident.open();
    await look('start');
    await incident.openSeed(await incident.seedOf('connected-but-silent', 'ember'));
    await look('hypothesis');
    await incident.commit(/^a peering/, 'asymmetric', /rather sure/);
    await look('work');
    const part = (name: string): Promise<void> =>
      width < 992 ? incident.workspace.getByRole('button', { name, exact: true }).click() : Promise.resolve();
    await part('Terminal');
    await incident.openTerminal();
    await incident.type('kubectl get pods');
    await look('terminal');
    await part('Network');
    await look('network');
    await part('Incident');
    await incident.panel.getByRole('button', { name: 'Check the repair' }).click();
    await incident.idle();
    await look('checked');
    await incident.panel.getByText('Give up', { exact: true }).click();
    await incident.panel.getByRole('button', { name: 'End it and show me' }).click();
    await incident.region.locator('.incident-reference summary').first().click({ timeout: 30_000 });
    await look('end');
    await page.goto('/progress/');
    await expect(page.getByRole('region', { name: 'Incidents' })).toContainText('given up');
    await look('progress');
    expect(issues).toEqual([]);
  });
}
