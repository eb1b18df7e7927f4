declare module 'stopword' {
  /** A language's function words, in lower case; the names are ISO 639-3. */
  type FunctionWords = readonly string[];
  export const cat: FunctionWords;
  export const ces: FunctionWords;
  export const dan: FunctionWords;
  export const deu: FunctionWords;
  export const eng: FunctionWords;
  export const fin: FunctionWords;
  export const fra: FunctionWords;
  export const hrv: FunctionWords;
  export const hun: FunctionWords;
  export const ind: FunctionWords;
  export const ita: FunctionWords;
  export const nld: FunctionWords;
  export const nob: FunctionWords;
  export const pol: FunctionWords;
  export const por: FunctionWords;
  export const ron: FunctionWords;
  export const spa: FunctionWords;
  export const swe: FunctionWords;
  export const tur: FunctionWords;
  export const vie: FunctionWords;
}
