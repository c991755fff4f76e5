/** An answer of the effective route explorer in sentences: the terminal and the page print the same. */
import { formatAddress } from '../../model/ip/address.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type {
  BeatenRoute,
  ExplorerRoute,
  RouteAnswer,
  RoutedPlace,
  RoutedRange,
  UnknownRoute,
} from '../effective-routes.ts';

/** `VirtualAppliance 10.0.1.4`. */
export function hopText({
  writtenType,
  nextHopAddresses,
}: Pick<ExplorerRoute, 'writtenType' | 'nextHopAddresses'>): string {
  return [writtenType, ...nextHopAddresses].join(' ');
}

/** `user-defined route to-fw, 0.0.0.0/0`. */
export function routeText(route: ExplorerRoute): string {
  const at = formatPrefix(route.prefix);
  const of = route.tag === undefined ? at : `${route.tag} (${at})`;
  return `${sourceText(route)}${route.name === null ? '' : ` ${route.name}`}, ${of}`;
}

function sourceText({ source }: Pick<ExplorerRoute, 'source'>): string {
  switch (source) {
    case 'User':
      return 'user-defined route';
    case 'VirtualNetworkGateway':
      return 'learned route';
    case 'Default':
      return 'system route';
  }
}

/** What becomes of packets that take a route. */
export function fateText(route: ExplorerRoute): string {
  const addresses = route.nextHopAddresses.join(' or ');
  switch (route.nextHopType) {
    case 'VnetLocal':
      return 'stays in the VNet';
    case 'Internet':
      return 'goes to the internet';
    case 'None':
      return 'is dropped';
    case 'VirtualAppliance':
      return `goes to the appliance ${addresses}`;
    case 'VirtualNetworkGateway':
      return `goes to the virtual network gateway${addresses === '' ? '' : ` ${addresses}`}`;
    case 'VNetPeering':
      return 'goes to a peered VNet';
    case 'VNetGlobalPeering':
      return 'goes to a peered VNet in another region';
    case 'VirtualNetworkServiceEndpoint':
      return 'goes to the service, by its endpoint';
    case 'InterfaceEndpoint':
      return 'goes to the private endpoint';
  }
}

/** The destination as it was asked, or the part of it. */
export function destinationText({ asked, from, to }: RouteAnswer): string {
  const part = from.bits === to.bits ? formatAddress(from) : `${formatAddress(from)} to ${formatAddress(to)}`;
  return asked.includes('/') && !asked.endsWith('/32') ? part : asked;
}

/** The answer in a sentence. */
export function answerText(answer: RouteAnswer): string {
  const what = destinationText(answer);
  const { winner, doubts } = answer;
  if (doubts.length > 0)
    return `${what} is undetermined: it depends on the addresses of ${[...new Set(doubts.map(({ tag }) => tag))].join(' and ')}. ${otherwiseText(winner)}`;
  if (winner === null) return `${what} has no route and is dropped.`;
  return `${what} ${fateText(winner)}: ${routeText(winner)}.`;
}

function otherwiseText(winner: ExplorerRoute | null): string {
  return winner === null
    ? 'No other route holds it.'
    : `If they do not hold it, it ${fateText(winner)}: ${routeText(winner)}.`;
}

/** Reports whether packets get on their way. */
export function isOnItsWay({ winner, doubts }: RouteAnswer): boolean {
  return doubts.length === 0 && winner !== null && winner.nextHopType !== 'None';
}

/** All answers in one sentence. */
export function verdictText(answers: readonly RouteAnswer[], places: number): string {
  const [only] = answers;
  if (only === undefined) return 'Nothing was asked.';
  if (answers.length === 1) return answerText(only);
  const count = (test: (answer: RouteAnswer) => boolean): number => answers.filter(test).length;
  const open = count(({ doubts }) => doubts.length > 0);
  const on = count(isOnItsWay);
  const dropped = answers.length - on - open;
  return [
    `${on} of ${answers.length} ${places > 1 ? 'answers' : 'destinations'} ${on === 1 ? 'has a way' : 'have a way'}`,
    ...(dropped > 0 ? [`${dropped} ${dropped === 1 ? 'is' : 'are'} dropped`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? 'is' : 'are'} undetermined`] : []),
  ]
    .join(', ')
    .concat('.');
}

/** Why a route that holds the destination is not taken. */
export function beatenText({ route, why }: BeatenRoute): string {
  if (why === null) return 'Azure lists it as Invalid';
  const { by } = why;
  switch (why.kind) {
    case 'shorter':
      return `/${route.prefix.length} is shorter than /${by.prefix.length}`;
    case 'same-prefix-first':
      return 'the same prefix as the one that is taken';
    case 'same-prefix':
      return `of the same prefix, a ${by.source === 'User' ? 'user-defined' : 'learned'} route wins over a ${route.source === 'Default' ? 'system' : 'learned'} one`;
    case 'learned-inside-system':
      return `system routes of the VNet, a peering or a service endpoint (${formatPrefix(by.prefix)}) win over learned ones, even longer ones`;
    case 'bgp-override':
      return `${routeText(by)} overrides learned routes`;
    case 'inside-service-endpoint':
      return 'no route table overrides a service endpoint';
    case 'endpoint-policy':
      return `the endpoint's subnet has network policies, so that ${routeText(by)} wins`;
    case 'default-overridden':
      return `Azure takes it away, because ${routeText(by)} overrides 0.0.0.0/0`;
    case 'tag-order':
      return `of the same prefix, ${by.tag === undefined ? 'one that is written out' : by.tag} wins over the tag ${route.tag ?? ''}`;
  }
}

export function doubtText({ tag, source, name, nextHopType, nextHopAddresses }: UnknownRoute): string {
  const hop = [nextHopType, ...nextHopAddresses].join(' ');
  return source === 'User'
    ? `user-defined route${name === null ? '' : ` ${name}`}, ${tag}: ${hop}`
    : `system route, ${tag}: ${hop}`;
}

export function rangeText({ from, to }: RoutedRange): string {
  return from.bits === to.bits ? formatAddress(from) : `${formatAddress(from)} to ${formatAddress(to)}`;
}

/** Heads the address space of a place. */
export function spaceTitle({ name }: RoutedPlace, isOneOfMany: boolean): string {
  return isOneOfMany ? `The address space as ${name} routes it` : 'The address space as it is routed';
}
