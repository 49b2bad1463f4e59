/** Step 3: what to watch. This machine comes by itself; others need one token and one command. */
import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { ids, latest, resource } from "../../live/estate";
import { Glyph } from "../../parts/Glyph";
import { Icon } from "../../parts/Icon";
import { figure, memory } from "../../text/format";
import { t } from "../../text/en";
import { nameOf } from "../../live/names";
import { systemOf } from "../../parts/cells/machine";
import { AddSteps } from "../settings/AddSteps";

/** The agent that runs beside the server reports first. */
export function createFirstHost(): () => string | undefined {
  return createMemo(() => (ids().length > 0 ? latest().find((entry) => entry.type === "agent" && entry.lastSeen)?.id : undefined));
}

const PATIENCE = 45_000;

export function Add(props: { onDone: () => void }) {
  const first = createFirstHost();
  const [adding, setAdding] = createSignal(false);
  const [late, setLate] = createSignal(false);
  const timer = setTimeout(() => setLate(true), PATIENCE);
  onCleanup(() => clearTimeout(timer));
  return (
    <div class="step-form">
      <div>
        <h1 tabindex="-1">{t.setup.addTitle}</h1>
        <p class="lead">{t.setup.addText}</p>
      </div>
      <section class="panel pick" aria-live="polite">
        <Show
          when={first()}
          fallback={
            <>
              <h2>
                <Glyph standing="pending" silent /> {t.setup.thisMachine}
              </h2>
              <p>{late() ? t.setup.thisMissing : t.setup.thisWaiting}</p>
            </>
          }
        >
          {(id) => (
            <>
              <h2>
                <Glyph standing="done" silent /> {nameOf(resource(id()))}
                <span class="dim">
                  {t.setup.enrolled} · {t.setup.firstReport}
                </span>
              </h2>
              <p>
                {[systemOf(resource(id())), t.drawer.cores(resource(id())?.agent?.cpuCount ?? 0), memory(resource(id())?.memory?.total)].filter(Boolean).join(" · ")}
                <Show when={resource(id())?.cpu?.current !== undefined}> · CPU {figure(resource(id())?.cpu?.current ?? 0)} %</Show>
              </p>
            </>
          )}
        </Show>
      </section>
      <section class="panel pick">
        <Show
          when={adding()}
          fallback={
            <div class="pick-row">
              <div>
                <h2>{t.setup.another}</h2>
                <p>{t.setup.anotherText}</p>
              </div>
              <button type="button" class="button" onClick={() => setAdding(true)}>
                <Icon name="plus" />
                {t.add.title}
              </button>
            </div>
          }
        >
          <h2>{t.setup.another}</h2>
          <AddSteps />
        </Show>
      </section>
      <p class="dim">{t.setup.later}</p>
      <div class="step-do">
        <button type="button" class="button primary tall" onClick={() => props.onDone()}>
          {t.setup.next}
        </button>
        <Show when={!first()}>
          <button type="button" class="button quiet tall" onClick={() => props.onDone()}>
            {t.setup.skip}
          </button>
        </Show>
      </div>
    </div>
  );
}
