import { useId, type ReactNode } from 'react';
import { shown } from '../logic/text';

/// A part of a page under a heading, which may be in the words of others.
export function Card({ title, actions, children, className = '' }: { title: string; actions?: ReactNode; children: ReactNode; className?: string }) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header><h2 id={id}>{shown(title)}</h2>{actions && <div className="actions">{actions}</div>}</header>
      {children}
    </section>
  );
}
