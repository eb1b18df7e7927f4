import { addTranslation } from '../element/languages.ts';

addTranslation('ar', ({ number, score, megabytes, list, plural }) => {
  const nameResults = (count: number): string =>
    plural(count, {
      zero: 'لا نتائج',
      one: 'نتيجة واحدة',
      two: 'نتيجتان',
      few: '# نتائج',
      many: '# نتيجة',
      other: '# نتيجة',
    });
  // After a preposition, two results are named by another form.
  const ofResults = (count: number): string =>
    `من أصل ${plural(count, {
      zero: '# نتيجة',
      one: 'نتيجة واحدة',
      two: 'نتيجتين',
      few: '# نتائج',
      many: '# نتيجة',
      other: '# نتيجة',
    })}`;
  const countResults = (shown: number, count: number): string =>
    shown < count ? `${number(shown)} ${ofResults(count)}` : nameResults(count);
  const quote = (words: readonly string[]): string => list(words.map((word) => `«${word}»`));
  return {
    search: 'بحث',
    clear: 'مسح البحث',
    newResults: 'تتوفر نتائج أحدث.',
    showNewResults: 'عرض النتائج الأحدث',
    searching: 'جارٍ البحث…',
    noResults: (query) => `لا توجد نتائج تطابق «${query}».`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. جارٍ تحديد الأفضل…`,
    loading: (loadedBytes, totalBytes) =>
      `جارٍ تحميل النموذج: ${megabytes(loadedBytes)} من ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}، الأفضل أولًا.`,
    rerankedInTime: (scored, count) =>
      `أُعيد ترتيب ${number(scored)} ${ofResults(count)} في الوقت المتاح.`,
    mayImprove: (shown, count) => `${countResults(shown, count)}. يمكن تحميل ترتيب أفضل.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}، بترتيب البحث الأصلي: تعطّلت هذه الصفحة سابقًا عند تحميل ترتيب أفضل.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}، بترتيب البحث الأصلي: تعذّر إعداد ترتيب أفضل.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}، بترتيب البحث الأصلي: لا يمكن تحميل ترتيب أفضل دون اتصال.`,
    original: (shown, count) => `${countResults(shown, count)}، بترتيب البحث الأصلي.`,
    showOriginal: 'عرض ترتيب البحث الأصلي',
    held: 'هناك ترتيب أفضل جاهز للعرض.',
    showHeld: 'عرض الترتيب الأفضل',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'تحسين الترتيب: تنزيل نموذج مرة واحدة فقط'
        : `تحسين الترتيب: تنزيل ${megabytes(downloadBytes)} مرة واحدة فقط`,
    loadAnyway: 'تحميل الترتيب الأفضل على أي حال',
    showAll: (count) =>
      plural(count, {
        one: 'عرض النتيجة',
        two: 'عرض النتيجتين',
        other: 'عرض جميع النتائج (#)',
      }),
    choiceLog: (count) =>
      count === 0
        ? 'تُحفظ اختياراتك في البحث في هذا المتصفح. لا توجد اختيارات بعد.'
        : `تُحفظ اختياراتك في البحث في هذا المتصفح: ${plural(count, {
            one: 'اختيار واحد',
            two: 'اختياران',
            few: '# اختيارات',
            many: '# اختيارًا',
            other: '# اختيار',
          })}.`,
    downloadLog: 'حفظ الاختيارات في ملف',
    clearLog: 'مسح الاختيارات',
    logCleared: 'مُسحت الاختيارات.',
    searchFailed: 'تعذّر إجراء البحث.',
    searchOffline: 'أنت غير متصل بالإنترنت. سيستمر البحث عند عودة الاتصال.',
    retry: 'إعادة المحاولة',
    movedUp: (places) =>
      plural(places, {
        one: 'أعلى بمرتبة واحدة',
        two: 'أعلى بمرتبتين',
        few: 'أعلى بمقدار # مراتب',
        other: 'أعلى بمقدار # مرتبة',
      }),
    movedDown: (places) =>
      plural(places, {
        one: 'أدنى بمرتبة واحدة',
        two: 'أدنى بمرتبتين',
        few: 'أدنى بمقدار # مراتب',
        other: 'أدنى بمقدار # مرتبة',
      }),
    score: (value) => `درجة الصلة ${score(value)}`,
    why: 'لماذا هذه النتيجة؟',
    explaining: 'جارٍ البحث عن السبب…',
    raisedBy: (words) => `أكثر ما رفع درجة الصلة: ${quote(words)}.`,
    loweredBy: (words) => `ما خفّض درجة الصلة: ${quote(words)}.`,
    bestSentence: 'الجملة التي رفعت درجة الصلة أكثر من غيرها:',
    noReason: 'لم تكن أي كلمة أو جملة بمفردها حاسمة.',
    explainFailed: 'تعذّر تحديد السبب.',
  };
});
