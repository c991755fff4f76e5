import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attemptsOf, labIds, readLab } from '../../src/cli/lab/folder.ts';
import { expect, issuesInBothThemes, test } from './pages/site.ts';
import { WorkspacePage } from './pages/workspace.ts';

const LAB = 'bring-your-own-network';
const LABS = join(import.meta.dirname, '../../labs');
const textOf = (lab: string, file: string): string => readFileSync(join(LABS, lab, file), 'utf8');

test('without script the tasks, their hints and the way to the terminal can be read', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`/labs/${LAB}/`);
  await expect(
    page.getByRole('heading', { level: 1, name: 'A cluster on a network you bring' }),
  ).toBeVisible();
  await expect(page.getByText('must be able to grow to')).toBeVisible();
  await page.locator('summary', { hasText: 'Hint: the idea' }).first().click();
  await expect(page.getByText('Two things run out separately')).toBeVisible();
  await expect(page.getByText('npm run -s lab -- start')).toBeVisible();
  await context.close();
});

test('every lab is listed, with its length, and leads to its workspace', async ({ page }) => {
  await page.goto('/labs/');
  const labs = page.locator('.lab-list ol > li');
  await expect(labs).toHaveCount(labIds().length);
  await expect(labs.first()).toContainText('minutes');
  await labs.first().getByRole('link').click();
  await expect(page.locator('.workspace')).toBeVisible();
});

test('terminal and simulation are fetched only when the terminal is opened', async ({ page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (/\.js$/.test(request.url())) scripts.push(request.url());
  });
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  expect(scripts.filter((url) => /terminal|worker/.test(url))).toEqual([]);
  await workspace.openTerminal();
  expect(scripts.filter((url) => /terminal|worker/.test(url)).length).toBeGreaterThan(0);
});

test('what is typed runs, shows in the network, and is there again after a reload', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await workspace.openTerminal();
  await workspace.type('az group create -n rg-corp -l westeurope -o none');
  await workspace.type(
    'az network vnet create -g rg-corp -n vnet-corp --address-prefixes 10.60.0.0/16 -o none',
  );
  await expect(workspace.network).toContainText('VNet vnet-corp 10.60.0.0/16');
  await workspace.part('Script').click();
  await workspace.script.fill('echo mine\n');

  await page.reload();
  await workspace.ready();
  await workspace.part('Script').click();
  await expect(workspace.script).toHaveValue('echo mine\n');
  await workspace.part('Terminal').click();
  await workspace.openTerminal();
  expect(await workspace.screen()).toContain('$ az network vnet create -g rg-corp -n vnet-corp');
  await expect(workspace.network).toContainText('VNet vnet-corp');
  await workspace.type('az network vnet list --query "[].name" -o tsv');
  expect(await workspace.screen()).toContain('\nvnet-corp\n');
});

test('where local storage is full, the work is kept elsewhere', async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = function (key, text) {
      // What is long does not fit; the theme's few letters do.
      if (text.length > 100) throw new DOMException('full', 'QuotaExceededError');
      this[key] = text;
    };
  });
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await workspace.part('Script').click();
  await workspace.script.fill('echo kept all the same\n');
  await expect
    .poll(() => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)))
    .toContain('aks-networking-workbook');
  await page.reload();
  await workspace.ready();
  await workspace.part('Script').click();
  await expect(workspace.script).toHaveValue('echo kept all the same\n');
});

test('where storage is refused a lab works, and says before anything is typed that it forgets', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const fail = (): never => {
      throw new DOMException('refused', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { configurable: true, get: fail });
    Object.defineProperty(window, 'indexedDB', { configurable: true, get: fail });
  });
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await expect(workspace.root).toContainText('This browser keeps nothing when you close the tab');
  await workspace.openTerminal();
  await workspace.type('echo works');
  expect(await workspace.screen()).toContain('\nworks\n');
});

test('what the first version of the course kept of a lab is still there', async ({ page }) => {
  await page.goto('/labs/');
  await page.evaluate((lab) => {
    const now = { seed: 'amber', script: 'echo from before\n', log: [], passed: [] };
    const progress = { version: 1, lab, now, before: null };
    localStorage.setItem(`workbook.v1.lab.${lab}`, `1790000000000 ${JSON.stringify(progress)}`);
  }, LAB);
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await workspace.part('Script').click();
  await expect(workspace.script).toHaveValue('echo from before\n');
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('lab.')))).toEqual(
    [],
  );
});

test('a lab open in two tabs goes on in both', async ({ page, context }) => {
  const [here, there] = [new WorkspacePage(page), new WorkspacePage(await context.newPage())];
  await here.open(LAB);
  await here.openTerminal();
  await there.open(LAB);
  await there.openTerminal();
  await there.type('az group create -n rg-there -l westeurope -o none');
  await expect.poll(() => here.screen()).toContain('$ az group create -n rg-there');
  await here.prompt();
  await expect(here.status).toContainText('This lab went on in another tab');
  await here.type('az group list --query "[].name" -o tsv');
  // What the other tab keeps a second time rebuilds this one before the line runs.
  await expect.poll(() => here.screen()).toContain('\nrg-there\n');
});

test('history, completion and Ctrl-C work as in a shell', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await workspace.openTerminal();
  await workspace.type('echo first');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type(' again\n');
  await workspace.prompt();
  expect(await workspace.screen()).toContain('\nfirst again\n');
  await page.keyboard.type('az network vn');
  await page.keyboard.press('Tab');
  await expect.poll(() => workspace.screen()).toMatch(/az network vnet ?$/);
  await page.keyboard.press('Control+c');
  await workspace.prompt();
  await workspace.type('while true; do x=1; done');
  await workspace.type('echo alive');
  expect(await workspace.screen()).toContain('\nalive\n');
});

test('a terminal is no keyboard trap: Escape, then Tab leaves it', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await workspace.openTerminal();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.locator('.xterm-helper-textarea')).not.toBeFocused();
});

test('a reset can be undone', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await workspace.openTerminal();
  await workspace.type('az group create -n rg-mine -l westeurope -o none');
  await page.getByRole('button', { name: 'Start over' }).click();
  await workspace.prompt();
  await workspace.type('az group list --query "[].name" -o tsv');
  expect(await workspace.screen()).not.toContain('rg-mine');
  await page.getByRole('button', { name: 'Take back' }).click();
  await workspace.prompt();
  await workspace.type('az group list --query "[].name" -o tsv');
  expect(await workspace.screen()).toContain('\nrg-mine\n');
});

for (const lab of labIds()) {
  test(`the reference solution of ${lab} passes in the browser`, async ({ page }) => {
    const workspace = new WorkspacePage(page);
    await workspace.open(lab);
    await workspace.runFromStart(textOf(lab, 'solution.sh'));
    await expect(workspace.status).toContainText(/All \d+ tasks passed/);
    await expect(workspace.root.locator('.task:not([data-state="passed"])')).toHaveCount(0);
  });
}

test('a wrong attempt is told which check caught it, and by which step', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  const attempt = attemptsOf(await readLab(LAB), 'wrong').find(
    ({ script }) => script.name === 'no-security-group.sh',
  );
  await workspace.runFromStart(attempt?.script.text ?? '');
  await expect(workspace.status).toContainText('4 of 5 tasks passed');
  const task = workspace.task('Close the nodes to the data centre');
  await expect(task).toContainText('1 of 2 checks failed');
  await expect(task).toContainText('It must end as denied-inbound, but: delivered');
});

test('what decided is told once the diagnosis is given, right or wrong', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open('checkout-times-out');
  const results = workspace.task('Let every pod reach every other').locator('.results');
  await workspace.check();
  await expect(results).toContainText('What decided is shown once you have answered task 1.');
  await expect(results).not.toContainText(/Decided |rt-shop|nsg-nodes|ip_forward/);
  await workspace.answer(
    'The pods of which node are cut off from those of the other nodes? Its name.',
    'none',
  );
  await workspace.openTerminal();
  await workspace.type('answer decided-by nsg');
  await workspace.check();
  await expect(results).toContainText('Decided');
});

test('answers in the tasks and in the terminal are the same', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open('tour-of-a-running-cluster');
  const question = 'Which field of their spec is the reason? Its name.';
  await workspace.answer(question, 'DaemonSet');
  await workspace.check();
  const task = workspace.task('Inside the node');
  await expect(task).toContainText('A DaemonSet only puts one pod on each node.');
  await workspace.openTerminal();
  expect(await workspace.screen()).toContain("$ answer why-node-address 'DaemonSet'");
  await workspace.type('answer why-node-address hostNetwork');
  await workspace.check();
  const answered = task.locator('.question').filter({ hasText: question });
  await expect(answered).toContainText('Right.');
  await workspace.answer(question, 'privileged');
  await expect(answered).toContainText('Your answer: privileged');
  await expect(answered).not.toContainText('Right.');
});

test('hints come one inside the other: the idea, where to look, a worked step', async ({ page }) => {
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  const task = workspace.task('Keep the route table yours');
  await expect(task.getByText('Where to look')).toBeHidden();
  await task.getByText('Hint: the idea').click();
  await task.getByText('Where to look').click();
  await task.getByText('A worked step').click();
  await expect(task.getByText('before az aks create')).toBeVisible();
});

test('on a phone one part shows at a time, and the switch stays in sight', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const workspace = new WorkspacePage(page);
  await workspace.open(LAB);
  await expect(workspace.network).toBeHidden();
  await page.mouse.wheel(0, 3000);
  await expect(workspace.part('Terminal')).toBeInViewport();
  await workspace.part('Terminal').click();
  await workspace.openTerminal();
  await workspace.type('az group create -n rg-corp -l westeurope -o table');
  await workspace.part('Network').click();
  await expect(workspace.network).toBeVisible();
  await expect(workspace.network).toContainText('no virtual network yet');
});

for (const width of [1440, 390]) {
  test(`a lab under way is accessible in both themes: ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const workspace = new WorkspacePage(page);
    await workspace.open('checkout-times-out');
    if (width < 1000) await workspace.part('Terminal').click();
    await workspace.openTerminal();
    await workspace.type('kubectl get pods -o wide');
    const issues = [...(await issuesInBothThemes(page))];
    if (width < 1000) await workspace.part('Tasks').click();
    await workspace.check();
    issues.push(...(await issuesInBothThemes(page)));
    await workspace.part('Script').click();
    issues.push(...(await issuesInBothThemes(page)));
    expect(issues).toEqual([]);
  });
}
