/** File systems: which of them can fill up, how full they are, and of how much. */
import type { FileSystem } from "../api/schema";

/** File systems that hold no data of their own. */
const NOT_STORAGE = new Set(["tmpfs", "devtmpfs", "overlay", "squashfs", "ramfs", "iso9660", "efivarfs"]);

export function isStorage(disk: FileSystem): boolean {
  return !!disk.total && !NOT_STORAGE.has(disk.type ?? "");
}

/**
 * What files can take up in all. Reserved blocks and quotas make it less than the size, and the percentage is of
 * this; a figure that said another whole than its bar would look wrong.
 */
export function roomOf(disk: FileSystem): number | undefined {
  return disk.used === undefined || disk.free === undefined ? disk.total : disk.used + disk.free;
}

export function usageOf(disk: FileSystem): number | undefined {
  if (disk.usage !== undefined) return disk.usage;
  const room = roomOf(disk);
  return room && disk.used !== undefined ? (disk.used / room) * 100 : undefined;
}
