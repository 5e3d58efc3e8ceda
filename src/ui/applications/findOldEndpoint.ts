import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { findOldEndpoint, type Move } from '../../compare/applications/oldEndpoint.ts';
import { FailureError } from '../../failure/failure.ts';
import { left } from '../commands/askFor.ts';
import { pairFor } from '../commands/pair.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { fileNameOf } from '../words/serverText.ts';
import { endpointRecord, type Found, notLookedInto, type Place } from './endpointRecord.ts';

/** Built or fetched by tools: an address there is made anew from what is changed elsewhere. */
const leftOut = '{**/node_modules/**,**/.git/**,**/bin/**,**/obj/**,**/dist/**,**/.venv/**}';
const maxFiles = 20_000;
/** Larger files are data, not configuration. */
const maxFileBytes = 16 * 1_048_576;

/**
 * Looks for the address of the old service in the workspace, or in folders of the user's choice, and offers the new one
 * at each place in the refactoring preview, all of them ticked: nothing is changed unless it is applied there.
 */
export async function findOldEndpointCommand(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Find Old Endpoint');
  const { source, target } = await pairFor(ui, { id: 'findOldEndpoint', title }, clicked, selected);
  const folders = await chooseFolders(ui);
  const edit = new vscode.WorkspaceEdit();
  const found = await withProgress(
    'notification',
    vscode.l10n.t('Looking for the address of {0}', source.name),
    (signal, say) => search(folders, movesOf(source, target), edit, signal, say),
  );
  const { files, places, tooLarge, isCut } = found;
  ui.log.info('Old endpoint looked for', { files, places: places.length, tooLarge: tooLarge.length, isCut });
  if (places.length > 0) {
    const [folder] = folders;
    if (folder !== undefined) offerRecord(edit, folder, endpointRecord(source, target, found), fileNameOf(source.name));
    await vscode.workspace.applyEdit(edit, { isRefactoring: true });
  }
  if (places.length === 0 || tooLarge.length > 0 || isCut)
    await ui.prompts.message({
      id: places.length === 0 ? 'findOldEndpoint.none' : 'findOldEndpoint.leftOut',
      severity: tooLarge.length > 0 || isCut ? 'warning' : 'info',
      text: [
        ...(places.length === 0
          ? [vscode.l10n.t('{0} files name the address of {1} nowhere.', files, source.name)]
          : []),
        ...notLookedInto(found),
      ].join(' '),
      buttons: [],
    });
}

/** A list of the places for whoever reviews them. It is not ticked, and makes the editor ask before anything is changed. */
function offerRecord(edit: vscode.WorkspaceEdit, folder: vscode.Uri, text: string, name: string): void {
  edit.createFile(
    vscode.Uri.joinPath(folder, `old-endpoint-${name}.md`),
    { contents: new TextEncoder().encode(text), ignoreIfExists: true },
    { needsConfirmation: true, label: vscode.l10n.t('A list of these places as a new file, if you want one') },
  );
}

/** The audience of the old service is as old as its address. */
const movesOf = (source: DiscoveredService, target: DiscoveredService): readonly Move[] => [
  { from: source.endpoint, to: target.endpoint },
  ...(source.audience === undefined || source.audience === '' || source.audience === source.endpoint
    ? []
    : [{ from: source.audience, to: target.audience ?? target.endpoint }]),
];

async function chooseFolders(ui: Ui): Promise<readonly vscode.Uri[]> {
  const open = vscode.workspace.workspaceFolders ?? [];
  if (open.length > 0) {
    const answer = await ui.prompts.message({
      id: 'findOldEndpoint.where',
      severity: 'info',
      modal: true,
      text: vscode.l10n.t('Where shall the old address be looked for?'),
      detail: vscode.l10n.t('What is found is shown for review; nothing is changed before you apply it.'),
      buttons: [
        { id: 'workspace', label: vscode.l10n.t('This Workspace') },
        { id: 'folders', label: vscode.l10n.t('Other Folders…') },
      ],
    });
    if (answer === undefined) throw left();
    if (answer === 'workspace') return open.map(({ uri }) => uri);
  }
  const chosen = await ui.prompts.chooseFolders({
    id: 'findOldEndpoint.folders',
    title: vscode.l10n.t('Folders of your applications'),
    many: true,
  });
  if (chosen === undefined || chosen.length === 0) throw left();
  return chosen.map((address) => vscode.Uri.parse(address, true));
}

async function search(
  folders: readonly vscode.Uri[],
  moves: readonly Move[],
  edit: vscode.WorkspaceEdit,
  signal: AbortSignal,
  say: (message: string) => void,
): Promise<Found> {
  let [files, isCut] = [0, false];
  const [places, tooLarge]: [Place[], string[]] = [[], []];
  for (const folder of folders) {
    const listed = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), leftOut, maxFiles);
    isCut ||= listed.length === maxFiles;
    for (const uri of listed) {
      if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'The search was stopped.' });
      files += 1;
      if (files % 100 === 0) say(vscode.l10n.t('{0} files', files));
      const file = vscode.workspace.asRelativePath(uri);
      const text = await textOf(uri);
      if (text === 'tooLarge') tooLarge.push(file);
      if (text === undefined || text === 'tooLarge') continue;
      const positionAt = positionsIn(text.text);
      for (const { offset, length, replacement } of findOldEndpoint(text.text, moves)) {
        const range = new vscode.Range(positionAt(offset), positionAt(offset + length));
        const label = vscode.l10n.t('Address of the old FHIR service');
        edit.replace(uri, range, replacement, { needsConfirmation: false, label, description: replacement });
        places.push({ file, line: range.start.line + 1, replacement });
      }
    }
  }
  return { files, places, tooLarge, isCut };
}

/** Text of a file as it is edited now; undefined for what is no text or cannot be read. */
async function textOf(uri: vscode.Uri): Promise<{ readonly text: string } | 'tooLarge' | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return { text: open.getText() };
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > maxFileBytes) return 'tooLarge';
    const bytes = await vscode.workspace.fs.readFile(uri);
    // A file with a zero byte near its start is binary for git, too.
    if (bytes.subarray(0, 8_000).includes(0)) return undefined;
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes) };
  } catch {
    // Not UTF-8, or gone since it was listed: nothing that could be edited safely.
    return undefined;
  }
}

/** Line and column of offsets that come in rising order. */
function positionsIn(text: string): (offset: number) => vscode.Position {
  let [line, start, from] = [0, 0, 0];
  return (offset) => {
    for (let end = text.indexOf('\n', from); end >= 0 && end < offset; end = text.indexOf('\n', from)) {
      line += 1;
      start = end + 1;
      from = start;
    }
    return new vscode.Position(line, offset - start);
  };
}
