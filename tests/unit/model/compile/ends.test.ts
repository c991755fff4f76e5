import { describe, expect, test } from 'vitest';
import { ask } from '../../../../src/model/compile/ask.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { nodes, pods, twoNodeCloud } from './two-node-cloud.ts';

const CLOUD = twoNodeCloud();
const NODE = nodes(CLOUD)[0]?.metadata.name ?? '';
const POD_A = pods(CLOUD).find((each) => each.metadata.name === 'a')?.status.podIP ?? '';
const COREDNS = pods(CLOUD).find((each) => each.metadata.name.startsWith('coredns-6'))?.metadata.name ?? '';

describe('what an END means', () => {
  const rows: readonly { name: string; from: string; to: string; reaches: string; port: number | null }[] = [
    {
      name: 'a pod without a namespace is in default',
      from: 'pod/a',
      to: 'pod/b',
      reaches: 'pod/default/b',
      port: 80,
    },
    {
      name: 'a pod with a namespace',
      from: 'pod/a',
      to: `pod/kube-system/${COREDNS}`,
      reaches: `pod/kube-system/${COREDNS}`,
      port: 80,
    },
    {
      name: 'a pod with its cluster',
      from: 'pod/a@aks',
      to: 'pod/default/c@rg/aks',
      reaches: 'pod/default/c',
      port: 80,
    },
    { name: 'an address that a pod has', from: POD_A, to: 'pod/c', reaches: 'pod/default/c', port: 80 },
    {
      name: 'internet is the first internet host',
      from: 'pod/a',
      to: 'internet',
      reaches: 'host/internet',
      port: 80,
    },
    {
      name: 'a URL gives the port of its scheme',
      from: 'pod/a',
      to: 'https://example.com/path?q=1',
      reaches: 'host/internet',
      port: 443,
    },
    {
      name: 'a URL with a port gives that',
      from: 'pod/a',
      to: 'http://example.com:443',
      reaches: 'host/internet',
      port: 443,
    },
    {
      name: 'a VM is found without regard to case',
      from: 'vm/NEIGHBOUR',
      to: 'vm/Peer',
      reaches: 'vm/peer',
      port: 80,
    },
    {
      name: 'a VM has a name in the DNS of its VNet',
      from: 'pod/a',
      to: 'http://peer',
      reaches: 'vm/peer',
      port: 80,
    },
    {
      name: 'a Service name with its namespace resolves in a pod',
      from: 'pod/a',
      to: 'https://kubernetes.default',
      reaches: 'kube-apiserver',
      port: 443,
    },
    {
      name: 'a Service gives its own port',
      from: 'pod/a',
      to: 'service/kubernetes',
      reaches: 'kube-apiserver',
      port: 443,
    },
  ];
  test.each(rows)('$name', ({ from, to, reaches, port }) => {
    const answer = ask(CLOUD, { from, to });
    if (!answer.ok) throw new Error(answer.error.message);
    expect(answer.value.trace.reason).toContain(reaches);
    expect(answer.value.port).toBe(port);
  });

  test('a hostNetwork pod stands on its node', () => {
    const proxy = pods(CLOUD).find(
      (each) => each.metadata.name.startsWith('kube-proxy') && each.spec.nodeName === NODE,
    );
    const answer = ask(CLOUD, { from: `pod/kube-system/${proxy?.metadata.name ?? ''}`, to: 'vm/peer' });
    expect(answer.ok && answer.value.trace.hops[0]?.place).toBe(`node/${NODE}`);
    expect(answer.ok && answer.value.from.label).toBe(`pod/kube-system/${proxy?.metadata.name ?? ''}`);
  });

  test('an address that nothing has is still a destination', () => {
    const answer = ask(CLOUD, { from: 'pod/a', to: '8.8.8.8', protocol: 'udp', port: 53 });
    expect(answer.ok && answer.value.trace.disposition).toBe('undetermined');
    expect(answer.ok && formatAddress(answer.value.to.address)).toBe('8.8.8.8');
  });

  test('the same question has the same source port, another has another', () => {
    const port = (to: string): number | null | undefined => {
      const answer = ask(CLOUD, { from: 'pod/a', to });
      return answer.ok ? answer.value.trace.seenSource?.port : undefined;
    };
    expect(port('pod/c')).toBe(port('pod/c'));
    expect(port('pod/c')).not.toBe(port('pod/d'));
  });
});

describe('ENDs that do not exist say what would', () => {
  const rows: readonly { name: string; from?: string; to?: string; says: RegExp }[] = [
    {
      name: 'a pod in another namespace',
      from: `pod/${COREDNS}`,
      says: new RegExp(`not in namespace default, but in kube-system\\..*pod/kube-system/${COREDNS}\\?`),
    },
    {
      name: 'a misspelt pod',
      to: 'pod/kube-system/corednss',
      says: /no pod corednss in namespace kube-system\. Did you mean pod\/kube-system\/coredns/,
    },
    { name: 'a node by the name of a VM', to: 'vm/' + NODE, says: /is a node of a cluster.*node\// },
    { name: 'a misspelt VM', to: 'vm/pear', says: /no virtual machine pear\. Did you mean vm\/peer\?/ },
    {
      name: 'a host that is not there lists those that are',
      to: 'host/offfice',
      says: /no host offfice outside Azure\. The hosts outside are .*office.*Did you mean host\/office\?/,
    },
    { name: 'a name without a kind', to: 'peer', says: /no END: give pod\/.*Did you mean vm\/peer\?/ },
    { name: 'a host name without a scheme', to: 'example.com', says: /Did you mean http:\/\/example\.com\?/ },
    { name: 'an address with a port', to: '10.224.0.4:80', says: /--port 80/ },
    {
      name: 'an address with a mistake says where',
      to: '10.224.0.256',
      says: /octet 4 is 256, above 255 \(at character 10\)/,
    },
    { name: 'a prefix', to: '10.224.0.0/16', says: /is a prefix; an END is one address/ },
    { name: 'IPv6', to: 'fd00::1', says: /IPv6, which is not simulated/ },
    { name: 'a Service as a source', from: 'service/web', says: /a Service sends nothing/ },
    {
      name: 'a URL as a source',
      from: 'http://example.com',
      says: /can only be the END that a flow goes to/,
    },
    {
      name: 'an address that nothing has as a source',
      from: '10.9.9.9',
      says: /nothing in this simulation has the address 10\.9\.9\.9/,
    },
    {
      name: 'a deployment instead of a pod',
      to: 'deployment/coredns',
      says: /one pod, not a deployment\. Did you mean pod\/kube-system\/coredns-/,
    },
    { name: 'a node with a namespace', to: `node/default/${NODE}`, says: /nodes have no namespace/ },
    { name: 'an unknown cluster', to: 'pod/a@ask', says: /no cluster ask\. Did you mean aks\?/ },
    {
      name: 'a Service name asked from a VM',
      from: 'vm/peer',
      to: 'http://web',
      says: /does not resolve from vm\/peer.*answers the cluster's pods/,
    },
    {
      name: 'a public name that nobody has',
      to: 'http://nosuch.example',
      says: /nosuch\.example does not resolve from pod\/default\/a \(looked in DNS of cluster aks/,
    },
    { name: 'another scheme', to: 'ftp://example.com', says: /scheme ftp is not simulated/ },
    {
      name: 'a port beyond the last',
      to: 'http://example.com:70000',
      says: /port 70000 is not between 1 and 65535/,
    },
    { name: 'nothing', to: '', says: /an END is needed/ },
  ];
  test.each(rows)('$name', ({ from = 'pod/a', to = 'pod/b', says }) => {
    const answer = ask(CLOUD, { from, to });
    expect(answer.ok ? 'an answer' : answer.error.message).toMatch(says);
  });

  test('a pod that is not running cannot send', () => {
    const [key = ''] = Object.keys(CLOUD.kubernetes);
    const state = CLOUD.kubernetes[key];
    const pod = state?.pods['default/a'];
    if (state === undefined || pod === undefined) throw new Error('no pod a');
    const pending = { ...pod, status: { phase: 'Pending' as const } };
    const cloud = {
      ...CLOUD,
      kubernetes: { [key]: { ...state, pods: { ...state.pods, 'default/a': pending } } },
    };
    const from = ask(cloud, { from: 'pod/a', to: 'internet' });
    expect(from.ok ? '' : from.error.message).toMatch(/pod\/default\/a cannot send: it is Pending/);
    const to = ask(cloud, { from: 'pod/b', to: 'pod/a' });
    expect(to.ok ? '' : to.error.message).toMatch(/pod\/default\/a cannot be reached: it is Pending/);
  });
});
