import type { Compared } from '../../../evaluate/rankings.ts';
import type { DepthReport, MetricReport, QueryReport } from '../report.ts';
import { html as svg, type Html } from './escape.ts';

const WIDTH = 720;

/** Room between an axis and the first and last point of a line. */
const INSET = 28;

/** Room for the names beside a chart. */
const LEFT = 110;

const ORDERS = [
  ['firstStage', 'first stage', 'first'],
  ['reranked', 'reranked', 'reranked'],
  ['oracle', 'oracle', 'oracle'],
] as const satisfies readonly (readonly [keyof Compared<unknown>, string, string])[];

/** Which colour is which order. */
export function drawLegend(names: readonly (keyof Compared<unknown>)[]): Html {
  const shown = ORDERS.filter(([order]) => names.includes(order));
  return svg`<p class="legend">
    ${shown.map(([, name, style]) => svg`<span><i class="${style}"></i>${name}</span> `)}
  </p>`;
}

/** Bars of each metric, by order, from 0 to 1. */
export function drawMetrics(metrics: readonly MetricReport[]): Html {
  const [bar, gap, top] = [12, 14, 6];
  const step = ORDERS.length * bar + gap;
  const height = top + metrics.length * step + 18;
  const scale = (value: number): number => round((WIDTH - LEFT - 60) * value);
  const rows = metrics.map((row, index) => {
    const y = top + index * step;
    const bars = ORDERS.map(([order, , style], place) => {
      const [width, barY] = [scale(row[order]), y + place * bar];
      return svg`<rect
          class="${style}"
          x="${LEFT}"
          y="${barY}"
          width="${width}"
          height="${bar - 2}"
        />
        <text class="value" x="${LEFT + width + 5}" y="${barY + bar - 3}"
          >${row[order].toFixed(3)}</text
        >`;
    });
    return svg`<text class="name" x="${LEFT - 8}" y="${y + 1.5 * bar + 3}">${row.metric}</text
      >${bars}`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) => {
    const x = LEFT + scale(value);
    return svg`<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${height - 16}" />
      <text class="tick" x="${x}" y="${height - 3}">${value}</text>`;
  });
  return draw(height, 'Metrics of the first stage, the reranked order and the oracle', [
    ...ticks,
    ...rows,
  ]);
}

/** The main metric over how many candidates are reranked. The values stand at the dots. */
export function drawDepths(depths: readonly DepthReport[], firstStage: number): Html {
  const [height, top, bottom, right] = [260, 16, 34, 70];
  const values = [firstStage, ...depths.flatMap(({ reranked, oracle }) => [reranked, oracle])];
  const least = Math.max(0, Math.floor(Math.min(...values) * 10 - 0.5) / 10);
  const most = Math.min(1, Math.ceil(Math.max(...values) * 10 + 0.2) / 10);
  const y = (value: number): number =>
    round(top + ((most - value) / Math.max(0.1, most - least)) * (height - top - bottom));
  // Even steps: depths double or so, and small ones would lie on each other.
  const x = (index: number): number =>
    round(
      LEFT + INSET + (index / Math.max(1, depths.length - 1)) * (WIDTH - LEFT - right - 2 * INSET),
    );
  const steps = Array.from(
    { length: Math.round((most - least) * 10) + 1 },
    (_, index) => least + index / 10,
  );
  const grid = steps.map(
    (value) =>
      svg`<line
          class="grid"
          x1="${LEFT}"
          x2="${WIDTH - right}"
          y1="${y(value)}"
          y2="${y(value)}"
        />
        <text class="tick start" x="${LEFT - 8}" y="${y(value) + 4}">${value.toFixed(1)}</text>`,
  );
  const names = depths.map(
    ({ depth }, index) =>
      svg`<text class="tick" x="${x(index)}" y="${height - 14}">${depth}</text>`,
  );
  // The oracle is never below: so its numbers stand above its line, and the others below theirs.
  const offset = { oracle: -8, reranked: 17 } as const;
  const lines = (['oracle', 'reranked'] as const).map((order) => {
    const points = depths.map((row, index) => `${x(index)},${y(row[order])}`).join(' ');
    const dots = depths.map(
      (row, index) =>
        svg`<circle class="${order}" cx="${x(index)}" cy="${y(row[order])}" r="3.5" />
          <text class="value middle" x="${x(index)}" y="${y(row[order]) + offset[order]}"
            >${row[order].toFixed(3)}</text
          >`,
    );
    return svg`<polyline class="${order}" points="${points}" />${dots}`;
  });
  const base = svg`<line
      class="first"
      x1="${LEFT}"
      x2="${WIDTH - right}"
      y1="${y(firstStage)}"
      y2="${y(firstStage)}"
    />
    <text class="value" x="${WIDTH - right + 6}" y="${y(firstStage) + 4}"
      >${firstStage.toFixed(3)}</text
    >
    <text class="tick" x="${round((LEFT + WIDTH - right) / 2)}" y="${height - 1}"
      >candidates reranked</text
    >`;
  return draw(height, 'nDCG@10 by how many candidates are reranked', [
    ...grid,
    ...names,
    base,
    ...lines,
  ]);
}

/** A bar for each query, from the greatest gain to the greatest loss. */
export function drawDifferences(queries: readonly QueryReport[]): Html {
  const sorted = queries.map(({ difference }) => difference).sort((a, b) => b - a);
  const [height, left] = [220, 48];
  const middle = height / 2;
  const most = Math.max(0.1, ...sorted.map(Math.abs));
  const step = (WIDTH - left) / sorted.length;
  const scale = (value: number): number => (value / most) * (middle - 12);
  // One path for each side: thousands of elements would make the page slow.
  const path = (side: (difference: number) => boolean): string =>
    sorted
      .map((difference, index) =>
        side(difference)
          ? `M${round(left + index * step)} ${middle}v${round(-scale(difference))}h${round(step * (step > 3 ? 0.8 : 1))}V${middle}z`
          : '',
      )
      .join('');
  const ticks = [most, most / 2, 0, -most / 2, -most].map((value) => {
    const y = round(middle - scale(value));
    return svg`<line class="grid" x1="${left}" x2="${WIDTH}" y1="${y}" y2="${y}" />
      <text class="tick start" x="${left - 6}" y="${y + 4}"
        >${value > 0 ? '+' : ''}${value.toFixed(2).replace('-', '−')}</text
      >`;
  });
  return draw(height, 'Difference of nDCG@10 of each query, greatest gain first', [
    ...ticks,
    svg`<path class="gain" d="${path((difference) => difference > 0)}" />
      <path class="loss" d="${path((difference) => difference < 0)}" />`,
  ]);
}

function draw(height: number, name: string, content: readonly Html[]): Html {
  return svg`<div class="chart">
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${name}">${content}</svg>
  </div>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
