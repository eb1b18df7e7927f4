import type { ClassAttributes, HTMLAttributes } from 'react';
import type { Listeners, RerankElements, Settings } from './attributes.ts';

type ElementProps<TElement extends RerankElements[keyof RerankElements]> = Omit<
  HTMLAttributes<TElement>,
  keyof Settings<TElement>
> &
  ClassAttributes<TElement> &
  Settings<TElement> &
  Listeners<'on'> & { class?: string | undefined };

/** The elements in JSX of React 19, with listeners as in `onrerank-complete={…}`. */
declare module 'react' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- as React declares it
  namespace JSX {
    interface IntrinsicElements {
      'rerank-results': ElementProps<RerankElements['rerank-results']>;
      'rerank-search': ElementProps<RerankElements['rerank-search']>;
      'rerank-log': ElementProps<RerankElements['rerank-log']>;
    }
  }
}
