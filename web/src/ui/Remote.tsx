import { shown, webLink } from '../logic/text';

/// Text that others wrote: always as text, its hidden characters visible.
export function Remote({ text, className }: { text: string; className?: string }) {
  return <span className={className} dir="auto">{shown(text)}</span>;
}

/// An address that others wrote: a link where it is a web address, else text.
export function RemoteLink({ text }: { text: string }) {
  const link = webLink(text);
  return link === null ? <Remote text={text} /> : <a href={link} target="_blank" rel="noopener noreferrer nofollow">{shown(text)}</a>;
}
