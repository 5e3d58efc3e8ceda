const mebibyte = 1_048_576;

/** Largest answers that are read. Sizes are far above what the services send, so that only a runaway answer meets them. */
export const maxBytes = {
  /**
   * A real R4 capability statement is about 1.4 MB (contracts of the services, 5.1). It is laid out in the editor, which
   * a statement of 50 MB would bring to its knees.
   */
  metadata: 24 * mebibyte,
  /** A manifest of 100,000 files is about 15 MB. */
  manifest: 256 * mebibyte,
  /** An OperationOutcome or a job's short answer. */
  small: 4 * mebibyte,
  /** A written resource comes back whole; code systems of some megabytes are common. */
  written: 32 * mebibyte,
} as const;

/** How long one attempt may take until its headers arrive, milliseconds. */
export const deadlineMs = {
  metadata: 60_000,
  /** Counts over a large service take minutes before the server itself gives up. */
  count: 180_000,
  start: 120_000,
  status: 60_000,
  /** The status of a finished import is delayed on purpose by up to 60 s (fhir-server: GetImportRequestHandler). */
  importStatus: 240_000,
  /** The server allows a bundle 100 s (fhir-server: BundleConfiguration). */
  bundle: 150_000,
} as const;
