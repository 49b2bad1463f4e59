/**
 * Where the user is. The address is the view: path and query are signals, and links inside the page
 * change them without a reload.
 */
import { batch, createSignal } from "solid-js";

const [path, setPath] = createSignal(location.pathname);
const [search, setSearch] = createSignal(location.search);

export { path, search };

function publish(): void {
  batch(() => {
    setPath(location.pathname);
    setSearch(location.search);
  });
}

let read = { text: "", values: new URLSearchParams() };

/** One query value, empty values count as absent. Lists read many of them, so the address is taken apart once. */
export function query(name: string): string | undefined {
  const text = search();
  if (text !== read.text) read = { text, values: new URLSearchParams(text) };
  return read.values.get(name) || undefined;
}

/** `kiosk` stays in the address while moving between pages: it belongs to the screen, not to the view. */
function keepKiosk(target: URL): URL {
  const kiosk = new URLSearchParams(location.search).get("kiosk");
  if (kiosk && !target.searchParams.has("kiosk")) target.searchParams.set("kiosk", kiosk);
  return target;
}

export function go(to: string, how: { replace?: boolean } = {}): void {
  const target = keepKiosk(new URL(to, location.href));
  const samePage = target.pathname === location.pathname;
  history[how.replace ? "replaceState" : "pushState"](null, "", target);
  publish();
  if (!samePage) {
    scrollTo(0, 0);
    document.dispatchEvent(new Event("pulse:page"));
  }
}

/** Changes some query values and keeps the others; undefined removes. */
export function setQuery(change: Record<string, string | undefined>, how: { push?: boolean } = {}): void {
  const target = new URL(location.href);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "") target.searchParams.delete(name);
    else target.searchParams.set(name, value);
  }
  if (target.href === location.href) return;
  history[how.push ? "pushState" : "replaceState"](null, "", target);
  publish();
}

/** The present address with one query value changed, for links. */
export function withQuery(change: Record<string, string | undefined>): string {
  const values = new URLSearchParams(search());
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) values.delete(name);
    else values.set(name, value);
  }
  const text = values.toString();
  return text ? `${path()}?${text}` : path();
}

let opened = { address: "", start: "" };

/** The present address with a resource open beside it. A list asks for many at once, so the rest of it is kept. */
export function resourceHref(id: string): string {
  const address = path() + search();
  if (opened.address !== address) {
    const rest = withQuery({ resource: undefined });
    opened = { address, start: `${rest}${rest.includes("?") ? "&" : "?"}resource=` };
  }
  return opened.start + encodeURIComponent(id);
}

/** A path of ours only: an address from the query must not lead to another site. */
export function safeReturn(target: string | undefined): string {
  if (!target?.startsWith("/") || target.startsWith("//") || target.includes("\\")) return "/";
  const url = new URL(target, location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : "/";
}

/** An address that may be opened in a new tab: nothing but a web page. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function isOurs(anchor: HTMLAnchorElement): boolean {
  return (
    anchor.origin === location.origin &&
    !anchor.target &&
    !anchor.hasAttribute("download") &&
    !anchor.pathname.startsWith("/api/")
  );
}

/** Follows plain clicks on our own links; anything with a modifier stays the browser's. */
export function followLinks(): void {
  addEventListener("popstate", publish);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = (event.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    if (!anchor || !isOurs(anchor) || anchor.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    go(anchor.href);
  });
}
