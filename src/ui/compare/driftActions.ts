import type { Aspect, ComparedEntry } from '../../compare/comparison.ts';

export type ActionToken =
  'canCopyParameters' | 'canReindex' | 'canCopyProfiles' | 'canCarryConfiguration' | 'canCarryRoles' | 'canOpenTarget';

/**
 * What can be done about a row, as tokens that the manifest's menus ask for. `canCopyParameters` and `canCopyProfiles`:
 * copy it; `canReindex`: let the target index it; `canCarryConfiguration` and `canCarryRoles`: write it to the target;
 * `canOpenTarget`: change it in the Azure portal.
 */
export function actionTokens(aspect: Aspect, { state, path, overwrites }: ComparedEntry): readonly ActionToken[] {
  const isLacking = state === 'missing' || state === 'different';
  switch (aspect) {
    case 'searchParameters':
      if (!isLacking) return [];
      return state === 'missing' || overwrites === true ? ['canCopyParameters'] : ['canReindex'];
    case 'profiles':
      return isLacking && path[0] !== 'Used by the data' ? ['canCopyProfiles'] : [];
    case 'capabilities':
      return isLacking && path.includes('search parameter') ? ['canReindex'] : [];
    case 'configuration':
      return ['canCarryConfiguration', 'canOpenTarget'];
    case 'roles':
      return ['canCarryRoles', 'canOpenTarget'];
    case 'diagnostics':
      return ['canOpenTarget'];
  }
}
