import { addTranslation } from '../element/languages.ts';

addTranslation('es', ({ number, score, megabytes, list, plural }) => {
  const countResults = (shown: number, count: number): string => {
    const results = plural(count, { one: '# resultado', other: '# resultados' });
    return shown < count ? `${number(shown)} de ${results}` : results;
  };
  const quote = (words: readonly string[]): string => list(words.map((word) => `«${word}»`));
  return {
    search: 'Buscar',
    clear: 'Borrar la búsqueda',
    newResults: 'Hay resultados más recientes.',
    showNewResults: 'Mostrar los resultados más recientes',
    searching: 'Buscando…',
    noResults: (query) => `No hay resultados para «${query}».`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. Buscando los mejores…`,
    loading: (loadedBytes, totalBytes) =>
      `Cargando el modelo: ${megabytes(loadedBytes)} de ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, los mejores primero.`,
    rerankedInTime: (scored, count) =>
      plural(scored, {
        one: `# resultado de ${number(count)} reordenado en el tiempo disponible.`,
        other: `# resultados de ${number(count)} reordenados en el tiempo disponible.`,
      }),
    mayImprove: (shown, count) => `${countResults(shown, count)}. Se puede cargar un orden mejor.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}, en el orden de la búsqueda: esta página ya se cerró inesperadamente al cargar uno mejor.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}, en el orden de la búsqueda: no se pudo obtener uno mejor.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}, en el orden de la búsqueda: sin conexión no se puede cargar uno mejor.`,
    original: (shown, count) => `${countResults(shown, count)}, en el orden de la búsqueda.`,
    showOriginal: 'Mostrar el orden de la búsqueda',
    held: 'Hay un orden mejor disponible.',
    showHeld: 'Mostrar el orden mejor',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'Mejorar el orden: descarga un modelo una sola vez'
        : `Mejorar el orden: descarga ${megabytes(downloadBytes)} una sola vez`,
    loadAnyway: 'Cargar el orden mejor de todos modos',
    showAll: (count) =>
      plural(count, { one: 'Mostrar # resultado', other: 'Mostrar los # resultados' }),
    choiceLog: (count) =>
      count === 0
        ? 'Lo que elige en la búsqueda se guarda en este navegador. Todavía no hay nada.'
        : `Lo que elige en la búsqueda se guarda en este navegador: ${plural(count, { one: '# elección', other: '# elecciones' })}.`,
    downloadLog: 'Guardar las elecciones en un archivo',
    clearLog: 'Borrar las elecciones',
    logCleared: 'Se han borrado las elecciones.',
    searchFailed: 'No se pudo realizar la búsqueda.',
    searchOffline: 'Sin conexión. La búsqueda continuará cuando se recupere la conexión.',
    retry: 'Intentar de nuevo',
    movedUp: (places) => plural(places, { one: 'sube # puesto', other: 'sube # puestos' }),
    movedDown: (places) => plural(places, { one: 'baja # puesto', other: 'baja # puestos' }),
    score: (value) => `Relevancia ${score(value)}`,
    why: '¿Por qué este resultado?',
    explaining: 'Buscando el motivo…',
    raisedBy: (words) =>
      `${quote(words)} ${plural(words.length, {
        one: 'es la palabra que más aumentó',
        other: 'son las palabras que más aumentaron',
      })} la relevancia.`,
    loweredBy: (words) =>
      `${quote(words)} ${plural(words.length, { one: 'redujo', other: 'redujeron' })} la relevancia.`,
    bestSentence: 'Esta es la frase que más aumentó la relevancia:',
    noReason: 'Ninguna palabra ni frase fue decisiva por sí sola.',
    explainFailed: 'No se pudo averiguar el motivo.',
  };
});
