/** Who lives on a host: one cell each, one stop for Tab, arrows move inside, Enter opens. */
import { createMemo, createSignal, For, Show } from "solid-js";
import { announce } from "../../app/Announcer";
import { setQuery } from "../../app/place";
import { phone } from "../../app/viewport";
import { latestOf } from "../../live/estate";
import { isWorkload } from "../../live/kinds";
import { nameOf } from "../../live/names";
import { standing, tally } from "../../live/tally";
import { percent } from "../../text/format";
import { t } from "../../text/en";
import { Instead } from "./Instead";
import { LineAge } from "./rows";
import { arrange, cellAt, edges, fitting, type Inhabitant, lookOf, shapes, signs } from "./strip";

/** What lives on the nodes of a cluster, and what waits for one. */
function childrenIn(id: string): readonly string[] {
  const children = tally().children.get(id) ?? [];
  if (latestOf(id)?.type !== "k8s-cluster") return children;
  return children.flatMap((child) => (latestOf(child)?.type === "k8s-node" ? (tally().children.get(child) ?? []) : child));
}

/** Guests and containers; a host without them shows its disks. */
export function inhabitantsOf(id: string): string[] {
  const children = childrenIn(id);
  const living = children.filter((child) => isWorkload(latestOf(child) ?? { type: "" }));
  const disks = children.filter((child) => latestOf(child)?.type === "physical_disk");
  const showsDisks = living.length === 0 || latestOf(id)?.platformType.startsWith("truenas");
  return showsDisks ? [...disks, ...living] : living;
}

function arranged(id: string): Inhabitant[] {
  return arrange(
    inhabitantsOf(id).map((child) => {
      const load = latestOf(child)?.cpu?.current;
      return { id: child, look: lookOf(tally().standings.get(child) ?? "unknown", load), load: load ?? 0 };
    }),
  );
}

function summary(of: readonly Inhabitant[], host: string): string {
  const disks = of.filter((entry) => latestOf(entry.id)?.type === "physical_disk").length;
  const count = (looks: string) => of.filter((entry) => looks.includes(entry.look)).length;
  const parts = [
    [t.standing.critical, count("c")],
    [t.standing.warning, count("w")],
    [t.standing.pending, count("p")],
    [t.standing.running, count("bni")],
    [t.standing.stopped, count("s")],
    [t.standing.unknown, count("u")],
  ] as const;
  const words = parts.filter(([, amount]) => amount > 0).map(([word, amount]) => `${amount} ${word.toLowerCase()}`);
  return t.board.strip(nameOf(latestOf(host)), of.length - disks, disks, words.join(", "));
}

export function Inhabitants(props: { id: string; width: number; current: boolean }) {
  let strip!: HTMLButtonElement;
  const [active, setActive] = createSignal(-1);
  const all = createMemo(() => arranged(props.id), [], { equals: (a, b) => a.length === b.length && a.every((entry, at) => entry.id === b[at]?.id && entry.look === b[at]?.look) });
  const looks = createMemo(() => {
    const every = all().map((entry) => entry.look).join("");
    return every.slice(0, fitting(every, Math.max(40, props.width - (phone() ? 44 : 16))));
  });
  const drawn = createMemo(() => shapes(looks()));
  const mark = createMemo(() => signs(looks()));
  const width = () => edges(looks())[looks().length] ?? 0;
  const rest = () => all().length - looks().length;
  const said = (index: number) => {
    const id = all()[index]?.id ?? "";
    const load = latestOf(id)?.cpu?.current;
    return `${nameOf(latestOf(id))}, ${t.standing[standing(id)].toLowerCase()}${load === undefined ? "" : `, CPU ${percent(load)} %`}`;
  };
  const point = (event: MouseEvent) => cellAt(looks(), event.clientX - strip.getBoundingClientRect().left);
  const open = (index: number | undefined) => {
    const id = index === undefined || index < 0 ? undefined : all()[index]?.id;
    setQuery({ resource: id ?? props.id }, { push: true });
  };
  const move = (by: 1 | -1) => {
    const next = Math.max(0, Math.min(looks().length - 1, active() + by));
    setActive(next);
    strip.title = said(next);
    announce(`${said(next)}, ${next + 1} / ${all().length}`);
  };
  return (
    <Show when={all().length > 0} fallback={<Instead id={props.id} />}>
      <span class="cells">
        <button
          type="button"
          ref={strip}
          class="strip"
          tabindex={props.current ? 0 : -1}
          aria-label={summary(all(), props.id)}
          onBlur={() => setActive(-1)}
          onPointerMove={(event) => {
            const index = point(event);
            strip.title = index === undefined ? "" : said(index);
          }}
          onClick={(event) => open(event.detail === 0 ? active() : point(event))}
          onKeyDown={(event) => {
            if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
            event.preventDefault();
            event.stopPropagation();
            move(event.key === "ArrowRight" ? 1 : -1);
          }}
        >
          <svg class="strip-cells" width={width()} height="16" viewBox={`0 0 ${width() || 1} 16`} aria-hidden="true">
            <For each={drawn()}>{(shape) => <path class={`look-${shape.look}`} d={shape.path} />}</For>
            <Show when={mark().crit}>
              <path class="sign-crit" d={mark().crit} />
            </Show>
            <Show when={mark().warn}>
              <path class="sign-warn" d={mark().warn} />
            </Show>
            <Show when={active() >= 0}>
              <rect class="strip-here" x={(edges(looks())[active()] ?? 0) - 1} y="0.5" width="11" height="15" rx="2" />
            </Show>
          </svg>
        </button>
        <Show when={rest() > 0}>
          <span class="dim">+{rest()}</span>
        </Show>
        <LineAge id={props.id} />
      </span>
    </Show>
  );
}
