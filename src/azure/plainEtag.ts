/** An ETag as an import names it: without quotes and without the mark of a weak one. */
export function plainEtag(etag: string): string {
  return etag.replace(/^(?:W\/)?"|"$/g, '');
}
