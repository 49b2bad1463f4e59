import { afterEach, expect, it, vi } from "vitest";
import { askHistory } from "./history";

const lastHour = (resourceId: string) => askHistory({ resourceType: "agent", resourceId }, "1h");

afterEach(() => vi.unstubAllGlobals());

it("two parts that ask at once share a request, a failure is asked again", async () => {
  const answer = vi.fn(async () => new Response("{}", { status: 200 }));
  vi.stubGlobal("fetch", answer);
  await Promise.all([lastHour("a"), lastHour("a"), lastHour("b")]);
  expect(answer).toHaveBeenCalledTimes(2);
  answer.mockImplementation(async () => new Response("{}", { status: 500 }));
  await expect(lastHour("c")).rejects.toThrow();
  await expect(lastHour("c")).rejects.toThrow();
  expect(answer).toHaveBeenCalledTimes(4);
});
