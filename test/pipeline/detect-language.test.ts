import { describe, expect, it } from 'vitest';
import { createForeignTextTest } from '../../src/worker/pipeline/detect-language.ts';

const foreign: Record<string, string> = {
  German:
    'Mit diesem Befehl wird ein Index angelegt, damit eine Abfrage nicht die ganze Tabelle lesen muss.',
  French:
    'Cette commande crée un index pour que la requête ne lise pas toute la table, ce qui est plus rapide.',
  Spanish:
    'Este comando crea un índice para que la consulta no tenga que leer toda la tabla de una vez.',
  Portuguese:
    'Este comando cria um índice para que a consulta não tenha de ler toda a tabela de uma só vez.',
  Italian: 'Questo comando crea un indice in modo che la query non debba leggere tutta la tabella.',
  Dutch:
    'Met deze opdracht wordt een index gemaakt, zodat een query niet de hele tabel hoeft te lezen.',
  Polish:
    'To polecenie tworzy indeks, aby zapytanie nie musiało czytać całej tabeli, co jest bardzo wolne.',
  Russian: 'Эта команда создаёт индекс, чтобы запрос не читал всю таблицу.',
  Japanese: 'このコマンドは、問い合わせがテーブル全体を読まなくて済むように索引を作成します。',
  Chinese: '此命令创建索引，使查询不必读取整个表。',
  Korean: '이 명령은 질의가 전체 테이블을 읽지 않도록 인덱스를 만듭니다.',
  Arabic: 'ينشئ هذا الأمر فهرسًا حتى لا يقرأ الاستعلام الجدول بأكمله.',
};

const english = {
  prose: 'This command makes an index, so that a query need not read the whole table.',
  code: 'const rows = await db.query("SELECT id, name FROM users WHERE id = $1", [id]);',
  command: 'git commit --amend --no-edit',
  name: 'pg_stat_statements',
  'a list of names': 'Die Hard, La La Land, El Camino, Das Boot',
  'a quotation':
    'Descartes wrote “je pense, donc je suis”, and in Latin “cogito, ergo sum”. It is often quoted in books.',
  'mixed scripts':
    'Use μ for the mean and σ for the standard deviation; α is the level of the test.',
  empty: '',
  numbers: '1 2 3 4 5 6 7 8 9 10 11 12',
};

describe('a test for texts that an English model does not read', () => {
  const isForeign = createForeignTextTest(['en']);

  it.each(Object.entries(foreign))('knows %s', (_language, text) => {
    expect(isForeign(text)).toBe(true);
  });

  it.each(Object.entries(english))('lets English through: %s', (_kind, text) => {
    expect(isForeign(text)).toBe(false);
  });
});

describe('the languages of the model', () => {
  it('decide what is foreign', () => {
    const isForeign = createForeignTextTest(['de', 'ja']);
    expect(isForeign(foreign.German ?? '')).toBe(false);
    expect(isForeign(foreign.Japanese ?? '')).toBe(false);
    expect(isForeign(foreign.French ?? '')).toBe(true);
    expect(isForeign(foreign.Russian ?? '')).toBe(true);
  });

  it('are not mistaken for a neighbour whose words are listed', () => {
    const slovak =
      'Tento príkaz vytvorí index, aby dotaz nemusel čítať celú tabuľku, ale len to, čo je v ňom.';
    const norwegian =
      'Denne kommandoen lager en indeks, slik at en spørring ikke må lese hele tabellen.';
    expect(createForeignTextTest(['sk'])(slovak)).toBe(false);
    expect(createForeignTextTest(['no'])(norwegian)).toBe(false);
    expect(createForeignTextTest(['sk'])(foreign.Russian ?? '')).toBe(true);
    expect(createForeignTextTest(['no'])(foreign.French ?? '')).toBe(true);
  });

  it.each([[[]], [['mul']], [['en', 'mul']], [['multilingual']], [['zh-Hanb']]])(
    '%j: nothing is foreign',
    (languages) => {
      const isForeign = createForeignTextTest(languages);
      expect(Object.values(foreign).some(isForeign)).toBe(false);
    },
  );
});
