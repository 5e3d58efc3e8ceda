import type { StagedFile, Staging } from '../../azure/staging.ts';

/** Files of export folders by the type that their names tell, in the order of the folders. */
export async function stagedFilesByType(
  staging: Staging,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly StagedFile[]>> {
  const files = new Map<string, StagedFile[]>();
  for (const folder of folders)
    for await (const page of staging.files(folder, signal))
      for (const file of page) {
        const type = /\/([A-Z][A-Za-z]+)-[^/]*$/.exec(file.path)?.[1];
        if (type === undefined) continue;
        const ofType = files.get(type);
        if (ofType === undefined) files.set(type, [file]);
        else ofType.push(file);
      }
  return files;
}
