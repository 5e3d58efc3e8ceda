import { fileNameOf } from '../words/serverText.ts';

/** How the name of a plan file ends. */
export const planFileEnding = '.fhirmigration.json';

/** Files in all folders of the workspace that are plans. */
export const planFileGlob = `**/*${planFileEnding}`;

/** Address of a new plan file in a folder, that no file has yet. */
export async function planFileAddress(
  folder: string,
  name: string,
  taken: (address: string) => Promise<boolean>,
): Promise<string> {
  const base = `${folder.replace(/\/+$/, '')}/${fileNameOf(name.toLowerCase())}`;
  for (let number = 1; ; number++) {
    const address = `${base}${number === 1 ? '' : `-${number}`}${planFileEnding}`;
    if (!(await taken(address))) return address;
  }
}
