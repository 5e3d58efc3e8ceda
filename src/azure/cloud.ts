/** Endpoints of one cloud. Templates hold `{name}` (Azure API for FHIR) or `{workspace}` and `{fhir}` (AHDS). */
export interface Cloud {
  readonly name: 'public' | 'usGovernment' | 'china' | 'custom';
  readonly resourceManager: string;
  /** Audience of ARM tokens, without `/.default`. */
  readonly resourceManagerAudience: string;
  readonly loginHost: string;
  readonly storageAudience: string;
  readonly azureApiForFhir: string;
  readonly ahds: string;
  /** Template with `{account}`; used only where ARM cannot be asked. */
  readonly blob: string;
  readonly portal: string;
  /** PEM of an additional certificate authority. */
  readonly certificateAuthority?: string;
}
