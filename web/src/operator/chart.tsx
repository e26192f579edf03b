// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { clockTime, count } from './format';
import { fleet } from './state';
import { Table } from './table';
import { say } from './words';

export interface Series {
  label: string;
  values: number[];
  /** Which of the chart's colours and strokes. */
  look: 'first' | 'second' | 'third';
  steps?: boolean;
}
interface ChartProps {
  title: string;
  at: number[];
  series: Series[];
  /** A sentence that says what the picture says. */
  summary: string;
  /** What the time axis shows; absent: what there is. */
  span?: [number, number];
  timeText?: (at: number) => string;
}

const height = 240;
const tableRows = 24;
/** Seconds between two marks of time. */
const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10_080].map((count) => count * 60);

function strokeOf(look: Series['look']): { color: string; fill?: string; dash?: number[] } {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  if (look === 'first') return { color: color('--accent'), fill: color('--tint') };
  if (look === 'second') return { color: color('--chart-second'), dash: [6, 4] };
  return { color: color('--soft') };
}

/** The chart knows no time zones: it draws the city's time as if it were UTC. */
function drawnTime(time: number): number {
  return time / 1000 + (fleet.value?.now.utc_offset_s ?? -new Date().getTimezoneOffset() * 60);
}

function optionsOf({ series, at, span }: ChartProps, width: number, u: typeof uPlot): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const [line, soft] = [style.getPropertyValue('--line').trim(), style.getPropertyValue('--soft').trim()];
  const font = '13px system-ui, sans-serif';
  const axis = { stroke: soft, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const isLong = at.length > 1 && at[at.length - 1]! - at[0]! > 36 * 3_600_000;
  const drawn = series.map(({ label, look, steps = false }) => {
    const { color, fill, dash } = strokeOf(look);
    return {
      label,
      stroke: color,
      width: 2,
      ...(fill === undefined ? {} : { fill }),
      ...(dash === undefined ? {} : { dash }),
      ...(steps ? { paths: u.paths.stepped!({ align: 1 }) } : {}),
      points: { show: false },
    };
  });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    tzDate: (seconds) => u.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { ...(span === undefined ? {} : { x: { range: [drawnTime(span[0]), drawnTime(span[1])] } }), y: { range: (_, __, most) => [0, Math.max(4, most * 1.08)] } },
    axes: [
      // Nothing is measured more often than once a minute of the city.
      { ...axis, incrs: minutes, space: 70, size: isLong ? 46 : 32, values: [[86400, isLong ? '{DD}.{MM}.' : '{HH}:{mm}', null, null, null, null, null, null, 1], [60, '{HH}:{mm}', null, null, isLong ? '\n{DD}.{MM}.' : null, null, null, null, 1]] },
      { ...axis, size: 52, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    ],
    series: [{}, ...drawn],
  };
}

/** A picture for those who see it, and the same figures as a table. */
export function Chart(props: ChartProps) {
  const { title, at, series, summary, timeText = clockTime } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const id = useId();
  const latest = useRef(props);
  latest.current = props;
  const data = (): uPlot.AlignedData => {
    return [latest.current.at.map(drawnTime), ...latest.current.series.map((one) => one.values)];
  };
  useEffect(() => {
    let gone = false;
    let draw = () => {};
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => draw();
    const observer = new ResizeObserver(redraw);
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([{ default: UPlot }]) => {
      if (gone || host.current === null) return;
      draw = () => {
        const width = host.current?.clientWidth ?? 0;
        if (width === 0) return;
        plot.current?.destroy();
        plot.current = new UPlot(optionsOf(latest.current, width, UPlot), data(), host.current!);
      };
      observer.observe(host.current);
      dark.addEventListener('change', redraw);
      draw();
    });
    return () => {
      gone = true;
      observer.disconnect();
      dark.removeEventListener('change', redraw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(data()), [at, series]);

  const step = Math.max(1, Math.ceil(at.length / tableRows));
  const rows = at.map((_, index) => index).filter((index) => (at.length - 1 - index) % step === 0);
  return (
    <figure class="chart card" aria-labelledby={id}>
      <figcaption class="row chart-head">
        <h2 id={id}>{title}</h2>
        <ul class="legend" aria-hidden="true">
          {series.map(({ label, look }) => (
            <li key={label}>
              <span class={`swatch ${look}`} />
              {label}
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={host} class="chart-picture" role="img" aria-label={`${title}. ${summary}`} />
      <details>
        <summary>{say('asTable')}</summary>
        <Table name={{ label: title }} columns={[say('time'), ...series.map(({ label }) => ({ figures: label }))]}>
          <tbody>
            {rows.map((index) => (
              <tr key={at[index]}>
                <th scope="row">{timeText(at[index]!)}</th>
                {series.map(({ label, values }) => (
                  <td key={label} class="number">
                    {count(values[index] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </details>
    </figure>
  );
}
