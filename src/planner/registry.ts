/** Every calculator of the site, in the order in which they are listed. */
import type { Calculator } from './calculator.ts';
import { firewallRules } from './calculators/firewall-rules.ts';
import { effectiveRoutes } from './calculators/effective-routes.ts';
import { httpProxyConfig } from './calculators/http-proxy-config.ts';
import { ipPlan } from './calculators/ip-plan.ts';
import { kubenetPlan } from './calculators/kubenet-plan.ts';
import { lbBudget } from './calculators/lb-budget.ts';
import { natGatewayCalculator } from './calculators/nat-gateway.ts';
import { outboundMigrationCalculator } from './calculators/outbound-migration.ts';
import { outboundTypeCalculator } from './calculators/outbound-type.ts';
import { nsgEvaluator } from './calculators/nsg-evaluator.ts';
import { overlapCheck } from './calculators/overlap-check.ts';
import { overlayCapacityCalculator } from './calculators/overlay-capacity.ts';
import { noProxyCalculator } from './calculators/no-proxy.ts';
import { peeringMatrixCalculator } from './calculators/peering-matrix.ts';
import { plsCapacityCalculator } from './calculators/pls-capacity.ts';
import { packetTracer } from './calculators/packet-tracer.ts';
import { podSubnet } from './calculators/pod-subnet.ts';
import { servicePreview } from './calculators/service-preview.ts';
import { snatPortsCalculator } from './calculators/snat-ports.ts';
import { subnetSplit } from './calculators/subnet-split.ts';
import { whichPlugin } from './calculators/which-plugin.ts';

/** The calculators under what they are about. */
export const CALCULATOR_SUBJECTS: readonly {
  readonly title: string;
  readonly calculators: readonly Calculator[];
}[] = [
  {
    title: 'Addresses and plugins',
    calculators: [
      subnetSplit,
      kubenetPlan,
      ipPlan,
      podSubnet,
      overlayCapacityCalculator,
      overlapCheck,
      whichPlugin,
    ],
  },
  {
    title: 'Services and Private Link',
    calculators: [servicePreview, lbBudget, plsCapacityCalculator],
  },
  {
    title: 'Rules and routes',
    calculators: [nsgEvaluator, effectiveRoutes, firewallRules],
  },
  {
    title: 'The way out',
    calculators: [
      snatPortsCalculator,
      natGatewayCalculator,
      outboundTypeCalculator,
      outboundMigrationCalculator,
    ],
  },
  {
    title: 'Whole networks',
    calculators: [packetTracer, peeringMatrixCalculator],
  },
  {
    title: 'HTTP proxies',
    calculators: [noProxyCalculator, httpProxyConfig],
  },
];

export const CALCULATORS: readonly Calculator[] = CALCULATOR_SUBJECTS.flatMap(
  ({ calculators }) => calculators,
);

/** Returns the calculator of that name, or null. Case does not count. */
export function findCalculator(name: string): Calculator | null {
  return CALCULATORS.find((each) => each.name === name.toLowerCase()) ?? null;
}
