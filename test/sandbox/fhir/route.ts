import type { OperationRoute } from './operations.ts';
import { resourceTypes } from './resourceTypes.ts';

/** What a method and a path ask of a service. */
export type Route =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'versions' }
  | { readonly kind: 'health' }
  | { readonly kind: 'operation'; readonly operation: OperationRoute }
  | { readonly kind: 'startReindex' }
  | { readonly kind: 'listReindex' }
  | { readonly kind: 'reindexStatus' | 'cancelReindex'; readonly id: string }
  | { readonly kind: 'reindexOne'; readonly type: string; readonly id: string }
  | { readonly kind: 'startBulkDelete'; readonly type: string | undefined; readonly tombstones: boolean }
  | { readonly kind: 'bulkDeleteStatus' | 'cancelBulkDelete'; readonly id: string }
  | { readonly kind: 'parameterStatus' | 'updateParameterStatus' }
  | { readonly kind: 'bundle' }
  | { readonly kind: 'search'; readonly type: string | undefined }
  | { readonly kind: 'history'; readonly type: string | undefined; readonly id: string | undefined }
  | { readonly kind: 'create' | 'conditionalUpdate' | 'conditionalDelete'; readonly type: string }
  | { readonly kind: 'read' | 'update' | 'delete' | 'purgeHistory'; readonly type: string; readonly id: string }
  | { readonly kind: 'readVersion'; readonly type: string; readonly id: string; readonly versionId: string }
  /** The path is known, the method is not. */
  | { readonly kind: 'wrongMethod' }
  /** A type or a path that no service has. */
  | { readonly kind: 'unknownType'; readonly type: string }
  | { readonly kind: 'unknownRoute' };

type Methods = Readonly<Record<string, Route>>;

const unknown: Route = { kind: 'unknownRoute' };

/** Finds what a request asks for. `path` begins with `/` and is percent-decoded. */
export function routeOf(method: string, path: string): Route {
  const segments = path.split('/').filter((segment) => segment !== '');
  const methods = methodsOf(segments);
  if (!('kind' in methods))
    return methods[method] ?? (Object.keys(methods).length === 0 ? unknown : { kind: 'wrongMethod' });
  return methods as Route;
}

function methodsOf(segments: readonly string[]): Methods | Route {
  const [first, second, third, fourth, ...rest] = segments;
  if (rest.length > 0) return unknown;
  if (first === undefined) {
    return { GET: { kind: 'search', type: undefined }, POST: { kind: 'bundle' } };
  }
  if (resourceTypes.has(first)) return ofType(first, second, third, fourth);
  if (first === '_operations') return fourth === undefined ? ofJob(second, third) : unknown;
  if (first === 'health') return second === 'check' && third === undefined ? { GET: { kind: 'health' } } : unknown;
  if (second === undefined) return ofSystem(first);
  if (second === '$export' && third === undefined) return { GET: startExport(first) };
  return /^[A-Za-z]+$/.test(first) ? { kind: 'unknownType', type: first } : unknown;
}

function ofSystem(name: string): Methods | Route {
  switch (name) {
    case 'metadata':
      return { GET: { kind: 'metadata' } };
    case '$versions':
      return { GET: { kind: 'versions' } };
    case '$export':
      return { GET: startExport(undefined) };
    case '$import':
      return { POST: { kind: 'operation', operation: { kind: 'startImport' } } };
    case '$reindex':
      return { POST: { kind: 'startReindex' }, GET: { kind: 'listReindex' } };
    case '$bulk-delete':
    case '$bulk-delete-soft-deleted':
      return { DELETE: startBulkDelete(undefined, name) };
    case '_history':
      return { GET: { kind: 'history', type: undefined, id: undefined } };
    case '_search':
      return { POST: { kind: 'search', type: undefined } };
    default:
      return /^[A-Za-z]+$/.test(name) ? { kind: 'unknownType', type: name } : unknown;
  }
}

function ofType(type: string, second?: string, third?: string, fourth?: string): Methods | Route {
  if (second === undefined) {
    return {
      GET: { kind: 'search', type },
      POST: { kind: 'create', type },
      PUT: { kind: 'conditionalUpdate', type },
      DELETE: { kind: 'conditionalDelete', type },
    };
  }
  if (third === undefined) return ofTypeOperation(type, second);
  if (fourth === undefined) return ofInstanceOperation(type, second, third);
  if (third !== '_history') return unknown;
  return { GET: { kind: 'readVersion', type, id: second, versionId: fourth } };
}

function ofTypeOperation(type: string, second: string): Methods | Route {
  switch (second) {
    case '$export':
      return { GET: startExport(type) };
    case '$bulk-delete':
    case '$bulk-delete-soft-deleted':
      return { DELETE: startBulkDelete(type, second) };
    case '$status':
      if (type !== 'SearchParameter') return unknown;
      return { GET: { kind: 'parameterStatus' }, PUT: { kind: 'updateParameterStatus' } };
    case '_history':
      return { GET: { kind: 'history', type, id: undefined } };
    case '_search':
      return { POST: { kind: 'search', type } };
    default:
      if (second.startsWith('$') || second.startsWith('_')) return unknown;
      return {
        GET: { kind: 'read', type, id: second },
        PUT: { kind: 'update', type, id: second },
        DELETE: { kind: 'delete', type, id: second },
      };
  }
}

function ofInstanceOperation(type: string, id: string, third: string): Methods | Route {
  switch (third) {
    case '_history':
      return { GET: { kind: 'history', type, id } };
    case '$purge-history':
      return { DELETE: { kind: 'purgeHistory', type, id } };
    case '$reindex':
      return { GET: { kind: 'reindexOne', type, id }, POST: { kind: 'reindexOne', type, id } };
    case '$export':
      return type === 'Group' ? { GET: startExport('Group', id) } : unknown;
    default:
      return unknown;
  }
}

function ofJob(operation: string | undefined, id: string | undefined): Methods | Route {
  if (id === undefined) return unknown;
  switch (operation) {
    case 'export':
    case 'import':
      return {
        GET: { kind: 'operation', operation: { kind: 'jobStatus', operation, id } },
        DELETE: { kind: 'operation', operation: { kind: 'cancelJob', operation, id } },
      };
    case 'reindex':
      return { GET: { kind: 'reindexStatus', id }, DELETE: { kind: 'cancelReindex', id } };
    case 'bulk-delete':
      return { GET: { kind: 'bulkDeleteStatus', id }, DELETE: { kind: 'cancelBulkDelete', id } };
    default:
      return unknown;
  }
}

function startExport(type: string | undefined, groupId?: string): Route {
  return { kind: 'operation', operation: { kind: 'startExport', type, groupId } };
}

function startBulkDelete(type: string | undefined, name: string): Route {
  return { kind: 'startBulkDelete', type, tombstones: name === '$bulk-delete-soft-deleted' };
}
