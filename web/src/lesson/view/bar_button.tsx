// SPDX-License-Identifier: Apache-2.0
import { Icon, type IconName } from '../../shared/icons';

interface BarButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  testId: string;
  pressed?: boolean;
  badge?: number;
  /** Said instead of the label; begins with it, so that voice control finds the button by its word. */
  spoken?: string;
  tip?: string;
  kind?: string;
  disabled?: boolean;
  shortcut?: string;
  /** Not for this person now; pressing it says why. */
  locked?: boolean;
}

/** Picture and word, one above the other; its place and its word never change. */
export function BarButton(props: BarButtonProps) {
  const { icon, label, onClick, testId, pressed, badge = 0, spoken, tip, kind = '', disabled = false, shortcut, locked = false } = props;
  return (
    <button
      type="button"
      class={`bar-button ${kind} ${pressed ? 'on' : ''} ${locked ? 'locked' : ''}`}
      aria-pressed={pressed}
      aria-label={spoken}
      title={tip}
      aria-keyshortcuts={shortcut}
      disabled={disabled}
      data-testid={testId}
      data-locked={locked}
      onClick={onClick}
    >
      <span class="bar-icon">
        <Icon name={icon} />
        {locked && (
          <span class="lock-mark">
            <Icon name="lock" size={16} />
          </span>
        )}
        {badge > 0 && (
          <span class="badge" aria-hidden="true" data-count={badge > 99 ? '99+' : badge} data-testid={`${testId}-badge`} />
        )}
      </span>
      <span class="bar-label">{label}</span>
    </button>
  );
}
