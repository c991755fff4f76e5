/** What is wrong with a field, below it. */
import type { InputIssue } from '../../planner/input.ts';

export function Issues({ id, issues }: { readonly id: string; readonly issues: readonly InputIssue[] }) {
  return (
    <div id={id} class="calc-error">
      {issues.map(({ message, instead }) => (
        <p key={message}>
          {message}
          {instead === null ? '' : ` Try ${instead}`}
        </p>
      ))}
    </div>
  );
}
