/** Which of two service tags in a route table counts where they hold the same prefix. */

/**
 * Returns how early a tag is asked, lower first: a service in a region, a service, AzureCloud in a region,
 * AzureCloud (https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#exact-match,
 * 2023-05-27). A prefix that is written out comes before all: pass undefined.
 */
export function serviceTagRank(tag: string | undefined): 0 | 1 | 2 | 3 | 4 {
  if (tag === undefined) return 0;
  const small = tag.toLowerCase();
  if (small === 'azurecloud') return 4;
  if (small.startsWith('azurecloud.')) return 3;
  return isRegional(small) ? 1 : 2;
}

/** AzureFrontDoor's parts have a dot too, and no region. */
function isRegional(tag: string): boolean {
  const dots = tag.split('.').length - 1;
  return tag.startsWith('azurefrontdoor.') ? dots > 1 : dots > 0;
}
