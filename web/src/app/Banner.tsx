/** One line under the ribbon while something concerns every value on the page. One at a time. */
import { createEffect, Match, on, Switch } from "solid-js";
import { ticking } from "../live/clock";
import { loaded, paused, setPaused, waiting } from "../live/estate";
import { lastFrameAt, link, nextTryAt, retryNow } from "../live/socket";
import { Glyph } from "../parts/Glyph";
import { span, timeOfDay } from "../text/format";
import { t } from "../text/en";

/** A blink of the line is nothing to speak of. */
const SPEAK_AFTER = 3_000;

export function Banner() {
  let place!: HTMLDivElement;
  const silence = () => Math.max(0, ticking() - lastFrameAt());
  const lost = () => (link() !== "open" && lastFrameAt() > 0 && silence() > SPEAK_AFTER) || silence() > 30_000;
  const kind = () => {
    if (loaded() && lost()) return "lost";
    if (!loaded() && link() === "waiting") return "never";
    return paused() ? "paused" : undefined;
  };
  const seconds = () => {
    ticking();
    return link() === "waiting" ? Math.max(0, Math.ceil((nextTryAt() - Date.now()) / 1000)) : 0;
  };
  // The banner takes a row of its own; the page below stays under the pointer all the same.
  createEffect(
    on(
      () => !!kind(),
      (shown, before) => {
        document.documentElement.classList.toggle("with-banner", shown);
        if (before !== undefined && shown !== before && scrollY > 0) scrollBy(0, shown ? place.offsetHeight : -36);
      },
    ),
  );
  return (
    <div ref={place} class="banner-place" role="status">
      <Switch>
        <Match when={kind() === "lost" || kind() === "never"}>
          <div class="banner warn">
            <Glyph standing="warning" silent />
            <span>
              {kind() === "lost" ? t.banner.lost(span(silence()), timeOfDay(lastFrameAt(), true)) : t.banner.never}{" "}
              <span aria-hidden="true">{t.banner.again(seconds())}</span>
            </span>
            <button type="button" class="button small" onClick={retryNow}>
              {t.banner.tryNow}
            </button>
          </div>
        </Match>
        <Match when={kind() === "paused"}>
          <div class="banner">
            <Glyph standing="maintenance" silent />
            <span>{t.banner.paused(waiting())}</span>
            <button type="button" class="button small" onClick={() => setPaused(false)}>
              {t.banner.resume}
              <kbd>.</kbd>
            </button>
          </div>
        </Match>
      </Switch>
    </div>
  );
}
