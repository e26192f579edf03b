// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { ChatLine, MessageText, UnsentLine } from './chat_line';
import type { ViewProps } from './classroom_view';
import { narrow } from './narrow';
import { SidePanel } from './side_panel';

const nearEnd = 80;

export function ChatPanel({ inside, desk }: ViewProps) {
  const { classroom, session } = inside;
  const chat = classroom.lesson.value?.chat ?? [];
  const unsent = classroom.unsent.value;
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const [hidden, setHidden] = useState(false);
  const scrollToEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });
  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = list.current!;
    atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (atEnd.current) setHidden(false);
  };
  const last = chat[chat.length - 1];
  // Whoever reads further up is not torn away; a button leads to what is new.
  useEffect(() => {
    if (atEnd.current || last?.identity === session.identity) scrollToEnd();
    else setHidden(true);
  }, [last?.seq, unsent.length]);

  return (
    <SidePanel title={t('chat')} panel="chat" desk={desk}>
      <Greetings inside={inside} desk={desk} />
      {chat.length + unsent.length === 0 && <p class="soft panel-note">{t('chat.empty')}</p>}
      <ol ref={list} class="chat" onScroll={scrolled} tabIndex={0} aria-label={t('chat.messages')}>
        {chat.map((message, index) => (
          <ChatLine key={message.seq} message={message} before={chat[index - 1]} self={session.identity} />
        ))}
        {unsent.map((message) => (
          <UnsentLine key={message.nonce} message={message} onDrop={() => classroom.dropUnsent(message.nonce)} />
        ))}
      </ol>
      {hidden && (
        <button type="button" class="button new-messages" onClick={scrollToEnd}>
          {t('chat.new')}
        </button>
      )}
      <ChatForm inside={inside} desk={desk} />
    </SidePanel>
  );
}

/** What the lesson's maker has to say stands above what people say. */
function Greetings({ inside: { classroom } }: ViewProps) {
  const about = classroom.about.value;
  if (!about?.welcome && !about?.for_teachers) return null;
  return (
    <div class="greetings">
      {about.welcome && <Greeting text={about.welcome} testId="chat-welcome" />}
      {about.for_teachers && <Greeting title={t('chat.forTeachers')} text={about.for_teachers} testId="chat-for-teachers" />}
    </div>
  );
}

function Greeting({ title, text, testId }: { title?: string; text: string; testId: string }) {
  return (
    <div class="greeting" data-testid={testId}>
      {title && <strong>{title}</strong>}
      <MessageText text={text} />
    </div>
  );
}

const longestText = 4000;

function ChatForm({ inside: { classroom } }: ViewProps) {
  const input = useRef<HTMLTextAreaElement>(null);
  const locked = !classroom.isTeacher.value && classroom.lesson.value?.settings.chat === false;
  // On a phone the keyboard would cover the messages at once.
  useEffect(() => void (narrow.peek() || input.current?.focus()), []);
  const send = (event?: Event) => {
    event?.preventDefault();
    const text = input.current!.value.trim();
    if (text === '') return;
    classroom.say(text);
    input.current!.value = '';
    input.current!.focus();
  };
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
  };
  if (locked) return <p class="soft panel-note">{t('chat.locked')}</p>;
  return (
    <form class="chat-form" onSubmit={send}>
      <textarea
        ref={input}
        rows={1}
        maxLength={longestText}
        placeholder={t('chat.placeholder')}
        aria-label={t('chat.placeholder')}
        data-testid="chat-input"
        onKeyDown={sendOnEnter}
      />
      <button class="button primary square" aria-label={t('chat.send')} data-testid="chat-send">
        <Icon name="send" />
      </button>
    </form>
  );
}
