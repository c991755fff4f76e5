import type { CommandResult } from '../command.ts';
import { linksOf, type Link } from './links.ts';
import { failed, notSimulatedHere, printed, type PlaceProgram } from './program.ts';

/** `ip addr [show] [dev NAME]` and `ip link [show] [dev NAME] [type bridge]`. */
export function ipAddress(
  program: PlaceProgram,
  object: 'address' | 'link',
  format: 'full' | 'brief' | 'one-line',
  family: 'any' | 'inet',
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
      links = links.filter((link) => link.kind === type);
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
  if (format === 'brief' && family === 'inet' && object === 'address')
    links = links.filter((link) => link.addresses.length > 0);
  if (format === 'brief') return printed(links.map((link) => briefLine(link, object)).join(''));
  if (format === 'one-line' && object === 'address')
    return printed(links.flatMap((link) => oneLines(link, program)).join(''));
  const texts = links.map((link) => fullText(link, object, program, family));
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

/** `ip -o addr`: a line for each address, and nothing about the device but its name. */
function oneLines(link: Link, { style }: PlaceProgram): readonly string[] {
  return link.addresses.map((each) => {
    const [inet = '', lifetime = ''] = inetLines(link, each, style);
    return `${link.index}: ${link.name}${inet}\\${lifetime}\n`;
  });
}

function inetLines(
  link: Link,
  { address, length, broadcast, metric, scope }: Link['addresses'][number],
  style: PlaceProgram['style'],
): readonly [string, string] {
  const brd = broadcast === null ? '' : ` brd ${broadcast}`;
  const priority = metric === null || style === 'busybox' ? '' : ` metric ${metric}`;
  return [
    `    inet ${address}/${length}${priority}${brd} scope ${scope} ${link.name}`,
    '       valid_lft forever preferred_lft forever',
  ];
}

function fullText(
  link: Link,
  object: 'address' | 'link',
  { style }: PlaceProgram,
  family: 'any' | 'inet',
): string {
  const name = link.peer === null ? link.name : `${link.name}@${link.peer}`;
  const master = link.master === null ? '' : `master ${link.master} `;
  const kind = link.kind === 'loopback' ? 'loopback' : 'ether';
  const broadcast = kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  const elsewhere = link.otherNamespace === null ? '' : ` link-netnsid ${link.otherNamespace}`;
  const gnu = style === 'gnu';
  const mode = object === 'link' && gnu ? 'mode DEFAULT ' : '';
  const state = gnu
    ? `state ${link.state} ${mode}group default qlen 1000`
    : `qdisc ${link.queue} ${master}qlen 1000`;
  // With -4 only devices that have an address are shown, without their hardware.
  const hidden = object === 'address' && family === 'inet';
  if (hidden && link.addresses.length === 0) return '';
  let text = gnu
    ? `${link.index}: ${name}: <${link.flags}> mtu ${link.mtu} qdisc ${link.queue} ${master}${state}`
    : `${link.index}: ${name}: <${link.flags}> mtu ${link.mtu} ${state}`;
  if (!hidden) text += `\n    link/${kind} ${link.mac} brd ${broadcast}`;
  text += `${gnu ? elsewhere : ''}\n`;
  if (object === 'link') return text;
  for (const each of link.addresses) {
    text += inetLines(link, each, style)
      .map((line) => `${line}\n`)
      .join('');
  }
  return text;
}
