import type { ClassAttributes, HTMLAttributes } from 'preact';
import type { Listeners, RerankElements, Settings } from './attributes.ts';

type ElementProps<TElement extends RerankElements[keyof RerankElements]> = Omit<
  HTMLAttributes<TElement>,
  keyof Settings<TElement>
> &
  ClassAttributes<TElement> &
  Settings<TElement> &
  Listeners<'on'>;

/** The elements in Preact's JSX, with listeners as in `onrerank-complete={…}`. */
declare module 'preact' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- as Preact declares it
  namespace JSX {
    interface IntrinsicElements {
      'rerank-results': ElementProps<RerankElements['rerank-results']>;
      'rerank-search': ElementProps<RerankElements['rerank-search']>;
      'rerank-log': ElementProps<RerankElements['rerank-log']>;
    }
  }
}
