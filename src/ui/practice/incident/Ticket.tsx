import type { Briefing } from '../../../lab/incident-world.ts';

/** What a colleague writes, and what people notice, as the model has it. */
export function Ticket({ briefing }: { readonly briefing: Briefing }) {
  return (
    <div class="ticket">
      <h3>The ticket</h3>
      <blockquote>{briefing.ticket}</blockquote>
      {briefing.symptoms.length > 0 && (
        <>
          <h3>What people notice</h3>
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
