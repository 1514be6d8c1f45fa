import { Card } from '../../ui/Card';
import { Remote } from '../../ui/Remote';

/// How one gets in, and how to shut others out.
export function AccessCard({ tokenFile }: { tokenFile: string }) {
  return (
    <Card title="Access">
      <p>The page and all other programs on this machine speak to the node with its token. <code>./waggle up</code> prints a link that carries it behind a <code>#</code>, which browsers never send; this tab took it from there and keeps it
        until it is closed. So every new tab needs the link again, and a link that somebody else sees opens the node to whoever can reach this machine’s loopback address.</p>
      <p>The token is in <code><Remote text={tokenFile} /></code>, which only you can read. To make all links and tokens so far worthless, stop the node, delete that file and start it again: it makes another.</p>
      <p className="soft">Nobody on another machine reaches the page: the node serves it on loopback only.</p>
    </Card>
  );
}
