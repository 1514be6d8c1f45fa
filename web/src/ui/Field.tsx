import { useId, type ReactNode } from 'react';

/// A label, what it labels and a hint that is read out with it.
export function Field({ label, hint, children }: { label: string; hint?: ReactNode; children: (ids: { id: string; 'aria-describedby': string | undefined }) => ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': hint ? `${id}-hint` : undefined })}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}
