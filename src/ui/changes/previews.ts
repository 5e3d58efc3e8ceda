import { edited, type ResourceJson } from '../../azure/resourceEdits.ts';
import { parseResourceId } from '../../azure/resourceId.ts';
import { writableBody } from '../../azure/writableBody.ts';
import type { Change } from '../../compare/changes/change.ts';
import { documentText } from '../../compare/stableOrder.ts';

/** The JSON of a resource as it is sent, before and after. */
export interface JsonPreview {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What changes mean for the JSON of each resource that they change. Roles and containers have none. */
export function previewsOf(
  changes: readonly Change[],
  resources: Readonly<Record<string, ResourceJson>>,
): readonly JsonPreview[] {
  const ids = [...new Set(changes.flatMap((one) => (one.kind === 'settings' ? [one.resourceId.toLowerCase()] : [])))];
  return ids.flatMap((id) => {
    const json = resources[id];
    if (json === undefined) return [];
    const own = changes.flatMap((one) => (one.kind === 'settings' && one.resourceId.toLowerCase() === id ? [one] : []));
    const type = parseResourceId(id)?.type ?? '';
    const after = edited(
      json,
      own.flatMap(({ edits }) => edits),
    );
    return [
      {
        name: own[0]?.resourceName ?? id,
        before: documentText(writableBody(json, type)),
        after: documentText(writableBody(after, type)),
      },
    ];
  });
}
