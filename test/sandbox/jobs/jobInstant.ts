/** Milliseconds as manifests print times: seven digits and an offset, `2026-05-04T10:11:12.1300000+00:00`. */
export function jobInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000+00:00');
}
