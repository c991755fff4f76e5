import type { Lab, Task } from './lab.ts';

/** The brief, the objectives and the tasks with their questions, as Markdown. */
export function tasksAsMarkdown(lab: Lab): string {
  const parts = [
    `# ${lab.title}`,
    lab.brief.trim(),
    `You will practise to:\n\n${lab.objectives.map((objective) => `- ${objective}`).join('\n')}`,
    ...lab.tasks.map((task, at) => taskAsMarkdown(task, at + 1)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function taskAsMarkdown(task: Task, number: number): string {
  const questions = task.checks.flatMap((check) =>
    check.kind === 'answer' ? [`- \`answer ${check.key} VALUE\`: ${check.question}`] : [],
  );
  const text = [`## ${number}. ${task.title}`, task.text.trim()];
  return (questions.length === 0 ? text : [...text, questions.join('\n')]).join('\n\n');
}
