/// What the signs of the picture mean.
export function Legend() {
  return (
    <p className="legend soft" aria-hidden="true">
      <span><svg width="16" height="16"><path className="lane lane0" d="M8 0V16" /><circle className="dot0" cx="8" cy="8" r="4.5" /></svg> an event in its chain</span>
      <span><svg width="16" height="16"><rect className="dot1" x="3.5" y="3.5" width="9" height="9" transform="rotate(45 8 8)" /></svg> merges other chains</span>
      <span><svg width="16" height="16"><circle className="ring" cx="8" cy="8" r="7" /><circle className="dot0" cx="8" cy="8" r="4" /></svg> head: nothing follows it yet</span>
      <span><svg width="16" height="16"><circle className="dot0 void" cx="8" cy="8" r="4.5" /></svg> void</span>
    </p>
  );
}
