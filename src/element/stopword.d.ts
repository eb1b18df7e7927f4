declare module 'stopword' {
  /** English function words, in lower case. */
  export const eng: readonly string[];
}
