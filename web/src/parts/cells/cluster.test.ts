import { describe, expect, it } from "vitest";
import { boundsOf, budgetOf, ipOf, isShort, keysOf, portWords, quantity, quotaLines, quotaWords, rulesOf, shareOf, shareWords, subjectsOf, usageOf } from "./cluster";

describe("what a cluster says", () => {
  it("what should be there is compared with what is, whatever it is called", () => {
    expect(shareOf({ desiredReplicas: 3, readyReplicas: 2 })).toEqual({ is: 2, of: 3 });
    expect(shareOf({ desiredNumberScheduled: 4, numberReady: 4 })).toEqual({ is: 4, of: 4 });
    expect(shareOf({ desiredCompletions: 1 })).toEqual({ is: 0, of: 1 });
    expect([shareOf({ readyReplicas: 2 }), shareWords(undefined), isShort(undefined)]).toEqual([undefined, undefined, false]);
    expect([isShort({ is: 1, of: 2 }), isShort({ is: 2, of: 2 })]).toEqual([true, false]);
  });
  it("a port names what is not the usual", () => {
    expect([{ port: 80 }, { port: 80, targetPort: "80" }, { port: 80, targetPort: "http" }, { port: 53, protocol: "UDP", nodePort: 30053 }].map(portWords)).toEqual(["80", "80", "80→http", "53:30053/udp"]);
    expect([ipOf({ clusterIp: "None" }), ipOf({ clusterIp: "10.0.0.1" })]).toEqual([undefined, "10.0.0.1"]);
  });
  it("names nobody read are not none", () => {
    expect([keysOf({ metadataOnly: true }), keysOf({}), keysOf({ dataKeys: ["a"], binaryDataKeys: ["b"] })]).toEqual(["not read", undefined, "a, b"]);
    expect([rulesOf({}), rulesOf({ ingressRuleCount: 2 })]).toEqual([undefined, "2 / 0"]);
    expect([subjectsOf({}), subjectsOf({ subjectCount: 2, subjectKinds: ["User"] })]).toEqual([undefined, "2: User"]);
  });
  it("bounds say what they allow", () => {
    expect([boundsOf({}), boundsOf({ maxReplicas: 6 }), boundsOf({ minReplicas: 2, maxReplicas: 6 })]).toEqual([undefined, "at most 6", "2 to 6"]);
    expect([budgetOf({ maxUnavailable: "25%" }), budgetOf({ minAvailable: "1" }), budgetOf({})]).toEqual(["25% may go", "1 must stay", undefined]);
    expect([usageOf({}), usageOf({ usageCpuMilliCores: 250, usageMemoryBytes: 2 ** 30 })]).toEqual([undefined, "0.25 cores, 1 GiB"]);
  });
  it("quantities are read as Kubernetes writes them", () => {
    expect(["1500m", "2Gi", "1e3", "10", "0.5", "", "many", undefined].map(quantity)).toEqual([1.5, 2 ** 31, 1000, 10, 0.5, undefined, undefined, undefined]);
  });
  it("the fullest part of a quota comes first, and what cannot be read last", () => {
    const quota = { hard: { pods: "50", "requests.cpu": "10", odd: "x" }, used: { pods: "12", "requests.cpu": "9500m" } };
    expect(quotaLines(quota).map((line) => [line.name, line.percent])).toEqual([["requests.cpu", 95], ["pods", 24], ["odd", undefined]]);
    expect(quotaWords(quota)).toBe("requests.cpu 9500m / 10, pods 12 / 50, odd ? / x");
  });
});
