/** A hint that leads to a refusal is worse than none. */
import { expect, test } from 'vitest';
import { labIds, readLab } from '../../src/cli/lab/folder.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import { createSession } from '../../src/shell/session.ts';

/** What a learner reads before the checks. */
async function textsOf(id: string): Promise<readonly string[]> {
  const { lab } = await readLab(id);
  return [lab.brief, ...lab.tasks.flatMap(({ text, hints }) => [text, ...hints])];
}

test.each(labIds())('kubectl of the texts and hints of %s runs here', async (id) => {
  const texts = await textsOf(id);
  const verbs = new Set(
    texts.flatMap((text) => [...text.matchAll(/`[^`]*?\bkubectl ([a-z]+)/g)].map(([, verb = '']) => verb)),
  );
  const session = createSession({ cloud: newCloud({}) });
  for (const verb of verbs) {
    const { stdout, stderr } = await session.run(`kubectl ${verb} --help`);
    expect(stderr, `kubectl ${verb}`).not.toMatch(/not simulated|unknown command/);
    expect(stdout, `kubectl ${verb}`).not.toBe('');
  }
});
