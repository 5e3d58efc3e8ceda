import type { FhirServiceSpec } from './contract.ts';

const recoveryAccount = 'contosorecovery';

/** Storage accounts of the default world. */
export const defaultAccounts: readonly string[] = ['contosostaging', recoveryAccount];

export interface WorldChoice {
  /** The main source is in the state after its retirement. */
  readonly deprecated: boolean;
  readonly patients: number;
  /** NDJSON files loaded into the main source beside the examples. */
  readonly files: readonly string[];
}

/** The services of `npm run sandbox`: one of each kind that a user of the product meets. */
export function defaultWorld(choice: WorldChoice): readonly FhirServiceSpec[] {
  return [
    {
      name: 'contoso',
      flavour: 'azureApiForFhir',
      deprecated: choice.deprecated,
      data: [
        { kind: 'hl7Examples' },
        { kind: 'patients', count: choice.patients },
        ...(choice.files.length === 0 ? [] : [{ kind: 'ndjson', files: choice.files } as const]),
      ],
    },
    { name: 'contoso-retired', flavour: 'azureApiForFhir', deprecated: true, data: [{ kind: 'patients', count: 20 }] },
    { name: 'contoso-stu3', flavour: 'azureApiForFhir', fhirVersion: '3.0.2' },
    { name: 'clinical', flavour: 'ahds', place: { workspace: 'contoso-health' } },
    {
      name: 'clinical-dr',
      flavour: 'ahds',
      exportAccount: recoveryAccount,
      importAccount: recoveryAccount,
      place: {
        subscription: 2,
        resourceGroup: 'contoso-recovery',
        workspace: 'contoso-recovery',
        location: 'northeurope',
      },
    },
    { name: 'archive', flavour: 'ahds', initialImportMode: true, place: { workspace: 'contoso-health' } },
  ];
}
