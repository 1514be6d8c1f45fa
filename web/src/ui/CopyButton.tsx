import { useState } from 'react';

/// Puts text on the clipboard, and says so.
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState('');
  const copy = () => navigator.clipboard.writeText(text).then(() => setSaid('Copied'), () => setSaid('The browser does not allow it: select the text and copy it.'));
  return <><button type="button" onClick={copy}>{label}</button> <span role="status">{said}</span></>;
}
