import * as vscode from 'vscode';
import { documentScheme } from '../documents/documentStore.ts';
import type { EditorDocuments } from '../documents/editorDocuments.ts';
import { EditorTree } from '../tree/editorTree.ts';
import { differenceChildren, type DifferenceNode, differenceNodes } from './differenceNodes.ts';
import { differencesWords } from './differenceWords.ts';
import { renderDifference } from './renderDifference.ts';
import { ShownDifferences } from './shownVerification.ts';

/** Folder of the documents that show single resources. */
export const resourceFolder = 'differences';

/** The Differences view, made when the first verification has ended. */
export interface DifferencesView {
  readonly list: ShownDifferences;
  readonly tree: EditorTree<DifferenceNode>;
}

/** Where the view is kept between commands, and what it needs of the extension. */
export interface DifferencesPlace {
  view: DifferencesView | undefined;
  /** Disposes with the extension. */
  own(part: { dispose(): void }): void;
  /** Whether the view is there. */
  setShown(shown: boolean): void;
}

/** The view, made when it is first needed. */
export function differencesView(place: DifferencesPlace, documents: EditorDocuments): DifferencesView {
  if (place.view !== undefined) return place.view;
  const list = new ShownDifferences();
  const tree = new EditorTree<DifferenceNode>(
    'fhirMigration.differences',
    renderDifference,
    differenceChildren,
    () => undefined,
  );
  list.onChange(() => {
    const { shown } = list;
    tree.update(shown === undefined ? [] : differenceNodes(shown));
    place.setShown(shown !== undefined);
    if (shown === undefined) return;
    const { sourceName, targetName, differences } = shown.result;
    const open = differences.filter(({ accepted }) => accepted === undefined).length;
    tree.view.description = `${sourceName} ↔ ${targetName}, ${differencesWords(open)}`;
  });
  place.own(tree);
  // Content of resources is there while it is looked at, and not a moment longer.
  place.own(
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === documentScheme && uri.path.startsWith(`/${resourceFolder}/`)) documents.forget(uri);
    }),
  );
  place.view = { list, tree };
  return place.view;
}
