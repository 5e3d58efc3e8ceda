import type { TestApi } from '../../src/ui/activate/testApi.ts';
import { extensionUnderTest } from './manifest.ts';

/** What the extension tells only to tests. */
export async function testApi(): Promise<TestApi> {
  const api = await extensionUnderTest().activate();
  if (api === undefined) throw new Error('The extension does not know that it is under test.');
  return api as TestApi;
}
