import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

import { findBrowser } from './chromium.ts';

/**
 * Starts a headless browser with a profile of its own, which the caller closes. It ends by itself when this process
 * ends, because it lives on a pipe to it.
 */
export async function launchBrowser(): Promise<Browser> {
  const program = await findBrowser();
  return await chromium.launch({
    executablePath: program.executablePath,
    headless: true,
    env: { ...definedEnvironment(), ...program.env },
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
    ],
  });
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
