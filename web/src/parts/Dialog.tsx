/** A modal dialog on the browser's own `dialog`: focus stays inside, Esc closes, focus returns. */
import { type JSX, onCleanup, onMount } from "solid-js";
import { t } from "../text/en";
import { Icon } from "./Icon";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: JSX.Element;
  footer?: JSX.Element;
  /** Drops the head bar: the content brings its own. */
  bare?: boolean;
  class?: string;
}

export function Dialog(props: DialogProps) {
  let dialog!: HTMLDialogElement;
  const before = document.activeElement as HTMLElement | null;
  onMount(() => dialog.showModal());
  onCleanup(() => {
    dialog.close();
    if (before?.isConnected) before.focus();
  });
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ""}`}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog) props.onClose();
      }}
    >
      {props.bare ? (
        props.children
      ) : (
        <div class="dialog-frame">
          <header class="dialog-head">
            <h2>{props.title}</h2>
            <button type="button" class="icon-button" aria-label={t.close} onClick={() => props.onClose()}>
              <Icon name="close" />
            </button>
          </header>
          <div class="dialog-content">{props.children}</div>
          {props.footer && <footer class="dialog-foot">{props.footer}</footer>}
        </div>
      )}
    </dialog>
  );
}
