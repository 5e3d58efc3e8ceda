import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit/html.js';
import { chartHeight, chartWidth, throughputChart, type Chart } from '../chart.ts';
import type { Live, Sections } from '../state.ts';
import { windowTimeline, type Column, type Timeline } from '../timeline.ts';
import type { WindowList } from '../windowList.ts';
import type { ViewContext } from './context.ts';

/** Throughput over time and the windows over the time of their data, each a drawing with a sentence. */
export function charts({ sections, windows }: Live, context: ViewContext): TemplateResult {
  return html`<div class="charts">
    ${throughput(throughputChart(fromTheStart(sections)), context)} ${timeline(windows, context)}
  </div>`;
}

/** The host counts from the first import that ended; the run began with nothing imported. */
function fromTheStart({ head, throughput: points }: Sections): Sections['throughput'] {
  const first = points[0];
  return first !== undefined && head.startedAt !== undefined && head.startedAt < first[0]
    ? [[head.startedAt, 0], ...points]
    : points;
}

function throughput(chart: Chart | undefined, { formats }: ViewContext): TemplateResult {
  const title = l10n.t('Throughput');
  if (chart === undefined) {
    return html`<figure class="chart">
      <figcaption>${title}</figcaption>
      <p class="empty">${l10n.t('The chart begins with the first imported resources.')}</p>
    </figure>`;
  }
  const sentence = l10n.t(
    'From {0} to {1}: {2} resources per second at the end, {3} on average, {4} at most.',
    formats.moment(chart.from),
    formats.moment(chart.to),
    formats.rate(chart.last),
    formats.rate(chart.mean),
    formats.rate(chart.peak),
  );
  return html`<figure class="chart">
    <figcaption>${title} <span class="quiet">${l10n.t('imported resources per second')}</span></figcaption>
    <div class="plot">
      <div class="scale" aria-hidden="true">
        <span>${formats.compact(chart.top)}</span><span>${formats.compact(chart.top / 2)}</span><span>0</span>
      </div>
      <svg
        class="drawing"
        role="img"
        aria-label=${sentence}
        viewBox="0 0 ${chartWidth} ${chartHeight}"
        preserveAspectRatio="none"
      >
        <path
          class="grid"
          d="M0 0.5H${chartWidth}M0 ${chartHeight / 2}H${chartWidth}M0 ${chartHeight - 0.5}H${chartWidth}"
        />
        <path class="area" d=${chart.area} />
        <path class="line" d=${chart.line} />
        ${chart.meanY === undefined ? nothing : svg`<path class="mean" d="M0 ${chart.meanY}H${chartWidth}" />`}
      </svg>
      <div class="ends" aria-hidden="true">
        <span>${formats.moment(chart.from)}</span>
        <span class="key-mean">${l10n.t('average {0}', formats.rate(chart.mean))}</span>
        <span>${formats.moment(chart.to)}</span>
      </div>
    </div>
  </figure>`;
}

/** Heights differ with the state, so that the drawing does not rest on colour. */
const heights: Readonly<Record<Column['group'], number>> = { waiting: 0.25, active: 0.55, finished: 0.8, attention: 1 };
const timelineHeight = 40;

function columnShape(column: Column, index: number, { columns }: Timeline): SVGTemplateResult {
  const width = chartWidth / columns.length;
  const gap = Math.min(1.5, width * 0.2);
  const height = heights[column.group] * timelineHeight;
  const x = index * width;
  return svg`<rect class="column group-${column.group}" x=${x.toFixed(2)} y=${timelineHeight - height}
    width=${Math.max(0.5, width - gap).toFixed(2)} height=${height} />`;
}

function timeline({ rows, counts }: WindowList, { formats }: ViewContext): TemplateResult {
  const title = l10n.t('Windows');
  const data = windowTimeline(rows);
  if (data === undefined) {
    return html`<figure class="chart">
      <figcaption>${title}</figcaption>
      <p class="empty">${l10n.t('The windows appear when they are laid out.')}</p>
    </figure>`;
  }
  const sentence = l10n.t(
    '{0} windows in the order of their data: {1} finished, {2} in flight, {3} waiting, {4} need attention.',
    formats.count(counts.all),
    formats.count(counts.finished),
    formats.count(counts.active),
    formats.count(counts.waiting),
    formats.count(counts.attention),
  );
  const legend = [
    ['finished', l10n.t('Finished'), counts.finished],
    ['active', l10n.t('In flight'), counts.active],
    ['waiting', l10n.t('Waiting'), counts.waiting],
    ['attention', l10n.t('Needs attention'), counts.attention],
  ] as const;
  return html`<figure class="chart">
    <figcaption>${title} <span class="quiet">${l10n.t('in the order of their data')}</span></figcaption>
    <div class="plot plain">
      <svg
        class="drawing timeline"
        role="img"
        aria-label=${sentence}
        viewBox="0 0 ${chartWidth} ${timelineHeight}"
        preserveAspectRatio="none"
      >
        ${data.columns.map((column, index) => columnShape(column, index, data))}
      </svg>
      <div class="ends" aria-hidden="true">
        <span>${data.from === undefined ? l10n.t('beginning') : formats.day(data.from)}</span>
        <span>${formats.day(data.to)}</span>
      </div>
    </div>
    <ul class="legend" aria-hidden="true">
      ${legend.map(
        ([group, words, count]) =>
          html`<li><span class="swatch group-${group}"></span>${words} <b>${formats.count(count)}</b></li>`,
      )}
    </ul>
  </figure>`;
}
