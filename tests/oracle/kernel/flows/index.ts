import type { Scenario } from '../scenario.ts';
import { httpProxy } from './http-proxy.ts';
import { hubAndSpoke } from './hub-and-spoke.ts';
import { kubenetCaseStudy } from './kubenet-case-study.ts';
import { kubenetFixture } from './kubenet-fixture.ts';
import { kubeProxy } from './kube-proxy.ts';
import { loadBalancerMachines } from './load-balancer-machines.ts';
import { loadBalancerServices } from './load-balancer-services.ts';
import { networkPlugins } from './network-plugins.ts';
import { networkPolicy } from './network-policy.ts';
import { outboundClusters } from './outbound-clusters.ts';
import { outboundMethods } from './outbound-methods.ts';
import { privateLink } from './private-link.ts';
import { securityGroups } from './security-groups.ts';
import { serverWithAFirewall } from './server-with-a-firewall.ts';
import { wholePicture } from './whole-picture.ts';

/** Every scenario that the kernel is asked about. A new one is a file in this folder and a line here. */
export const SCENARIOS: readonly Scenario[] = [
  httpProxy,
  hubAndSpoke,
  kubenetCaseStudy,
  kubenetFixture,
  kubeProxy,
  loadBalancerMachines,
  ...loadBalancerServices,
  ...networkPlugins,
  networkPolicy,
  ...outboundClusters,
  outboundMethods,
  privateLink,
  securityGroups,
  serverWithAFirewall,
  wholePicture,
];
