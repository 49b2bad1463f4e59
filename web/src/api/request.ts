/**
 * The one place that calls the server: JSON in and out, the CSRF header, and failures as `ApiFailure`.
 */

export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The whole error body, for answers that say more than a code. */
    readonly body: Record<string, unknown> = {},
    /** Seconds until another try makes sense, when the server said so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

let sessionEnded: () => void = () => {};

/** Registers what happens when a call finds the session over. */
export function onSessionEnd(act: () => void): void {
  sessionEnded = act;
}

function csrfToken(): string | undefined {
  const entry = document.cookie.split("; ").find((part) => part.startsWith("pulse_csrf="));
  return entry ? decodeURIComponent(entry.slice("pulse_csrf=".length)) : undefined;
}

interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
  /** A sign-in attempt answers 401 without any session having ended. */
  signingIn?: boolean;
}

async function send(path: string, call: Call, csrf: string | undefined): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  if (call.method && call.method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  try {
    return await fetch(path, {
      method: call.method ?? "GET",
      headers,
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      credentials: "same-origin",
      signal: call.signal,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiFailure(0, "unreachable", "The server does not answer.");
  }
}

async function failureOf(answer: Response): Promise<ApiFailure> {
  const body: Record<string, unknown> = await answer.json().catch(() => ({}));
  const text = (key: string) => (typeof body[key] === "string" ? (body[key] as string) : undefined);
  const code = text("code") ?? text("error") ?? `http_${answer.status}`;
  const message = text("message") ?? text("error") ?? `The server answered ${answer.status}.`;
  const retry = Number(answer.headers.get("Retry-After"));
  return new ApiFailure(answer.status, code, message, body, retry > 0 ? retry : undefined);
}

/** Calls the server and returns the parsed answer; throws `ApiFailure` for anything but success. */
export async function request<T>(path: string, call: Call = {}): Promise<T> {
  let answer = await send(path, call, csrfToken());
  if (answer.status === 403) {
    const failure = await failureOf(answer.clone());
    if (failure.code === "csrf_failure") {
      answer = await send(path, call, answer.headers.get("X-CSRF-Token") ?? csrfToken());
    }
  }
  if (!answer.ok) {
    const failure = await failureOf(answer);
    if (failure.status === 401 && !call.signingIn) sessionEnded();
    throw failure;
  }
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
