/** Rules and packets to start from on the page of the NSG evaluator. */

export interface NsgStart {
  readonly label: string;
  /** The texts of the fields; those that are absent are emptied. */
  readonly draft: Readonly<Record<string, string>>;
}

export const NSG_STARTS: readonly [NsgStart, ...NsgStart[]] = [
  {
    label: 'A group on the subnet of a cluster stops a Service',
    draft: {
      rules: `nsg-aks:AllowOffice:1000:Inbound:Allow:Tcp:192.0.2.0/24:any:203.0.113.10:80
nsg-aks:AllowDesk:1100:Inbound:Allow:Tcp:192.0.2.7:any:203.0.113.10:80
aks-agentpool-12345678-nsg:k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77:500:Inbound:Allow:Tcp:Internet:any:203.0.113.10:80
`,
      from: '198.51.100.7:50000',
      to: '203.0.113.10:80',
      vnet: '10.224.0.0/12',
    },
  },
  {
    label: 'Every port of a machine',
    draft: {
      rules: `subnet:AllowWeb:100:Inbound:Allow:Tcp:Internet:any:10.0.1.0/24:80,443,8000-8999
subnet:DenyOld:200:Inbound:Deny:Tcp:Internet:any:10.0.1.4:8080
nic:DenyAdmin:300:Inbound:Deny:Tcp:any:any:any:8443
nic:AllowWeb:400:Inbound:Allow:Tcp:any:any:any:80,443,8000-8999
`,
      from: '203.0.113.9',
      to: '10.0.1.4:1-65535',
      vnet: '10.0.0.0/16',
    },
  },
  {
    label: 'Application security groups',
    draft: {
      rules: `NSG1:Allow-HTTP-Inbound-Internet:100:Inbound:Allow:Tcp:Internet:any:asg/AsgWeb:80
NSG1:Allow-Database-BusinessLogic:110:Inbound:Allow:Tcp:asg/AsgLogic:any:asg/AsgDb:1433
NSG1:Deny-Database-All:120:Inbound:Deny:any:any:any:asg/AsgDb:1433
`,
      asg: 'AsgWeb=10.0.1.4, AsgWeb=10.0.1.5, AsgLogic=10.0.1.6, AsgDb=10.0.2.4',
      from: '10.0.1.0/24',
      to: '10.0.2.4:1433',
      vnet: '10.0.0.0/16',
      'on-subnet': 'NSG1',
    },
  },
  {
    label: 'A new group',
    draft: { rules: 'nsg:\n', from: '10.0.2.4:50000', to: '10.0.1.4:443', vnet: '10.0.0.0/16' },
  },
];
