// SPDX-License-Identifier: Apache-2.0

export function Brand() {
  return (
    <span class="brand">
      <svg width="32" height="32" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect class="brand-ground" width="32" height="32" rx="8" />
        <path class="brand-line" d="M6 23 16 7l10 16M10.5 17.5a8 8 0 0 1 11 0" />
      </svg>
      Aula
    </span>
  );
}
