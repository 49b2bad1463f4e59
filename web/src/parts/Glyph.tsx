/** The status sign: one shape per standing, so that colour is never alone. */
import { Match, Show, Switch } from "solid-js";
import type { Standing } from "../live/standing";
import { t } from "../text/en";

interface GlyphProps {
  standing: Standing;
  /** When the word stands beside it. */
  silent?: boolean;
}

/** Most things run, so that their dot is one plain element; a table has hundreds. */
export function Glyph(props: GlyphProps) {
  return (
    <Show when={props.standing === "running"} fallback={<Drawn {...props} />}>
      <span class="glyph running" role={props.silent ? undefined : "img"} aria-label={props.silent ? undefined : t.standing.running} aria-hidden={props.silent ? "true" : undefined} />
    </Show>
  );
}

function Drawn(props: GlyphProps) {
  return (
    <svg
      class={`glyph ${props.standing}`}
      viewBox="0 0 12 12"
      role={props.silent ? undefined : "img"}
      aria-label={props.silent ? undefined : t.standing[props.standing]}
      aria-hidden={props.silent ? "true" : undefined}
    >
      <Switch>
        <Match when={props.standing === "critical"}>
          <path d="M6 .2 11.8 6 6 11.8.2 6Z" class="solid" />
          <path d="M6 3v3.4M6 8.4v.4" class="on" />
        </Match>
        <Match when={props.standing === "warning"}>
          <path d="M6 .6 11.8 11H.2Z" class="solid" />
          <path d="M6 4.2v3M6 9v.3" class="on" />
        </Match>
        <Match when={props.standing === "offline"}>
          <circle cx="6" cy="6" r="4.8" class="ring" />
          <path d="M2.8 2.8l6.4 6.4" class="ring" />
        </Match>
        <Match when={props.standing === "pending"}>
          <circle cx="6" cy="6" r="4.8" class="ring" />
          <path d="M6 1.2a4.8 4.8 0 0 1 0 9.6Z" class="solid" />
        </Match>
        <Match when={props.standing === "stale"}>
          <circle cx="6" cy="6" r="4.9" class="ring dashed" />
          <path d="M6 3.4V6l1.8 1.4" class="ring" />
        </Match>
        <Match when={props.standing === "unknown"}>
          <circle cx="6" cy="6" r="4.9" class="ring dotted" />
          <path d="M4.7 4.8a1.3 1.3 0 1 1 1.9 1.2c-.4.2-.6.4-.6.8M6 8.5v.2" class="ring thin" />
        </Match>
        <Match when={props.standing === "stopped"}>
          <rect x="2" y="2" width="8" height="8" rx="1" class="ring" />
        </Match>
        <Match when={props.standing === "maintenance"}>
          <path d="M4 2v8M8 2v8" class="ring bold" />
        </Match>
        <Match when={props.standing === "done"}>
          <circle cx="6" cy="6" r="5.6" class="solid" />
          <path d="M3.6 6.2l1.7 1.7 3.2-3.6" class="on" />
        </Match>
      </Switch>
    </svg>
  );
}
