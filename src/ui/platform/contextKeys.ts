import * as vscode from 'vscode';
import type { EmptyState } from '../tree/emptyState.ts';

/**
 * Context keys that the manifest's `when` clauses read, all set here and nowhere else.
 *
 * | key | value | read by |
 * |---|---|---|
 * | `fhirMigration.servicesState` | an empty state, or `shown` | welcome of the Services view |
 * | `fhirMigration.migrationsState` | `none`, `failed` or `shown` | welcome of the Migrations view |
 * | `fhirMigration.signInMethod` | `vscode`, `azureCli` or `clientSecret` | welcome and menus |
 * | `fhirMigration.signedIn` | services of Azure could be asked for | walkthrough |
 * | `fhirMigration.hasServices` | some service is known | walkthrough, palette |
 * | `fhirMigration.hasMigrations` | some migration is known | walkthrough, palette |
 * | `fhirMigration.hasCompleted` | some migration is complete | walkthrough |
 * | `fhirMigration.assessed` | an assessment is shown | the Findings view |
 * | `fhirMigration.comparing` | a comparison is shown | the Drift view |
 * | `fhirMigration.verified` | a verification is shown | the Differences view |
 */
export interface ContextValues {
  readonly servicesState: EmptyState | 'shown' | 'notLoaded';
  readonly migrationsState: 'notLoaded' | 'none' | 'failed' | 'shown';
  readonly signInMethod: string;
  readonly signedIn: boolean;
  readonly hasServices: boolean;
  readonly hasMigrations: boolean;
  readonly hasCompleted: boolean;
  readonly assessed: boolean;
  readonly comparing: boolean;
  readonly verified: boolean;
}

/** Sets context keys; a value that did not change is not sent again. */
export class ContextKeys {
  readonly #current = new Map<string, string | boolean>();

  set<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
    if (this.#current.get(key) === value) return;
    this.#current.set(key, value);
    void vscode.commands.executeCommand('setContext', `fhirMigration.${key}`, value);
  }

  get(key: keyof ContextValues): string | boolean | undefined {
    return this.#current.get(key);
  }
}
