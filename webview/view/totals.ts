import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { TypeTotalsView } from '../protocol.ts';
import type { ViewContext } from './context.ts';
import { icon } from './icons.ts';

type Sums = Omit<TypeTotalsView, 'type'>;

const none: Sums = {
  exported: 0,
  imported: 0,
  alreadyThere: 0,
  failed: 0,
  unaccounted: 0,
  onSource: 0,
  onTarget: 0,
};

/** What happened to the resources of each type, and what both services count at the end. */
export function totals(list: readonly TypeTotalsView[], context: ViewContext): TemplateResult {
  if (list.length === 0) {
    return html`<p class="empty">${l10n.t('The types appear when the first export has ended.')}</p>`;
  }
  const ordered = [...list].sort((a, b) => b.exported - a.exported || (a.type < b.type ? -1 : 1));
  return html`<div class="scroller">
    <table class="table totals">
      <caption class="hidden">
        ${l10n.t('Resources by type')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${l10n.t('Type')}</th>
          ${headings().map((heading) => html`<th scope="col" class="number">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${ordered.map((each) => row(each.type, each, context))}
      </tbody>
      <tfoot>
        ${row(l10n.t('All types'), ordered.reduce(add, none), context)}
      </tfoot>
    </table>
  </div>`;
}

function headings(): readonly string[] {
  return [
    l10n.t('Exported'),
    l10n.t('Imported'),
    l10n.t('Already there'),
    l10n.t('Failed'),
    l10n.t('Unaccounted'),
    l10n.t('On source'),
    l10n.t('On target'),
  ];
}

/** A sum is known only when each of its parts is. */
const addKnown = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

function add(sum: Sums, each: Sums): Sums {
  return {
    exported: sum.exported + each.exported,
    imported: sum.imported + each.imported,
    alreadyThere: sum.alreadyThere + each.alreadyThere,
    failed: sum.failed + each.failed,
    unaccounted: sum.unaccounted + each.unaccounted,
    onSource: addKnown(sum.onSource, each.onSource),
    onTarget: addKnown(sum.onTarget, each.onTarget),
  };
}

function row(name: string, sums: Sums, { formats }: ViewContext): TemplateResult {
  const plain = (value: number | undefined): TemplateResult =>
    html`<td class="number">${value === undefined ? '–' : formats.count(value)}</td>`;
  const bad = (value: number): TemplateResult =>
    value === 0 ? plain(value) : html`<td class="number tone-bad">${icon('error')}${formats.count(value)}</td>`;
  const differs = sums.onSource !== undefined && sums.onTarget !== undefined && sums.onSource !== sums.onTarget;
  return html`<tr>
    <th scope="row">${name}</th>
    ${plain(sums.exported)} ${plain(sums.imported)} ${plain(sums.alreadyThere)} ${bad(sums.failed)}
    ${bad(sums.unaccounted)} ${plain(sums.onSource)}
    <td class="number ${differs ? 'tone-warning' : ''}">
      ${differs ? html`${icon('warning')}<span class="hidden">${l10n.t('differs from the source:')}</span>` : nothing}
      ${sums.onTarget === undefined ? '–' : formats.count(sums.onTarget)}
    </td>
  </tr>`;
}
