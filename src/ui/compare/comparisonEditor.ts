import * as vscode from 'vscode';
import { type Aspect, type AspectComparison, type Comparison, hasFailed } from '../../compare/comparison.ts';
import type { EditorDocuments } from '../documents/editorDocuments.ts';
import { aspectName } from './driftWords.ts';

interface Pair {
  readonly source: vscode.Uri;
  readonly target: vscode.Uri;
}

/** Shows a comparison in the multi-file diff editor: one pair of read-only documents for each aspect. */
export class ComparisonEditor {
  readonly #documents: EditorDocuments;
  readonly #pairs = new Map<Aspect, Pair>();
  #of = '';

  constructor(documents: EditorDocuments) {
    this.#documents = documents;
  }

  /** Puts new texts into the documents; those of the same two services are changed where they are open. */
  update(comparison: Comparison): void {
    const of = `${comparison.source.endpoint} ${comparison.target.endpoint}`;
    if (of !== this.#of) this.#pairs.clear();
    this.#of = of;
    for (const result of comparison.aspects) if (!hasFailed(result)) this.#put(comparison, result);
  }

  /** Opens the diff of all aspects. */
  async open({ source, target, aspects }: Comparison): Promise<void> {
    const files = aspects.flatMap(({ aspect }) => {
      const pair = this.#pairs.get(aspect);
      return pair === undefined ? [] : [[pair.target, pair.source, pair.target]];
    });
    const title = vscode.l10n.t('Compare: {0} ↔ {1}', source.name, target.name);
    await vscode.commands.executeCommand('vscode.changes', title, files);
  }

  /** Opens the diff of one aspect. */
  async openAspect({ source, target }: Comparison, aspect: Aspect): Promise<void> {
    const pair = this.#pairs.get(aspect);
    if (pair === undefined) return;
    const title = vscode.l10n.t('{0}: {1} ↔ {2}', aspectName(aspect), source.name, target.name);
    await vscode.commands.executeCommand('vscode.diff', pair.source, pair.target, title, { preview: true });
  }

  #put({ source, target }: Comparison, { aspect, sourceText, targetText }: AspectComparison): void {
    const pair = this.#pairs.get(aspect);
    if (pair !== undefined) {
      this.#documents.update(pair.source, sourceText);
      this.#documents.update(pair.target, targetText);
      return;
    }
    // Both have one name, told apart by their keys: the editor would show another name as a renamed file.
    const create = (text: string): vscode.Uri =>
      this.#documents.create('compare', `${aspectName(aspect)} of ${source.name} and ${target.name}`, 'json', text);
    this.#pairs.set(aspect, { source: create(sourceText), target: create(targetText) });
  }
}
