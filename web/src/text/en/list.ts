/** Sentences of lists: filter, groups, columns, marked rows. */
import { count } from "../count";

export const list = {
  list: {
    filter: (fields: readonly string[]) => `${fields.map((field) => `${field}:`).join(" ")} or a name`,
    suggestions: "Suggestions",
    earlier: "searched before",
    chips: { status: "State", type: "Kind", platform: "Platform" },
    group: "Group rows",
    figures: "Figures as",
    bars: "Bars",
    lines: "Lines",
    flat: "Flat",
    earlierColumn: (column: string) => `Move ${column} to the left`,
    laterColumn: (column: string) => `Move ${column} to the right`,
    marked: (n: number) => `${count(n, "row")} marked`,
    markedName: (name: string) => `${name}, marked`,
    copyNames: "Copy names",
    copied: (n: number) => `Copied ${count(n, "name")}`,
    unmark: "Unmark",
    now: "now",
    noneMatch: "Nothing matches",
    trouble: "Trouble",
  },
};
