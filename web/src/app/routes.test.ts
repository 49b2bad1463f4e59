import { describe, expect, it } from "vitest";
import { safeReturn } from "./place";
import { movedTo, routeOf, subpagesOf } from "./routes";

describe("addresses", () => {
  it("show their page", () => {
    expect(routeOf("/").page).toBe("overview");
    expect(routeOf("/standalone/machines").page).toBe("machines");
    expect(routeOf("/settings/security/api").page).toBe("api-access");
  });
  it("of documentation all lead to the one page there is", () => {
    expect([routeOf("/docs").page, routeOf("/docs/agents/install").page]).toEqual(["docs", "docs"]);
  });
  it("of pages without a source say so", () => {
    expect(routeOf("/proxmox/ceph")).toEqual({ page: "absent", subject: "proxmox" });
    expect(routeOf("/alerts/thresholds/guests")).toEqual({ page: "absent", subject: "alerts" });
    expect(routeOf("/settings/security-sso").page).toBe("absent");
  });
  it("of the whole estate show one platform under its name", () => {
    expect(["/workloads", "/storage"].map((path) => routeOf(path))).toEqual([{ page: "workloads" }, { page: "storage" }]);
    expect(routeOf("/proxmox/storage")).toEqual({ page: "storage", area: "proxmox" });
    expect(routeOf("/docker/images")).toEqual({ page: "engine", area: "docker", part: "images" });
    expect(routeOf("/kubernetes/workloads")).toEqual({ page: "cluster", area: "kubernetes", holds: "workloads" });
    expect(subpagesOf("kubernetes").map((page) => page.name)).toEqual(["overview", "nodes", "workloads", "services", "storage", "configuration", "events"]);
    expect([movedTo("/storage"), movedTo("/workloads"), movedTo("/", "#/storage")]).toEqual([undefined, undefined, "/storage"]);
  });
  it("that nobody knows are missing", () => {
    expect(routeOf("/nowhere").page).toBe("missing");
    expect(routeOf("/proxmox/nowhere").page).toBe("missing");
  });
  it("of older versions lead on", () => {
    expect(movedTo("/hosts")).toBe("/standalone/machines");
    expect(movedTo("/settings/workloads/docker")).toBe("/settings/infrastructure");
    expect(movedTo("/", "#/backups")).toBe("/recovery");
    expect(movedTo("/standalone/machines/")).toBe("/standalone/machines");
    expect(movedTo("/standalone/machines")).toBeUndefined();
  });
});

it("a sign-in never leads to another site", () => {
  expect(safeReturn("/standalone/machines?q=a")).toBe("/standalone/machines?q=a");
  for (const bad of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", undefined]) expect(safeReturn(bad)).toBe("/");
});
