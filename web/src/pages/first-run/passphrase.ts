/** A password that can be read aloud: about 80 bits in five words nobody chose. */

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aeiou";
const WORDS = 5;
const WORD_LENGTH = 5;

/** A uniform index below `limit`, without the bias of a plain remainder. */
function pick(limit: number): number {
  const bound = 256 - (256 % limit);
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while ((byte[0] ?? 0) >= bound);
  return (byte[0] ?? 0) % limit;
}

export function makePassphrase(): string {
  const word = () =>
    Array.from({ length: WORD_LENGTH }, (_, at) => {
      const letters = at % 2 === 0 ? CONSONANTS : VOWELS;
      return letters[pick(letters.length)];
    }).join("");
  return Array.from({ length: WORDS }, word).join("-");
}
