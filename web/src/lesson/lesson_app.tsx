// SPDX-License-Identifier: Apache-2.0
import { Announcer } from '../shared/announce';
import { t } from '../shared/i18n';
import { EntryScreen } from './entry/entry_screen';
import { tooOld } from './entry/browser';
import { JoiningScreen } from './entry/joining_screen';
import { LobbyScreen } from './entry/lobby_screen';
import { OverScreen, TooOldScreen } from './entry/over_screen';
import { ClassroomView } from './view/classroom_view';
import type { Visit } from './visit';

export function LessonApp({ visit, code }: { visit: Visit; code: string }) {
  return (
    <>
      {tooOld() ? <TooOldScreen /> : <CurrentScreen visit={visit} code={code} />}
      <Announcer />
    </>
  );
}

function CurrentScreen({ visit, code }: { visit: Visit; code: string }) {
  const phase = visit.phase.value;
  if (phase.kind !== 'inside' || phase.classroom.place.value !== null) document.title = `Aula – ${t('lesson')}`;
  switch (phase.kind) {
    case 'entry':
      return (
        <EntryScreen
          code={code}
          name={phase.name}
          problem={phase.problem}
          onJoin={(name) => void visit.enter({ code, name })}
          onOver={(why) => (visit.phase.value = { kind: 'over', why, session: null })}
        />
      );
    case 'joining':
      return <JoiningScreen seconds={phase.seconds} />;
    case 'inside':
      if (phase.classroom.place.value !== null) return <LobbyScreen inside={phase} onLeave={() => void visit.leave()} />;
      return <ClassroomView key={phase.session.token} inside={phase} onLeave={() => void visit.leave()} />;
    case 'over':
      return <OverScreen why={phase.why} onBack={phase.session ? () => visit.comeBack(phase.session!) : null} />;
  }
}
