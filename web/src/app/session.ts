/**
 * Who is signed in, and the way in and out.
 */
import { createSignal } from "solid-js";
import { onSessionEnd, request } from "../api/request";
import type { SecurityStatus } from "../api/schema";
import { clearEstate } from "../live/estate";
import { clearHours } from "../live/hours";
import { closeLink, openLink } from "../live/socket";
import { go, safeReturn } from "./place";
import { setServerTheme } from "./serverTheme";

/** `opening` until the server said what it knows about us. */
export type SessionState = "opening" | "unreachable" | "first-run" | "signed-out" | "signed-in";

const [session, setSession] = createSignal<SessionState>("opening");
const [user, setUser] = createSignal("");
const [tokenPath, setTokenPath] = createSignal<string | undefined>();
/** The session ended by itself: the sign-in page says so. */
const [expired, setExpired] = createSignal(false);
/** The first run goes on after the account exists, until the user leaves it. */
const [settingUp, setSettingUp] = createSignal(false);

export { expired, session, setSettingUp, settingUp, tokenPath, user };

/** Asks the server where we stand. */
export async function readSession(): Promise<void> {
  let status: SecurityStatus;
  try {
    status = await request<SecurityStatus>("/api/security/status", { signingIn: true });
  } catch {
    if (session() === "opening") setSession("unreachable");
    return;
  }
  setTokenPath(status.bootstrapTokenPath);
  if (!status.hasAuthentication) {
    setSession("first-run");
  } else if (status.detailLevel === "public") {
    leave();
  } else {
    enter(status.authUsername ?? "");
  }
}

function enter(name: string): void {
  setUser(name);
  setExpired(false);
  setSession("signed-in");
  openLink({ onSessionEnd: sessionEnded, onRefused: () => void readSession(), onSettings: (change) => setServerTheme(change.theme) });
}

function leave(): void {
  if (session() === "signed-in") setExpired(true);
  closeLink();
  clearEstate();
  clearHours();
  setUser("");
  setSession("signed-out");
  const here = location.pathname + location.search;
  if (location.pathname === "/login") return;
  go(here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`, { replace: true });
}

function sessionEnded(): void {
  if (session() === "signed-in") leave();
}

onSessionEnd(sessionEnded);

export async function signIn(username: string, password: string, rememberMe: boolean): Promise<void> {
  await request("/api/login", { method: "POST", body: { username, password, rememberMe }, signingIn: true });
  const next = safeReturn(new URLSearchParams(location.search).get("next") ?? undefined);
  await readSession();
  go(next.startsWith("/login") ? "/" : next, { replace: true });
}

export async function signOut(): Promise<void> {
  await request("/api/logout", { method: "POST" }).catch(() => undefined);
  closeLink();
  clearEstate();
  clearHours();
  setUser("");
  setExpired(false);
  setSession("signed-out");
  go("/login", { replace: true });
}

/** Tells whether a bootstrap token is the right one; throws `ApiFailure` if not. */
export function checkBootstrapToken(token: string): Promise<void> {
  return request("/api/security/validate-bootstrap-token", { method: "POST", body: { token }, signingIn: true });
}

/** Creates the administrator; the answer's cookies sign this browser in. */
export async function createAdministrator(username: string, password: string, setupToken: string): Promise<void> {
  const darkMode = matchMedia("(prefers-color-scheme: dark)").matches;
  await request("/api/security/quick-setup", {
    method: "POST",
    body: { username, password, setupToken, enableNotifications: false, darkMode, force: false },
    signingIn: true,
  });
  setSettingUp(true);
  await readSession();
}
