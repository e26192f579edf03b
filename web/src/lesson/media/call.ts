// SPDX-License-Identifier: Apache-2.0
import { effect, signal } from '@preact/signals';
import type { DisconnectReason, RemoteTrack, RemoteTrackPublication, Room, Track } from 'livekit-client';
import type { Session } from '../session';
import { deviceProblem, dropNotice, showNotice, type Device } from './failures';
import { look, type SeenByIdentity } from './seen';
import { Sound } from './sound';
import { roomProtocol } from './transport';
import { chosenDevices, wishes } from './wishes';

export type CallState = 'loading' | 'connecting' | 'connected' | 'reconnecting' | 'ended';
export type Livekit = typeof import('livekit-client');
export const loadLivekit = (): Promise<Livekit> => import('livekit-client');

const retrySeconds = [1, 2, 4, 8, 15];
const protocolCheckMilliseconds = 5000;

/** Sound and pictures of one lesson: a thin layer of signals over livekit-client's Room. */
export class Call {
  readonly state = signal<CallState>('loading');
  readonly seen = signal<SeenByIdentity>(new Map());
  readonly sharing = signal(false);
  room: Room | null = null;

  private livekit: Livekit | null = null;
  private readonly sound = new Sound();
  private readonly endings: (() => void)[] = [];
  private lookPlanned = false;
  private failures = 0;
  private inConnect = false;
  /** Own changes under way; a mute that comes meanwhile is their echo and no order from outside. */
  private readonly changing = { microphone: 0, camera: 0 };

  constructor(
    private readonly session: Session,
    private readonly onFinal: (reason: DisconnectReason) => void,
  ) {}

  async start(): Promise<void> {
    try {
      this.livekit = await loadLivekit();
    } catch {
      showNotice({ text: 'problem.mediaLoad', action: { label: 'retry', run: () => location.reload() } });
      return;
    }
    if (this.state.peek() === 'ended') return;
    this.room = this.makeRoom(this.livekit);
    this.listen(this.room, this.livekit);
    this.followWishes();
    await this.connect();
  }

  async leave(): Promise<void> {
    this.state.value = 'ended';
    this.endings.forEach((end) => end());
    await this.room?.disconnect();
  }

  async share(on: boolean): Promise<void> {
    try {
      await this.room?.localParticipant.setScreenShareEnabled(on, { audio: true, contentHint: 'detail' });
    } catch (error) {
      this.tellDeviceProblem('screen', error);
    }
  }

  private makeRoom({ Room, VideoPresets }: Livekit): Room {
    const picture = this.session.role === 'teacher' ? VideoPresets.h720 : VideoPresets.h540;
    return new Room({
      adaptiveStream: true,
      dynacast: true,
      publishDefaults: { simulcast: true, videoCodec: 'vp8', stopMicTrackOnMute: false },
      videoCaptureDefaults: { resolution: picture.resolution },
      // A lesson goes on when its node is replaced, however long that takes.
      reconnectPolicy: { nextRetryDelayInMs: ({ retryCount }) => Math.min(retryCount, 8) * 500 + Math.random() * 500 },
    });
  }

  private listen(room: Room, { RoomEvent }: Livekit): void {
    for (const event of [
      RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.ParticipantNameChanged,
      RoomEvent.TrackPublished, RoomEvent.TrackUnpublished, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted,
      RoomEvent.TrackSubscribed, RoomEvent.TrackUnsubscribed, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
      RoomEvent.ActiveSpeakersChanged, RoomEvent.ConnectionQualityChanged, RoomEvent.Connected, RoomEvent.Reconnected,
    ] as const) {
      room.on(event, () => this.planLook());
    }
    room
      .on(RoomEvent.TrackSubscribed, (track) => track.kind === 'audio' && this.sound.play(track))
      .on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => track.kind === 'audio' && this.sound.stop(track))
      .on(RoomEvent.TrackPublished, (publication) => this.limit(publication))
      .on(RoomEvent.TrackMuted, (publication, participant) => participant.isLocal && this.obeyMute(publication.source))
      .on(RoomEvent.Reconnecting, () => (this.state.value = 'reconnecting'))
      .on(RoomEvent.Reconnected, () => (this.state.value = 'connected'))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.checkPlayback())
      .on(RoomEvent.Disconnected, (reason) => this.lost(reason));
  }

  private async connect(): Promise<void> {
    const room = this.room!;
    if (this.state.peek() !== 'reconnecting') this.state.value = 'connecting';
    this.inConnect = true;
    try {
      await room.connect(location.origin, this.session.token);
    } catch {
      this.retryLater();
      return;
    } finally {
      this.inConnect = false;
    }
    this.failures = 0;
    this.state.value = 'connected';
    this.planLook();
    this.checkPlayback();
    this.after(protocolCheckMilliseconds, () => void this.checkProtocol());
  }

  private retryLater(): void {
    if (this.state.peek() === 'ended') return;
    const seconds = retrySeconds[Math.min(this.failures++, retrySeconds.length - 1)]!;
    this.state.value = 'reconnecting';
    this.after(seconds * 1000, () => void this.connect());
  }

  private after(milliseconds: number, act: () => void): void {
    setTimeout(() => this.state.peek() !== 'ended' && act(), milliseconds);
  }

  private lost(reason: DisconnectReason | undefined): void {
    if (this.state.peek() === 'ended') return;
    const { DUPLICATE_IDENTITY, PARTICIPANT_REMOVED, ROOM_DELETED, ROOM_CLOSED } = this.livekit!.DisconnectReason;
    const final = [DUPLICATE_IDENTITY, PARTICIPANT_REMOVED, ROOM_DELETED, ROOM_CLOSED].find((it) => it === reason);
    this.planLook();
    if (final !== undefined) this.onFinal(final);
    else if (!this.inConnect) this.retryLater();
  }

  private followWishes(): void {
    const local = this.room!.localParticipant;
    const follow = (device: Device & ('microphone' | 'camera'), set: (on: boolean) => Promise<unknown>) =>
      effect(() => {
        const on = wishes[device].value;
        if (this.state.value !== 'connected') return;
        ++this.changing[device];
        set(on)
          .catch((error: unknown) => {
            wishes[device].value = false;
            this.tellDeviceProblem(device, error);
          })
          .finally(() => --this.changing[device]);
      });
    const from = (id: string) => (id === '' ? {} : { deviceId: id });
    this.endings.push(
      follow('microphone', (on) => local.setMicrophoneEnabled(on, from(chosenDevices.audioinput.peek()))),
      follow('camera', (on) => local.setCameraEnabled(on, from(chosenDevices.videoinput.peek()))),
      effect(() => {
        void wishes.audioOnly.value;
        if (this.state.value !== 'connected') return;
        for (const person of this.room!.remoteParticipants.values()) {
          person.trackPublications.forEach((publication) => this.limit(publication));
        }
      }),
    );
  }

  /** In weak-connection mode other people's cameras are not even asked for. */
  private limit(publication: RemoteTrackPublication): void {
    if (publication.source !== 'camera') return;
    const wanted = !wishes.audioOnly.peek();
    if (publication.isDesired !== wanted) publication.setSubscribed(wanted);
  }

  /** The teacher may mute; the wish then is over, and only the person makes it anew. */
  private obeyMute(source: Track.Source): void {
    if (source !== 'microphone' && source !== 'camera') return;
    if (this.changing[source] > 0) return;
    wishes[source].value = false;
    showNotice({ text: source === 'camera' ? 'notice.cameraMuted' : 'notice.muted' });
  }

  private planLook(): void {
    if (this.lookPlanned) return;
    this.lookPlanned = true;
    queueMicrotask(() => {
      this.lookPlanned = false;
      this.seen.value = look(this.room!, this.seen.peek());
      this.sharing.value = this.room!.localParticipant.isScreenShareEnabled;
    });
  }

  private checkPlayback(): void {
    const room = this.room!;
    if (room.canPlaybackAudio) dropNotice('problem.soundBlocked');
    else showNotice({ text: 'problem.soundBlocked', action: { label: 'soundOn', run: () => void room.startAudio() } });
  }

  private async checkProtocol(): Promise<void> {
    const protocol = this.state.peek() === 'connected' ? await roomProtocol(this.room!) : null;
    if (protocol === 'tcp') showNotice({ text: 'problem.noUdp' });
    if (protocol === null) this.after(protocolCheckMilliseconds, () => void this.checkProtocol());
  }

  private tellDeviceProblem(device: Device, error: unknown): void {
    const text = deviceProblem(device, error);
    if (text) showNotice({ text });
  }
}
