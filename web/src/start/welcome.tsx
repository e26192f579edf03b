// SPDX-License-Identifier: Apache-2.0
import { t, type Key } from '../shared/i18n';
import { Icon, type IconName } from '../shared/icons';

const features: { icon: IconName; title: Key; text: Key }[] = [
  { icon: 'open', title: 'start.linkTitle', text: 'start.linkText' },
  { icon: 'people', title: 'start.togetherTitle', text: 'start.togetherText' },
  { icon: 'weak', title: 'start.thinTitle', text: 'start.thinText' },
];

/** What visitors see who do not hold the admin link. */
export function Welcome({ refused }: { refused: boolean }) {
  return (
    <div class="stack welcome">
      {refused && (
        <p class="problem" role="alert">
          <Icon name="warning" />
          {t('start.refused')}
        </p>
      )}
      <div>
        <h1>{t('start.tagline')}</h1>
        <p class="lead">{t('start.what')}</p>
      </div>
      <ul class="features">
        {features.map(({ icon, title, text }) => (
          <li key={title} class="card">
            <Icon name={icon} size={28} />
            <h2>{t(title)}</h2>
            <p class="soft">{t(text)}</p>
          </li>
        ))}
      </ul>
      <p class="soft">{t('start.adminHint')}</p>
    </div>
  );
}
