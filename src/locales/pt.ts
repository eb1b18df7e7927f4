import { addTranslation } from '../element/languages.ts';

// As it is written in Brazil.
addTranslation('pt', ({ number, score, megabytes, list, plural }) => {
  const countResults = (shown: number, count: number): string => {
    const results = plural(count, { one: '# resultado', other: '# resultados' });
    return shown < count ? `${number(shown)} de ${results}` : results;
  };
  const quote = (words: readonly string[]): string => list(words.map((word) => `“${word}”`));
  return {
    search: 'Pesquisar',
    clear: 'Limpar a pesquisa',
    newResults: 'Há resultados mais recentes.',
    showNewResults: 'Mostrar os resultados mais recentes',
    searching: 'Pesquisando…',
    noResults: (query) => `Nenhum resultado para “${query}”.`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. Procurando os melhores…`,
    loading: (loadedBytes, totalBytes) =>
      `Carregando o modelo: ${megabytes(loadedBytes)} de ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, os melhores primeiro.`,
    rerankedInTime: (scored, count) =>
      plural(scored, {
        one: `# resultado de ${number(count)} foi reordenado no tempo disponível.`,
        other: `# resultados de ${number(count)} foram reordenados no tempo disponível.`,
      }),
    mayImprove: (shown, count) =>
      `${countResults(shown, count)}. É possível carregar uma ordem melhor.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}, na ordem da pesquisa: esta página já fechou inesperadamente ao carregar uma ordem melhor.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}, na ordem da pesquisa: não foi possível obter uma ordem melhor.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}, na ordem da pesquisa: não é possível carregar uma ordem melhor sem conexão.`,
    original: (shown, count) => `${countResults(shown, count)}, na ordem da pesquisa.`,
    showOriginal: 'Mostrar a ordem da pesquisa',
    held: 'Uma ordem melhor está pronta.',
    showHeld: 'Mostrar a ordem melhor',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'Melhorar a ordem: baixa um modelo uma única vez'
        : `Melhorar a ordem: baixa ${megabytes(downloadBytes)} uma única vez`,
    loadAnyway: 'Carregar a ordem melhor mesmo assim',
    showAll: (count) =>
      plural(count, { one: 'Mostrar # resultado', other: 'Mostrar todos os # resultados' }),
    choiceLog: (count) =>
      count === 0
        ? 'Este navegador guarda as escolhas que você faz na pesquisa. Ainda não há nenhuma.'
        : plural(count, {
            one: 'Este navegador guarda # escolha que você fez na pesquisa.',
            other: 'Este navegador guarda # escolhas que você fez na pesquisa.',
          }),
    downloadLog: 'Salvar as escolhas em um arquivo',
    clearLog: 'Apagar as escolhas',
    logCleared: 'As escolhas foram apagadas.',
    searchFailed: 'Não foi possível concluir a pesquisa.',
    searchOffline: 'Você está sem conexão. A pesquisa continuará quando a conexão voltar.',
    retry: 'Tentar novamente',
    movedUp: (places) => plural(places, { one: 'subiu # posição', other: 'subiu # posições' }),
    movedDown: (places) => plural(places, { one: 'desceu # posição', other: 'desceu # posições' }),
    score: (value) => `Relevância ${score(value)}`,
    why: 'Por que este resultado?',
    explaining: 'Procurando o motivo…',
    raisedBy: (words) =>
      `${quote(words)} ${plural(words.length, {
        one: 'foi a palavra que mais aumentou',
        other: 'foram as palavras que mais aumentaram',
      })} a relevância.`,
    loweredBy: (words) =>
      `${quote(words)} ${plural(words.length, { one: 'reduziu', other: 'reduziram' })} a relevância.`,
    bestSentence: 'Esta é a frase que mais aumentou a relevância:',
    noReason: 'Nenhuma palavra ou frase, sozinha, foi decisiva.',
    explainFailed: 'Não foi possível descobrir o motivo.',
  };
});
