/** Sentences of lists: filter, groups, columns, marked rows. */
import { count } from "../count";

export const list = {
  columns: {
    heads: {
      cpu: "CPU %", memory: "Memory %", disk: "Disk %", amount: "GiB", net: "Net, 1 h", rates: "Net Mb/s", io: "I/O MB/s", gpu: "GPU %", load: "Load", temperature: "°C", uptime: "Up",
      status: "Status", tags: "Tags", os: "System", agent: "Agent", seen: "Last seen", ip: "Address", raid: "RAID", arch: "Arch", kernel: "Kernel", platform: "Platform", host: "Host", runs: "Runs here",
      id: "ID", type: "Type", backup: "Backup", image: "Image", state: "State", restarts: "Restarts", ports: "Ports", update: "Image update", namespace: "Namespace", node: "Node", ready: "Ready", owner: "Owner",
      stack: "Stack", runtime: "Runtime", context: "Context", cluster: "Cluster", line: "Details", pod: "Pod", networks: "Networks", mounts: "Mounts", health: "Health",
    },
    titles: {
      amount: "Memory in GiB, used of total",
      net: "Network traffic of the last hour",
      rates: "Network in Mb/s, received and sent",
      io: "Disk I/O in MB/s, read and written",
      load: "Load of the last minute",
      backup: "Age of the last backup",
    },
  },

  list: {
    filter: (fields: readonly string[]) => `${fields.map((field) => `${field}:`).join(" ")} or a name`,
    suggestions: "Suggestions",
    earlier: "searched before",
    chips: { status: "State", type: "Kind", platform: "Platform", update: "Image update" },
    updateReady: "Update ready",
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
