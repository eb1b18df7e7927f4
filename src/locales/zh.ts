import { addTranslation } from '../element/languages.ts';

// In simplified characters.
addTranslation('zh', ({ number, score, megabytes, list }) => {
  const countResults = (shown: number, count: number): string =>
    shown < count ? `${number(count)} 条结果中的 ${number(shown)} 条` : `${number(count)} 条结果`;
  const quote = (words: readonly string[]): string => list(words.map((word) => `“${word}”`));
  return {
    search: '搜索',
    clear: '清除搜索内容',
    newResults: '有更新的搜索结果。',
    showNewResults: '显示更新的搜索结果',
    searching: '正在搜索…',
    noResults: (query) => `未找到与“${query}”相关的结果。`,
    firstStage: (shown, count) => `${countResults(shown, count)}。`,
    reranking: (shown, count) => `${countResults(shown, count)}。正在查找最佳结果…`,
    loading: (loadedBytes, totalBytes) =>
      `正在加载模型：${megabytes(loadedBytes)} / ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}，最佳结果在前。`,
    rerankedInTime: (scored, count) =>
      `在限定时间内重新排列了 ${number(count)} 条结果中的 ${number(scored)} 条。`,
    mayImprove: (shown, count) => `${countResults(shown, count)}。可以加载更好的排序。`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}，按搜索的原有顺序排列：此前加载更好的排序时，本页面曾经崩溃。`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}，按搜索的原有顺序排列：未能生成更好的排序。`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}，按搜索的原有顺序排列：离线时无法加载更好的排序。`,
    original: (shown, count) => `${countResults(shown, count)}，按搜索的原有顺序排列。`,
    showOriginal: '显示搜索的原有顺序',
    held: '更好的排序已准备就绪。',
    showHeld: '显示更好的排序',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? '改进排序：需下载一次模型'
        : `改进排序：需一次性下载 ${megabytes(downloadBytes)}`,
    loadAnyway: '仍然加载更好的排序',
    showAll: (count) => `显示全部 ${number(count)} 条结果`,
    choiceLog: (count) =>
      count === 0
        ? '您在搜索中选择的结果会保存在此浏览器中。目前还没有记录。'
        : `您在搜索中选择的结果保存在此浏览器中：共 ${number(count)} 条。`,
    downloadLog: '将选择记录保存为文件',
    clearLog: '清除选择记录',
    logCleared: '选择记录已清除。',
    searchFailed: '搜索未能完成。',
    searchOffline: '您已离线。恢复连接后将继续搜索。',
    retry: '重试',
    movedUp: (places) => `上升 ${number(places)} 位`,
    movedDown: (places) => `下降 ${number(places)} 位`,
    score: (value) => `相关度 ${score(value)}`,
    why: '为何显示此结果？',
    explaining: '正在查找原因…',
    raisedBy: (words) => `最能提高相关度的词：${quote(words)}。`,
    loweredBy: (words) => `降低相关度的词：${quote(words)}。`,
    bestSentence: '最能提高相关度的句子：',
    noReason: '没有哪个词或句子单独起决定作用。',
    explainFailed: '未能找到原因。',
  };
});
