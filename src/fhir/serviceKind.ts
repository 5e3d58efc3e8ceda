/** Azure API for FHIR (gen1), the FHIR service of Azure Health Data Services, Microsoft's open-source FHIR server. */
export const serviceKinds = ['azureApiForFhir', 'ahds', 'fhirServer'] as const;
export type ServiceKind = (typeof serviceKinds)[number];
