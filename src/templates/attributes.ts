import type { LitElement } from 'lit';
import type { RerankEventDetails, RerankEventName } from '../element/events.ts';
import type { RerankLog } from '../element/rerank-log.ts';
import type { RerankResults } from '../element/rerank-results.ts';
import type { RerankSearch } from '../element/rerank-search.ts';

/** The elements by their tags. */
export interface RerankElements {
  'rerank-results': RerankResults;
  'rerank-search': RerankSearch;
  'rerank-log': RerankLog;
}

/** `topN` as `top-n`, and the one attribute that has another name than its property. */
type AttributeName<TName extends string> = TName extends 'htmlFor' ? 'for' : ToKebab<TName>;

type ToKebab<TName extends string> = TName extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${ToKebab<Rest>}`
    : `-${Lowercase<First>}${ToKebab<Rest>}`
  : TName;

/** An attribute's value: text as well as the property's own type, and nothing at all for one that is on or off. */
type AttributeValue<TValue> =
  TValue | (number extends TValue ? `${number}` : never) | (boolean extends TValue ? '' : never);

/** The names of what a site sets: texts, numbers, on or off, and what may be undefined; methods and states are none of these. */
type SettingName<TElement extends LitElement> = {
  [TName in Exclude<keyof TElement, keyof LitElement>]: [
    Extract<TElement[TName], string | number | boolean | undefined>,
  ] extends [never]
    ? never
    : TName;
}[Exclude<keyof TElement, keyof LitElement>] &
  string;

/** What an element takes by its property names: `topN`, `search`. */
export type Properties<TElement extends LitElement> = {
  [TName in SettingName<TElement>]?: TElement[TName] | undefined;
};

/** What an element takes by its attribute names: `top-n`, `for`. */
export type Attributes<TElement extends LitElement> = {
  [
    TName in SettingName<TElement> as TElement[TName] extends AttributeText
      ? AttributeName<TName>
      : never
  ]?: AttributeValue<TElement[TName]> | undefined;
};

/** Functions and rerankers are properties only; everything else can be written as text. */
type AttributeText = string | number | boolean | readonly unknown[] | undefined;

/** What an element takes in a template, by either name. */
export type Settings<TElement extends LitElement> = Attributes<TElement> &
  Omit<Properties<TElement>, keyof Attributes<TElement>>;

/** A listener for each event; `TPrefix` stands before the event's name, as in `onrerank-complete`. */
export type Listeners<TPrefix extends string> = {
  [TName in RerankEventName as `${TPrefix}${TName}`]?:
    ((event: CustomEvent<RerankEventDetails[TName]>) => void) | undefined;
};
