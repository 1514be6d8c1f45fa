import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

/// A dialog over the page: Escape and the button close it, the keyboard stays inside.
export function Modal({ open, onClose, title, children }: { open: boolean; onClose: () => void; title: string; children: ReactNode }) {
  return (
    <Dialog.Root open={open} onOpenChange={now => { if (!now) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="modal">
          <header><Dialog.Title>{title}</Dialog.Title><Dialog.Close className="quiet" aria-label="Close">✕</Dialog.Close></header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
