/** First run: prove it is yours, make it safe, add what you run, see it live. */
import { createSignal, For, Match, onMount, Switch } from "solid-js";
import { path } from "../../app/place";
import { session } from "../../app/session";
import { Icon, Mark } from "../../parts/Icon";
import { t } from "../../text/en";
import { Add } from "./Add";
import { Live } from "./Live";
import { Prove } from "./Prove";
import { Safe } from "./Safe";
import "./first-run.css";
import "../settings/settings.css";

type Step = 0 | 1 | 2 | 3;

function firstStep(): Step {
  if (path() === "/preview/setup-complete") return 3;
  return session() === "signed-in" ? 2 : 0;
}

export default function FirstRun() {
  const [step, setStep] = createSignal<Step>(firstStep());
  const [token, setToken] = createSignal("");
  let main!: HTMLElement;
  onMount(() => {
    document.title = `${t.setup.stepsLabel} · Pulse`;
  });
  const advance = (next: Step) => {
    setStep(next);
    scrollTo(0, 0);
    // A screen reader hears where it is now.
    requestAnimationFrame(() => main.querySelector<HTMLElement>("h1")?.focus());
  };
  return (
    <>
      <header class="top first-run-top">
        <span class="logo">
          <Mark />
          <b>{t.product}</b>
        </span>
        <span class="push dim">{t.setup.promise}</span>
      </header>
      <div class="first-run">
        <nav aria-label={t.setup.stepsLabel}>
          <ol class="steps">
            <For each={t.setup.steps}>
              {([title, note], index) => (
                <li classList={{ on: step() === index(), done: step() > index() }} aria-current={step() === index() ? "step" : undefined}>
                  <span class="step-mark" aria-hidden="true">
                    {step() > index() ? <Icon name="check" /> : index() + 1}
                  </span>
                  <span>
                    <b>{title}</b>
                    <small>{note}</small>
                    {step() > index() && <span class="sr">{t.setup.stepDone}</span>}
                  </span>
                </li>
              )}
            </For>
          </ol>
        </nav>
        <main ref={main} class="first-run-step">
          <Switch>
            <Match when={step() === 0}>
              <Prove
                onProven={(proven) => {
                  setToken(proven);
                  advance(1);
                }}
              />
            </Match>
            <Match when={step() === 1}>
              <Safe
                token={token()}
                onDone={() => {
                  setToken("");
                  advance(2);
                }}
              />
            </Match>
            <Match when={step() === 2}>
              <Add onDone={() => advance(3)} />
            </Match>
            <Match when={step() === 3}>
              <Live />
            </Match>
          </Switch>
        </main>
      </div>
    </>
  );
}
