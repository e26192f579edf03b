// SPDX-License-Identifier: Apache-2.0

/** True when the browser lacks something the lesson cannot do without. */
export function tooOld(): boolean {
  return (
    typeof RTCPeerConnection === 'undefined' ||
    typeof WebSocket === 'undefined' ||
    typeof IntersectionObserver === 'undefined' ||
    typeof HTMLDialogElement === 'undefined'
  );
}

export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}
