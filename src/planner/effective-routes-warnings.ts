/** What stands out in the routes of a place: what is dropped, stolen, passed by, or goes round in circles. */
import { parseAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { firstAddress, formatPrefix, prefixContains, prefixCovers } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import { fateText, hopText } from './calculators/effective-routes-words.ts';
import { routeTo, routeToAddress, settledRoutes } from './effective-routes.ts';
import type { ExplorerRoute, RouteAnswer, RoutedPlace } from './effective-routes.ts';

/** Returns the warnings about each place, then those about pairs of them. */
export function warningsOf(places: readonly RoutedPlace[]): readonly string[] {
  const alone = places.flatMap((place) => {
    const found = [
      ...place.remarks,
      ...byDefault(place),
      ...stolen(place),
      ...passedBy(place),
      ...appliances(place),
      ...unpropagated(place),
      ...unknownServices(place),
    ];
    return places.length === 1 ? found : found.map((each) => `From ${place.name}: ${each}`);
  });
  return [...new Set([...alone, ...asymmetric(places)])];
}

function activeUsers(place: RoutedPlace): readonly ExplorerRoute[] {
  return settledRoutes(place)
    .settled.filter(({ route, state }) => state === 'Active' && route.source === 'User')
    .map(({ route }) => route);
}

function nameOf(route: ExplorerRoute): string {
  return `route ${route.name === null ? formatPrefix(route.prefix) : `${route.name} (${formatPrefix(route.prefix)})`}`;
}

/** Where everything goes that no longer prefix holds. */
function byDefault(place: RoutedPlace): readonly string[] {
  const route = settledRoutes(place).settled.find(
    ({ route: { prefix }, state }) => state === 'Active' && prefix.length === 0,
  )?.route;
  if (route === undefined) return ['No route holds 0.0.0.0/0: what no longer prefix holds is dropped.'];
  if (route.nextHopType === 'None')
    return [
      `The ${nameOf(route)} to None drops everything that no longer prefix holds, the internet and Azure's own services too.`,
    ];
  if (route.nextHopType === 'VirtualNetworkGateway')
    return [
      `0.0.0.0/0 goes to the virtual network gateway (forced tunnelling): the internet is reached through the site, if the site lets it, and Azure's services too.`,
    ];
  return [];
}

/** User-defined routes that take all or part of the VNet's or a peer's range. */
function stolen(place: RoutedPlace): readonly string[] {
  return activeUsers(place).flatMap((route): readonly string[] => {
    if (route.nextHopType === 'VnetLocal' && place.space.some((each) => prefixCovers(each, route.prefix)))
      return [];
    const whole = (range: Prefix): string =>
      range.length === route.prefix.length
        ? formatPrefix(range)
        : `${formatPrefix(route.prefix)} of ${formatPrefix(range)}`;
    const peers = place.peers.flatMap(({ name, prefixes }) =>
      prefixes
        .filter((range) => prefixCovers(range, route.prefix))
        .map(
          (range) =>
            `The ${nameOf(route)} takes ${whole(range)} away from the peering with ${name}: it ${fateText(route)}.`,
        ),
    );
    const own = place.space
      .filter((range) => prefixCovers(range, route.prefix))
      .map(
        (range) =>
          `The ${nameOf(route)} takes ${whole(range)} away from the VNet itself: it ${fateText(route)}.`,
      );
    return [...peers, ...own];
  });
}

/** A shorter route to an appliance does not catch what the VNet and its peers have longer prefixes for. */
function passedBy(place: RoutedPlace): readonly string[] {
  return activeUsers(place).flatMap((route): readonly string[] => {
    if (route.nextHopType !== 'VirtualAppliance') return [];
    const past = place.peers
      .flatMap(({ name, prefixes }) => prefixes.map((prefix) => ({ name, prefix })))
      .filter(({ prefix }) => prefix.length > route.prefix.length && prefixCovers(route.prefix, prefix))
      .filter(({ prefix }) => routeToAddress(place, firstAddress(prefix)).winner?.source === 'Default');
    if (past.length === 0) return [];
    const list = past.map(({ name, prefix }) =>
      name === formatPrefix(prefix) ? name : `${name} ${formatPrefix(prefix)}`,
    );
    return [
      `The ${nameOf(route)} does not catch the peered ${past.length === 1 ? 'range' : 'ranges'} ${list.join(', ')}: longer prefixes win, and the way there leads past ${route.nextHopAddresses.join(', ')}.`,
    ];
  });
}

/** Next hops that lie where they do not work. */
function appliances(place: RoutedPlace): readonly string[] {
  const near = [...place.space, ...place.peers.flatMap(({ prefixes }) => prefixes)];
  const known = new Map<string, { readonly hop: Address; readonly routes: ExplorerRoute[] }>();
  for (const route of activeUsers(place)) {
    for (const text of route.nextHopAddresses) {
      const hop = parseAddress(text);
      if (!hop.ok) continue;
      const before = known.get(text);
      if (before === undefined) known.set(text, { hop: hop.value, routes: [route] });
      else before.routes.push(route);
    }
  }
  return [...known].flatMap(([text, { hop, routes }]): readonly string[] => {
    const names = routes.slice(0, 3).map(nameOf).join(', ');
    if (place.subnets.some((each) => prefixContains(each, hop)))
      return [
        `The next hop ${text} of ${names} is in the very subnet that has the route: what the appliance forwards comes back to it, in a loop. Put it into a subnet without this route.`,
      ];
    if (near.length > 0 && !near.some((each) => prefixContains(each, hop)))
      return [
        `The next hop ${text} of ${names} is neither in the VNet nor in a peered one: packets are dropped.`,
      ];
    return [];
  });
}

function unpropagated(place: RoutedPlace): readonly string[] {
  return place.isPropagationOff
    ? ['Propagation of gateway routes is off: nothing that a gateway learns or is told counts here.']
    : [];
}

function unknownServices(place: RoutedPlace): readonly string[] {
  const tags = [...new Set(place.unknown.map(({ tag }) => tag))];
  return tags.map(
    (tag) => `Which addresses ${tag} holds is not known here: name them with --tag ${tag}=PREFIX.`,
  );
}

/** Pairs of places whose packets go one way through an appliance and come back another way. */
function asymmetric(places: readonly RoutedPlace[]): readonly string[] {
  return places.flatMap((one, at) =>
    places.slice(at + 1).flatMap((other) => {
      const forth = between(one, other);
      const back = between(other, one);
      if (forth === null || back === null) return [];
      const through = (answers: readonly RouteAnswer[]): ReadonlySet<string> =>
        new Set(
          answers.flatMap(({ winner }) =>
            winner?.nextHopType === 'VirtualAppliance' ? winner.nextHopAddresses : [],
          ),
        );
      const there = through(forth);
      const home = through(back);
      const onlyThere = [...there].filter((each) => !home.has(each));
      const onlyHome = [...home].filter((each) => !there.has(each));
      const say = (
        a: RoutedPlace,
        b: RoutedPlace,
        hops: readonly string[],
        way: readonly RouteAnswer[],
      ): readonly string[] =>
        hops.length === 0
          ? []
          : [
              `Asymmetric: ${a.name} reaches ${b.name} through ${hops.join(', ')}, and the way back is ${waysOf(way)}. A stateful appliance sees one direction only and drops the rest.`,
            ];
      return [...say(one, other, onlyThere, back), ...say(other, one, onlyHome, forth)];
    }),
  );
}

/** How one place reaches the range of another; null where a range is not known or both share it. */
function between(from: RoutedPlace, to: RoutedPlace): readonly RouteAnswer[] | null {
  const own = rangesOf(from);
  const ranges = rangesOf(to);
  const isShared = ranges.some((each) =>
    own.some((mine) => prefixCovers(mine, each) || prefixCovers(each, mine)),
  );
  if (own.length === 0 || ranges.length === 0 || isShared) return null;
  return ranges.flatMap((range) => routeTo(from, formatPrefix(range), range));
}

function rangesOf({ subnets, space }: RoutedPlace): readonly Prefix[] {
  return subnets.length > 0 ? subnets : space;
}

function waysOf(answers: readonly RouteAnswer[]): string {
  return [...new Set(answers.map(({ winner }) => (winner === null ? 'no route' : hopText(winner))))].join(
    ' or ',
  );
}
