/** A question of the drawer: what it means, the answer, and the refusal where there is one. */
import { createSignal, type JSX, Show } from "solid-js";
import { sentenceOf } from "../../api/sentence";
import { Dialog } from "../../parts/Dialog";
import { toast } from "../../parts/Toast";
import { t } from "../../text/en";

interface FormProps {
  title: string;
  text: string;
  act: string;
  ready: boolean;
  /** It takes something away. */
  grave?: boolean;
  run: () => Promise<unknown>;
  onClose: () => void;
  children?: JSX.Element;
}

export function Form(props: FormProps) {
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!props.ready || busy()) return;
    setBusy(true);
    setFailure("");
    try {
      await props.run();
      props.onClose();
    } catch (cause) {
      setFailure(sentenceOf(cause));
      setBusy(false);
    }
  };
  return (
    <Dialog title={props.title} onClose={props.onClose} class="narrow">
      <form class="stack" onSubmit={submit}>
        <p>{props.text}</p>
        {props.children}
        <Show when={failure()}>
          <p class="note bad" role="alert">
            {failure()}
          </p>
        </Show>
        <div class="step-do">
          <button type="submit" class="button" classList={{ primary: !props.grave, danger: props.grave }} disabled={!props.ready || busy()}>
            {busy() ? t.sources.working : props.act}
          </button>
          <button type="button" class="button quiet" onClick={() => props.onClose()}>
            {t.sources.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The way back of something that was just done, and how that came out. */
export async function takeBack(act: Promise<unknown>, done: string = t.sources.undone): Promise<void> {
  try {
    await act;
    toast(done);
  } catch (cause) {
    toast(t.sources.undoFailed(sentenceOf(cause)), true);
  }
}
