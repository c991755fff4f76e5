import { describe, expect, test } from 'vitest';
import { noProxyCalculator, runNoProxy } from '../../../src/planner/calculators/no-proxy.ts';
import type { NoProxyPlan } from '../../../src/planner/calculators/no-proxy.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import type { FlagValues } from '../../../src/planner/input.ts';
import { NO_PROXY_STARTS } from '../../../src/planner/no-proxy-starts.ts';
import { commandOf } from '../../../src/ui/calc/url-state.ts';

function planOf(values: FlagValues): NoProxyPlan {
  const plan = runNoProxy(values);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function issuesOf(values: FlagValues): readonly string[] {
  const plan = runNoProxy(values);
  return plan.ok ? [] : plan.error.map(({ flag, message }) => `${flag}: ${message}`);
}

describe('who goes where', () => {
  test('one URL names the clients', () => {
    expect(planOf({ list: ['10.0.0.0/16'], url: ['https://10.0.0.1/api'] }).verdict).toBe(
      '10.0.0.1: the clients differ. curl, Go and Python requests go direct; curl before 7.86, Python urllib and GNU wget ask the proxy.',
    );
  });

  test('several are counted', () => {
    const url = ['https://10.0.0.1/ https://contoso.com/ https://fabrikam.com/'];
    expect(planOf({ list: ['10.0.0.0/16,contoso.com'], url }).verdict).toBe(
      'Of 3 URLs: 1 direct for every client, 1 through the proxy for every client, on 1 the clients differ.',
    );
  });

  test('clients that read no list are shown and not compared', () => {
    const plan = planOf({ list: ['contoso.com'], url: ['http://contoso.com/'] });
    expect(plan.answer.urls[0]?.answers.map(({ client }) => client)).toContain('busybox-wget');
    expect(plan.answer.urls[0]?.differs).toBe(false);
  });

  test('what clients say alike of an entry is told once', () => {
    const [url] = planOf({ list: ['localhost'], url: ['http://contoso.com/'] }).answer.urls;
    expect(url?.entries).toMatchObject([
      {
        entry: 'localhost',
        groups: [{ matches: false, why: 'contoso.com is neither localhost nor below it' }],
      },
    ]);
  });
});

describe('variables', () => {
  test('a spelling counts where it is given as a variable', () => {
    const url = ['http://contoso.com/'];
    const clients = (values: FlagValues) =>
      planOf({ ...values, url })
        .answer.urls[0]?.answers.filter(({ choice }) => choice.kind === 'proxy')
        .map(({ client }) => client);
    const read = ['go', 'python-urllib', 'python-requests'];
    expect(clients({ env: ['HTTP_PROXY=http://10.20.0.4:8080'] })).toEqual(read);
    expect(clients({ HTTP_PROXY: ['http://10.20.0.4:8080'] })).toEqual(read);
    // As Windows saves a file.
    expect(clients({ env: ['HTTP_PROXY=http://10.20.0.4:8080\r\nNO_PROXY=a.test\r\n'] })).toEqual(read);
    expect(clients({ 'http-proxy': ['http://10.20.0.4:8080'] })).toHaveLength(7);
  });

  test('the environment of a pod is read as printed, whatever else stands there', () => {
    const env =
      'PATH=/usr/bin\nexport HTTPS_PROXY="http://10.20.0.4:8080"\nNO_PROXY=a.test, b.test\nHOME=/root\n';
    const { answer } = planOf({ env: [env], url: ['https://b.test/'] });
    expect(answer.question.env).toEqual({ HTTPS_PROXY: 'http://10.20.0.4:8080', NO_PROXY: 'a.test, b.test' });
    const described = 'HTTPS_PROXY:  http://10.20.0.4:8080';
    expect(planOf({ env: [described], url: ['https://b.test/'] }).answer.question.env).toEqual({
      HTTPS_PROXY: 'http://10.20.0.4:8080',
    });
  });

  test('the configuration of a cluster is taken with what AKS added', () => {
    const config = {
      effectiveNoProxy: ['konnectivity', '10.0.0.0/16'],
      httpProxy: 'http://10.20.0.4:8080',
      noProxy: [],
    };
    const { answer } = planOf({ list: [JSON.stringify(config)], url: ['https://10.0.0.1/'] });
    expect(answer.question.list).toBe('konnectivity,10.0.0.0/16');
    expect(answer.question.env).toMatchObject({ https_proxy: 'http://10.20.0.4:8080' });
  });
});

describe('warnings', () => {
  test.each([
    ['*.contoso.com', 'only Go reads a star in front'],
    ['contoso.*', 'no client reads a star there'],
    ['a.test,*', 'beside other entries only Go'],
    ['10.0.0.0/16', 'urllib, wget and curl before 7.86 compare text'],
    ['0.0.0.0/0', 'only Go takes it for every address'],
    ['fd00::/8', 'which only Go reads'],
    ['10.0.', 'Write 10.0.0.0/16.'],
    ['10.0.*', 'Write 10.0.0.0/16.'],
    ['10.0.0.1-10.0.0.9', 'no client reads a range from one address to another'],
    ['http://contoso.com/', 'Write contoso.com.'],
    ['contoso.com/path', 'neither a range nor a host'],
    ['contoso.com:443', 'with a port only Go and Python'],
    ['.contoso.com', 'Go and wget leave out contoso.com itself'],
    ['contoso.com.', 'Write contoso.com.'],
    ['a.test b.test', 'Use commas.'],
    ['a.test ,b.test', 'wget keeps a blank'],
    ['"contoso.com"', 'the quotes are part of the entry'],
    ['10.0.0.0/33', 'no range of IPv4'],
    ['10.0.0.300/24', 'no range of IPv4'],
  ])('%s', (list, words) => {
    const { warnings } = planOf({ list: [list], url: ['http://fabrikam.com/'] }).answer;
    expect(warnings.filter((each) => each.includes(words))).toHaveLength(1);
  });

  test.each(['contoso.com,10.0.0.4,.svc,.cluster.local,localhost', '*'])('none about %s', (list) => {
    expect(planOf({ list: [list], url: ['http://fabrikam.com/'] }).answer.warnings).toEqual([]);
  });

  test('a proxy that is no URL', () => {
    const url = ['http://fabrikam.com/'];
    const { warnings } = planOf({ list: ['a.test'], url, 'http-proxy': ['ht!tp://10.20.0.4:8080'] }).answer;
    expect(warnings).toEqual([expect.stringContaining('(http_proxy, HTTP_PROXY): no URL of a proxy')]);
    const fine = planOf({ list: ['a.test'], url, 'http-proxy': ['http://u:p@proxy_1.test:8080/'] }).answer;
    expect(fine.warnings).toEqual([]);
  });

  test('names of Services that ask the proxy', () => {
    const url = ['http://web/ http://web.shop.svc.cluster.local/'];
    const { warnings } = planOf({ list: ['10.0.0.0/16'], url }).answer;
    expect(warnings.at(-2)).toContain('web: a name without a dot');
    expect(warnings.at(-1)).toBe(
      'web.shop.svc.cluster.local: names inside of the cluster. Add .svc and .cluster.local.',
    );
  });
});

test.each([
  [{}, ['list: is missing.', 'url: is missing.']],
  [{ list: ['a'], url: ['ftp://a/'] }, ['url: ftp://a/: ftp:// is neither http:// nor https://.']],
  [{ list: ['a'], url: ['ht!tp://a/'] }, ['url: ht!tp://a/: "ht!tp" is no scheme.']],
  [
    { list: ['a'], env: ['NO_PROXY=b'], url: ['a'] },
    ['list: NO_PROXY is given too, and one of them has to go.'],
  ],
  [{ env: ['what'], url: ['a'] }, ['env: "what" is no NAME=VALUE.']],
  [{ list: ['{"a":'], url: ['a'] }, ['list: is no JSON that can be read.']],
  [
    { list: ['{"a":1}'], url: ['a'] },
    ['list: the JSON has no list of texts: neither effectiveNoProxy nor noProxy.'],
  ],
  [{ list: ['bücher.test'], url: ['a'] }, ['list: "ü" is no letter of a host as clients compare it.']],
  [{ list: ['a'], url: ['a'], client: ['lynx'] }, ['client: "lynx" is no client that is known here.']],
])('refused: %j', (values, issues) => {
  expect(issuesOf(values)).toEqual(issues);
});

test.each(NO_PROXY_STARTS)('the start $label is the same in a terminal', ({ draft }) => {
  const values = Object.fromEntries(Object.entries(draft).map(([name, text]) => [name, [text]]));
  const onPage = noProxyCalculator.run(values);
  // No shell stands between: what it would take off is taken off here.
  const words =
    commandOf(noProxyCalculator, draft)
      .match(/'[^']*'|\S+/g)
      ?.slice(5) ?? [];
  const { stdout } = runCalc([...words.map((word) => word.replace(/^'|'$/g, '')), '--json']);
  expect(onPage.ok && JSON.parse(stdout)).toEqual(onPage.ok && onPage.value.json);
});
