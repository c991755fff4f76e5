import { expect, test } from 'vitest';
import type { LabReport } from '../../../src/lab/lab.ts';
import { reportToJunit } from '../../../src/lab/report-junit.ts';

const REPORT: LabReport = {
  lab: 'toy',
  title: 'Toy',
  seed: 'a&b',
  passed: false,
  script: null,
  bugs: [],
  tasks: [
    {
      id: 'one',
      title: 'First "task"',
      passed: false,
      checks: [
        { id: 'good', kind: 'flow', evidence: 'it works', passed: true, detail: ['fine'] },
        {
          id: 'bad',
          kind: 'invariant',
          evidence: `it's <b> & "q"\nsecond line`,
          passed: false,
          detail: [
            'a < b && c > d ]]>',
            'bell \u0007, tab\t, return\r, lone \ud800 end, \ufffe, pair \u{1f600}',
          ],
        },
      ],
    },
  ],
};

test('a report becomes JUnit XML with every special character escaped', () => {
  expect(reportToJunit(REPORT)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="toy" tests="2" failures="1" errors="0">
  <testsuite name="toy.one" tests="2" failures="1" errors="0" skipped="0">
    <properties>
      <property name="seed" value="a&amp;b"/>
      <property name="title" value="First &quot;task&quot;"/>
    </properties>
    <testcase name="good" classname="toy.one"/>
    <testcase name="bad" classname="toy.one">
      <failure message="it&apos;s &lt;b&gt; &amp; &quot;q&quot;&#10;second line" type="invariant">a &lt; b &amp;&amp; c &gt; d ]]&gt;
bell \ufffd, tab\t, return&#13;, lone \ufffd end, \ufffd, pair \u{1f600}</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
});
