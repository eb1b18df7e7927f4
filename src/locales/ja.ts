import { addTranslation } from '../element/languages.ts';

addTranslation('ja', ({ number, score, megabytes, list }) => {
  const countResults = (shown: number, count: number): string =>
    shown < count
      ? `検索結果 ${number(count)} 件中 ${number(shown)} 件`
      : `検索結果 ${number(count)} 件`;
  const quote = (words: readonly string[]): string => list(words.map((word) => `「${word}」`));
  return {
    search: '検索',
    clear: '検索語を消去',
    newResults: '新しい検索結果があります。',
    showNewResults: '新しい検索結果を表示',
    searching: '検索中…',
    noResults: (query) => `「${query}」に一致する結果はありませんでした。`,
    firstStage: (shown, count) => `${countResults(shown, count)}。`,
    reranking: (shown, count) => `${countResults(shown, count)}。関連度の高い順に並べ替えています…`,
    loading: (loadedBytes, totalBytes) =>
      `モデルを読み込み中：${megabytes(loadedBytes)} / ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}（関連度の高い順）。`,
    rerankedInTime: (scored, count) =>
      `制限時間内に ${number(count)} 件中 ${number(scored)} 件を並べ替えました。`,
    mayImprove: (shown, count) => `${countResults(shown, count)}。より適切な並び順を読み込めます。`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}（元の検索順）。前回、より適切な並び順の読み込み中にこのページがクラッシュしました。`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}（元の検索順）。より適切な並び順を作成できませんでした。`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}（元の検索順）。オフラインのため、より適切な並び順を読み込めません。`,
    original: (shown, count) => `${countResults(shown, count)}（元の検索順）。`,
    showOriginal: '元の検索順で表示',
    held: 'より適切な並び順の準備ができました。',
    showHeld: 'より適切な並び順で表示',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? '並び順を改善（モデルを一度だけダウンロードします）'
        : `並び順を改善（一度だけ ${megabytes(downloadBytes)} をダウンロードします）`,
    loadAnyway: 'それでも、より適切な並び順を読み込む',
    showAll: (count) => `${number(count)} 件の結果をすべて表示`,
    choiceLog: (count) =>
      count === 0
        ? '検索で選択した結果は、このブラウザーに保存されます。保存された記録はまだありません。'
        : `検索で選択した結果は、このブラウザーに保存されています（${number(count)} 件）。`,
    downloadLog: '選択の記録をファイルに保存',
    clearLog: '選択の記録を消去',
    logCleared: '選択の記録を消去しました。',
    searchFailed: '検索できませんでした。',
    searchOffline: 'オフラインです。接続が戻ると検索を再開します。',
    retry: '再試行',
    movedUp: (places) => `${number(places)} ランク上昇`,
    movedDown: (places) => `${number(places)} ランク下降`,
    score: (value) => `関連度 ${score(value)}`,
    why: 'この結果が選ばれた理由',
    explaining: '理由を調べています…',
    raisedBy: (words) => `関連度を最も高めた語：${quote(words)}。`,
    loweredBy: (words) => `関連度を下げた語：${quote(words)}。`,
    bestSentence: '関連度を最も高めた文：',
    noReason: '単独で決め手となった語や文はありませんでした。',
    explainFailed: '理由を特定できませんでした。',
  };
});
