import { addTranslation } from '../element/languages.ts';

addTranslation('ko', ({ number, score, megabytes, list }) => {
  const countResults = (shown: number, count: number): string =>
    shown < count
      ? `검색 결과 ${number(count)}개 중 ${number(shown)}개`
      : `검색 결과 ${number(count)}개`;
  const quote = (words: readonly string[]): string => list(words.map((word) => `“${word}”`));
  return {
    search: '검색',
    clear: '검색어 지우기',
    newResults: '새로운 검색 결과가 있습니다.',
    showNewResults: '새로운 검색 결과 보기',
    searching: '검색 중…',
    noResults: (query) => `“${query}”에 대한 검색 결과가 없습니다.`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. 가장 알맞은 결과를 찾는 중…`,
    loading: (loadedBytes, totalBytes) =>
      `모델 불러오는 중: ${megabytes(loadedBytes)} / ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, 관련도 높은 순.`,
    rerankedInTime: (scored, count) =>
      `제한 시간 안에 결과 ${number(count)}개 중 ${number(scored)}개를 다시 정렬했습니다.`,
    mayImprove: (shown, count) =>
      `${countResults(shown, count)}. 더 나은 순서를 불러올 수 있습니다.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}, 원래 검색 순서. 이전에 더 나은 순서를 불러오다가 이 페이지가 비정상 종료되었습니다.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}, 원래 검색 순서. 더 나은 순서를 만들지 못했습니다.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}, 원래 검색 순서. 오프라인이라 더 나은 순서를 불러올 수 없습니다.`,
    original: (shown, count) => `${countResults(shown, count)}, 원래 검색 순서.`,
    showOriginal: '원래 검색 순서로 보기',
    held: '더 나은 순서가 준비되었습니다.',
    showHeld: '더 나은 순서로 보기',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? '순서 개선: 모델을 한 번만 다운로드합니다'
        : `순서 개선: 한 번만 ${megabytes(downloadBytes)} 다운로드`,
    loadAnyway: '그래도 더 나은 순서 불러오기',
    showAll: (count) => `결과 ${number(count)}개 모두 보기`,
    choiceLog: (count) =>
      count === 0
        ? '검색에서 선택한 결과는 이 브라우저에 보관됩니다. 아직 보관된 기록이 없습니다.'
        : `검색에서 선택한 결과는 이 브라우저에 보관됩니다: ${number(count)}개.`,
    downloadLog: '선택 기록을 파일로 저장',
    clearLog: '선택 기록 삭제',
    logCleared: '선택 기록을 삭제했습니다.',
    searchFailed: '검색하지 못했습니다.',
    searchOffline: '오프라인 상태입니다. 다시 연결되면 검색을 계속합니다.',
    retry: '다시 시도',
    movedUp: (places) => `${number(places)}계단 상승`,
    movedDown: (places) => `${number(places)}계단 하락`,
    score: (value) => `관련도 ${score(value)}`,
    why: '이 결과가 나온 이유',
    explaining: '이유를 찾는 중…',
    raisedBy: (words) => `관련도를 가장 높인 단어: ${quote(words)}.`,
    loweredBy: (words) => `관련도를 낮춘 단어: ${quote(words)}.`,
    bestSentence: '관련도를 가장 높인 문장:',
    noReason: '단독으로 결정적이었던 단어나 문장은 없습니다.',
    explainFailed: '이유를 찾지 못했습니다.',
  };
});
