/** A complete HTTP answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly text: string;
  /** Name of the service, for messages. */
  readonly service: string;
  /** Method and path template, for messages. */
  readonly request: string;
  readonly requestId: string | undefined;
  /** What the server asks to wait, already bounded. */
  readonly retryAfterMs: number | undefined;
}
