import * as v from 'valibot';
import { savedViewSchema, type SavedView } from '../../../webview/protocol.ts';

const savedPanel = v.object({ migrationId: v.string(), view: v.optional(savedViewSchema) });

/** What the editor kept of a panel over a reload; undefined when it is of another version or damaged. */
export function parseSavedPanel(
  state: unknown,
): { readonly migrationId: string; readonly view: SavedView | undefined } | undefined {
  const parsed = v.safeParse(savedPanel, state);
  return parsed.success ? { migrationId: parsed.output.migrationId, view: parsed.output.view } : undefined;
}

/** Addresses that the panel may open in the browser: the services' own and Microsoft's guidance and portals, https only. */
export function mayOpen(href: string, ownHosts: readonly string[]): boolean {
  if (!URL.canParse(href)) return false;
  const { protocol, hostname, username, password } = new URL(href);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  const known = [
    'learn.microsoft.com',
    'portal.azure.com',
    'portal.azure.us',
    'portal.azure.cn',
    'azure.status.microsoft',
  ];
  return known.includes(hostname) || ownHosts.includes(hostname);
}
