/** What a reader typed, once it was read; or what is wrong with it and what to do, in words. */
export type Checked<TValue> = { readonly value: TValue } | { readonly problem: string };
