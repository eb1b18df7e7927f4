import { readFileSync } from 'node:fs';
import { startStaticServer, type StaticServer } from '../../test/package/static-server.ts';

/** A result of the page's search. */
interface SearchResult {
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

/** What sites in Arabic and Hebrew have translated of the manual; the rest of it is in English. */
const WRITTEN: Readonly<Record<string, readonly (readonly [title: string, text: string])[]>> = {
  ar: [
    [
      'تثبيت Tern',
      'يعمل Tern على أي حاسوب بنظام Linux أو macOS أو Windows. شغّل برنامج التثبيت وسجّل الدخول واختر المجلد.',
    ],
    [
      'عبارة الاسترداد',
      'ملفاتك مشفّرة بمفتاح لا تملكه إلا أجهزتك. إذا نسيت كلمة المرور فإن عبارة الاسترداد المكوّنة من 12 كلمة تفتح حسابك.',
    ],
    ['مشاركة مجلد', 'ادعُ آخرين إلى مجلد بالبريد. القرّاء يرون الملفات والكتّاب يغيّرونها.'],
    ['الإصدارات السابقة', 'يحتفظ Tern بكل إصدار من الملف مدة 30 يومًا. افتح سجلّ الملف واختر يومًا.'],
    [
      'الحدّ من السرعة',
      'يستخدم Tern الخطّ كله عند الرفع الأول. ضع حدًّا بوحدة kB في الثانية أو أوقفه مؤقتًا.',
    ],
  ],
  he: [
    [
      'התקנת Tern',
      'Tern פועל על כל מחשב עם Linux, macOS או Windows. הפעילו את תוכנית ההתקנה, היכנסו ובחרו תיקייה.',
    ],
    [
      'ביטוי שחזור',
      'הקבצים שלך מוצפנים במפתח שיש רק למכשירים שלך. אם שכחת את הסיסמה, 12 המילים של ביטוי השחזור פותחות את החשבון.',
    ],
    ['שיתוף תיקייה', 'הזמינו אחרים לתיקייה בדואר. קוראים רואים את הקבצים, כותבים משנים אותם.'],
    ['גרסאות קודמות', 'Tern שומר כל גרסה של קובץ למשך 30 יום. פתחו את היסטוריית הקובץ ובחרו יום.'],
    ['הגבלת המהירות', 'Tern משתמש בכל הקו בהעלאה הראשונה. קבעו גבול ב-kB לשנייה או עצרו אותו.'],
  ],
};

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
  header.bar { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
  header.bar rerank-search { width: 14rem; }
  .low { margin-top: calc(100vh - 8rem); }
`;

/** Serves pages that have one element each, its models beside it, and a search that finds the manual of a program in every query. */
export function startElementPages(): Promise<StaticServer> {
  return startStaticServer({
    folders: { '/rerank/': 'dist', '/models/': 'public/models' },
    answer: ({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const lang = searchParams.get('lang') ?? 'en';
      if (pathname === '/') {
        const html = writePage(lang, searchParams.get('body') ?? '');
        response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
      } else if (pathname === '/search') {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(find(lang)));
      } else if (pathname === '/nothing') {
        response.setHeader('content-type', 'application/json').end('[]');
      } else if (pathname === '/favicon.ico') {
        response.writeHead(204).end();
      } else return false;
      return true;
    },
  });
}

/** The address of a page with these elements in its body. */
export function toElementPage(address: string, body: string, lang = 'en'): string {
  return `${address}?${new URLSearchParams({ lang, body }).toString()}`;
}

function writePage(lang: string, body: string): string {
  const dir = lang in WRITTEN ? 'rtl' : 'ltr';
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tern</title>
<style>${STYLE}</style>
<script type="module" src="/rerank/rerank-results.js"></script>
<body>${body}</body>
</html>`;
}

function find(lang: string): readonly SearchResult[] {
  const manual = new URL('../../recipes/plain-html/site/search-index.json', import.meta.url);
  const sections = JSON.parse(readFileSync(manual, 'utf8')) as readonly SearchResult[];
  const written = (WRITTEN[lang] ?? []).map(([title, text], index) => ({
    ...{ title, text },
    url: `/#${index}`,
  }));
  // Each after an English one, as in a search of both.
  return sections.flatMap((section, index) => [section, ...written.slice(index, index + 1)]);
}
