import { addTranslation } from '../element/languages.ts';

addTranslation('de', ({ number, score, megabytes, list, plural }) => {
  const countResults = (shown: number, count: number): string =>
    shown < count
      ? `${number(shown)} von ${plural(count, { one: '# Ergebnis', other: '# Ergebnissen' })}`
      : plural(count, { one: '# Ergebnis', other: '# Ergebnisse' });
  const quote = (words: readonly string[]): string => list(words.map((word) => `„${word}“`));
  return {
    search: 'Suche',
    clear: 'Suchfeld leeren',
    newResults: 'Neuere Ergebnisse liegen bereit.',
    showNewResults: 'Neuere Ergebnisse anzeigen',
    searching: 'Suche läuft …',
    noResults: (query) => `Keine Ergebnisse für „${query}“.`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. Die besten werden ermittelt …`,
    loading: (loadedBytes, totalBytes) =>
      `Modell wird geladen: ${megabytes(loadedBytes)} von ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, beste zuerst.`,
    rerankedInTime: (scored, count) =>
      `In der vorgesehenen Zeit neu geordnet: ${number(scored)} von ${plural(count, { one: '# Ergebnis', other: '# Ergebnissen' })}.`,
    mayImprove: (shown, count) =>
      `${countResults(shown, count)}. Eine bessere Reihenfolge kann geladen werden.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)} in der Reihenfolge der Suche: Beim Laden der besseren ist diese Seite zuvor abgestürzt.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)} in der Reihenfolge der Suche: Die bessere ließ sich nicht ermitteln.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)} in der Reihenfolge der Suche: Ohne Verbindung lässt sich die bessere nicht laden.`,
    original: (shown, count) => `${countResults(shown, count)} in der Reihenfolge der Suche.`,
    showOriginal: 'Reihenfolge der Suche anzeigen',
    held: 'Eine bessere Reihenfolge liegt bereit.',
    showHeld: 'Bessere Reihenfolge anzeigen',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'Reihenfolge verbessern: lädt einmalig ein Modell'
        : `Reihenfolge verbessern: lädt einmalig ${megabytes(downloadBytes)}`,
    loadAnyway: 'Bessere Reihenfolge trotzdem laden',
    showAll: (count) =>
      plural(count, { one: '# Ergebnis anzeigen', other: 'Alle # Ergebnisse anzeigen' }),
    choiceLog: (count) =>
      count === 0
        ? 'Was Sie in der Suche auswählen, wird in diesem Browser aufbewahrt. Noch gibt es nichts.'
        : `Was Sie in der Suche auswählen, wird in diesem Browser aufbewahrt: ${plural(count, { one: '# Eintrag', other: '# Einträge' })}.`,
    downloadLog: 'Einträge als Datei speichern',
    clearLog: 'Einträge löschen',
    logCleared: 'Die Einträge sind gelöscht.',
    searchFailed: 'Die Suche hat nicht funktioniert.',
    searchOffline: 'Sie sind offline. Die Suche geht weiter, sobald Sie wieder verbunden sind.',
    retry: 'Erneut versuchen',
    movedUp: (places) => plural(places, { one: '# Platz höher', other: '# Plätze höher' }),
    movedDown: (places) => plural(places, { one: '# Platz tiefer', other: '# Plätze tiefer' }),
    score: (value) => `Relevanz ${score(value)}`,
    why: 'Warum dieses Ergebnis?',
    explaining: 'Der Grund wird ermittelt …',
    raisedBy: (words) =>
      `${quote(words)} ${plural(words.length, { one: 'hat', other: 'haben' })} die Relevanz am meisten erhöht.`,
    loweredBy: (words) =>
      `${quote(words)} ${plural(words.length, { one: 'hat', other: 'haben' })} die Relevanz gesenkt.`,
    bestSentence: 'Dieser Satz hat die Relevanz am meisten erhöht:',
    noReason: 'Kein einzelnes Wort und kein einzelner Satz gab den Ausschlag.',
    explainFailed: 'Der Grund ließ sich nicht ermitteln.',
  };
});
