import type { SimulatedCommand } from '../command.ts';
import type { LoadedOnUse } from '../place-shell.ts';
import type { Tools } from './image-tools.ts';
import { notSimulatedHere } from './program.ts';
import { NO_PACKAGES } from './python-packages.ts';

type Style = Tools['style'];
type Load = (style: Style) => Promise<SimulatedCommand>;

/** Returns the simulated programs of a place, ready to be registered in its shell. */
export function programsOf(tools: Tools): readonly LoadedOnUse[] {
  const own = tools.builtins.includes('hostname') ? ['hostname'] : [];
  return [...own, ...tools.programs].flatMap((name) => {
    const load = PROGRAMS[name];
    return load === undefined ? [] : [{ name, load: () => load(tools.style) }];
  });
}

/** Real programs of these images that would show or do what is not modelled. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'apt-cache': 'the list of packages that there are',
  'cloud-init': 'how the machine was set up',
  crontab: 'what cron starts (a unit of systemd starts at boot)',
  df: 'the use of disks',
  dmesg: 'the log of the kernel',
  dpkg: 'the list of packages',
  ethtool: 'the settings of network cards',
  'firewall-cmd': 'firewalld (use iptables)',
  fping: 'pinging several addresses at once (use ping)',
  free: 'the use of memory',
  git: 'git',
  hostnamectl: 'changing the name of the machine (use hostname)',
  iperf3: 'measuring throughput',
  ip6tables: 'IPv6 (iptables is for IPv4)',
  ipset: 'sets of addresses (iptables -t nat -S shows the rules)',
  'iptables-restore': 'loading rules from a file (use iptables -A, -I, -R and -D)',
  lsb_release: 'lsb_release (use cat /etc/os-release)',
  lsblk: 'the list of disks',
  lsof: 'the list of open files',
  mount: 'the list of file systems',
  mtr: 'tracing without end (use traceroute)',
  nano: 'an editor (use cat with a here-document)',
  'netfilter-persistent': 'keeping rules over a reboot (nothing reboots here, and they stay)',
  netplan: 'changing the network of the machine',
  nft: 'the rules in the words of nftables (iptables shows them)',
  nmap: 'scanning ports (use nc -zv HOST FIRST-LAST)',
  resolvectl: 'the resolver of systemd (use dig)',
  screen: 'a terminal that stays (systemd-run starts what shall stay)',
  snap: 'packages of snap (use apt-get)',
  'ssh-add': 'the agent that holds keys (ssh -J reaches a machine over another one)',
  'ssh-agent': 'the agent that holds keys (ssh -J reaches a machine over another one)',
  'ssh-copy-id': 'adding keys to a machine',
  'ssh-keygen': 'making keys (az vm create --generate-ssh-keys does)',
  sftp: 'a session that copies files (use scp)',
  socat: 'relaying connections (use nc or curl)',
  su: 'becoming somebody else (sudo -u USER COMMAND)',
  telnet: 'talking over a connection (use nc -zv HOST PORT or curl)',
  timedatectl: 'setting the clock (date tells the time)',
  tmux: 'a terminal that stays (systemd-run starts what shall stay)',
  top: 'the list of processes',
  tshark: 'capturing packets (netpath shows the header before and after each step)',
  ufw: 'ufw (use iptables)',
  uptime: 'how long the machine has run',
  usermod: 'changing users',
  vim: 'an editor (use cat with a here-document)',
  vi: 'an editor (use cat with a here-document)',
};

const PROGRAMS: Readonly<Record<string, Load>> = {
  ...Object.fromEntries(Object.entries(ELSEWHERE).map(([name, what]) => [name, refused(name, what)])),
  apt: async () => (await import('./apt.ts')).aptGet('apt'),
  'apt-get': async () => (await import('./apt.ts')).aptGet('apt-get'),
  arp: async (style) => (await import('./arp.ts')).arp(style),
  arping: refused('arping', 'sending single ARP requests (ping, then ip neigh)'),
  brctl: async (style) => (await import('./bridge.ts')).brctl(style),
  bridge: async () => (await import('./bridge.ts')).bridge(),
  chroot: async () => (await import('./change-root.ts')).chroot(),
  conntrack: async (style) => (await import('./conntrack.ts')).conntrack(style),
  crictl: async () => (await import('./crictl.ts')).crictl(),
  curl: async () => (await import('./curl.ts')).curl(),
  dig: async () => (await import('./dns-tools.ts')).dig(),
  getent: async (style) => (await import('./dns-tools.ts')).getent(style),
  hey: async (style) => (await import('./hey.ts')).hey(style),
  hostname: async (style) => (await import('./hostname.ts')).hostname(style),
  host: async () => (await import('./dns-tools.ts')).host(),
  ifconfig: async (style) => (await import('./route.ts')).ifconfig(style),
  ip: async (style) => (await import('./ip.ts')).ip(style),
  iptables: async () => (await import('./iptables.ts')).iptables(),
  'iptables-save': async () => (await import('./iptables.ts')).iptablesSave(),
  journalctl: async () => (await import('./machine-services.ts')).journalctl(),
  kill: async () => (await import('./processes.ts')).kill(),
  killall: async () => (await import('./processes.ts')).byName('killall'),
  pgrep: async () => (await import('./processes.ts')).byName('pgrep'),
  pidof: async () => (await import('./processes.ts')).byName('pidof'),
  pkill: async () => (await import('./processes.ts')).byName('pkill'),
  ps: async () => (await import('./processes.ts')).ps(),
  'systemd-run': async () => (await import('./systemd-run.ts')).systemdRun(),
  mitmdump: async () => (await import('./mitmproxy.ts')).mitmproxyCommand('mitmdump'),
  mitmproxy: async () => (await import('./mitmproxy.ts')).mitmproxyCommand('mitmproxy'),
  mitmweb: async () => (await import('./mitmproxy.ts')).mitmproxyCommand('mitmweb'),
  nc: async (style) => (await import('./nc.ts')).nc(style),
  netstat: async (style) => (await import('./route.ts')).netstat(style),
  nsenter: async () => (await import('./change-root.ts')).nsenter(),
  nslookup: async (style) => (await import('./dns-tools.ts')).nslookup(style),
  openssl: async () => (await import('./openssl.ts')).openssl(),
  ping: async (style) => (await import('./ping.ts')).ping(style),
  pip: refused('pip', NO_PACKAGES),
  pip3: refused('pip3', NO_PACKAGES),
  uv: refused('uv', NO_PACKAGES),
  python: async () => (await import('./machine-services.ts')).python3(),
  python3: async () => (await import('./machine-services.ts')).python3(),
  reboot: async () => (await import('./reboot.ts')).reboot('reboot'),
  shutdown: async () => (await import('./reboot.ts')).reboot('shutdown'),
  route: async (style) => (await import('./route.ts')).route(style),
  service: async () => (await import('./machine-services.ts')).service(),
  ss: async (style) => (await import('./ss.ts')).ss(style),
  ssh: async () => (await import('../ssh.ts')).ssh,
  scp: async () => (await import('../scp.ts')).scp,
  sysctl: async (style) => (await import('./sysctl.ts')).sysctl(style),
  systemctl: async () => (await import('./machine-services.ts')).systemctl(),
  tcpdump: refused('tcpdump', 'capturing packets (netpath shows the header before and after each step)'),
  tracepath: async (style) => (await import('./traceroute.ts')).traceroute(style, 'tracepath'),
  traceroute: async (style) => (await import('./traceroute.ts')).traceroute(style),
  'update-ca-certificates': async () => (await import('./update-ca-certificates.ts')).updateCaCertificates(),
  'update-ca-trust': async () => (await import('./update-ca-trust.ts')).updateCaTrust(),
  chown: async () => (await import('./chown.ts')).chown('chown'),
  chgrp: async () => (await import('./chown.ts')).chown('chgrp'),
  useradd: async () => (await import('./useradd.ts')).useradd(),
  adduser: refused(
    'adduser',
    'asking for what it needs to know (useradd --system --create-home NAME does without)',
  ),
  wget: async (style) => (await import('./wget.ts')).wget(style),
  wrk: async (style) => (await import('./wrk.ts')).wrk(style),
};

function refused(name: string, what: string): Load {
  return () =>
    Promise.resolve({
      name,
      places: ['pod', 'node', 'vm', 'on-premises'],
      run: () => notSimulatedHere(name, what),
    });
}
