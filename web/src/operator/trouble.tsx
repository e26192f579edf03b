// SPDX-License-Identifier: Apache-2.0
import { Icon } from '../shared/icons';

export function Trouble({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <p class="problem" role="alert" data-testid="trouble">
      <Icon name="warning" />
      {text}
    </p>
  );
}
