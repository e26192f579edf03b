// SPDX-License-Identifier: Apache-2.0
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n';
import type { Inside } from '../visit';
import { BottomBar } from './bottom_bar';
import { ChatPanel } from './chat_panel';
import { Desk } from './desk';
import { Dialogs } from './dialogs';
import { DoorNotice } from './door_notice';
import { EndNotice } from './end_notice';
import { HeardMeter } from './heard_meter';
import { narrow } from './narrow';
import { NoticeBar } from './notice_bar';
import { PanelButtons } from './panel_buttons';
import { PeoplePanel } from './people_panel';
import { listenForShortcuts } from './shortcuts';
import { Stage } from './stage';
import { StatusLine } from './status';
import { Strip } from './strip';

export interface ViewProps {
  inside: Inside;
  desk: Desk;
}

export function ClassroomView({ inside, onLeave }: { inside: Inside; onLeave: () => void }) {
  const desk = useMemo(() => new Desk(inside), [inside]);
  const heading = useRef<HTMLHeadingElement>(null);
  // The join button is gone; without a new place the focus would fall out of the page.
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => desk.start(), [desk]);
  useEffect(() => listenForShortcuts(inside, desk), [desk]);
  useEffect(() => {
    const hurry = () => inside.classroom.hurry();
    addEventListener('online', hurry);
    return () => removeEventListener('online', hurry);
  }, [inside]);
  const title = inside.classroom.lesson.value?.name || inside.session.lesson;
  const unread = desk.unread.value;
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${title} – Aula`;
  const leave = () => (inside.classroom.isTeacher.peek() ? (desk.dialog.value = 'leave') : onLeave());
  return (
    <div class={`classroom ${desk.panel.value ? 'with-panel' : ''}`} data-testid="classroom">
      <header class="lesson-head">
        <div class="lesson-name">
          <h1 ref={heading} tabIndex={-1}>
            {title || t('lesson')}
          </h1>
          <StatusLine inside={inside} />
        </div>
        {inside.classroom.isTeacher.value && <HeardMeter inside={inside} />}
        {narrow.value && <PanelButtons inside={inside} desk={desk} />}
      </header>
      <main class="floor">
        <div class="above">
          <NoticeBar />
          <EndNotice inside={inside} desk={desk} />
          <DoorNotice inside={inside} desk={desk} />
        </div>
        <div class="room">
          <Stage desk={desk} />
          <Strip desk={desk} />
        </div>
        {desk.panel.value === 'chat' && <ChatPanel inside={inside} desk={desk} />}
        {desk.panel.value === 'people' && <PeoplePanel inside={inside} desk={desk} />}
      </main>
      <BottomBar inside={inside} desk={desk} onLeave={leave} />
      <Dialogs inside={inside} desk={desk} onLeave={onLeave} />
    </div>
  );
}
