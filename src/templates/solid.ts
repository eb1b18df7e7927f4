import type { JSX } from 'solid-js';
import type { Attributes, Listeners, Properties, RerankElements } from './attributes.ts';

type Prefixed<TPrefix extends string, TProps> = {
  [TName in keyof TProps & string as `${TPrefix}${TName}`]?: TProps[TName];
};

type ElementProps<TElement extends RerankElements[keyof RerankElements]> = Omit<
  JSX.HTMLAttributes<TElement>,
  keyof Attributes<TElement>
> &
  Attributes<TElement> &
  Prefixed<'attr:', Attributes<TElement>> &
  Prefixed<'prop:', Properties<TElement>> &
  Listeners<'on:'>;

/** The elements in Solid's JSX: `attr:for="…"`, `prop:search={…}`, `on:rerank-complete={…}`. */
declare module 'solid-js' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- as Solid declares it
  namespace JSX {
    interface IntrinsicElements {
      'rerank-results': ElementProps<RerankElements['rerank-results']>;
      'rerank-search': ElementProps<RerankElements['rerank-search']>;
      'rerank-log': ElementProps<RerankElements['rerank-log']>;
    }
  }
}
