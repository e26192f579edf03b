// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import { BarButton } from './bar_button';
import type { ViewProps } from './classroom_view';

export function PanelButtons({ inside, desk }: ViewProps) {
  const unread = desk.unread.value;
  const hands = inside.classroom.hands.value.length;
  const waiting = inside.classroom.atDoor.value.length;
  const count = desk.here.value.length;
  return (
    <div class="panel-buttons">
      <BarButton
        icon="chat"
        label={t('chat')}
        spoken={unread > 0 ? t('chat.unread', { count: unread }) : t('chat')}
        pressed={desk.panel.value === 'chat'}
        badge={unread}
        shortcut="c"
        testId="chat-button"
        onClick={() => desk.togglePanel('chat')}
      />
      <BarButton
        icon="people"
        label={t('people')}
        spoken={t('people.spoken', { count, hands })}
        pressed={desk.panel.value === 'people'}
        badge={inside.classroom.isTeacher.value ? hands + waiting : 0}
        shortcut="p"
        testId="people-button"
        onClick={() => desk.togglePanel('people')}
      />
    </div>
  );
}
