import type { Page } from '@playwright/test';
import { CalculatorPage } from './pages/calculator.ts';
import { expect, test } from './pages/site.ts';

test.describe('a calculator whose script is on its way', () => {
  /** Holds a script back until it is let through. */
  async function holdBack(page: Page, script: RegExp): Promise<() => void> {
    let letThrough = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (letThrough = resolve));
    await page.route(script, async (route) => {
      await arrival;
      await route.continue();
    });
    return letThrough;
  }

  test('has not been asked for before somebody reaches for it', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('/calculators/kubenet-plan/', { waitUntil: 'networkidle' });
    expect(asked.filter((url) => /KubenetPlan/.test(url))).toEqual([]);
    await page.getByRole('textbox', { name: 'Nodes' }).focus();
    await expect.poll(() => asked.filter((url) => /KubenetPlan/.test(url)).length).toBe(1);
  });

  test('takes over what was typed and ticked before', async ({ page }) => {
    const letThrough = await holdBack(page, /IpPlan\..*\.js$/);
    const planner = new CalculatorPage(page);
    await page.goto('/calculators/ip-plan/');
    await planner.field('Nodes').fill('77');
    await page.getByRole('checkbox', { name: 'Kubenet' }).check();
    letThrough();
    await expect(planner.command).toContainText('--nodes 77 --ipam kubenet');
    await expect(planner.field('Nodes')).toHaveValue('77');
    await expect(page).toHaveURL(/nodes=77/);
    await expect(page.getByRole('checkbox', { name: 'Kubenet' })).toBeChecked();
  });

  test('does what was clicked before', async ({ page }) => {
    const letThrough = await holdBack(page, /PeeringMatrix\..*\.js$/);
    const matrix = new CalculatorPage(page);
    await page.goto('/calculators/peering-matrix/');
    const before = await matrix.verdict.innerText();
    await page.locator('.calc-starts button').last().click();
    letThrough();
    await expect(matrix.verdict).not.toHaveText(before);
    await expect(page).toHaveURL(/network=/);
  });
});

test.describe('the kubenet planner', () => {
  test('answers while one types, and the address of the page follows', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('kubenet-plan');
    await expect(planner.verdict).toContainText('node 257 cannot join');

    await planner.field('Nodes').fill('100');
    await expect(planner.verdict).toContainText('Fits.');
    await expect(page).toHaveURL(/nodes=100/);
    await expect(planner.command).toContainText('kubenet-plan --nodes 100');
    await expect(planner.status).toContainText('Fits.');
  });

  test('keeps what was typed and the last answer when an input is wrong', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('kubenet-plan', '?nodes=100&subnet=/24');
    await expect(planner.verdict).toContainText('Fits.');

    await planner.field('Pod CIDR').fill('10.244.0.1/16');
    expect(await planner.errorOf('Pod CIDR')).toContain('10.244.0.0/16');
    await expect(planner.field('Pod CIDR')).toHaveValue('10.244.0.1/16');
    await expect(planner.field('Pod CIDR')).toHaveAttribute('aria-invalid', 'true');
    await expect(planner.verdict).toContainText('Fits.');
    await expect(planner.status).toContainText('One input cannot be read.');

    await planner.field('Pod CIDR').fill('10.244.0.0/16');
    expect(await planner.errorOf('Pod CIDR')).toBe('');
  });

  test('says what is wrong in the words of the form', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('subnet-split');
    await planner.field('Number of subnets').fill('4');
    expect(await planner.errorOf('Number of subnets')).toContain('“Subnets by need”');
    await planner.open('subnet-split');
    await planner.field('Address space').fill('');
    expect(await planner.errorOf('Address space')).toContain('Try 10.224.0.0/16.');
    await planner.field('Address space').fill('[{"name": "vnet", "type": "x"}]');
    expect(await planner.errorOf('Address space')).toBe('JSON is not read here: write it as said below.');
    await planner.open('nsg-evaluator');
    await expect(page.getByRole('listitem').filter({ hasText: 'sits on the subnet' })).not.toContainText(
      '--',
    );
  });

  test('a field that is emptied again stays where it is', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('subnet-split');
    await page.locator('summary', { hasText: 'More inputs' }).click();
    const [rare] = await page.locator('.calc-form details textarea').all();
    await rare?.fill('10.224.0.0/24');
    await rare?.fill('');
    await expect(page.locator('.calc-form details textarea').first()).toBeFocused();
    await expect(page.locator('.calc-form details textarea').first()).toBeVisible();
  });

  test('opens a sum that somebody has sent', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('kubenet-plan', '?nodes=300&surge=33%25&pod-cidr=10.244.0.0/15&custom-routes=2');
    await expect(planner.row('Nodes at once')).toContainText('399');
    await expect(planner.row('Routes of the route table')).toContainText('node 399');
  });
});

test.describe('the subnet splitter', () => {
  test('draws what the table says', async ({ page }) => {
    const splitter = new CalculatorPage(page);
    await splitter.open('subnet-split', '?prefix=10.0.0.0/16&into=18');
    await expect(splitter.verdict).toHaveText('4 subnets in 10.0.0.0/16. Nothing is left.');
    await expect(splitter.row('10.0.192.0/18')).toContainText('16,379');
    await expect(splitter.mapBlock('subnet')).toHaveCount(4);
  });

  test('names an overlap with both prefixes, and marks it on the map', async ({ page }) => {
    const splitter = new CalculatorPage(page);
    await splitter.open('subnet-split', '?prefix=10.0.0.0/16&existing=aks=10.0.0.0/20&check=new=10.0.8.0/24');
    await expect(splitter.warnings).toHaveText([
      'aks (10.0.0.0/20) overlaps new (10.0.8.0/24): both hold 10.0.8.0/24.',
    ]);
    await expect(splitter.mapBlock('overlap')).toHaveCount(1);
  });

  test('names the five addresses that Azure keeps of the chosen subnet', async ({ page }) => {
    const splitter = new CalculatorPage(page);
    await splitter.open('subnet-split', '?prefix=10.0.0.0/24&hosts=web=20,db=5');
    await page.getByLabel('Inside').selectOption({ label: 'db (10.0.0.32/28)' });
    await expect(page.locator('.calc-strip [data-part="kept"] code')).toHaveText([
      '10.0.0.32',
      '10.0.0.33',
      '10.0.0.34',
      '10.0.0.35',
      '10.0.0.47',
    ]);
  });

  test('is complete without script', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto('/calculators/subnet-split/');
    await expect(page.locator('.calc-verdict')).toContainText('3 subnets in 10.224.0.0/22');
    await expect(page.getByRole('row')).not.toHaveCount(0);
    await expect(page.getByText('Without script these numbers stay an example')).toBeVisible();
    await context.close();
  });
});

test.describe('the address calculators', () => {
  test('the IP plan answers for every plugin, and for one', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('ip-plan', '?nodes=50&surge=1&max-pods=30');
    await expect(planner.row('Azure CNI Node Subnet 51')).toContainText('1,581');
    await expect(planner.row('Azure CNI Overlay 51')).toContainText('/26');

    await page.getByRole('checkbox', { name: 'Azure CNI Node Subnet' }).check();
    await expect(planner.verdict).toHaveText('1,581 addresses of the VNet: a /21 at least.');
    await expect(planner.command).toContainText('--ipam node-subnet');

    await planner.field('Pods per node').fill('300');
    expect(await planner.errorOf('Pods per node')).toContain('250');
  });

  test('the IP plan draws the VNet of each plugin, and an upgrade step by step', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open(
      'ip-plan',
      '?nodes=system=3,user=12&surge=1,33%25&max-pods=30&ipam=node-subnet,overlay&vnet=10.1.0.0/20&existing=gateway=10.1.0.0/24',
    );
    await expect(page.getByRole('checkbox', { name: 'Azure CNI Overlay' })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: 'Kubenet' })).not.toBeChecked();
    await expect(page.getByRole('figure', { name: 'Map of 10.1.0.0/20' })).toHaveCount(2);
    await expect(planner.mapBlock('taken')).toHaveCount(2);
    const steps = page.getByRole('table', { name: 'Steps with Azure CNI Node Subnet' });
    await expect(steps.getByRole('row', { name: 'user: 3 rounds of 4 nodes' })).toContainText('589');
    await expect(page.getByText('High-water mark: node subnet 620 of 1,019')).toBeVisible();

    await planner.field('VNet').fill('10.1.0.0/23');
    await expect(planner.verdict).toContainText('1 of 2 ways fit');
    await expect(planner.warnings.first()).toContainText('has no room for the node subnet');
  });

  test('the IP plan is complete without script', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto('/calculators/ip-plan/');
    await expect(page.getByRole('row', { name: 'Azure CNI Node Subnet 51' })).toContainText('1,581');
    await page.getByText('Azure CNI Overlay', { exact: true }).last().click();
    await expect(page.getByRole('table', { name: 'Steps with Azure CNI Overlay' })).toBeVisible();
    await context.close();
  });

  test('a worked example of the documentation opens with its numbers', async ({ page }) => {
    const planner = new CalculatorPage(page);
    await planner.open('ip-plan', '?nodes=2');
    await page.getByRole('link', { name: /51 \+ 51 x 30 = 1,581/ }).click();
    await expect(planner.verdict).toHaveText('1,581 addresses of the VNet: a /21 at least.');
    await expect(planner.field('Nodes')).toHaveValue('50');
  });

  test('which plugin: every reason by keyboard, and a contradiction by name', async ({ page }) => {
    const chooser = new CalculatorPage(page);
    await chooser.open('which-plugin', '?windows=yes');
    await expect(chooser.verdict).toContainText('Azure CNI Overlay');
    const cilium = page.getByRole('listitem').filter({ hasText: 'Azure CNI Overlay with Cilium' }).first();
    await expect(cilium).toContainText('ruled out');
    await cilium.getByText(/All \d+ reasons/).focus();
    await page.keyboard.press('Enter');
    await expect(cilium.getByText('rules it out')).toBeVisible();

    await page.getByLabel('Network policies').selectOption('cilium');
    await expect(chooser.verdict).toContainText('No plugin meets all of this');
    await expect(chooser.warnings).toContainText(['Network policies by Cilium; Windows nodes']);
    await expect(page).toHaveURL(/policy=cilium/);

    await page.getByRole('checkbox', { name: 'Windows nodes' }).focus();
    await page.keyboard.press('Space');
    await expect(chooser.verdict).toContainText('with Cilium');
    await expect(page).not.toHaveURL(/windows/);
  });

  test('a choice from a link that does not exist stays, with what there is', async ({ page }) => {
    const chooser = new CalculatorPage(page);
    await chooser.open('which-plugin', '?policy=istio&nodes=10');
    await expect(page.getByLabel('Network policies')).toHaveValue('istio');
    await expect(page.locator('#which-plugin-policy-error')).toContainText('cilium');
    await expect(chooser.field('Nodes')).toHaveValue('10');
  });

  test('on a phone no table of the IP plan scrolls sideways', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const planner = new CalculatorPage(page);
    for (const calculator of [
      'ip-plan',
      'overlap-check',
      'which-plugin',
      'subnet-split',
      'pod-subnet',
      'service-preview',
      'lb-budget',
      'pls-capacity',
      'snat-ports',
      'nat-gateway',
    ]) {
      await planner.open(calculator);
      const over = await page
        .locator('.calc-table')
        .evaluateAll((tables) => tables.map((table) => table.scrollWidth - table.clientWidth));
      expect(
        over.filter((each) => each > 0),
        calculator,
      ).toEqual([]);
    }
  });

  test('the Service previewer says where a manifest is wrong, and the cursor goes there', async ({
    page,
  }) => {
    const previewer = new CalculatorPage(page);
    await previewer.open('service-preview');
    await expect(previewer.verdict).toContainText('2 of 3 nodes take traffic');

    const manifest = previewer.field('Manifest');
    const text = await manifest.inputValue();
    await manifest.fill(text.replace('targetPort', 'targetport'));
    await expect(previewer.verdict).toContainText('Refused at line 14, column 7');
    await page.getByRole('button', { name: 'Line 14, column 7' }).click();
    await expect(manifest).toBeFocused();
    await page.keyboard.type('targetPort: 8080');
    await expect(previewer.verdict).toContainText('Created on kubernetes');

    await page.reload();
    await expect(manifest).toHaveValue(/targetPort: 8080/);
    await page.getByRole('button', { name: 'Published by Private Link' }).click();
    await expect(previewer.verdict).toContainText('Created on kubernetes-internal');
    await expect(previewer.command).toContainText('service-preview --file service.yaml');
  });

  test('a manifest that is too long for an address outlives a reload', async ({ page }) => {
    const previewer = new CalculatorPage(page);
    await previewer.open('service-preview');
    const manifest = previewer.field('Manifest');
    const text = `${await manifest.inputValue()}# ${'x'.repeat(2_000)}`;
    await manifest.fill(text);
    await expect(previewer.verdict).toContainText('Created');
    expect(page.url().length).toBeLessThan(500);
    await page.reload();
    await expect(manifest).toHaveValue(text);
  });

  test('the load balancer budget opens a sum of the documentation', async ({ page }) => {
    const budget = new CalculatorPage(page);
    await budget.open('lb-budget', '?services=1&ports=5&nodes=2500');
    await expect(budget.verdict).toContainText('Does not fit: 12,500 backend IP configurations');
    await expect(budget.row('Backend IP configurations of one frontend').first()).toContainText('2,000');
  });

  test('the Private Link calculator says what nobody documents', async ({ page }) => {
    const calculator = new CalculatorPage(page);
    await calculator.open('pls-capacity', '?nat-ips=1&connections=200000');
    await expect(calculator.verdict).toContainText('Undetermined');
    await expect(calculator.warnings.first()).toContainText('4 NAT addresses');
  });

  test('the SNAT port calculator gives the words of AKS, and settings that it takes', async ({ page }) => {
    const calculator = new CalculatorPage(page);
    await calculator.open('snat-ports', '?nodes=3&ports=21000');
    await expect(calculator.verdict).toContainText('AKS refuses this: 4 nodes');
    await expect(page.getByText('Total node count 4 requires 84000 ports')).toBeVisible();
    await expect(page.getByText('--load-balancer-managed-outbound-ip-count 2')).toBeVisible();

    await calculator.field('Outbound addresses').fill('2');
    await expect(calculator.verdict).toContainText('AKS takes this');
    await expect(page).toHaveURL(/outbound-ips=2/);

    await calculator.field('Ports of each node').fill('21001');
    expect(await calculator.errorOf('Ports of each node')).toContain('21008');
    await expect(calculator.verdict).toContainText('AKS takes this');
  });

  test('the NAT gateway calculator counts the ports that wait', async ({ page }) => {
    const calculator = new CalculatorPage(page);
    await calculator.open('nat-gateway', '?per-second=1000&duration=2');
    await expect(calculator.verdict).toContainText('with 2 addresses');
    await expect(calculator.row('Waiting')).toContainText('65,000 ports, 65 seconds each');

    await page.getByLabel('How new connections end').selectOption('rst');
    await expect(calculator.verdict).toContainText('with 1 address');
    await expect(calculator.row('Waiting')).toContainText('16 seconds each');
    await expect(calculator.command).toContainText('nat-gateway --per-second 1000 --duration 2 --end rst');
  });

  test('the pod subnet calculator names the node that cannot start', async ({ page }) => {
    const calculator = new CalculatorPage(page);
    await calculator.open('pod-subnet', '?nodes=16&subnet=/24&mode=dynamic');
    await expect(calculator.warnings.first()).toContainText('node 16 cannot start');
  });

  test('the Overlay calculator shows what an expansion brings', async ({ page }) => {
    const calculator = new CalculatorPage(page);
    await calculator.open('overlay-capacity', '?pod-cidr=10.244.0.0/18&nodes=100&expand-to=10.244.0.0/16');
    await expect(calculator.verdict).toContainText('node 65 cannot join');
    await expect(calculator.row('10.244.0.0/16')).toContainText('node 257');
  });

  test('the overlap checker names both ranges and what to do', async ({ page }) => {
    const checker = new CalculatorPage(page);
    await checker.open('overlap-check', '?vnet=10.0.0.0/16&subnet=nodes=10.0.0.0/20');
    const finding = page.getByRole('listitem').filter({ hasText: 'subnet nodes' }).first();
    await expect(finding).toContainText('Service CIDR');
    await expect(finding).toContainText('ServiceCidrOverlapExistingSubnetsCidr');
    await expect(finding).toContainText('Both hold 10.0.0.0/20');
  });
});
