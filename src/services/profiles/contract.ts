import type { DiscoveredService } from '../../azure/discovered.ts';
import type { PlanInput } from '../../engine/plan.ts';
import type { DefinitionCopy } from '../../fhir/copyDefinitions.ts';

export interface DefinitionChoice {
  /** URLs, with or without version, of what to copy; absent: all. */
  readonly only?: readonly string[];
  /** URLs, with or without version, whose other content on the target may be overwritten. */
  readonly overwrite?: readonly string[];
  /** Where exported files of a source lie that refuses to be read; absent: those of its newest migration. */
  readonly staging?: PlanInput['staging'];
}

/** What can be done about profiles and terminology. A service is named as discovered, or by resource id or address. */
export interface ProfileServices {
  /**
   * Copies StructureDefinitions, ValueSets and CodeSystems from source to target in the order in which they build on each
   * other, and tells what became of each, also of those that a stop left.
   * @throws FailureError when one of the services does not tell what it has, `invalidInput` for a URL that the source
   * lacks, or when source and target have different FHIR versions
   */
  copy(
    source: DiscoveredService | string,
    target: DiscoveredService | string,
    choice: DefinitionChoice,
    progress: (copied: DefinitionCopy, done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<readonly DefinitionCopy[]>;
}
