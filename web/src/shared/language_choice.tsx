// SPDX-License-Identifier: Apache-2.0
import { language, languages, rememberLanguage, t, useLanguage, type Language } from './i18n';
import { Icon } from './icons';

export function LanguageChoice() {
  const choose = (wanted: Language) => {
    rememberLanguage(wanted);
    void useLanguage(wanted);
  };
  return (
    <label class="language-choice">
      <Icon name="language" size={20} />
      <span class="visually-hidden">{t('language')}</span>
      <select
        data-testid="language-select"
        value={language.value ?? 'en'}
        onChange={(event) => choose(event.currentTarget.value as Language)}
      >
        {Object.entries(languages).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
