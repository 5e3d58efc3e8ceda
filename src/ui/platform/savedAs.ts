/**
 * Extensions of a save dialog for an extension that may have several parts: the whole one, which is added to a bare name,
 * and its last part, by which VS Code's own dialog sees that a name has it already and adds nothing more.
 */
export function savedAs(extension: string): string[] {
  const last = extension.split('.').at(-1) ?? extension;
  return last === extension ? [extension] : [extension, last];
}
