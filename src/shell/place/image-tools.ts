/** Which programs an image or a machine brings, and whose: busybox prints differently from iproute2. */
import { imageRepository } from '../../model/kubernetes/images.ts';
import type { TrustLayout } from './trust-files.ts';

export interface Tools {
  readonly style: 'busybox' | 'gnu';
  readonly home: string;
  /** just-bash's own programs that exist here. */
  readonly builtins: readonly string[];
  /** Our simulated programs that exist here; `programs.ts` knows them. */
  readonly programs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** How it keeps the authorities that it trusts; absent: it has none. */
  readonly trust?: TrustLayout;
}

const COREUTILS = [
  'awk',
  'base64',
  'basename',
  'cat',
  'chmod',
  'clear',
  'cp',
  'cut',
  'date',
  'diff',
  'dirname',
  'du',
  'echo',
  'env',
  'expr',
  'false',
  'find',
  'grep',
  'egrep',
  'fgrep',
  'head',
  'hostname',
  'id',
  'ln',
  'ls',
  'md5sum',
  'mkdir',
  'mktemp',
  'mv',
  'nl',
  'od',
  'printenv',
  'printf',
  'pwd',
  'readlink',
  'rm',
  'rmdir',
  'sed',
  'seq',
  'sh',
  'sha1sum',
  'sha256sum',
  'sleep',
  'sort',
  'stat',
  'tail',
  'tar',
  'tee',
  'test',
  'timeout',
  'touch',
  'tr',
  'true',
  'uname',
  'uniq',
  'wc',
  'which',
  'whoami',
  'xargs',
  'yes',
  'gzip',
  'gunzip',
  'zcat',
  'time',
  'tac',
  'paste',
  'fold',
  'rev',
  'split',
  'join',
  'comm',
];
const BUSYBOX_NETWORK = [
  'arp',
  'brctl',
  'ifconfig',
  'ip',
  'nc',
  'netstat',
  'nslookup',
  'ping',
  'route',
  'sysctl',
  'traceroute',
  'wget',
  'chroot',
  'nsenter',
  'df',
  'dmesg',
  'free',
  'kill',
  'mount',
  'ps',
  'telnet',
  'top',
  'vi',
];
/** Known to be there, and refused by name. */
const MACHINE_TOOLS = [
  'df',
  'dmesg',
  'ethtool',
  'free',
  'ipset',
  'kill',
  'lsof',
  'mount',
  'mtr',
  'nft',
  'ps',
  'telnet',
  'top',
  'vi',
];
/** The same of Azure's images of Ubuntu alone. */
const UBUNTU_REFUSED = [
  'apt-cache',
  'cloud-init',
  'crontab',
  'dpkg',
  'git',
  'hostnamectl',
  'ip6tables',
  'iptables-restore',
  'lsb_release',
  'lsblk',
  'nano',
  'netplan',
  'resolvectl',
  'screen',
  'snap',
  'su',
  'timedatectl',
  'tmux',
  'ufw',
  'uptime',
  'usermod',
  'vim',
];
/** Debian's package ca-certificates needs openssl to make its links. */
const TRUST_TOOLS = ['openssl', 'update-ca-certificates'];
const FULL_NETWORK = [
  ...MACHINE_TOOLS,
  ...TRUST_TOOLS,
  'fping',
  'iperf3',
  'nmap',
  'nsenter',
  'socat',
  'tshark',
  'arp',
  'arping',
  'brctl',
  'bridge',
  'conntrack',
  'curl',
  'dig',
  'getent',
  'host',
  'ifconfig',
  'ip',
  'iptables',
  'iptables-save',
  'nc',
  'netstat',
  'nslookup',
  'ping',
  'python3',
  'route',
  'ss',
  'sysctl',
  'tcpdump',
  'tracepath',
  'traceroute',
  'wget',
  'chroot',
];
/** An Azure Ubuntu machine as it comes, after `apt-get install -y net-tools traceroute`. */
const UBUNTU_MACHINE = [
  ...MACHINE_TOOLS,
  ...UBUNTU_REFUSED,
  ...TRUST_TOOLS,
  'journalctl',
  'apt',
  'apt-get',
  'arp',
  'bridge',
  'conntrack',
  'curl',
  'dig',
  'getent',
  'host',
  'ifconfig',
  'ip',
  'iptables',
  'iptables-save',
  'nc',
  'netstat',
  'nslookup',
  'ping',
  'python3',
  'route',
  'ss',
  'sysctl',
  'systemctl',
  'service',
  'tcpdump',
  'tracepath',
  'traceroute',
  'wget',
];

/** Of OpenSSH; what else it brings is refused by name. */
const SSH_CLIENT = ['ssh', 'scp', 'sftp', 'ssh-add', 'ssh-agent', 'ssh-copy-id', 'ssh-keygen'];

/** Programs that a VM has once their package is there; until then the shell does not find them. */
export const INSTALLED_LATER = ['mitmdump', 'mitmproxy', 'mitmweb'];

const DEBIAN_RELEASE =
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
const ALPINE_RELEASE =
  'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n';
const UBUNTU_RELEASE = 'PRETTY_NAME="Ubuntu 22.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\n';

const BUSYBOX: Tools = {
  style: 'busybox',
  home: '/',
  builtins: COREUTILS,
  programs: BUSYBOX_NETWORK,
  files: {},
};

const ALPINE: Tools = {
  ...BUSYBOX,
  programs: [...BUSYBOX_NETWORK, 'getent'],
  files: { '/etc/os-release': ALPINE_RELEASE },
  trust: 'alpine-bundle',
};

const DEBIAN: Tools = {
  style: 'gnu',
  home: '/root',
  builtins: [...COREUTILS, 'bash'],
  programs: ['apt', 'apt-get', 'getent', 'chroot', 'nsenter'],
  files: { '/etc/os-release': DEBIAN_RELEASE },
};

/** An image of Debian with the package ca-certificates. */
const DEBIAN_TRUSTING: Tools = {
  ...DEBIAN,
  programs: [...DEBIAN.programs, ...TRUST_TOOLS],
  trust: 'debian',
};

const UBUNTU: Tools = { ...DEBIAN, files: { '/etc/os-release': UBUNTU_RELEASE } };

const NETSHOOT: Tools = {
  style: 'gnu',
  home: '/root',
  builtins: [...COREUTILS, 'bash', 'jq'],
  programs: FULL_NETWORK,
  files: { '/etc/os-release': ALPINE_RELEASE },
  trust: 'alpine',
};

const AZURE_LINUX: Tools = {
  ...DEBIAN,
  programs: ['curl', 'getent', 'chroot', 'openssl', 'update-ca-trust'],
  files: { '/etc/os-release': 'NAME="Microsoft Azure Linux"\nID=azurelinux\nVERSION_ID="3.0"\n' },
  trust: 'azure-linux',
};

/** Nothing but the program itself: no shell, no cat. */
const BARE: Tools = { style: 'gnu', home: '/', builtins: [], programs: [], files: {} };

const IMAGES: readonly (readonly [readonly string[], Tools])[] = [
  [
    [
      'busybox',
      'mcr.microsoft.com/azurelinux/busybox',
      'mcr.microsoft.com/cbl-mariner/busybox',
      'registry.k8s.io/e2e-test-images/busybox',
    ],
    BUSYBOX,
  ],
  [['alpine'], ALPINE],
  // Their Dockerfiles put the program into / of an Alpine, into Go's path of one, and into a distroless image.
  [['williamyeh/hey', 'ricoli/hey'], { ...ALPINE, programs: [...ALPINE.programs, 'hey'] }],
  [['skandyla/wrk'], { ...ALPINE, programs: [...ALPINE.programs, 'wrk'] }],
  [['williamyeh/wrk'], { style: 'gnu', home: '/data', builtins: [], programs: ['wrk'], files: {} }],
  [
    ['curlimages/curl', 'quay.io/curl/curl'],
    { ...ALPINE, programs: [...ALPINE.programs, 'curl'], trust: 'curl-image' },
  ],
  [
    [
      'nginx',
      'mcr.microsoft.com/oss/nginx/nginx',
      'mcr.microsoft.com/azurelinux/base/nginx',
      'mcr.microsoft.com/cbl-mariner/base/nginx',
      'public.ecr.aws/nginx/nginx',
      'registry.k8s.io/nginx',
      'k8s.gcr.io/nginx',
      'nginxinc/nginx-unprivileged',
      'mcr.microsoft.com/azuredocs/aks-helloworld',
      'neilpeterson/aks-helloworld',
      'mcr.microsoft.com/azuredocs/azure-vote-front',
    ],
    { ...DEBIAN_TRUSTING, home: '/', programs: [...DEBIAN_TRUSTING.programs, 'curl'] },
  ],
  [['nginxdemos/hello', 'nginxdemos/nginx-hello'], { ...ALPINE, programs: [...ALPINE.programs, 'curl'] }],
  [
    ['python'],
    { ...DEBIAN_TRUSTING, programs: [...DEBIAN_TRUSTING.programs, 'pip', 'pip3', 'python', 'python3'] },
  ],
  [
    ['httpd', 'mcr.microsoft.com/dotnet/runtime-deps'],
    // Their Dockerfiles install ca-certificates.
    DEBIAN_TRUSTING,
  ],
  [['debian', 'redis', 'postgres', 'mysql', 'mariadb', 'mongo', 'memcached'], DEBIAN],
  [['ubuntu'], UBUNTU],
  [
    ['mcr.microsoft.com/aks/fundamental/base-ubuntu'],
    {
      ...UBUNTU,
      programs: [
        ...UBUNTU.programs,
        ...TRUST_TOOLS,
        'curl',
        'ip',
        'ping',
        'ss',
        'nc',
        'dig',
        'nslookup',
        'traceroute',
        'arp',
        'route',
        'netstat',
        'ifconfig',
      ],
      trust: 'debian',
    },
  ],
  [
    [
      'nicolaka/netshoot',
      'ghcr.io/nicolaka/netshoot',
      'wbitt/network-multitool',
      'praqma/network-multitool',
      'registry.k8s.io/e2e-test-images/jessie-dnsutils',
    ],
    NETSHOOT,
  ],
  [
    ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'],
    {
      ...ALPINE,
      builtins: [...COREUTILS, 'bash'],
      programs: [...ALPINE.programs, 'curl', 'dig', 'iptables'],
    },
  ],
  [
    [
      'mcr.microsoft.com/azurelinux/base/core',
      'mcr.microsoft.com/cbl-mariner/base/core',
      'mcr.microsoft.com/azure-cli',
    ],
    AZURE_LINUX,
  ],
  [
    [
      'registry.k8s.io/pause',
      'mcr.microsoft.com/oss/kubernetes/pause',
      'traefik/whoami',
      'hashicorp/http-echo',
      'registry.k8s.io/coredns/coredns',
      'mcr.microsoft.com/oss/kubernetes/coredns',
      'mcr.microsoft.com/oss/v2/kubernetes/coredns',
    ],
    BARE,
  ],
];

/** Returns the programs of an image; null for an image that we do not know. */
export function imageTools(image: string): Tools | null {
  const repository = imageRepository(image);
  return IMAGES.find(([repositories]) => repositories.includes(repository))?.[1] ?? null;
}

/** Returns Ubuntu's release file for what a node calls its image, such as `Ubuntu 24.04.4 LTS`. */
export function osRelease(image: string): string {
  const ubuntu = /^Ubuntu (\d+\.\d+)/.exec(image)?.[1];
  return ubuntu === undefined
    ? UBUNTU_RELEASE
    : `PRETTY_NAME="${image}"\nNAME="Ubuntu"\nVERSION_ID="${ubuntu}"\nID=ubuntu\n`;
}

/** The node itself, reached with `chroot /host`. */
export const NODE_TOOLS: Tools = {
  style: 'gnu',
  home: '/root',
  builtins: [...COREUTILS, 'bash', 'jq', 'sudo'],
  programs: [...UBUNTU_MACHINE, 'brctl', 'crictl', 'pgrep', 'pidof'],
  files: { '/etc/os-release': UBUNTU_RELEASE },
  trust: 'debian',
};

export const VM_TOOLS: Tools = {
  style: 'gnu',
  home: '/root',
  builtins: [...COREUTILS, 'bash', 'jq', 'sudo'],
  programs: [
    ...UBUNTU_MACHINE,
    ...SSH_CLIENT,
    'pip',
    'pip3',
    'uv',
    'killall',
    'pgrep',
    'pidof',
    'pkill',
    'systemd-run',
    'useradd',
    'adduser',
    'chown',
    'chgrp',
    'reboot',
    'shutdown',
    ...INSTALLED_LATER,
  ],
  files: { '/etc/os-release': UBUNTU_RELEASE },
  trust: 'debian',
};

/** A server of the data centre. How its names are resolved is not part of the simulation. */
export const ON_PREMISES_TOOLS: Tools = {
  ...VM_TOOLS,
  programs: [
    ...MACHINE_TOOLS,
    ...TRUST_TOOLS,
    'conntrack',
    'curl',
    'firewall-cmd',
    'ip',
    'ip6tables',
    'iptables',
    'iptables-restore',
    'iptables-save',
    'nc',
    'netfilter-persistent',
    'ping',
    'ss',
    'tcpdump',
    'ufw',
    'wget',
  ],
};

/** A server on the internet; like the workstation, it asks a resolver that is no part of the simulation. */
export const INTERNET_TOOLS: Tools = {
  ...ON_PREMISES_TOOLS,
  programs: [
    ...MACHINE_TOOLS,
    ...TRUST_TOOLS,
    'curl',
    'dig',
    'getent',
    'host',
    'ip',
    'nc',
    'nslookup',
    'ping',
    'ss',
    'tracepath',
    'traceroute',
    'wget',
  ],
};

/** What the workstation has of the network besides its own az, kubectl and netpath. */
export const WORKSTATION_PROGRAMS = [
  'sftp',
  'ssh-add',
  'ssh-agent',
  'ssh-copy-id',
  'ssh-keygen',
  'curl',
  'dig',
  'getent',
  'host',
  'nc',
  'nslookup',
  'openssl',
  'ping',
  'tracepath',
  'traceroute',
  'update-ca-certificates',
  'wget',
] as const;
