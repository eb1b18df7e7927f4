import { addTranslation } from '../element/languages.ts';

// No-break spaces stand inside guillemets, and before a colon and a question mark.
addTranslation('fr', ({ number, score, megabytes, list, plural }) => {
  const countResults = (shown: number, count: number): string => {
    const results = plural(count, { one: '# résultat', other: '# résultats' });
    return shown < count ? `${number(shown)} sur ${results}` : results;
  };
  const quote = (words: readonly string[]): string =>
    list(words.map((word) => `«\u00a0${word}\u00a0»`));
  return {
    search: 'Rechercher',
    clear: 'Effacer la recherche',
    newResults: 'Des résultats plus récents sont disponibles.',
    showNewResults: 'Afficher les résultats plus récents',
    searching: 'Recherche en cours…',
    noResults: (query) => `Aucun résultat pour «\u00a0${query}\u00a0».`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. Recherche des meilleurs…`,
    loading: (loadedBytes, totalBytes) =>
      `Chargement du modèle\u00a0: ${megabytes(loadedBytes)} sur ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, les meilleurs d’abord.`,
    rerankedInTime: (scored, count) =>
      plural(scored, {
        one: `# résultat sur ${number(count)} a été reclassé dans le temps imparti.`,
        other: `# résultats sur ${number(count)} ont été reclassés dans le temps imparti.`,
      }),
    mayImprove: (shown, count) =>
      `${countResults(shown, count)}. Un meilleur classement peut être chargé.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}, dans l’ordre de la recherche\u00a0: cette page a déjà planté pendant le chargement du meilleur classement.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}, dans l’ordre de la recherche\u00a0: le meilleur classement n’a pas pu être établi.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}, dans l’ordre de la recherche\u00a0: le meilleur classement ne peut pas être chargé hors ligne.`,
    original: (shown, count) => `${countResults(shown, count)}, dans l’ordre de la recherche.`,
    showOriginal: 'Afficher l’ordre de la recherche',
    held: 'Un meilleur classement est prêt.',
    showHeld: 'Afficher le meilleur classement',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'Améliorer le classement\u00a0: téléchargement unique d’un modèle'
        : `Améliorer le classement\u00a0: téléchargement unique de ${megabytes(downloadBytes)}`,
    loadAnyway: 'Charger quand même le meilleur classement',
    showAll: (count) =>
      plural(count, { one: 'Afficher # résultat', other: 'Afficher les # résultats' }),
    choiceLog: (count) =>
      count === 0
        ? 'Ce navigateur conserve les choix que vous faites dans la recherche. Il n’y en a pas encore.'
        : plural(count, {
            one: 'Ce navigateur conserve # choix que vous avez fait dans la recherche.',
            other: 'Ce navigateur conserve # choix que vous avez faits dans la recherche.',
          }),
    downloadLog: 'Enregistrer les choix dans un fichier',
    clearLog: 'Effacer les choix',
    logCleared: 'Les choix ont été effacés.',
    searchFailed: 'La recherche n’a pas abouti.',
    searchOffline: 'Vous êtes hors ligne. La recherche reprendra dès le retour de la connexion.',
    retry: 'Réessayer',
    movedUp: (places) => plural(places, { one: '# place gagnée', other: '# places gagnées' }),
    movedDown: (places) => plural(places, { one: '# place perdue', other: '# places perdues' }),
    score: (value) => `Pertinence ${score(value)}`,
    why: 'Pourquoi ce résultat\u00a0?',
    explaining: 'Recherche de la raison…',
    raisedBy: (words) =>
      `${quote(words)} ${plural(words.length, { one: 'a', other: 'ont' })} le plus augmenté la pertinence.`,
    loweredBy: (words) =>
      `${quote(words)} ${plural(words.length, { one: 'a', other: 'ont' })} réduit la pertinence.`,
    bestSentence: 'Cette phrase a le plus augmenté la pertinence\u00a0:',
    noReason: 'Aucun mot ni aucune phrase n’a suffi à faire la différence.',
    explainFailed: 'La raison n’a pas pu être trouvée.',
  };
});
