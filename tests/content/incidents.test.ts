/** Every lab that is an incident too, with every cause: what is told, what it was, and the path that finds it. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { labIds, readLab } from '../../src/cli/lab/folder.ts';
import { changesMade } from '../../src/lab/changes-made.ts';
import { briefingOf, truthOf } from '../../src/lab/incident-world.ts';
import { ENDS, LOOKS, SUSPECTS, type LabIncident } from '../../src/lab/incident.ts';
import type { LabReport } from '../../src/lab/lab.ts';
import { buildStart, gradeNow, runScript, startFrom, type LabStart } from '../../src/lab/run.ts';
import { lookOf, commandsIn } from '../../src/practice/diagnosis-path.ts';
import { readCourseFolder } from '../../src/ui/course/folder.ts';
import { pagesOf, readingOrder } from '../../src/ui/course/reading-order.ts';

const root = new URL('../../', import.meta.url).pathname;
const incidents = await Promise.all(
  labIds()
    .filter((id) => existsSync(`${root}labs/${id}/incident.ts`))
    .map(async (id) => {
      const module = (await import(`../../labs/${id}/incident.ts`)) as { readonly default: LabIncident };
      return { id, source: await readLab(id), incident: module.default };
    }),
);
const course = readCourseFolder(`${root}content`);
const pages = new Set(pagesOf(readingOrder(course.files, course.titles)));

test('there are at least twelve causes from at least four modules', () => {
  expect(incidents.flatMap(({ source }) => source.lab.seeds).length).toBeGreaterThanOrEqual(12);
  expect(new Set(incidents.map(({ source }) => source.lab.module)).size).toBeGreaterThanOrEqual(4);
});

function failing(report: LabReport, tasks: readonly string[]): readonly string[] {
  return report.tasks
    .filter(({ id }) => tasks.includes(id))
    .flatMap(({ checks }) => checks)
    .filter(({ passed }) => !passed)
    .map(({ id, detail }) => `${id}: ${detail.join(' ')}`);
}

describe.each(incidents)('incident of $id', ({ source, incident }) => {
  const { lab } = source;
  const starts = new Map<string, Promise<LabStart>>();
  const startOf = (seed: string): Promise<LabStart> => {
    const start = starts.get(seed) ?? buildStart(source, seed);
    starts.set(seed, start);
    return start;
  };

  test('names tasks, a diagnosis and lessons that there are', () => {
    const tasks = lab.tasks.map(({ id }) => id);
    expect(tasks).toContain(lab.diagnosis);
    expect(incident.mend.filter((id) => !tasks.includes(id))).toEqual([]);
    expect(incident.mend).not.toContain(lab.diagnosis);
    expect(incident.lessons.filter((slug) => !pages.has(slug))).toEqual([]);
  });

  test('its commands count as the evidence that they are', () => {
    for (const { look, command } of incident.evidence) {
      expect(commandsIn(command).map(lookOf), command).toContain(look);
    }
    expect(new Set(incident.evidence.map(({ look }) => look)).size).toBe(incident.evidence.length);
  });

  test('changes the brief where it is meant to', () => {
    if (incident.brief === undefined) return;
    expect(incident.brief(lab.brief)).not.toBe(lab.brief);
    // What is left are whole sentences.
    expect(incident.brief(lab.brief)).not.toMatch(/;\s+[A-Z]/);
  });

  test.each(lab.seeds)(
    '%s: the briefing tells what is noticed, and offers what it was among more',
    async (seed) => {
      const { start } = startFrom(source, await startOf(seed));
      const briefing = briefingOf(lab, incident, start);
      const truth = truthOf(lab, incident, start);
      expect(briefing.ticket.length).toBeGreaterThan(40);
      expect(briefing.symptoms.length).toBeGreaterThan(0);
      expect(truth.ends.length).toBeGreaterThan(0);
      expect(truth.suspects.filter((each) => !briefing.suspects.includes(each))).toEqual([]);
      expect(truth.ends.filter((each) => !briefing.ends.includes(each))).toEqual([]);
      expect(briefing.suspects.length).toBeGreaterThanOrEqual(truth.suspects.length + 6);
      expect(briefing.ends.length).toBeGreaterThanOrEqual(truth.ends.length + 6);
      // What is told before the hypothesis names none of what can be chosen.
      const told = [briefing.ticket, ...briefing.symptoms].join('\n');
      for (const word of [
        ...Object.keys(ENDS),
        'security group',
        'NSG',
        'route table',
        'peering',
        'probe',
        'SNAT',
      ]) {
        if (word !== 'refused' && word !== 'loop') expect(told).not.toContain(word);
      }
      expect(Object.keys(SUSPECTS)).toEqual(expect.arrayContaining([...truth.suspects]));
      expect(Object.keys(ENDS)).toEqual(expect.arrayContaining([...truth.ends]));
    },
  );

  test.each(lab.seeds)(
    '%s: each command of the path prints something, and a solution is a straight repair',
    async (seed) => {
      for (const { command, look } of incident.evidence) {
        expect(Object.keys(LOOKS)).toContain(look);
        const { session } = startFrom(source, await startOf(seed));
        const { stdout, stderr } = await session.run(command);
        expect(stdout + stderr, command).toMatch(/\S/);
        expect(stdout + stderr, command).not.toMatch(
          /command not found|unrecognized|syntax error|jq: error|usage:/i,
        );
        expect(session.bugs).toEqual([]);
      }
      const running = startFrom(source, await startOf(seed));
      await runScript(running, source.solutions[0]?.text ?? '');
      expect(failing(await gradeNow(running, null), incident.mend)).toEqual([]);
      const changes = changesMade(running, incident.mend);
      expect(changes.length).toBeGreaterThan(0);
      expect(changes.length).toBeLessThanOrEqual(incident.straight);
      expect(changes.flatMap(({ broke }) => broke)).toEqual([]);
      expect(changes.filter(({ effect }) => effect === 'taken-back')).toEqual([]);
    },
  );
});
