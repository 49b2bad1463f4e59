/** The sign and the name of a host at the head of what lives on it; opens the host. */
import { resourceHref } from "../../app/place";
import { resource } from "../../live/estate";
import { nameOf } from "../../live/names";
import { standing } from "../../live/tally";
import { Glyph } from "../Glyph";
import { Name } from "../Name";

export function HostName(props: { id: string }) {
  const name = () => nameOf(resource(props.id));
  return (
    <>
      <Glyph standing={standing(props.id)} />
      <a href={resourceHref(props.id)} tabindex="-1" aria-label={name()} title={name()}>
        <Name text={name()} labelled />
      </a>
    </>
  );
}
