import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import type { PortfolioEntry } from '../../services/portfolio/contract.ts';
import { portfolioFormats, portfolioText, type PortfolioFormat } from '../../services/portfolio/portfolioTable.ts';
import { standingOf, standings } from '../../services/portfolio/standing.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';

/** Shows every service with size, region, version, retirement and migration as a table that can be saved. */
export async function showPortfolio(ui: Ui): Promise<void> {
  const entries = await withProgress('fhirMigration.services', vscode.l10n.t('Looking at every service'), async () => {
    await Promise.all([ui.catalog.load(), ui.migrations.load()]);
    await ui.portfolio.load();
    return entriesOf(ui);
  });
  const text = `# ${vscode.l10n.t('Portfolio')}\n\n${portfolioText(entries, 'md')}`;
  await ui.documents.show(ui.documents.create('portfolio', 'portfolio', 'md', text, actionsFor(entries)));
}

/** Saves the table that is shown as Markdown, CSV or JSON. */
export async function savePortfolio(ui: Ui, clicked: unknown): Promise<void> {
  const { entries, format } = tableOf(clicked);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `portfolio.${format}`;
  const address = await ui.prompts.saveFile({
    id: 'savePortfolio',
    title: vscode.l10n.t('Save the Portfolio'),
    proposal: folder === undefined ? name : vscode.Uri.joinPath(folder, name).toString(),
    kind: { name: format.toUpperCase(), extension: format },
  });
  if (address === undefined) throw left();
  await vscode.workspace.fs.writeFile(
    vscode.Uri.parse(address, true),
    Buffer.from(portfolioText(entries, format), 'utf8'),
  );
  void vscode.window.setStatusBarMessage(vscode.l10n.t('Portfolio saved'), 4000);
}

interface ShownTable {
  readonly entries: readonly PortfolioEntry[];
  readonly format: PortfolioFormat;
}

function entriesOf({ catalog, portfolio, migrations }: Ui): readonly PortfolioEntry[] {
  const all = standings((migrations.states ?? []).map(({ overview }) => overview));
  return catalog.services.flatMap((service): readonly PortfolioEntry[] => {
    if (service.kind === 'fhirServer') return [];
    const failure = { kind: 'invalidInput' as const, message: vscode.l10n.t('It was not asked.') };
    const facts = portfolio.facts.get(service.id) ?? {
      id: service.id,
      size: { known: false as const, failure },
      retirement: 'none' as const,
    };
    return [{ service, facts, standing: standingOf(all, service.endpoint) }];
  });
}

const actionsFor = (entries: readonly PortfolioEntry[]): readonly DocumentAction[] => [
  ...portfolioFormats.map((format) => ({
    title: vscode.l10n.t('$(save) Save as {0}…', format.toUpperCase()),
    command: 'fhirMigration.savePortfolio',
    arguments: [{ entries, format } satisfies ShownTable],
  })),
  { title: vscode.l10n.t('$(refresh) Look Again'), command: 'fhirMigration.showPortfolio', arguments: [] },
];

function tableOf(argument: unknown): ShownTable {
  if (typeof argument === 'object' && argument !== null && 'entries' in argument && 'format' in argument)
    return argument as ShownTable;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('A portfolio is saved from its table.'),
    nextStep: vscode.l10n.t('Run Show Portfolio, then choose a format above the table.'),
  });
}
