/**
 * `az monitor metrics list` of load balancers and NAT gateways. What loads do to source ports is known by the
 * minute. Of the health of probes the simulation keeps no history, so there is one data point, of the last
 * minute.
 */
import { azureError, notSimulated } from '../../model/azure/error.ts';
import {
  getResource,
  looksLikeId,
  parseResourceId,
  resourceId,
  resourceNotFound,
} from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { HEALTH_METRICS, healthSamples } from './monitor-load-balancer-metrics.ts';
import { timeSeries } from './monitor-series.ts';
import type { Aggregation, Metric, Sample, Split } from './monitor-series.ts';
import {
  BALANCER_SNAT_METRICS,
  balancerSamples,
  GATEWAY_METRICS,
  gatewaySamples,
} from './monitor-snat-metrics.ts';
import { intervalText, metricTime, minuteText } from './monitor-time.ts';
import type { MetricTime } from './monitor-time.ts';
import { integer, list, refused, text } from './option.ts';
import {
  optionalList,
  optionalNumber,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';

const BALANCER = 'Microsoft.Network/loadBalancers';
const GATEWAY = 'Microsoft.Network/natGateways';
type Type = typeof BALANCER | typeof GATEWAY;

interface Target {
  readonly type: Type;
  readonly id: string;
  readonly location: string;
}

/** Real ones that count bytes and packets, or that nothing here decides. */
const NOT_KNOWN: Readonly<Record<Type, readonly string[]>> = {
  [BALANCER]: ['ByteCount', 'PacketCount', 'SYNCount', 'GlobalBackendAvailability'],
  [GATEWAY]: ['ByteCount', 'PacketCount', 'PacketDropCount', 'DatapathAvailability'],
};

const KNOWN: Readonly<Record<Type, readonly Metric[]>> = {
  [BALANCER]: [...HEALTH_METRICS, ...BALANCER_SNAT_METRICS],
  [GATEWAY]: GATEWAY_METRICS,
};

/** Returns a metric by its name, in any case. Errors: `BadRequest`, and `NotSimulated`. */
function metricOf(type: Type, name: string): Result<Metric, AzFailure> {
  const isNamed = (one: string): boolean => one.toLowerCase() === name.toLowerCase();
  const metric = KNOWN[type].find(({ value }) => isNamed(value));
  if (metric !== undefined) return ok(metric);
  if (NOT_KNOWN[type].some(isNamed)) return refusedByAzure(notSimulated(`The metric ${name}`));
  const valid = [...KNOWN[type].map(({ value }) => value), ...NOT_KNOWN[type]];
  return refusedByAzure(
    azureError(
      'BadRequest',
      `Failed to find metric configuration for provider: Microsoft.Network, resource Type: ${type.split('/')[1] ?? ''}, metric: ${name}, Valid metrics: ${valid.join(',')}`,
    ),
  );
}

/** Reads `--dimension A B` or `--filter "A eq '*' and B eq '80'"`. */
function splitsOf(args: AzArguments, metric: Metric): Result<readonly Split[], AzFailure> {
  const named = optionalList(args, 'dimension');
  const filter = optionalText(args, 'filter');
  if (named !== undefined && filter !== undefined) {
    return usageFailure('usage error: --dimension and --filter parameters are mutually exclusive.');
  }
  const splits: Split[] = (named ?? []).map((dimension) => ({ dimension, only: null }));
  for (const clause of filter?.split(/ and /i) ?? []) {
    const match = /^\s*(\w+)\s+eq\s+'([^']*)'\s*$/i.exec(clause);
    if (match === null) return refusedByAzure(notSimulated(`The filter ${filter ?? ''}`));
    const [, dimension = '', value = ''] = match;
    splits.push({ dimension, only: value === '*' ? null : value });
  }
  const known: Split[] = [];
  for (const split of splits) {
    const dimension = metric.dimensions.find((one) => one.toLowerCase() === split.dimension.toLowerCase());
    if (dimension === undefined) {
      return refusedByAzure(
        azureError(
          'BadRequest',
          `Metric: ${metric.value} does not support requested dimension combination: ${splits.map((one) => one.dimension.toLowerCase()).join(',')}, supported ones are: ${metric.dimensions.join(',')}.`,
        ),
      );
    }
    known.push({ ...split, dimension });
  }
  return ok(known);
}

/** The resource's id, from an id or from a name with its type and group. */
function targetOf(cloud: Cloud, args: AzArguments): Result<Target, AzFailure> {
  const resource = textArgument(args, 'resource');
  const group = optionalText(args, 'resourceGroup');
  const type = optionalText(args, 'resourceType');
  const namespace = optionalText(args, 'resourceNamespace');
  const whole = type?.includes('/') === true ? type : `${namespace ?? ''}/${type ?? ''}`;
  const isId = looksLikeId(resource);
  const complete = group !== undefined && type !== undefined && !whole.startsWith('/');
  if (isId ? type !== undefined || namespace !== undefined : !complete) {
    return usageFailure(
      'usage error: --resource ID | --resource NAME --resource-group NAME --resource-type TYPE [--resource-parent PARENT] [--resource-namespace NAMESPACE]',
    );
  }
  const id = isId ? resource : resourceId(cloud, group ?? '', whole, resource);
  const parts = parseResourceId(id);
  const kind = ([BALANCER, GATEWAY] as const).find((one) => isOneOf([one], parts?.type ?? ''));
  if (parts === null || kind === undefined) {
    return refusedByAzure(notSimulated(`Metrics of ${parts?.type ?? resource}`));
  }
  const found = getResource(cloud, id, kind);
  return found === null
    ? refusedByAzure(resourceNotFound(kind, parts.resourceGroup, parts.name))
    : ok({ type: kind, id: found.id, location: found.location });
}

const AGGREGATIONS = ['None', 'Average', 'Count', 'Minimum', 'Maximum', 'Total'] as const;

interface Query {
  /** Empty: each metric's own. */
  readonly aggregations: readonly Aggregation[];
  readonly time: MetricTime;
  readonly top: number;
}

/** As many series as are listed where a query splits by dimensions, unless it says otherwise. */
const MOST_SERIES = 10;

/** Errors: those of azure-cli's parser, and what is not simulated. */
function queryOf(args: AzArguments, now: number): Result<Query, AzFailure> {
  const named = optionalList(args, 'aggregation') ?? [];
  const aggregations: Aggregation[] = [];
  for (const each of named) {
    const known = AGGREGATIONS.find((one) => isOneOf([one], each));
    if (known === undefined) {
      return usageFailure(
        `az monitor metrics list: '${each}' is not a valid value for '--aggregation'. Allowed values: ${AGGREGATIONS.join(', ')}.`,
        2,
      );
    }
    if (known !== 'None') aggregations.push(known);
  }
  const time = metricTime(args, now);
  if (!time.ok) return time;
  return ok({ aggregations, time: time.value, top: optionalNumber(args, 'top') ?? MOST_SERIES });
}

const MINUTE = 60;

/** The minutes of a query; the last may not be over yet. */
function minutesOf({ from, to }: MetricTime, now: number): readonly number[] {
  const first = Math.floor(from / MINUTE) * MINUTE;
  const end = Math.min(to, now);
  const count = Math.max(0, Math.ceil((end - first) / MINUTE));
  return Array.from({ length: count }, (_, at) => first + at * MINUTE);
}

/** Returns the series of one metric. Errors: what the health of probes cannot tell. */
function seriesOf(
  cloud: Cloud,
  { type, id }: Target,
  metric: Metric,
  splits: readonly Split[],
  { aggregations, time, top }: Query,
  args: AzArguments,
): Result<Json, AzFailure> {
  const shown = aggregations.length === 0 ? [metric.aggregation] : aggregations;
  const series = (samples: readonly Sample[], minutes: readonly number[], within = time): Json =>
    timeSeries(samples, { splits, top, aggregations: shown, time: within, minutes });
  if (!HEALTH_METRICS.includes(metric)) {
    const minutes = minutesOf(time, cloud.now);
    const samples = type === BALANCER ? balancerSamples : gatewaySamples;
    return ok(series(samples(cloud, id, metric, minutes), minutes));
  }
  const other = shown.find((one) => one !== 'Average');
  if (other !== undefined) {
    return refusedByAzure(notSimulated(`The aggregation ${other} of the health of probes`));
  }
  const timed = ['offset', 'startTime', 'endTime'].find((one) => args[one] !== undefined);
  if (timed !== undefined || time.intervalMinutes !== 1) {
    return refusedByAzure(
      notSimulated(
        `The history of the health of probes (it is known as it is now: leave out ${timed === undefined ? '--interval' : OPTION_OF[timed]})`,
      ),
    );
  }
  const last = Math.floor((cloud.now - MINUTE) / MINUTE) * MINUTE;
  return ok(series(healthSamples(cloud, id, metric, last), [last]));
}

const OPTION_OF: Readonly<Record<string, string>> = {
  offset: '--offset',
  startTime: '--start-time',
  endTime: '--end-time',
};

function isOneOf(values: readonly string[], text: string): boolean {
  return values.some((one) => one.toLowerCase() === text.toLowerCase());
}

/** As Python prints a float. */
function floatText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function rows(output: Json): readonly Readonly<Record<string, string>>[] {
  if (!isObject(output) || !isList(output['value'])) return [];
  return output['value'].flatMap((group) => {
    if (!isObject(group) || !isList(group['timeseries']) || !isObject(group['name'])) return [];
    const name = plainText(group['name']['localizedValue']);
    return group['timeseries'].flatMap((series) => {
      if (!isObject(series) || !isList(series['data']) || !isList(series['metadatavalues'])) return [];
      const metadata = series['metadatavalues'].flatMap((one) =>
        isObject(one) && isObject(one['name'])
          ? [[plainText(one['name']['localizedValue']), plainText(one['value'])] as const]
          : [],
      );
      return series['data'].flatMap((point) =>
        isObject(point)
          ? [
              {
                Timestamp: plainText(point['timeStamp']).replace('T', ' ').replace('+00:00', ''),
                Name: name,
                ...Object.fromEntries(metadata),
                ...Object.fromEntries(
                  Object.entries(point).flatMap(([field, value]) =>
                    typeof value === 'number'
                      ? [[field, field === 'count' ? String(value) : floatText(value)]]
                      : [],
                  ),
                ),
              },
            ]
          : [],
      );
    });
  });
}

const TARGET = { group: 'Target Resource' } as const;
const TIME = { group: 'Time' } as const;

const options: readonly AzOption[] = [
  text('--resource', 'Name or ID of the target resource.', { ...TARGET, required: true }),
  text('--resource-group -g', 'Name of resource group.', TARGET),
  text('--resource-namespace', 'Target resource provider namespace.', TARGET),
  text('--resource-type', 'Target resource type.', TARGET),
  ...refused('resources inside others', '--resource-parent'),
  list('--aggregation', 'The aggregations to retrieve: Average, Count, Maximum, Minimum, Total.'),
  list('--dimension', 'The metric dimensions (properties) the metric is split by.'),
  text('--filter', "A string used to reduce the set of metric data returned: DIMENSION eq '*' [and ...]."),
  list('--metrics', 'Space-separated list of metric names to retrieve.'),
  text('--namespace', 'Namespace to query metric definitions for: the type of the resource.'),
  integer('--top', 'Max number of series to retrieve where they are split. Default: 10.'),
  text('--interval', 'The interval over which to aggregate metrics, in ##h##m format.', {
    ...TIME,
    default: '1m',
  }),
  text('--offset', 'Time offset of the query range, in ##d##h format.  Default: 1h.', TIME),
  list('--start-time', 'Start time of the query: 2026-09-01T09:00:00Z.', TIME),
  list('--end-time', 'End time of the query. Defaults to the current time.', TIME),
  ...refused('sorting series', '--orderby'),
  ...refused('the list of dimension values without data', 'flag:--metadata'),
];

export const metricsCommands: readonly AzCommand[] = [
  {
    path: ['monitor', 'metrics', 'list'],
    summary: 'List the metric values for a resource.',
    options,
    examples: [
      {
        does: 'Show for each backend of a load balancer how many of its probes succeeded.',
        line: 'az monitor metrics list --resource $LB_ID --metrics DipAvailability --dimension BackendIPAddress FrontendPort -o table',
      },
      {
        does: 'Show by minute how many outbound connections of each machine found no source port.',
        line: `az monitor metrics list --resource $LB_ID --metrics SnatConnectionCount --filter "BackendIPAddress eq '*' and ConnectionState eq 'Failed'" --offset 10m -o table`,
      },
    ],
    run: (cloud, args) => {
      const query = queryOf(args, cloud.now);
      if (!query.ok) return query;
      const target = targetOf(cloud, args);
      if (!target.ok) return target;
      const { id, type, location } = target.value;
      const namespace = optionalText(args, 'namespace');
      if (namespace !== undefined && !isOneOf([type], namespace)) {
        return refusedByAzure(notSimulated(`The namespace ${namespace} of a resource of type ${type}`));
      }
      const names = optionalList(args, 'metrics')?.flatMap((one) => one.split(','));
      if (names === undefined) {
        return refusedByAzure(notSimulated('A query of metrics without --metrics'));
      }
      const value: Json[] = [];
      let { time } = query.value;
      for (const name of names) {
        const metric = metricOf(type, name);
        if (!metric.ok) return metric;
        if (HEALTH_METRICS.includes(metric.value)) time = { ...time, from: cloud.now - MINUTE };
        const splits = splitsOf(args, metric.value);
        if (!splits.ok) return splits;
        const series = seriesOf(cloud, target.value, metric.value, splits.value, query.value, args);
        if (!series.ok) return series;
        value.push({
          displayDescription: metric.value.description,
          errorCode: 'Success',
          id: `${id}/providers/Microsoft.Insights/metrics/${metric.value.value}`,
          name: { localizedValue: metric.value.localizedValue, value: metric.value.value },
          resourceGroup: parseResourceId(id)?.resourceGroup ?? '',
          timeseries: series.value,
          type: 'Microsoft.Insights/metrics',
          unit: 'Count',
        });
      }
      return ok({
        cloud,
        table: rows,
        output: {
          cost: isOfHealth(names) ? 0 : Math.max(0, Math.round((time.to - time.from) / MINUTE) - 1),
          interval: intervalText(time.intervalMinutes),
          namespace: type,
          resourceregion: location,
          timespan: `${minuteText(time.from)}/${minuteText(time.to)}`,
          value,
        },
      });
    },
  },
];

/** A query of one minute costs nothing. */
function isOfHealth(names: readonly string[]): boolean {
  return names.every((name) => HEALTH_METRICS.some(({ value }) => isOneOf([value], name)));
}
