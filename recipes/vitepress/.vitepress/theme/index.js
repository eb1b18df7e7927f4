import DefaultTheme from 'vitepress/theme';
import 'rerank-results/search';

export default DefaultTheme;
