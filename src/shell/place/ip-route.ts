import { ask } from '../../model/compile/ask.ts';
import { compareAddresses, formatAddress, parseAddress } from '../../model/ip/address.ts';
import { formatPrefix, parsePrefix, prefixContains, prefixCovers } from '../../model/ip/prefix.ts';
import type { Route } from '../../model/network/network.ts';
import type { CommandResult } from '../command.ts';
import { ownAddress, type NetworkView } from './network-view.ts';
import { failed, notSimulatedHere, printed, type PlaceProgram } from './program.ts';

/** `ip route [show] [SELECTOR]` and `ip route get ADDRESS`. */
export function ipRoute(program: PlaceProgram): CommandResult {
  const [verb = 'show', ...words] = program.args;
  if ('show'.startsWith(verb) || 'list'.startsWith(verb) || verb === 'ls' || verb === 'sh')
    return show(program, words);
  if (verb === 'get' || verb === 'g') return get(program, words);
  if (['default', 'dev', 'via', 'table', 'match', 'root', 'exact'].includes(verb) || /^\d/.test(verb)) {
    return show(program, program.args);
  }
  if (['add', 'del', 'delete', 'replace', 'change', 'append', 'flush', 'save', 'restore'].includes(verb)) {
    return notSimulatedHere('ip route', `changing the routing table (${verb})`);
  }
  return failed(`Command "${verb}" is unknown, try "ip route help".\n`, 255);
}

function show(program: PlaceProgram, words: readonly string[]): CommandResult {
  let routes = mainRoutes(program.view);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    switch (word) {
      case 'dev': {
        const device = words[++at] ?? '';
        if (program.view.host.interfaces.every((each) => each.name !== device)) {
          return failed(`Cannot find device "${device}"\n`);
        }
        routes = routes.filter((route) => deviceOf(route) === device);
        continue;
      }
      case 'via':
        at++;
        routes = routes.filter(
          (route) => route.target.kind === 'gateway' && formatAddress(route.target.via) === words[at],
        );
        continue;
      case 'table': {
        const table = words[++at] ?? '';
        if (table === 'main' || table === '254') continue;
        return notSimulatedHere('ip route', `the routing table "${table}"`);
      }
      case 'proto':
      case 'protocol': {
        const protocol = words[++at] ?? '';
        routes = routes.filter((route) => protocol === 'all' || protocolOf(route) === protocol);
        continue;
      }
      case 'scope': {
        const scope = words[++at] ?? '';
        routes = routes.filter((route) => scopeOf(route) === scope || scope === 'all');
        continue;
      }
      case 'src': {
        const source = words[++at];
        routes = routes.filter((route) => sourceOf(route, program.view) === source);
        continue;
      }
      case 'type': {
        const type = words[++at] ?? '';
        if (type === 'unicast') continue;
        return notSimulatedHere('ip route', `routes of type ${type}`);
      }
      case 'default':
        routes = routes.filter((route) => route.prefix.length === 0);
        continue;
      case 'match': {
        const target = parseAddress((words[++at] ?? '').split('/')[0] ?? '');
        if (!target.ok) return inetError(words[at] ?? '');
        routes = routes.filter((route) => prefixContains(route.prefix, target.value));
        continue;
      }
      case 'root': {
        const target = parsePrefix(words[++at] ?? '');
        if (!target.ok) return inetError(words[at] ?? '');
        routes = routes.filter((route) => prefixCovers(target.value, route.prefix));
        continue;
      }
      case 'to':
      case 'exact':
        continue;
    }
    const wanted = word.includes('/') ? parsePrefix(word) : parsePrefix(`${word}/32`);
    if (!wanted.ok) return inetError(word);
    routes = routes.filter((route) => formatPrefix(route.prefix) === formatPrefix(wanted.value));
  }
  return printed(routes.map((route) => `${routeLine(route, program)}\n`).join(''));
}

function inetError(text: string): CommandResult {
  return failed(`Error: any valid prefix is expected rather than "${text}".\n`);
}

/** Sorted as the kernel's trie walks them: by prefix, shorter first. */
export function mainRoutes(view: NetworkView): readonly Route[] {
  const known = (view.host.tables.get('main')?.routes ?? []).filter(
    (route) => route.target.kind !== 'undetermined',
  );
  return known.toSorted(
    (a, b) =>
      compareAddresses(a.prefix.address, b.prefix.address) ||
      a.prefix.length - b.prefix.length ||
      a.metric - b.metric,
  );
}

export function deviceOf(route: Route): string | null {
  return route.target.kind === 'connected' || route.target.kind === 'gateway' ? route.target.interface : null;
}

/** The route that the kernel adds with an address has it as its source, even where the network does not say. */
export function sourceOf(route: Route, view: NetworkView): string | null {
  if (route.preferredSource !== null) return formatAddress(route.preferredSource);
  const face = route.target.kind === 'connected' ? route.target.interface : null;
  const own = view.host.interfaces.find((each) => each.name === face)?.addresses[0];
  return own === undefined || !prefixContains(route.prefix, own.address) ? null : formatAddress(own.address);
}

/**
 * Who added a route: a CNI plugin's say so themselves; DHCP's carry a metric; the kernel adds a
 * subnet's own route when an address is set.
 */
function protocolOf(route: Route): string | null {
  const said = /\bproto (\w+)/.exec(route.by)?.[1];
  if (said !== undefined) return said;
  const { kind } = route.target;
  if (kind === 'connected' && route.prefix.length < 32) return 'kernel';
  return route.metric > 0 ? 'dhcp' : null;
}

function scopeOf(route: Route): 'link' | 'global' {
  return /\bscope link\b/.test(route.by) ? 'link' : 'global';
}

function routeLine(route: Route, { style, view }: PlaceProgram): string {
  const { target } = route;
  const to =
    route.prefix.length === 0
      ? 'default'
      : route.prefix.length === 32
        ? formatAddress(route.prefix.address)
        : formatPrefix(route.prefix);
  const via = target.kind === 'gateway' ? `via ${formatAddress(target.via)} ` : '';
  const device = deviceOf(route);
  const dev = device === null ? '' : `dev ${device} `;
  const scope = scopeOf(route) === 'link' ? 'scope link ' : '';
  const source = sourceOf(route, view);
  const metric = route.metric > 0 ? `metric ${route.metric} ` : '';
  if (style === 'busybox') {
    return `${to} ${via}${dev}${scope}${source === null ? '' : ` src ${source} `}${metric === '' ? '' : ` ${metric}`}`;
  }
  const protocol = protocolOf(route);
  const proto = protocol === null ? '' : `proto ${protocol} `;
  return `${to} ${via}${dev}${proto}${scope}${source === null ? '' : `src ${source} `}${metric}`;
}

function get(program: PlaceProgram, words: readonly string[]): CommandResult {
  const { view } = program;
  const wanted = words.find((word) => !['to', 'fibmatch'].includes(word));
  const parsed = parseAddress((wanted ?? '').replace(/\/32$/, ''));
  if (!parsed.ok)
    return wanted === undefined
      ? failed('need at least a destination address\n', 255)
      : failed(`Error: inet address is expected rather than "${wanted}".\n`);
  if (words.some((word) => ['from', 'iif', 'oif', 'mark'].includes(word))) {
    return notSimulatedHere('ip route get', 'the options from, iif, oif and mark');
  }
  const own = view.host.interfaces.some((face) =>
    face.addresses.some((each) => compareAddresses(each.address, parsed.value) === 0),
  );
  const text = formatAddress(parsed.value);
  const uid = program.style === 'gnu' ? 'uid 0 ' : '';
  if (own)
    return printed(
      `local ${text} dev lo ${program.style === 'gnu' ? `src ${text} ` : ` src ${text} `}${uid}\n    cache <local> \n`,
    );
  const route = mainRoutes(view)
    .filter((each) => prefixContains(each.prefix, parsed.value))
    .toSorted((a, b) => b.prefix.length - a.prefix.length || a.metric - b.metric)[0];
  if (route === undefined) return failed('RTNETLINK answers: Network is unreachable\n', 2);
  const via = route.target.kind === 'gateway' ? `via ${formatAddress(route.target.via)} ` : '';
  const source = sourceOf(route, view) ?? sourceChosen(view, text);
  const src = program.style === 'gnu' ? `src ${source} ` : ` src ${source} `;
  return printed(`${text} ${via}dev ${deviceOf(route) ?? 'eth0'} ${src}${uid}\n    cache \n`);
}

/** The kernel's own choice where the route names no source. */
function sourceChosen(view: NetworkView, destination: string): string {
  const answer = ask(view.cloud, { from: view.end, to: destination, protocol: 'icmp' });
  const source = answer.ok ? answer.value.trace.hops[0]?.steps[0]?.before.source.address : undefined;
  return source === undefined ? ownAddress(view) : formatAddress(source);
}
