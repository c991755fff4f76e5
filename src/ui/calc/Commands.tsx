/** Commands that make what a calculator proposes. */
import { unbrokenWords } from './unbroken.tsx';

interface CommandsProps {
  readonly title: string;
  readonly commands: readonly string[];
}

export function Commands({ title, commands }: CommandsProps) {
  if (commands.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>{title}</h2>
      {commands.map((each) => (
        <p key={each} class="calc-create">
          <code>{unbrokenWords(each)}</code>
        </p>
      ))}
    </section>
  );
}
