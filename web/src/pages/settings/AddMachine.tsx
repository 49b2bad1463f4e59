/** The dialog for adding a machine, from anywhere. */
import { Dialog } from "../../parts/Dialog";
import { t } from "../../text/en";
import { AddSteps } from "./AddSteps";
import "./settings.css";

export default function AddMachine(props: { onClose: () => void }) {
  return (
    <Dialog title={t.add.title} onClose={props.onClose}>
      <AddSteps />
    </Dialog>
  );
}
