import { useHistory } from '@docusaurus/router';
import useBaseUrl from '@docusaurus/useBaseUrl';
import React, { useEffect, useRef } from 'react';
import 'rerank-results/search';
import { searchStaticIndex } from 'rerank-results/sources';

/** Takes the place of the theme's search bar, which is empty until a search is installed. */
export default function SearchBar() {
  const element = useRef(null);
  const indexUrl = useBaseUrl('/search-index.json');
  const modelBase = useBaseUrl('/models/');
  const history = useHistory();

  useEffect(() => {
    const follow = (event) => {
      const { url } = event.detail.result;
      if (!url) return;
      event.preventDefault();
      history.push(url);
    };
    const { current } = element;
    current.search = searchStaticIndex(indexUrl);
    current.addEventListener('rerank-select', follow);
    return () => current.removeEventListener('rerank-select', follow);
  }, [history, indexUrl]);

  return (
    <rerank-search
      ref={element}
      label="Search"
      shortcut="/ Ctrl+K Meta+K"
      preload="focus"
      model-base={modelBase}
    />
  );
}
