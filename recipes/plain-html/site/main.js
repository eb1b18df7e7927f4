import { searchStaticIndex } from './rerank/rerank-results.js';

document.querySelector('rerank-search').search = searchStaticIndex('/search-index.json');
