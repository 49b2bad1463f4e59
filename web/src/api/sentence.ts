/** What to tell a person when a call failed: who refused, and why. */
import { t } from "../text/en";
import { ApiFailure } from "./request";

export function sentenceOf(cause: unknown): string {
  if (!(cause instanceof ApiFailure) || cause.status === 0) return t.failure.unreachable;
  return cause.status === 403 ? t.failure.forbidden(cause.message) : t.failure.other(cause.message);
}

/** The member of the request an error is about, when the server says so. */
export function fieldOf(cause: unknown): string | undefined {
  if (!(cause instanceof ApiFailure)) return undefined;
  const inner = cause.body.details;
  const details: Record<string, unknown> = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
  const named = [details.member, details.field, cause.body.member, cause.body.field].find((value) => typeof value === "string");
  return named as string | undefined;
}
