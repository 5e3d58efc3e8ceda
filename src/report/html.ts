import { createHash } from 'node:crypto';
import { chartHeight, chartWidth, type Chart } from './chart.ts';
import type { Block, ReportColumn, ReportDocument } from './document.ts';
import { reportStyle } from './style.ts';

/**
 * The report as one HTML file that needs nothing else: no script, no address is fetched, and its policy allows nothing
 * but its own style, named by hash.
 */
export function reportHtml({ title, subtitle, verdict, good, sections }: ReportDocument): string {
  const hash = createHash('sha256').update(reportStyle).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<header>
<h1>${text(title)}</h1>
<p class="subtitle">${text(subtitle)}</p>
<p class="verdict ${good ? 'good' : 'open'}">${text(verdict)}</p>
<nav aria-label="Sections"><ul>
${sections.map(({ id, title: name }) => `<li><a href="#${text(id)}">${text(name)}</a></li>`).join('\n')}
</ul></nav>
</header>
${sections
  .map(
    ({ id, title: name, blocks }) =>
      `<section id="${text(id)}" aria-labelledby="${text(id)}-title">
<h2 id="${text(id)}-title">${text(name)}</h2>
${blocks.map(blockHtml).join('\n')}
</section>`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${text(block.text)}</p>`;
    case 'facts':
      return `<dl>\n${block.rows.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`).join('\n')}\n</dl>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${text(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return tableHtml(block);
    case 'chart':
      return chartHtml(block.chart, block.sentence);
  }
}

function tableHtml({ caption, columns, rows, summed = false }: Extract<Block, { kind: 'table' }>): string {
  const classOf = (column: ReportColumn | undefined): string => (column?.align === 'right' ? ' class="number"' : '');
  const row = (cells: readonly string[], isSum: boolean): string =>
    `<tr${isSum ? ' class="sum"' : ''}>${cells
      .map((cell, index) =>
        index === 0 ? `<th scope="row">${text(cell)}</th>` : `<td${classOf(columns[index])}>${text(cell)}</td>`,
      )
      .join('')}</tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${text(caption)}">
<table>
<caption>${text(caption)}</caption>
<thead><tr>${columns.map((column) => `<th scope="col"${classOf(column)}>${text(column.title)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((cells, index) => row(cells, summed && index === rows.length - 1)).join('\n')}
</tbody>
</table>
</div>`;
}

function chartHtml({ bars }: Chart, sentence: string): string {
  const rects = bars.map(
    ({ x, width, height }) => `<rect x="${x}" y="${chartHeight - height}" width="${width}" height="${height}"/>`,
  );
  return `<figure>
<svg role="img" aria-label="${text(sentence)}" viewBox="0 0 ${chartWidth} ${chartHeight + 1}" preserveAspectRatio="none">
<path class="grid" d="M0 0.5H${chartWidth}M0 ${chartHeight / 2}H${chartWidth}M0 ${chartHeight + 0.5}H${chartWidth}"/>
<g class="bars">${rects.join('')}</g>
</svg>
<figcaption>${text(sentence)}</figcaption>
</figure>`;
}

/** Text for the content of an element and for an attribute in double quotes; nothing in it is markup. */
function text(value: string): string {
  return value
    .replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
