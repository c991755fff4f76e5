/**
 * The state of the page as the fragment of its address: readable for a scenario, compressed for what was
 * pasted. The fragment is not sent to any server.
 */
import { clientOf } from './protocol.ts';
import type { Action, Flow } from './protocol.ts';

export interface PageState {
  readonly actions: readonly Action[];
  readonly flow: Flow;
}

/** Chats, tickets and mail programs cut longer addresses. */
export const LONGEST_LINK = 8_000;
/** What a short text may unpack to: a link is from anybody. */
const MOST_UNPACKED = 24_000_000;

/** Returns the fragment without its `#`. */
export async function fragmentOf(state: PageState): Promise<string> {
  const [first, ...rest] = state.actions;
  const isPlain =
    first?.kind === 'open' && first.source.kind === 'scenario' && rest.every((each) => each.kind !== 'open');
  if (isPlain && first.source.kind === 'scenario') {
    const parameters = new URLSearchParams({ scenario: first.source.name });
    for (const each of rest) {
      if (each.kind === 'run') parameters.append('run', each.script);
      else if (each.kind === 'keep') parameters.append('keep', String(parameters.getAll('run').length));
    }
    flowInto(parameters, state.flow);
    return parameters.toString().replaceAll('%2F', '/');
  }
  const packed = await packedText(JSON.stringify(state.actions.map(compacted)));
  const parameters = new URLSearchParams();
  flowInto(parameters, state.flow);
  return `${parameters.toString().replaceAll('%2F', '/')}&state=${packed}`;
}

/** Returns the state of a fragment; null where it names none, and why where it cannot be read. */
export async function stateOfFragment(
  fragment: string,
): Promise<PageState | { readonly problem: string } | null> {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const protocol = parameters.get('protocol') ?? 'tcp';
  const flow: Flow = {
    from: parameters.get('from') ?? '',
    to: parameters.get('to') ?? '',
    protocol: protocol === 'udp' || protocol === 'icmp' ? protocol : 'tcp',
    port: parameters.get('port') ?? '',
    client: clientOf(parameters.get('client') ?? ''),
  };
  const scenario = parameters.get('scenario');
  if (scenario !== null) {
    const keeps = parameters.getAll('keep').map(Number);
    const actions: Action[] = [{ kind: 'open', source: { kind: 'scenario', name: scenario } }];
    const keepAt = (index: number): void => {
      if (keeps.includes(index)) actions.push({ kind: 'keep' });
    };
    keepAt(0);
    parameters.getAll('run').forEach((script, index) => {
      actions.push({ kind: 'run', script });
      keepAt(index + 1);
    });
    return { actions, flow };
  }
  const packed = parameters.get('state');
  if (packed === null) return null;
  try {
    const actions: unknown = JSON.parse(await unpackedText(packed));
    return areActions(actions)
      ? { actions, flow }
      : { problem: 'The link holds no network: it was changed on its way.' };
  } catch {
    return { problem: 'The link was cut off or changed on its way. Ask for it again, or for the file.' };
  }
}

function flowInto(parameters: URLSearchParams, { from, to, protocol, port, client }: Flow): void {
  if (from !== '') parameters.set('from', from);
  if (to !== '') parameters.set('to', to);
  if (protocol !== 'tcp') parameters.set('protocol', protocol);
  if (port !== '') parameters.set('port', port);
  if (client !== '') parameters.set('client', client);
}

/** Pasted JSON without the spaces between its parts; texts that are no single document stay as they are. */
function compacted(action: Action): Action {
  if (action.kind !== 'open' || action.source.kind !== 'texts') return action;
  const texts = action.source.texts.map((text) => {
    try {
      return JSON.stringify(JSON.parse(text));
    } catch {
      return text;
    }
  });
  return { kind: 'open', source: { kind: 'texts', texts } };
}

async function packedText(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function unpackedText(packed: string): Promise<string> {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += decoder.decode(piece.value, { stream: true });
    if (text.length > MOST_UNPACKED) {
      await reader.cancel();
      throw new Error('too large');
    }
  }
  return text + decoder.decode();
}

function areActions(value: unknown): value is readonly Action[] {
  return Array.isArray(value) && value.length > 0 && value.length < 1_000 && value.every(isAction);
}

function isAction(value: unknown): value is Action {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  switch (value.kind) {
    case 'keep':
    case 'forget':
      return true;
    case 'run':
      return 'script' in value && typeof value.script === 'string';
    case 'open': {
      const source = 'source' in value ? value.source : null;
      if (typeof source !== 'object' || source === null || !('kind' in source)) return false;
      if (source.kind === 'empty') return true;
      if (source.kind === 'scenario') return 'name' in source && typeof source.name === 'string';
      return (
        source.kind === 'texts' &&
        'texts' in source &&
        Array.isArray(source.texts) &&
        source.texts.every((each) => typeof each === 'string')
      );
    }
  }
  return false;
}
