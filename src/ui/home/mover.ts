/** Sends the packet of the home page on its way: shows the journey of the chosen pair. */
interface Journey {
  readonly delivered: boolean;
  readonly verdict: string;
  readonly sentence: string;
  readonly hops: readonly { readonly place: string; readonly action: string }[];
  readonly wide: string;
  readonly narrow: string;
}

/** CSS pixels per second of the packet's flight. */
const SPEED = 520;

export function connectMover(root: HTMLElement): void {
  const form = root.querySelector('form');
  const data = root.querySelector('.journeys')?.textContent;
  if (!form || data === undefined || data === null) return;
  // Written by the build from the same type; see journeys.ts.
  const journeys = JSON.parse(data) as Readonly<Record<string, Journey>>;
  const sides = { from: [...radios(form, 'from')], to: [...radios(form, 'to')] };
  const chosen = (side: 'from' | 'to'): string => sides[side].find((radio) => radio.checked)?.value ?? '';

  const update = (): void => {
    for (const radio of sides.from) radio.disabled = radio.value === chosen('to');
    for (const radio of sides.to) radio.disabled = radio.value === chosen('from');
    const journey = journeys[`${chosen('from')}>${chosen('to')}`];
    if (journey !== undefined) show(root, journey);
  };
  form.addEventListener('change', update);
  root.querySelector('.again')?.addEventListener('click', update);
  // A browser that comes back to the page may have kept another choice.
  window.addEventListener('pageshow', update);
}

function radios(form: HTMLFormElement, name: string): NodeListOf<HTMLInputElement> {
  return form.querySelectorAll(`input[name=${name}]`);
}

function show(root: HTMLElement, journey: Journey): void {
  const verdict = root.querySelector<HTMLElement>('.verdict');
  if (verdict) {
    verdict.textContent = journey.verdict;
    verdict.dataset.delivered = String(journey.delivered);
  }
  const sentence = root.querySelector('.sentence');
  if (sentence) sentence.innerHTML = journey.sentence;
  root.querySelector('.hops')?.replaceChildren(
    ...journey.hops.map(({ place, action }) => {
      const item = document.createElement('li');
      const name = document.createElement('b');
      name.textContent = place;
      const text = document.createElement('span');
      text.innerHTML = action;
      item.append(name, text);
      return item;
    }),
  );
  for (const diagram of root.querySelectorAll<SVGSVGElement>('.diagram')) {
    send(diagram, diagram.classList.contains('wide') ? journey.wide : journey.narrow, journey.delivered);
  }
}

function send(diagram: SVGSVGElement, way: string, delivered: boolean): void {
  const numbers = [...way.matchAll(/-?[\d.]+/g)].map(Number);
  const [startX = 0, startY = 0] = numbers;
  const [endX = 0, endY = 0] = numbers.slice(-2);
  for (const line of diagram.querySelectorAll('.line')) line.setAttribute('d', way);
  diagram.querySelector('.start')?.setAttribute('transform', `translate(${startX} ${startY})`);
  diagram.querySelector('.finish')?.setAttribute('transform', `translate(${endX} ${endY})`);
  diagram.dataset.ending = delivered ? 'arrives' : 'ends';
  const packet = diagram.querySelector<SVGElement>('.packet');
  const travelled = diagram.querySelector<SVGPathElement>('.travelled');
  if (!packet || !travelled) return;
  packet.style.setProperty('offset-path', `path('${way}')`);
  for (const each of [packet, travelled]) for (const animation of each.getAnimations()) animation.cancel();
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  let length = 0;
  for (let at = 2; at < numbers.length; at += 2) {
    length += Math.hypot(
      (numbers[at] ?? 0) - (numbers[at - 2] ?? 0),
      (numbers[at + 1] ?? 0) - (numbers[at - 1] ?? 0),
    );
  }
  const options = { duration: Math.max(500, (length / SPEED) * 1000), easing: 'cubic-bezier(.45,.05,.4,1)' };
  packet.animate([{ offsetDistance: '0%' }, { offsetDistance: '100%' }], options);
  travelled.animate([{ strokeDashoffset: '1' }, { strokeDashoffset: '0' }], options);
}
