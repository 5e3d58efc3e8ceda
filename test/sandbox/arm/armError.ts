import { jsonAnswer, type HttpAnswer } from '../http.ts';

export interface ArmErrorBody {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly object[];
}

/** An answer other than the one asked for, in ARM's shape `{error: {code, message, target?, details?}}`. */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number;
  readonly body: ArmErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ArmErrorBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  answer(): HttpAnswer {
    return jsonAnswer(this.status, { error: this.body }, this.headers);
  }
}

/** 400 for a body that is not what the type takes. */
export function invalidContent(what: string): ArmError {
  return new ArmError(400, {
    code: 'InvalidRequestContent',
    message: `The request content was invalid and could not be deserialized: '${what}'.`,
  });
}

/** 404 with the words that ARM uses for a resource of a type in a group. */
export function resourceNotFound(type: string, names: readonly string[], resourceGroup: string): ArmError {
  return new ArmError(404, {
    code: 'ResourceNotFound',
    message: `The Resource '${type}/${names.join('/')}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });
}
