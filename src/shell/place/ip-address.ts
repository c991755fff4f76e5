import type { CommandResult } from '../command.ts';
import { linksOf, type Link } from './links.ts';
import { failed, notSimulatedHere, printed, type PlaceProgram } from './program.ts';

/** `ip addr [show] [dev NAME]` and `ip link [show] [dev NAME] [type bridge]`. */
export function ipAddress(
  program: PlaceProgram,
  object: 'address' | 'link',
  format: 'full' | 'brief' | 'one-line',
): CommandResult {
  const [first = 'show', ...others] = program.args;
  const isShow = 'show'.startsWith(first) || 'list'.startsWith(first) || first === 'ls';
  if (['add', 'del', 'delete', 'set', 'change', 'replace', 'flush'].includes(first)) {
    return notSimulatedHere(`ip ${object}`, `changing devices (${first})`);
  }
  const words = isShow ? others : program.args;
  let links = linksOf(program.view);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === 'up') continue;
    if (word === 'type') {
      const type = words[++at];
      links = links.filter((link) =>
        type === 'bridge' ? link.name === 'cbr0' : type === 'veth' ? link.peer !== null : false,
      );
      continue;
    }
    if (word === 'master') {
      const bridge = words[++at];
      links = links.filter((link) => link.master === bridge);
      continue;
    }
    const name = word === 'dev' ? (words[++at] ?? '') : word;
    if (links.every((link) => link.name !== name)) {
      return failed(
        program.style === 'busybox'
          ? `ip: can't find device '${name}'\n`
          : `Device "${name}" does not exist.\n`,
      );
    }
    links = links.filter((link) => link.name === name);
  }
  if (format === 'brief') return printed(links.map((link) => briefLine(link, object)).join(''));
  const texts = links.map((link) => fullText(link, object, program));
  return printed(
    format === 'one-line'
      ? texts.map((text) => `${text.trimEnd().replaceAll('\n', '\\')}\n`).join('')
      : texts.join(''),
  );
}

function briefLine(link: Link, object: 'address' | 'link'): string {
  const name = link.peer === null ? link.name : `${link.name}@${link.peer}`;
  const tail =
    object === 'link'
      ? `${link.mac} <${link.flags}> `
      : link.addresses.map((each) => `${each.address}/${each.length} `).join('');
  return `${name.padEnd(16)} ${link.state.padEnd(14)} ${tail}\n`;
}

function fullText(link: Link, object: 'address' | 'link', { style }: PlaceProgram): string {
  const name = link.peer === null ? link.name : `${link.name}@${link.peer}`;
  const master = link.master === null ? '' : `master ${link.master} `;
  const kind = link.name === 'lo' ? 'loopback' : 'ether';
  const broadcast = kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  const elsewhere = link.otherNamespace === null ? '' : ` link-netnsid ${link.otherNamespace}`;
  const gnu = style === 'gnu';
  const mode = object === 'link' && gnu ? 'mode DEFAULT ' : '';
  const state = gnu
    ? `state ${link.state} ${mode}group default qlen 1000`
    : `qdisc ${link.queue} ${master}qlen 1000`;
  let text = gnu
    ? `${link.index}: ${name}: <${link.flags}> mtu ${link.mtu} qdisc ${link.queue} ${master}${state}\n`
    : `${link.index}: ${name}: <${link.flags}> mtu ${link.mtu} ${state}\n`;
  text += `    link/${kind} ${link.mac} brd ${broadcast}${gnu ? elsewhere : ''}\n`;
  if (object === 'link') return text;
  for (const each of link.addresses) {
    const brd = each.broadcast === null ? '' : ` brd ${each.broadcast}`;
    const metric = each.metric === null || !gnu ? '' : ` metric ${each.metric}`;
    text += `    inet ${each.address}/${each.length}${metric}${brd} scope ${each.scope} ${link.name}\n`;
    text += '       valid_lft forever preferred_lft forever\n';
  }
  return text;
}
