/** Keeps a prediction's outcome out of the document until the reader has committed to an answer. */
import { NOT_KEPT, recall, remember, whenRemembered } from '../memory/page-memory.ts';

export function connectPrediction(box: HTMLElement): void {
  const form = box.querySelector('form');
  const details = box.querySelector('details');
  const said = box.querySelector('.said');
  const hint = box.querySelector('.hint');
  const memory = box.dataset.memory;
  if (!form || !details || !said || !hint || memory === undefined) return;
  const { answer } = box.dataset;

  const settle = (prediction: string, outcome: 'open' | 'closed'): void => {
    said.textContent = sentence(prediction, answer);
    box.dataset.committed = '';
    for (const control of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')) {
      control.disabled = true;
      if (control instanceof HTMLInputElement) control.checked = control.value === prediction;
      else control.value = prediction;
    }
    if (!details.isConnected) box.append(details);
    details.open = outcome === 'open';
    if (outcome === 'open') details.querySelector('summary')?.focus();
  };

  const remembered = recall('prediction', memory);
  if (typeof remembered === 'string') {
    settle(remembered, 'closed');
    return;
  }
  details.remove();
  whenRemembered('prediction', memory, (value) => {
    if (typeof value === 'string' && box.dataset.committed === undefined) settle(value, 'closed');
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const prediction = predictionIn(form);
    if (prediction === null) {
      hint.textContent = 'Choose an answer first; a guess will do.';
      form.querySelector<HTMLElement>('input, textarea')?.focus();
      return;
    }
    const memorised = remember('prediction', memory, prediction);
    settle(prediction, 'open');
    void memorised.then((kept) => {
      if (kept === 'kept') return;
      const note = document.createElement('p');
      note.className = 'not-kept';
      note.textContent = NOT_KEPT;
      details.before(note);
    });
  });
}

function predictionIn(form: HTMLFormElement): string | null {
  const field = form.querySelector<HTMLInputElement | HTMLTextAreaElement>('input:checked, textarea');
  const text = field?.value.trim() ?? '';
  return text === '' ? null : text;
}

function sentence(prediction: string, answer: string | undefined): string {
  if (answer === undefined) return 'Compare with what happens';
  return prediction === answer ? 'As you predicted. What happens' : `It is “${answer}”. What happens`;
}
