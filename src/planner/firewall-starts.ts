/** Rules and questions to start from on the page of the firewall rule evaluator. */

export interface FirewallStart {
  readonly label: string;
  /** The texts of the fields; those that are absent are emptied. */
  readonly draft: Readonly<Record<string, string>>;
}

export const FIREWALL_STARTS: readonly [FirewallStart, ...FirewallStart[]] = [
  {
    label: 'What a cluster reaches',
    draft: {
      rules: `net:time/ntp:100:Allow:UDP:10.42.0.0/16:fqdn/ntp.ubuntu.com:123
net:build/web:200:Allow:TCP:10.42.9.0/24:any:443
app:aks/tag:100:Allow:10.42.0.0/16:http=80,https=443:tag/AzureKubernetesService
app:images/docker:200:Allow:10.42.0.0/16:https=443:*.docker.io
app:images/hub:200:Allow:10.42.0.0/16:https=443:registry-1.docker.io
`,
      from: '10.42.1.4',
      to: 'mcr.microsoft.com:443 registry-1.docker.io:443 docker.io:443 example.com:80 ntp.ubuntu.com:123 10.50.0.4:1433',
    },
  },
  {
    label: 'A network rule that hides an application rule',
    draft: {
      rules: `net:out/Allow-web:200:Allow:TCP:any:any:80,443
app:block/Deny-google:100:Deny:any:http=80,https=443:google.com
`,
      from: '10.0.0.4',
      to: 'google.com:443',
    },
  },
  {
    label: 'A policy and its parent',
    draft: {
      rules: `net:hub/core@300/block-ssh:100:Deny:TCP:any:10.2.0.0/16:22
net:spoke/apps@100/ssh:100:Allow:TCP:10.1.0.0/24:10.2.0.4:22
app:spoke/apps@100/web:200:Allow:10.1.0.0/24:https=443:*.contoso.com
`,
      parent: 'hub',
      from: '10.1.0.4',
      to: '10.2.0.4:22',
    },
  },
  {
    label: 'From the internet',
    draft: {
      rules: `nat:publish/web:100:Dnat:TCP:any:203.0.113.10:80:10.42.1.240:80
net:all/any:100:Allow:Any:any:any:any
`,
      from: '198.51.100.7',
      to: '203.0.113.10:80 203.0.113.10:443',
    },
  },
];
