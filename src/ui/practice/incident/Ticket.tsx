import type { Briefing } from '../../../lab/incident-world.ts';

interface Props {
  readonly briefing: Briefing;
  /** Of the level that fits where it stands. */
  readonly heading: 'h2' | 'h3';
}

/** What a colleague writes, and what people notice, as the model has it. */
export function Ticket({ briefing, heading: Heading }: Props) {
  return (
    <div class="ticket">
      <Heading>The ticket</Heading>
      <blockquote>{briefing.ticket}</blockquote>
      {briefing.symptoms.length > 0 && (
        <>
          <Heading>What people notice</Heading>
          <ul>
            {briefing.symptoms.map((symptom) => (
              <li key={symptom}>{symptom}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
