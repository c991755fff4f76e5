/** Networks to start from on the page of the peering matrix. */

export interface PeeringStart {
  readonly label: string;
  /** The texts of the fields; those that are absent are emptied. */
  readonly draft: Readonly<Record<string, string>>;
}

export const PEERING_STARTS: readonly [PeeringStart, ...PeeringStart[]] = [
  {
    label: 'Spokes through a firewall, one of them by half',
    draft: {
      network: `hub 10.0.0.0/16 gateway firewall=10.0.0.4
spoke1 10.1.0.0/16
spoke2 10.2.0.0/16
hub<->spoke1 access forwarded transit
hub<->spoke2 access forwarded
route spoke1 10.2.0.0/16 10.0.0.4
`,
    },
  },
  {
    label: 'A chain: peering is not transitive',
    draft: {
      network: `a 10.1.0.0/16
b 10.2.0.0/16
c 10.3.0.0/16
a<->b access
b<->c access
`,
    },
  },
  {
    label: 'Ranges that overlap, and half a peering',
    draft: {
      network: `hub 10.0.0.0/16
blue 10.1.0.0/16
red 10.1.128.0/17
green 10.3.0.0/16
hub<->blue access
hub<->red access
hub->green access
`,
    },
  },
  {
    label: 'A gateway as the way between spokes',
    draft: {
      network: `hub 10.0.0.0/16 gateway=192.168.0.0/24
east 10.1.0.0/16
west 10.2.0.0/16
hub<->east access forwarded transit
hub<->west access forwarded transit
route east 10.2.0.0/16 gateway
`,
    },
  },
];
