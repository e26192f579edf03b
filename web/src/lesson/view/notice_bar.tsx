// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { dropNotice, notices } from '../media/failures';

export function NoticeBar() {
  return (
    <div class="notices" role="region" aria-label={t('notices')} aria-live="assertive">
      {notices.value.map(({ text, action }) => (
        <div key={text} class="notice" data-testid="notice" data-notice={text}>
          <Icon name="info" />
          <p>{t(text)}</p>
          {action && (
            <button type="button" class="button" data-testid="notice-action" onClick={action.run}>
              {t(action.label)}
            </button>
          )}
          <button type="button" class="button quiet square" aria-label={t('close')} onClick={() => dropNotice(text)}>
            <Icon name="close" size={20} />
          </button>
        </div>
      ))}
    </div>
  );
}
