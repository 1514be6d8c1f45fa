import type { ReactNode } from 'react';

/// Nothing to show, and why.
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty"><p><strong>{title}</strong></p>{children}</div>;
}
