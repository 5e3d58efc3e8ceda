import type { MigrationId } from '../../engine/ids.ts';

/** The report of a migration in all its forms, made from its journal alone: nothing is asked of a service. */
export interface MadeReport {
  /** For a file, without an ending. */
  readonly name: string;
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
  /** How the migration stands, in one sentence, and whether nothing speaks against it. */
  readonly verdict: string;
  readonly good: boolean;
}

export type MakeReport = (id: MigrationId) => Promise<MadeReport>;
