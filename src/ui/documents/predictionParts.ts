import * as l10n from '@vscode/l10n';
import { bytesText } from '../../assess/words.ts';
import type { Estimate } from '../../engine/prediction/estimate.ts';
import type { Prediction, Variant } from '../../engine/prediction/prediction.ts';
import { formatCount, formatDuration, formatMoney } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';
import { markdownTable } from './markdownTable.ts';

/** What a plan takes, as parts of a markdown document: each variant, what is left out, and where the figures come from. */
export function predictionParts({ variants, leftOut, basis }: Prediction): readonly string[] {
  const money = variants.some(({ cost }) => cost !== undefined);
  const titles = [
    l10n.t('Windows'),
    l10n.t('Duration'),
    l10n.t('Write freeze'),
    l10n.t('Staging'),
    l10n.t('Imported'),
    l10n.t('Request units'),
    ...(money ? [l10n.t('Cost')] : []),
  ];
  const figures = (variant: Variant): readonly string[] => [
    range(variant.windows, formatCount),
    range(variant.durationMs, formatDuration),
    range(variant.freezeMs, formatDuration),
    range(variant.stagingBytes, bytesText),
    range(variant.imported, formatCount),
    variant.requestUnits === undefined ? '–' : range(variant.requestUnits, formatCount),
    ...(money ? [costText(variant)] : []),
  ];
  const columns = [l10n.t('Pattern'), ...titles].map((title) => ({ title }));
  const rows = variants.map((variant) => [variantName(variant), ...figures(variant)]);
  // The plan's own variant as a list, too: the table is wider than many an editor.
  const planned = variants
    .filter((variant) => variant.planned)
    .map((variant) => {
      const values = figures(variant);
      const lines = titles.map((title, index) => `- ${title}: ${values[index] ?? ''}`);
      return [l10n.t('As planned, {0}:', shapeName(variant)), ...lines].join('\n');
    });
  const staysBehind = leftOut.map(
    ({ what, resources }) =>
      `- ${tableCell(what)}: ${resources === undefined ? l10n.t('cannot be counted') : formatCount(resources)}`,
  );
  return [
    `## ${l10n.t('What it takes')}`,
    ...planned,
    ...(rows.length === 0 ? [] : [markdownTable(columns, rows)]),
    basis.map((each) => `- ${tableCell(each)}`).join('\n'),
    ...(money ? [] : [l10n.t('Enter "prices" in the plan file to see what it costs.')]),
    ...(staysBehind.length === 0 ? [] : [`## ${l10n.t('What is left out')}`, staysBehind.join('\n')]),
  ];
}

function variantName(variant: Variant): string {
  return `${variant.planned ? '● ' : ''}${shapeName(variant)}`;
}

function shapeName({ pattern, history, parallel }: Variant): string {
  const name = pattern === 'incremental' ? l10n.t('Incremental') : l10n.t('Lift and shift');
  const parts = [
    history ? l10n.t('with history') : l10n.t('without history'),
    ...(parallel ? [] : [l10n.t('exports not parallel')]),
  ];
  return `${name}, ${parts.join(', ')}`;
}

function range(estimate: Estimate | undefined, text: (value: number) => string): string {
  if (estimate === undefined) return l10n.t('not known');
  const [least, likely, most] = [text(estimate.least), text(estimate.likely), text(estimate.most)];
  return least === most ? likely : l10n.t('{0} ({1} to {2})', likely, least, most);
}

function costText({ cost }: Variant): string {
  if (cost === undefined) return l10n.t('not known');
  return range(cost.total, (value) => formatMoney(value, cost.currency));
}
