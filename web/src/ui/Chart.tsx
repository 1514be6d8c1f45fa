import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from './useTheme';

const HEIGHT = 200;

/// A line and bars over time, on two scales. Those who cannot see it hear `label`.
export function Chart({ seconds, bars, line, barsName, lineName, label }: {
  seconds: number[]; bars: number[]; line: (number | null)[]; barsName: string; lineName: string; label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const chart = useRef<uPlot | null>(null);
  const latest = useRef<uPlot.AlignedData>([seconds, bars, line]);
  latest.current = [seconds, bars, line];

  useEffect(() => {
    const box = place.current!;
    const colour = (name: string) => resolved(box, name);
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line') } };
    const made = new uPlot({
      width: box.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false },
      scales: { events: { range: (_, __, max) => [0, Math.max(5, max * 1.1)] }, ms: { range: (_, __, max) => [0, Math.max(10, max * 1.1)] } },
      axes: [{ ...axis, values: '{HH}:{mm}' }, { ...axis, scale: 'events', size: 50 }, { ...axis, scale: 'ms', side: 1, size: 75, grid: { show: false }, values: (_, ticks) => ticks.map(tick => `${tick} ms`) }],
      series: [{},
        { label: barsName, scale: 'events', fill: colour('--accent-ground'), stroke: colour('--accent-ground'), width: 0, paths: uPlot.paths.bars!({ size: [0.7] }), points: { show: false } },
        { label: lineName, scale: 'ms', stroke: colour('--blue'), width: 2, spanGaps: true, points: { show: true, size: 5 } }],
    }, latest.current, box);
    chart.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: HEIGHT }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [theme, barsName, lineName]);
  useEffect(() => chart.current?.setData(latest.current), [seconds, bars, line]);

  return (
    <figure className="chart">
      <figcaption><span className="key bars" aria-hidden="true" /> {barsName} <span className="key line" aria-hidden="true" /> {lineName}</figcaption>
      <div ref={place} role="img" aria-label={label} />
    </figure>
  );
}

/// What a colour's name means now: a canvas knows no names.
function resolved(box: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  box.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
