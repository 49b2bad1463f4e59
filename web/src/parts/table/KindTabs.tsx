/** Which of several lists a page shows; the choice is in the address. */
import { For } from "solid-js";
import { withQuery } from "../../app/place";
import { keepCurrentInSight } from "../tabs";

interface KindTabsProps {
  label: string;
  /** Id, word and how many there are; the first is the usual one. */
  kinds: readonly { id: string; word: string; count: number }[];
  current: string;
}

export function KindTabs(props: KindTabsProps) {
  const address = (id: string) => withQuery({ kind: id === props.kinds[0]?.id ? undefined : id, resource: undefined, group: undefined, sort: undefined, order: undefined });
  return (
    <nav ref={(nav) => keepCurrentInSight(nav, () => props.current)} class="tabs kind-tabs" aria-label={props.label}>
      <For each={props.kinds}>
        {(kind) => (
          <a href={address(kind.id)} aria-current={props.current === kind.id ? "page" : undefined}>
            <span>
              {kind.word} <b>{kind.count}</b>
            </span>
          </a>
        )}
      </For>
    </nav>
  );
}
