/** Whether the figures of a list are drawn as bars or as lines: said once for the list, read by its cells. */
import { createContext, useContext } from "solid-js";

export const LinesContext = createContext<() => boolean>(() => false);

export const useLines = () => useContext(LinesContext);
