/** The filter field: words, and `status:` `os:` `tag:` for exact questions. */
import type { Resource } from "../../live/frames";
import type { Standing } from "../../live/standing";
import { nameOf, systemOf } from "./machine";

export type Test = (resource: Resource, standing: Standing) => boolean;

const TROUBLE: ReadonlySet<Standing> = new Set(["critical", "warning", "offline", "stale"]);

function haystack(resource: Resource): string {
  const agent = resource.agent;
  return [
    nameOf(resource),
    resource.name,
    agent?.hostname,
    systemOf(resource),
    agent?.kernelVersion,
    agent?.architecture,
    ...(resource.identity?.ips ?? []),
    ...(resource.tags ?? []),
  ]
    .join("\n")
    .toLowerCase();
}

function wordTest(word: string): Test {
  const [key, ...rest] = word.split(":");
  const value = rest.join(":");
  if (value && key === "status") return statusTest(value);
  if (value && key === "os") return (resource) => (systemOf(resource) ?? "").toLowerCase().includes(value);
  if (value && key === "tag") return (resource) => (resource.tags ?? []).some((tag) => tag.toLowerCase().includes(value));
  return (resource) => haystack(resource).includes(word);
}

export function statusTest(status: string): Test {
  if (status === "trouble") return (_, standing) => TROUBLE.has(standing);
  return (_, standing) => standing.startsWith(status) || (status === "online" && standing === "running");
}

/** One test for the whole field; every word must hold. */
export function parseFilter(text: string, status: string | undefined): Test {
  const tests = text.trim().toLowerCase().split(/\s+/).filter(Boolean).map(wordTest);
  if (status) tests.push(statusTest(status));
  return (resource, standing) => tests.every((test) => test(resource, standing));
}
