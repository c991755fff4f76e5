/** Gives a transcript its copy button: the commands without prompts, comments and output. */
export function connectCopy(block: HTMLElement): void {
  const button = block.querySelector<HTMLButtonElement>('.copy');
  const word = button?.firstChild;
  if (!button || !word || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const commands = [...block.querySelectorAll('[data-command]')].map((each) => each.textContent);
    navigator.clipboard.writeText(`${commands.join('\n')}\n`).then(
      () => say('Copied'),
      () => say('Not allowed'),
    );
  });
  const say = (text: string): void => {
    word.textContent = text;
    setTimeout(() => {
      word.textContent = 'Copy';
    }, 1500);
  };
}
