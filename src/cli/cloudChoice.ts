import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Cloud } from '../azure/cloud.ts';
import { parseCloud } from '../azure/parseCloud.ts';
import { UsageError } from './session.ts';

const names = ['public', 'usGovernment', 'china'];

/**
 * The cloud that `--cloud` names: a known one, or a JSON file with the endpoints of a custom one. In a file,
 * `certificateAuthorityFile` may name a PEM file, relative to it.
 * @throws UsageError when the file cannot be read, FailureError `invalidInput` when an endpoint cannot be used
 */
export async function cloudChoice(text: string): Promise<Cloud> {
  if (names.includes(text)) return parseCloud(text);
  const endpoints = await jsonIn(text);
  const { certificateAuthorityFile, ...rest } = endpoints;
  if (typeof certificateAuthorityFile !== 'string') return parseCloud(endpoints);
  return parseCloud({ ...rest, certificateAuthority: await textIn(resolve(dirname(text), certificateAuthorityFile)) });
}

async function jsonIn(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(await textIn(file));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof UsageError) throw error;
  }
  throw new UsageError(`${file} is not a JSON file with the endpoints of a cloud.`);
}

async function textIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(
      `--cloud: ${file} is neither the name of a cloud (${names.join(', ')}) nor a file that can be read.`,
    );
  }
}
