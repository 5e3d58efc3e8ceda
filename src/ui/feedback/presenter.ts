import * as vscode from 'vscode';
import type { Log } from '../../engine/ports.ts';
import { toFailure, type Failure } from '../../failure/failure.ts';
import type { EditorDocuments } from '../documents/editorDocuments.ts';
import { failureDetails, type Environment } from '../documents/failureDetails.ts';
import type { Prompts } from '../platform/prompts.ts';
import { boxText, remediesOf, type Remedy } from './failureWords.ts';

/** What the presenter needs of the outside. */
export interface PresenterPorts {
  prompts(): Prompts;
  readonly log: Log;
  readonly documents: EditorDocuments;
  environment(): Environment;
}

/** Turns what went wrong into one message with what to do next. A cancellation is one log line and no message. */
export class Presenter {
  readonly #ports: PresenterPorts;

  constructor(ports: PresenterPorts) {
    this.#ports = ports;
  }

  /** Resolves when the user has dealt with the message. */
  async present(error: unknown, during: string): Promise<void> {
    const failure = toFailure(error);
    const { log } = this.#ports;
    if (failure.kind === 'cancelled') {
      log.info(`${during}: cancelled`);
      return;
    }
    const { kind, message, status, code, requestId } = failure;
    log.error(`${during}: ${message}`, { kind, status, code, requestId });
    if (kind === 'bug' && error instanceof Error && error.stack !== undefined) log.error(error.stack);
    const at = Date.now();
    const answer = await this.#ports.prompts().message<Remedy>({
      id: `failure.${kind}`,
      severity: 'error',
      text: boxText(failure),
      buttons: remediesOf(failure),
    });
    if (answer !== undefined) await this.#remedy(answer, failure, at);
  }

  /** Opens everything known of a failure as a document. */
  async showDetails(failure: Failure, at: number): Promise<void> {
    const text = failureDetails(failure, at, this.#ports.environment());
    const name = `${failure.service ?? failure.kind} ${new Date(at).toISOString().slice(0, 19)}`;
    const uri = this.#ports.documents.create('failures', name, 'md', text, [
      {
        title: vscode.l10n.t('$(copy) Copy for Support'),
        command: 'fhirMigration.copyForSupport',
        arguments: [{ text }],
      },
      { title: vscode.l10n.t('$(output) Open Log'), command: 'fhirMigration.showLog', arguments: [] },
    ]);
    await this.#ports.documents.show(uri);
  }

  async #remedy(remedy: Remedy, failure: Failure, at: number): Promise<void> {
    switch (remedy) {
      case 'signIn':
        await vscode.commands.executeCommand('fhirMigration.signIn');
        return;
      case 'openMigrations':
        await vscode.commands.executeCommand('fhirMigration.migrations.focus');
        return;
      case 'showDetails':
        await this.showDetails(failure, at);
        return;
      case 'openLog':
        await vscode.commands.executeCommand('fhirMigration.showLog');
        return;
    }
  }
}
