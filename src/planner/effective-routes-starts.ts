/** Tables to start from on the page of the effective route explorer. */
export interface RoutesStart {
  readonly label: string;
  /** The texts of the fields; those that are absent are emptied. */
  readonly draft: Readonly<Record<string, string>>;
}

export const ROUTES_STARTS: readonly [RoutesStart, ...RoutesStart[]] = [
  {
    label: 'A spoke behind a firewall in the hub',
    draft: {
      routes: `to-firewall:0.0.0.0/0:VirtualAppliance:10.0.1.4
firewall-address:203.0.113.10/32:Internet
`,
      to: '198.51.100.7, 10.0.5.4, 10.2.0.4, 203.0.113.10',
      vnet: '10.1.0.0/16',
      peer: 'hub=10.0.0.0/16',
      'on-premises': '192.168.0.0/16',
      subnet: '10.1.0.0/24',
    },
  },
  {
    label: "The documentation's example, Subnet1",
    draft: {
      routes: `Within-VNet1:10.0.0.0/16:VirtualAppliance:10.0.100.4
Within-Subnet1:10.0.0.0/24:VnetLocal
ToVNet2-1-Drop:10.1.0.0/16:None
ToVNet2-2-Drop:10.2.0.0/16:None
To-On-Prem:10.10.0.0/16:VirtualAppliance:10.0.100.4
Default-NVA:0.0.0.0/0:VirtualAppliance:10.0.100.4
`,
      to: '10.0.0.9, 10.0.1.9, 10.2.0.4, 10.10.0.9, 198.51.100.7',
      vnet: '10.0.0.0/16',
      peer: 'VNet2=10.1.0.0/16, VNet2=10.2.0.0/16',
      'on-premises': '10.10.0.0/16',
      subnet: '10.0.0.0/24',
    },
  },
  {
    label: 'There through an appliance, and back past it',
    draft: {
      routes: `app:to-db:10.0.2.0/24:VirtualAppliance:10.0.9.4
db:to-internet:0.0.0.0/0:VirtualAppliance:10.0.9.4
`,
      to: '10.0.2.4, 10.0.1.4',
      vnet: '10.0.0.0/16',
      subnet: 'app=10.0.1.0/24, db=10.0.2.0/24',
    },
  },
  {
    label: 'Effective routes of a NIC',
    draft: {
      routes: `{
  "nextLink": null,
  "value": [
    { "source": "Default", "state": "Active", "addressPrefix": ["10.1.0.0/16"], "nextHopType": "VnetLocal", "nextHopIpAddress": [] },
    { "source": "Default", "state": "Active", "addressPrefix": ["10.0.0.0/16"], "nextHopType": "VNetPeering", "nextHopIpAddress": [] },
    { "source": "VirtualNetworkGateway", "state": "Invalid", "addressPrefix": ["10.10.0.0/16"], "nextHopType": "VirtualNetworkGateway", "nextHopIpAddress": ["203.0.113.5"] },
    { "source": "Default", "state": "Invalid", "addressPrefix": ["0.0.0.0/0"], "nextHopType": "Internet", "nextHopIpAddress": [] },
    { "source": "User", "state": "Active", "addressPrefix": ["10.10.0.0/16"], "nextHopType": "VirtualAppliance", "nextHopIpAddress": ["10.0.1.4"], "name": "to-site" },
    { "source": "User", "state": "Active", "addressPrefix": ["0.0.0.0/0"], "nextHopType": "None", "nextHopIpAddress": [], "name": "stop" }
  ]
}
`,
      to: '10.10.0.4, 198.51.100.7',
      subnet: '10.1.0.0/24',
    },
  },
];
