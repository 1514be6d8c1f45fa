import { signOut } from '../../api/session';
import { Card } from '../../ui/Card';
import { Remote } from '../../ui/Remote';

/// How one gets in, and how to shut others out.
export function AccessCard({ tokenFile }: { tokenFile: string }) {
  return (
    <Card title="Access">
      <p>This browser was let in by a link that worked once. It has a cookie for this node that no script can read and that ends after 30 days; the node’s token was never given to it. <code>./waggle page</code> prints a link for another browser.</p>
      <p>Programs on this machine speak to the node with its token, which is in <code><Remote text={tokenFile} /></code>; only you can read it. To shut out all browsers and programs at once, stop the node, delete that file and start it again: it makes another.</p>
      <p><button type="button" onClick={() => void signOut()}>Sign this browser out</button></p>
      <p className="soft">Nobody on another machine reaches the page: the node serves it on loopback only.</p>
    </Card>
  );
}
