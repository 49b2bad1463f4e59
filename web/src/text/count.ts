/** Counts in words: "1 host", "2 hosts". */
export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
