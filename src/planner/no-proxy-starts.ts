/** Lists and URLs to start from on the page of the NO_PROXY explorer. */

export interface NoProxyStart {
  readonly label: string;
  /** The texts of the fields; those that are absent are emptied. */
  readonly draft: Readonly<Record<string, string>>;
}

export const NO_PROXY_STARTS: readonly [NoProxyStart, ...NoProxyStart[]] = [
  {
    // The order is that of `az aks show --query httpProxyConfig.effectiveNoProxy`.
    label: 'What AKS puts into the list',
    draft: {
      list: 'konnectivity,aks-demo-1a2b3c4d.hcp.westeurope.azmk8s.io,10.224.0.0/12,localhost,127.0.0.1,169.254.169.254,10.244.0.0/16,10.0.0.0/16,168.63.129.16',
      url: 'https://10.0.0.1/api http://web.shop.svc.cluster.local/ http://web/ https://mcr.microsoft.com/v2/ http://169.254.169.254/metadata/instance',
    },
  },
  {
    label: 'A domain, spelled in three ways',
    draft: {
      list: 'contoso.com,.fabrikam.com,*.adatum.com',
      url: 'https://contoso.com/ https://www.contoso.com/ https://fabrikam.com/ https://www.fabrikam.com/ https://www.adatum.com/',
    },
  },
  {
    label: 'Ports, and the machine itself',
    draft: {
      list: 'registry.contoso.com:5000,contoso.com:443',
      url: 'https://registry.contoso.com:5000/v2/ https://contoso.com/ http://localhost:8080/ http://127.0.0.1:8080/',
    },
  },
  {
    label: 'Entries that nobody honours',
    draft: {
      list: '10.0.,10.1.*,10.2.0.1-10.2.0.9,https://contoso.com,fabrikam.com adatum.com',
      url: 'http://10.0.0.4/ http://10.1.0.4/ http://10.2.0.4/ https://contoso.com/ https://adatum.com/',
    },
  },
  {
    label: 'Variables in capitals only',
    draft: {
      env: 'HTTP_PROXY=http://10.20.0.4:8080\nHTTPS_PROXY=http://10.20.0.4:8080\nNO_PROXY=localhost,.svc\n',
      url: 'http://example.com/ https://example.com/ http://web.shop.svc/',
    },
  },
];
