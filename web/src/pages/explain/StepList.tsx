import type { ExplainStep } from '../../api/types';
import { eventHref, TONES } from '../../logic/explain';
import { Id } from '../../ui/Id';
import { Remote } from '../../ui/Remote';
import './explain.css';

/// The way of a change, step by step. What a step names can be asked about next.
export function StepList({ steps, space }: { steps: ExplainStep[]; space: string }) {
  return (
    <ol className="steps" aria-label="Step by step">
      {steps.map((step, index) => (
        <li key={index} className={`step tone-${step.tone}`}>
          <span className="mark" role="img" aria-label={TONES[step.tone].name}>{TONES[step.tone].mark}</span>
          <span>
            <Remote text={step.says} />
            {step.events.length > 0 && <span className="next">{step.events.map(event => <a key={event} href={eventHref(event, space)} aria-label={`Explain event ${event.slice(0, 8)}`}><Id id={event} /></a>)}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
