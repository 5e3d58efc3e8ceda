import { randomUUID } from 'node:crypto';
import { jsonAnswer, type HttpAnswer } from '../http.ts';

/**
 * How the end of an operation is learned: the three ways that a poller has to know. With `resource` a PUT names no address
 * and its resource is looked at; PATCH and DELETE name a Location, since nothing else would tell their end.
 */
export type PollingStyle = 'azureAsyncOperation' | 'location' | 'resource';

export interface LongRunningSettings {
  /** Looks at an operation, or at its resource, that still find it running. */
  polls: number;
  retryAfterSeconds: number;
  style: PollingStyle;
}

export interface OperationPlan {
  readonly subscriptionId: string;
  readonly location: string;
  /** Name of the resource, shown as the operation's. */
  readonly name: string;
  readonly resourceId: string;
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  /** The resource as it is, for the last answer at a Location; undefined when it is gone. */
  document(): object | undefined;
  /** Called at the first look. */
  started?(): void;
  succeeded(): void;
  failed(): void;
}

interface Operation extends OperationPlan {
  readonly id: string;
  readonly startTime: string;
  looks: number;
  status: 'Requested' | 'Running' | 'Succeeded' | 'Failed';
  endTime: string | undefined;
  error: { readonly code: string; readonly message: string } | undefined;
}

/**
 * Asynchronous operations. They move on when somebody looks at them and not with time, so that a test sees the same states
 * in every run.
 */
export class LongRunningOperations {
  readonly settings: LongRunningSettings = { polls: 2, retryAfterSeconds: 0, style: 'azureAsyncOperation' };
  readonly #operations = new Map<string, Operation>();
  readonly #failures: { code: string; message: string }[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The next operation that is started ends as failed. */
  failNext(code: string, message: string): void {
    this.#failures.push({ code, message });
  }

  /** Starts an operation and returns the headers of its answer. `base` is ARM's own address. */
  start(plan: OperationPlan, base: string, apiVersion: string): Record<string, string> {
    const operation: Operation = {
      ...plan,
      id: randomUUID(),
      startTime: new Date(this.#now()).toISOString(),
      looks: 0,
      status: 'Requested',
      endTime: undefined,
      error: this.#failures.shift(),
    };
    this.#operations.set(operation.id, operation);
    const url = `${base}${pathOf(operation)}?api-version=${apiVersion}`;
    const wait = { 'retry-after': String(this.settings.retryAfterSeconds) };
    switch (this.settings.style) {
      case 'azureAsyncOperation':
        return { 'azure-asyncoperation': url, ...wait };
      case 'location':
        return { location: `${url}&poll=location`, ...wait };
      case 'resource':
        return plan.method === 'PUT' ? {} : { location: `${url}&poll=location`, ...wait };
    }
  }

  /** The operation of a resource moves on by one look. */
  look(resourceId: string): void {
    for (const operation of this.#operations.values()) {
      if (operation.resourceId.toLowerCase() === resourceId.toLowerCase()) this.#advance(operation);
    }
  }

  /** The answer to a poll; undefined for an operation that does not exist. */
  poll(id: string, location: boolean): HttpAnswer | undefined {
    const operation = this.#operations.get(id);
    if (operation === undefined) return undefined;
    this.#advance(operation);
    const running = operation.status === 'Requested' || operation.status === 'Running';
    const wait: Record<string, string> = running ? { 'retry-after': String(this.settings.retryAfterSeconds) } : {};
    if (location && running) return { status: 202, headers: wait };
    if (location && operation.error !== undefined) return jsonAnswer(409, { error: operation.error });
    if (location) {
      const document = operation.document();
      return document === undefined ? { status: 204 } : jsonAnswer(200, document);
    }
    return jsonAnswer(
      200,
      {
        id: pathOf(operation),
        name: operation.name,
        status: operation.status,
        startTime: operation.startTime,
        ...(operation.endTime === undefined ? {} : { endTime: operation.endTime }),
        ...(operation.status === 'Failed' ? { error: operation.error } : {}),
        properties: {},
      },
      wait,
    );
  }

  #advance(operation: Operation): void {
    if (operation.endTime !== undefined) return;
    operation.looks += 1;
    if (operation.looks <= this.settings.polls) {
      if (operation.looks === 1) operation.started?.();
      operation.status = operation.looks === 1 ? 'Requested' : 'Running';
      return;
    }
    operation.endTime = new Date(this.#now()).toISOString();
    operation.status = operation.error === undefined ? 'Succeeded' : 'Failed';
    if (operation.error === undefined) operation.succeeded();
    else operation.failed();
  }
}

function pathOf(operation: Operation): string {
  return `/subscriptions/${operation.subscriptionId}/providers/Microsoft.HealthcareApis/locations/${operation.location}/operationresults/${operation.id}`;
}
