import 'rerank-results/element';
import { searchStaticIndex } from 'rerank-results/sources';

document.querySelector('rerank-results').search = searchStaticIndex('/search-index.json');
