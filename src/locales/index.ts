/** Every language that comes with the package. */
import './ar.ts';
import './de.ts';
import './es.ts';
import './fr.ts';
import './he.ts';
import './ja.ts';
import './ko.ts';
import './pt.ts';
import './zh.ts';
import './zh-hant.ts';
