import { useId, type ReactNode } from 'react';

/// A part of a page under a heading.
export function Card({ title, actions, children, className = '' }: { title: string; actions?: ReactNode; children: ReactNode; className?: string }) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header><h2 id={id}>{title}</h2>{actions && <div className="actions">{actions}</div>}</header>
      {children}
    </section>
  );
}
