import type { Uri } from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { Listeners } from '../platform/listeners.ts';
import type { Readiness } from './readinessReport.ts';

/** The assessment that the Findings view shows, and its report. */
export interface ShownReadiness extends Readiness {
  readonly source: DiscoveredService;
  readonly target: DiscoveredService | undefined;
  /** Key of the two services in the memory. */
  readonly pair: string;
  readonly report: Uri;
  /** Plan files between the two services, which keep what was accepted. */
  readonly plans: readonly Uri[];
}

/** Holds what the Findings view shows. */
export class FindingsList {
  readonly #changed = new Listeners();
  #shown: ShownReadiness | undefined;

  get shown(): ShownReadiness | undefined {
    return this.#shown;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Shows an assessment; undefined closes the view. */
  show(shown: ShownReadiness | undefined): void {
    this.#shown = shown;
    this.#changed.fire();
  }
}
