/** Start of the dashboard. */
import { render } from "solid-js/web";
import { App } from "./app/App";
import "./style/tokens.css";
import "./style/ground.css";
import "./style/parts.css";
import "./style/forms.css";
import "./style/shell.css";
import "./style/table.css";
import "./style/pages.css";

const root = document.getElementById("app");
if (root) render(() => <App />, root);
