import type { HTMLAttributes } from 'svelte/elements';
import type { Listeners, RerankElements, Settings } from './attributes.ts';

type ElementProps<TElement extends RerankElements[keyof RerankElements]> = Omit<
  HTMLAttributes<TElement>,
  keyof Settings<TElement>
> &
  Settings<TElement> &
  Listeners<'on'> &
  Listeners<'on:'>;

/** The elements in Svelte's templates, with listeners as in `onrerank-complete={…}`. */
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'rerank-results': ElementProps<RerankElements['rerank-results']>;
    'rerank-search': ElementProps<RerankElements['rerank-search']>;
    'rerank-log': ElementProps<RerankElements['rerank-log']>;
  }
}
