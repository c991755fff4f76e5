/** What somebody has entered into a calculator before its script was there. */
import type { Calculator } from '../../planner/calculator.ts';
import type { Draft } from './url-state.ts';

/** Returns the fields that differ from the page as the server sent it; nothing where there is no page. */
export function typedEarly(calculator: Calculator): Draft {
  if (typeof document === 'undefined') return {};
  return Object.fromEntries(
    calculator.flags.flatMap(({ name, takes }) => {
      const controls = [...document.querySelectorAll(`.calc-form [name="${name}"]`)];
      if (!controls.some(isChanged)) return [];
      const [first] = controls;
      if (first instanceof HTMLInputElement && first.type === 'checkbox') {
        const ticked = controls.filter((each) => each instanceof HTMLInputElement && each.checked);
        if (takes !== 'many') return [[name, ticked.length > 0 ? 'yes' : '']];
        return [[name, ticked.map((each) => each.getAttribute('value') ?? '').join(',')]];
      }
      return [[name, isTextual(first) ? first.value : '']];
    }),
  );
}

type Textual = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function isTextual(control: Element | undefined): control is Textual {
  return (
    control instanceof HTMLInputElement ||
    control instanceof HTMLTextAreaElement ||
    control instanceof HTMLSelectElement
  );
}

function isChanged(control: Element): boolean {
  if (control instanceof HTMLInputElement && control.type === 'checkbox')
    return control.checked !== control.defaultChecked;
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)
    return control.value !== control.defaultValue;
  if (control instanceof HTMLSelectElement)
    return [...control.options].some((option) => option.selected !== option.defaultSelected);
  return false;
}
