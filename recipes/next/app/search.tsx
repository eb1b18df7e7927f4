'use client';

import 'rerank-results/element';
import type {} from 'rerank-results/react';

export function Search() {
  return (
    <>
      <input id="search" type="search" aria-label="Search the manual" />
      <rerank-results
        for="search"
        endpoint="/api/search?q={query}&limit={candidates}"
        preload="focus"
      />
    </>
  );
}
