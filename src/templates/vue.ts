import type { HTMLAttributes, PublicProps } from 'vue';
import type { Listeners, RerankElements, Settings } from './attributes.ts';

type ElementComponent<TElement extends RerankElements[keyof RerankElements]> = new () => {
  $props: Omit<HTMLAttributes, keyof Settings<TElement>> &
    PublicProps &
    Settings<TElement> &
    CapitalizedListeners;
};

/** `@rerank-complete` is `onRerank-complete` to Vue. */
type CapitalizedListeners = {
  [TName in keyof Listeners<''> as `on${Capitalize<TName>}`]?: Listeners<''>[TName];
};

/** The elements in Vue's templates, with listeners as in `@rerank-complete`. */
declare module 'vue' {
  interface GlobalComponents {
    'rerank-results': ElementComponent<RerankElements['rerank-results']>;
    'rerank-search': ElementComponent<RerankElements['rerank-search']>;
    'rerank-log': ElementComponent<RerankElements['rerank-log']>;
  }
}
