import type { ReactNode } from 'react';
import type { LogEntry } from '../../api/types';
import { said } from '../../logic/activity';
import { Id } from '../../ui/Id';
import { Remote } from '../../ui/Remote';

/// One entry: what it is, whose, when, and what it is worth. A press shows all of it.
export function EntryRow({ entry, picture, head, open }: { entry: LogEntry; picture?: ReactNode; head: boolean; open: (offset: number) => void }) {
  return (
    <div className={`entry ${entry.verdict}`}>
      {picture}
      <button type="button" className="quiet" onClick={() => open(entry.offset)}>
        <span className="offset">{entry.offset}</span>
        <span className="type"><Remote text={entry.type === 'verdict_changed' ? `${entry.says}: ${entry.verdict}` : said(entry.type)} /></span>
        <Id id={entry.origin} />
        <span className="soft">#{entry.seq}</span>
        <span className="flags">{(entry.merges?.length ?? 0) > 0 && <span className="flag">merge</span>}{head && <span className="flag head">head</span>}{entry.verdict === 'void' && <span className="flag void">void</span>}</span>
        {entry.time !== undefined && <time className="soft" dateTime={entry.time}>{entry.time.slice(0, 19).replace('T', ' ')}</time>}
      </button>
    </div>
  );
}
