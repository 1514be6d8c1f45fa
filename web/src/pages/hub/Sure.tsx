import { useState, type ReactNode } from 'react';
import { changed } from '../../api/hub';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// A button for what cannot be taken back: says what it does before it does it.
export function Sure({ label, name, title, act, children }: { label: string; name: string; title: string; act: () => Promise<unknown>; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const work = useWork();
  async function go() {
    if (await work.run(act) === undefined) return;
    setOpen(false);
    await changed();
  }
  return (
    <>
      <button type="button" className="small danger" onClick={() => setOpen(true)} aria-label={`${label}: ${name}`}>{label}</button>
      <Modal open={open} onClose={() => setOpen(false)} title={title}>
        {children}
        <ProblemNote failure={work.failure} />
        <div className="row dialog-end"><button type="button" className="danger" disabled={work.busy} onClick={go}>{label}</button><button type="button" onClick={() => setOpen(false)}>Leave it</button></div>
      </Modal>
    </>
  );
}
