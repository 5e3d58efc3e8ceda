/** Exit codes of the command line; documented in the README, stable across versions. */
export const exitCodes = {
  success: 0,
  /** The migration needs a person or ended with something missing; two services that were compared differ. */
  needsAttention: 1,
  /** The command failed: no access, bad answer, damaged journal. */
  failed: 2,
  /** A preflight check failed; nothing was started. */
  preflightFailed: 3,
  /** Paused or cancelled; it can be resumed unless it was cancelled. */
  stopped: 4,
  /** Wrong words on the command line, or a plan file that cannot be used. */
  usage: 64,
  /** Interrupted (Ctrl-C); server jobs go on and the migration can be resumed. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
