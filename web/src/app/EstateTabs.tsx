/** The pages of the whole estate: how it stands, what runs, where data lies. */
import { For } from "solid-js";
import { t } from "../text/en";
import { path } from "./place";

const PAGES = [
  ["/", t.shell.overview],
  ["/workloads", t.workloads.title],
  ["/storage", t.storage.title],
] as const;

export function EstateTabs() {
  const isHere = (href: string) => path() === href || (href === "/" && path() === "/infrastructure");
  return (
    <nav class="tabs" aria-label={t.shell.estateLabel}>
      <For each={PAGES}>
        {([href, word]) => (
          <a href={href} aria-current={isHere(href) ? "page" : undefined}>
            {word}
          </a>
        )}
      </For>
    </nav>
  );
}
