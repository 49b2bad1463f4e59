/** The server's log, live: which level it writes, which lines are shown, and the bundle to hand to somebody. */
import { createEffect, createMemo, createResource, createSignal, For, Match, on, Show, Switch } from "solid-js";
import { sentenceOf } from "../../api/sentence";
import { LEVELS, type Level, LOG_DOWNLOAD, type LogLine, readLevel, saveLevel } from "../../api/support";
import { query, setQuery } from "../../app/place";
import { Segments } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { toast } from "../../parts/Toast";
import { iso, timeOfDay } from "../../text/format";
import { t } from "../../text/en";
import { createTail } from "./logTail";

/** Whether a line is of that level or worse and holds every word. */
export function lineTest(text: string, from: Level): (line: LogLine) => boolean {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const least = LEVELS.indexOf(from);
  return (line) => {
    if (LEVELS.indexOf(line.level) < least) return false;
    const whole = `${line.target} ${line.message} ${line.rest}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  };
}

const NEAR_END = 40;

export function Logs() {
  let list!: HTMLDivElement;
  const tail = createTail();
  const [level, { mutate }] = createResource(() => readLevel().catch(() => undefined));
  const [following, setFollowing] = createSignal(true);
  const text = () => query("q") ?? "";
  const from = (): Level => LEVELS.find((known) => known === query("level")) ?? "debug";
  const shown = createMemo(() => tail.lines().filter(lineTest(text(), from())));
  const toEnd = () => list.scrollTo(0, list.scrollHeight);
  createEffect(on(shown, () => following() && requestAnimationFrame(toEnd)));
  const change = async (next: Level) => {
    const before = level.latest;
    mutate(next);
    try {
      await saveLevel(next);
      toast(t.logs.levelSaved(t.system.levels[next]));
    } catch (cause) {
      mutate(before);
      toast(sentenceOf(cause), true);
    }
  };
  return (
    <div class="settings-main logs">
      <div class="support-head">
        <h2>{t.logs.title}</h2>
        <span class="push" />
        <a class="button" href={LOG_DOWNLOAD} download="" title={t.logs.downloadHint}>
          {t.logs.download}
        </a>
      </div>
      <section class="panel">
        <Show when={level.latest}>
          {(present) => (
            <div class="setting">
              <div class="setting-words">
                <span>{t.logs.level}</span>
              </div>
              <Segments<Level> label={t.logs.level} options={LEVELS.map((known) => [known, t.system.levels[known]] as const)} value={present()} onChange={change} />
            </div>
          )}
        </Show>
        <div class="tools padded" role="search" aria-label={t.logs.filter}>
          <label class="filter">
            <Icon name="search" />
            <span class="sr">{t.logs.filter}</span>
            <input type="search" placeholder={t.logs.filterPlaceholder} value={text()} autocomplete="off" spellcheck={false} onInput={(event) => setQuery({ q: event.currentTarget.value })} />
          </label>
          <span class="dim" aria-hidden="true">
            {t.logs.showFrom}
          </span>
          <Segments<Level> label={t.logs.showFrom} options={LEVELS.map((known) => [known, t.system.levels[known]] as const)} value={from()} onChange={(next) => setQuery({ level: next === "debug" ? undefined : next })} />
          <button type="button" class="button" aria-pressed={tail.paused()} onClick={() => tail.setPaused(!tail.paused())}>
            <Icon name={tail.paused() ? "play" : "pause"} />
            {tail.paused() ? t.logs.resume : t.logs.pause}
            <Show when={tail.waiting() > 0}>
              <span class="dim">{t.logs.waiting(tail.waiting())}</span>
            </Show>
          </button>
          <button type="button" class="button quiet" onClick={tail.clear}>
            {t.logs.clear}
          </button>
        </div>
        <StateNote state={tail.state()} onReopen={tail.reopen} />
        <div ref={list} class="log-lines" role="log" aria-live="off" aria-label={t.logs.list} tabindex="0" onScroll={() => setFollowing(list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END)}>
          <For each={shown()} fallback={<p class="dim padded">{tail.lines().length > 0 ? t.logs.noneMatch : t.logs.none}</p>}>
            {(line) => <Line line={line} />}
          </For>
        </div>
        <footer class="log-foot dim">
          <span>
            {t.logs.lines(shown().length, tail.lines().length)}, {t.logs.most}
          </span>
          <Show when={!following()}>
            <button
              type="button"
              class="button small push"
              onClick={() => {
                setFollowing(true);
                toEnd();
              }}
            >
              {t.logs.follow}
            </button>
          </Show>
        </footer>
      </section>
    </div>
  );
}

function StateNote(props: { state: string; onReopen: () => void }) {
  return (
    <Switch>
      <Match when={props.state === "connecting"}>
        <p class="padded dim" role="status">
          {t.logs.connecting}
        </p>
      </Match>
      <Match when={props.state === "lost" || props.state === "closed"}>
        <p class="note" role="status">
          {props.state === "lost" ? t.logs.lost : t.logs.closed}
          <button type="button" class="button small push" onClick={() => props.onReopen()}>
            {t.logs.reopen}
          </button>
        </p>
      </Match>
    </Switch>
  );
}

function Line(props: { line: LogLine }) {
  return (
    <div class={`log-line ${props.line.level}`}>
      <time title={props.line.at ? iso(props.line.at) : undefined}>{props.line.at ? timeOfDay(props.line.at, true) : ""}</time>
      <b>{props.line.level}</b>
      <span>
        {props.line.message} <i>{props.line.rest}</i> <i>{props.line.target}</i>
      </span>
    </div>
  );
}
