const STEP = 6;
const HEIGHT = 20;

/// A history in a table's cell: bars for how much, dots for how long, oldest first. What it shows is said by the label.
export function Sparkline({ bars, dots, label }: { bars: number[]; dots: (number | null)[]; label: string }) {
  const most = Math.max(1, ...bars);
  const longest = Math.max(1, ...dots.map(each => each ?? 0));
  const width = bars.length * STEP;
  return (
    <svg className="spark" viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {bars.map((bar, index) => bar > 0 && <rect key={index} x={index * STEP + 1} width={STEP - 2} y={HEIGHT - Math.max(2, bar / most * HEIGHT)} height={Math.max(2, bar / most * HEIGHT)} />)}
      {dots.map((dot, index) => dot !== null && <circle key={index} cx={index * STEP + STEP / 2} cy={HEIGHT - 2 - dot / longest * (HEIGHT - 4)} r="2" />)}
    </svg>
  );
}
