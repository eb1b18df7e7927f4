import { addTranslation } from '../element/languages.ts';

// In traditional characters, as it is written in Taiwan.
addTranslation('zh-Hant', ({ number, score, megabytes, list }) => {
  const countResults = (shown: number, count: number): string =>
    shown < count ? `${number(count)} 筆結果中的 ${number(shown)} 筆` : `${number(count)} 筆結果`;
  const quote = (words: readonly string[]): string => list(words.map((word) => `「${word}」`));
  return {
    search: '搜尋',
    clear: '清除搜尋內容',
    newResults: '有更新的搜尋結果。',
    showNewResults: '顯示更新的搜尋結果',
    searching: '正在搜尋…',
    noResults: (query) => `找不到與「${query}」相關的結果。`,
    firstStage: (shown, count) => `${countResults(shown, count)}。`,
    reranking: (shown, count) => `${countResults(shown, count)}。正在尋找最佳結果…`,
    loading: (loadedBytes, totalBytes) =>
      `正在載入模型：${megabytes(loadedBytes)} / ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}，最佳結果在前。`,
    rerankedInTime: (scored, count) =>
      `在限定時間內重新排列了 ${number(count)} 筆結果中的 ${number(scored)} 筆。`,
    mayImprove: (shown, count) => `${countResults(shown, count)}。可以載入更好的排序。`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}，依搜尋的原有順序排列：先前載入更好的排序時，本頁面曾經當掉。`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}，依搜尋的原有順序排列：無法產生更好的排序。`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}，依搜尋的原有順序排列：離線時無法載入更好的排序。`,
    original: (shown, count) => `${countResults(shown, count)}，依搜尋的原有順序排列。`,
    showOriginal: '顯示搜尋的原有順序',
    held: '更好的排序已準備就緒。',
    showHeld: '顯示更好的排序',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? '改善排序：需下載一次模型'
        : `改善排序：需一次性下載 ${megabytes(downloadBytes)}`,
    loadAnyway: '仍要載入更好的排序',
    showAll: (count) => `顯示全部 ${number(count)} 筆結果`,
    choiceLog: (count) =>
      count === 0
        ? '您在搜尋中選擇的結果會保存在此瀏覽器中。目前還沒有紀錄。'
        : `您在搜尋中選擇的結果保存在此瀏覽器中：共 ${number(count)} 筆。`,
    downloadLog: '將選擇紀錄儲存為檔案',
    clearLog: '清除選擇紀錄',
    logCleared: '選擇紀錄已清除。',
    searchFailed: '搜尋未能完成。',
    searchOffline: '您已離線。恢復連線後將繼續搜尋。',
    retry: '重試',
    movedUp: (places) => `上升 ${number(places)} 名`,
    movedDown: (places) => `下降 ${number(places)} 名`,
    score: (value) => `相關度 ${score(value)}`,
    why: '為何顯示此結果？',
    explaining: '正在尋找原因…',
    raisedBy: (words) => `最能提高相關度的字詞：${quote(words)}。`,
    loweredBy: (words) => `降低相關度的字詞：${quote(words)}。`,
    bestSentence: '最能提高相關度的句子：',
    noReason: '沒有單一字詞或句子起決定作用。',
    explainFailed: '無法找出原因。',
  };
});
