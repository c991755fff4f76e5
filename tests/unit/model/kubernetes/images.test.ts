import { describe, expect, it } from 'vitest';
import {
  containerBehaviour,
  imageRepository,
  podListeners,
} from '../../../../src/model/kubernetes/images.ts';
import type { Container } from '../../../../src/model/kubernetes/objects.ts';

function behaviour(container: Omit<Container, 'name'>): string {
  const found = containerBehaviour({ name: 'c', ...container });
  switch (found.kind) {
    case 'runs':
      return found.listeners.map((each) => `${each.protocol}/${each.port}`).join(' ') || 'runs';
    case 'exits':
      return `exits ${found.exitCode}`;
    case 'unknown':
      return 'unknown';
  }
}

describe('what a container listens on', () => {
  const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
  const rows: readonly [string, Omit<Container, 'name'>, string][] = [
    ['nginx serves on 80', { image: 'nginx' }, 'tcp/80'],
    ['a tag and a registry change nothing', { image: 'docker.io/library/nginx:1.27-alpine' }, 'tcp/80'],
    ['nginx with a sleeping command serves nothing', { image: 'nginx', command: ['sleep', '3600'] }, 'runs'],
    [
      'agnhost netexec serves on 8080 and udp 8081',
      { image: agnhost, args: ['netexec'] },
      'tcp/8080 udp/8081',
    ],
    ['netexec takes --http-port', { image: agnhost, args: ['netexec', '--http-port=80'] }, 'tcp/80 udp/8081'],
    [
      'netexec as a command',
      { image: agnhost, command: ['/agnhost', 'netexec', '--http-port', '90'] },
      'tcp/90 udp/8081',
    ],
    ['agnhost pauses by default', { image: agnhost }, 'runs'],
    ['http-echo serves on 5678', { image: 'hashicorp/http-echo', args: ['-text=hi'] }, 'tcp/5678'],
    [
      'http-echo takes -listen',
      { image: 'hashicorp/http-echo:1.0', args: ['-text=hi', '-listen=:8080'] },
      'tcp/8080',
    ],
    ['whoami serves on 80', { image: 'traefik/whoami' }, 'tcp/80'],
    ['the AKS sample serves on 80', { image: 'mcr.microsoft.com/azuredocs/aks-helloworld:v1' }, 'tcp/80'],
    ['echoserver serves on 8080', { image: 'registry.k8s.io/echoserver:1.10' }, 'tcp/8080 tcp/8443'],
    ['busybox without a command ends', { image: 'busybox' }, 'exits 0'],
    ['busybox with a terminal waits', { image: 'busybox', stdin: true, tty: true }, 'runs'],
    ['busybox that sleeps runs', { image: 'busybox:1.36', command: ['sh', '-c', 'sleep 1d'] }, 'runs'],
    ['a netcat that stays serves', { image: 'busybox', command: ['nc', '-lk', '-p', '9000'] }, 'tcp/9000'],
    [
      'a Python file server serves',
      { image: 'python:3', command: ['python3', '-m', 'http.server'] },
      'tcp/8000',
    ],
    ['postgres without a password fails', { image: 'postgres' }, 'exits 1'],
    ['an unlisted image is unknown', { image: 'example.com/team/app:7' }, 'unknown'],
    [
      'an unread script is unknown',
      { image: 'alpine', command: ['sh', '-c', './serve | tee log'] },
      'unknown',
    ],
    ['an unread command hides what the image does', { image: 'nginx', command: ['/app'] }, 'unknown'],
  ];
  it.each(rows)('%s', (_, container, expected) => {
    expect(behaviour(container)).toBe(expected);
  });

  it('keeps a port out of the repository name of a registry with a port', () => {
    expect(imageRepository('localhost:5000/nginx:1@sha256:abc')).toBe('localhost:5000/nginx');
  });

  it('calls a pod unknown when one of its containers is', () => {
    const found = podListeners({
      containers: [
        { name: 'a', image: 'nginx' },
        { name: 'b', image: 'example.com/x' },
      ],
    });
    expect(found.kind).toBe('unknown');
    expect(found.listeners.map((each) => each.port)).toEqual([80]);
  });
});
