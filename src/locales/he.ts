import { addTranslation } from '../element/languages.ts';

addTranslation('he', ({ number, score, megabytes, list, plural }) => {
  const nameResults = (count: number): string =>
    plural(count, { one: 'תוצאה אחת', two: 'שתי תוצאות', other: '# תוצאות' });
  const countResults = (shown: number, count: number): string =>
    shown < count ? `${number(shown)} מתוך ${nameResults(count)}` : nameResults(count);
  const quote = (words: readonly string[]): string => list(words.map((word) => `”${word}”`));
  return {
    search: 'חיפוש',
    clear: 'ניקוי החיפוש',
    newResults: 'יש תוצאות חדשות יותר.',
    showNewResults: 'הצגת התוצאות החדשות יותר',
    searching: 'מתבצע חיפוש…',
    noResults: (query) => `לא נמצאו תוצאות עבור ”${query}”.`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. מתבצע איתור של הטובות ביותר…`,
    loading: (loadedBytes, totalBytes) =>
      `טעינת המודל: ${megabytes(loadedBytes)} מתוך ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, הטובות ביותר תחילה.`,
    rerankedInTime: (scored, count) =>
      `בזמן שהוקצב סודרו מחדש ${number(scored)} מתוך ${nameResults(count)}.`,
    mayImprove: (shown, count) => `${countResults(shown, count)}. אפשר לטעון סדר טוב יותר.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}, בסדר המקורי של החיפוש: הדף הזה כבר קרס בעבר בעת טעינת הסדר הטוב יותר.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}, בסדר המקורי של החיפוש: לא ניתן היה ליצור סדר טוב יותר.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}, בסדר המקורי של החיפוש: לא ניתן לטעון סדר טוב יותר ללא חיבור.`,
    original: (shown, count) => `${countResults(shown, count)}, בסדר המקורי של החיפוש.`,
    showOriginal: 'הצגת הסדר המקורי של החיפוש',
    held: 'סדר טוב יותר מוכן להצגה.',
    showHeld: 'הצגת הסדר הטוב יותר',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'שיפור הסדר: הורדה חד־פעמית של מודל'
        : `שיפור הסדר: הורדה חד־פעמית של ${megabytes(downloadBytes)}`,
    loadAnyway: 'טעינת הסדר הטוב יותר בכל זאת',
    showAll: (count) =>
      plural(count, {
        one: 'הצגת התוצאה',
        two: 'הצגת שתי התוצאות',
        other: 'הצגת כל # התוצאות',
      }),
    choiceLog: (count) =>
      count === 0
        ? 'הבחירות שלך בחיפוש נשמרות בדפדפן הזה. עדיין אין בחירות.'
        : `הבחירות שלך בחיפוש נשמרות בדפדפן הזה: ${plural(count, { one: 'בחירה אחת', two: 'שתי בחירות', other: '# בחירות' })}.`,
    downloadLog: 'שמירת הבחירות בקובץ',
    clearLog: 'מחיקת הבחירות',
    logCleared: 'הבחירות נמחקו.',
    searchFailed: 'החיפוש לא הצליח.',
    searchOffline: 'אין חיבור לאינטרנט. החיפוש יימשך כשהחיבור יחזור.',
    retry: 'ניסיון נוסף',
    movedUp: (places) =>
      plural(places, { one: 'מקום אחד למעלה', two: 'שני מקומות למעלה', other: '# מקומות למעלה' }),
    movedDown: (places) =>
      plural(places, { one: 'מקום אחד למטה', two: 'שני מקומות למטה', other: '# מקומות למטה' }),
    score: (value) => `רלוונטיות ${score(value)}`,
    why: 'למה התוצאה הזאת?',
    explaining: 'מתבצע חיפוש של הסיבה…',
    raisedBy: (words) => `מה שהעלה את הרלוונטיות יותר מכול: ${quote(words)}.`,
    loweredBy: (words) => `מה שהוריד את הרלוונטיות: ${quote(words)}.`,
    bestSentence: 'המשפט שהעלה את הרלוונטיות יותר מכול:',
    noReason: 'אף מילה או משפט לא הכריעו לבדם.',
    explainFailed: 'לא ניתן היה למצוא את הסיבה.',
  };
});
