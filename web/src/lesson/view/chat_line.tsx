// SPDX-License-Identifier: Apache-2.0
import { formatTime, t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { withLinks } from '../../shared/text';
import type { Unsent } from '../classroom/classroom';
import type { ChatMessage } from '../classroom/protocol';
import { refusalText } from './refusals';

const sameBreathMilliseconds = 120_000;

interface ChatLineProps {
  message: ChatMessage;
  before: ChatMessage | undefined;
  self: string;
}

export function ChatLine({ message, before, self }: ChatLineProps) {
  const follows = before?.identity === message.identity && message.at - before.at < sameBreathMilliseconds;
  const own = message.identity === self;
  return (
    <li class={`message ${own ? 'own' : ''} ${follows ? 'follows' : ''}`} data-testid="chat-message" data-seq={message.seq}>
      <p class={follows ? 'visually-hidden' : 'message-head'}>
        <strong>{own ? t('chat.you') : message.name}</strong>
        {message.role === 'teacher' && message.identity !== '' && (
          <span class="role">
            <Icon name="teacher" size={16} />
            {t('role.teacher')}
          </span>
        )}
        <time dateTime={new Date(message.at).toISOString()}>{formatTime(message.at)}</time>
      </p>
      <MessageText text={message.text} />
    </li>
  );
}

export function MessageText({ text }: { text: string }) {
  return (
    <p class="message-text" dir="auto">
      {withLinks(text).map((part) =>
        part.link === undefined ? (
          part.text
        ) : (
          <a href={part.link} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}

/** What the server has not taken yet, or did not take. */
export function UnsentLine({ message, onDrop }: { message: Unsent; onDrop: () => void }) {
  return (
    <li class="message own unsent">
      <MessageText text={message.text} />
      {message.refused === null ? (
        <p class="soft">{t('chat.sending')}</p>
      ) : (
        <p class="problem" role="alert">
          <span>{refusalText(message.refused)}</span>
          <button type="button" class="button" onClick={onDrop}>
            {t('chat.drop')}
          </button>
        </p>
      )}
    </li>
  );
}
