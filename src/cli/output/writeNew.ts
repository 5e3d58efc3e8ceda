import { writeFile } from 'node:fs/promises';
import { UsageError } from '../session.ts';

/** Writes a file that is not there yet. @throws UsageError when it is, or cannot be written */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UsageError(
      code === 'EEXIST' ? `${file} exists already; choose another name.` : `${file} cannot be written: ${code}.`,
    );
  }
}
