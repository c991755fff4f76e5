import { CalculatorPage } from './pages/calculator.ts';
import { expect, test } from './pages/site.ts';

test('which outbound type: wishes change the ranking, and what contradicts is named', async ({ page }) => {
  const chooser = new CalculatorPage(page);
  await chooser.open('outbound-type', '?vnet=managed&nodes=10&connections=40000');
  await expect(chooser.verdict).toContainText('managedNATGateway (suits)');
  const balancer = page
    .locator('.calc-ranking > li')
    .filter({ has: page.getByRole('heading', { name: /^loadBalancer/ }) });
  await expect(balancer).toContainText('with 4,000 ports each');

  await page.getByRole('checkbox', { name: 'Everything passes an appliance' }).focus();
  await page.keyboard.press('Space');
  await expect(chooser.verdict).toContainText('No outbound type meets all of this');
  await expect(chooser.warnings).toContainText(['Everything past an appliance; The kind of VNet']);

  await page.getByLabel('Virtual network').selectOption('brought');
  await expect(chooser.verdict).toContainText('userDefinedRouting');
  await expect(page).toHaveURL(/vnet=brought/);
});

test('the migration checker: a contested cell with both sources, and the order of a supported one', async ({
  page,
}) => {
  const checker = new CalculatorPage(page);
  await checker.open('outbound-migration', '?from=managedNATGateway&to=loadBalancer');
  await expect(checker.verdict).toContainText('Not supported');
  await expect(page.getByText('Against it:')).toBeVisible();
  await expect(checker.row('managedNATGateway managedNATGatewayV2')).toContainText(
    'loadBalancer (contested)',
  );

  await page.locator('#outbound-migration-from').selectOption('none');
  await expect(checker.verdict).toContainText('Supported: none to loadBalancer');
  const steps = page.getByRole('listitem').filter({ has: page.locator('.calc-standing') });
  await expect(steps.first()).toContainText('Note what is there');
  await expect(steps.filter({ hasText: '--outbound-type loadBalancer' })).toHaveCount(1);
});

test('a pasted cluster gives the checker its type, VNet and names', async ({ page }) => {
  const checker = new CalculatorPage(page);
  await checker.open('outbound-migration', '?to=userAssignedNATGateway');
  await page.getByText('More inputs').click();
  const cluster = {
    name: 'aks-shop',
    resourceGroup: 'rg-shop',
    agentPoolProfiles: [{ vnetSubnetId: '/subscriptions/s/subnets/nodes' }],
    networkProfile: { outboundType: 'userDefinedRouting' },
  };
  await page.getByLabel('Cluster').fill(JSON.stringify(cluster));
  await expect(checker.verdict).toContainText('userDefinedRouting to userAssignedNATGateway');
  await expect(page.getByText('az aks update -g rg-shop -n aks-shop --outbound-type')).toBeVisible();
  await expect(checker.command).toContainText('--file cluster.json');

  await page.getByLabel('Cluster').fill('{"name": "aks-shop"}');
  await expect(page.locator('#outbound-migration-cluster-error')).toContainText(
    'no networkProfile.outboundType',
  );
});

test('on a phone neither scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const planner = new CalculatorPage(page);
  for (const calculator of ['outbound-type', 'outbound-migration']) {
    await planner.open(calculator);
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over, calculator).toBe(0);
  }
});
