import { afterEach, expect, it, vi } from "vitest";
import { askLastHour } from "./history";

afterEach(() => vi.unstubAllGlobals());

it("two parts that ask at once share a request, a failure is asked again", async () => {
  const answer = vi.fn(async () => new Response("{}", { status: 200 }));
  vi.stubGlobal("fetch", answer);
  await Promise.all([askLastHour("a"), askLastHour("a"), askLastHour("b")]);
  expect(answer).toHaveBeenCalledTimes(2);
  answer.mockImplementation(async () => new Response("{}", { status: 500 }));
  await expect(askLastHour("c")).rejects.toThrow();
  await expect(askLastHour("c")).rejects.toThrow();
  expect(answer).toHaveBeenCalledTimes(4);
});
