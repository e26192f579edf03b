// SPDX-License-Identifier: Apache-2.0
// A steady tone in place of the fake microphone's beeps, and an ear that measures the holes in it.

/** For openChromium({early}): microphones give a steady tone, a fifth of full scale. */
export function toneForMicrophone() {
    const {mediaDevices} = navigator;
    if (!mediaDevices) return;
    const own = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
        const stream = await own(constraints);
        if (!constraints.audio) return stream;
        const context = new AudioContext({sampleRate: 48000});
        await context.resume();
        const tone = new OscillatorNode(context, {frequency: 440});
        const out = context.createMediaStreamDestination();
        tone.connect(new GainNode(context, {gain: 0.2})).connect(out);
        tone.start();
        for (const track of stream.getAudioTracks()) {
            stream.removeTrack(track);
            track.stop();
        }
        stream.addTrack(out.stream.getAudioTracks()[0]);
        return stream;
    };
}

/**
 * Begins to listen to the only remote voice. The ear is an audio worklet on the decoded track: it works by the
 * audio's own clock, so a busy main thread loses it nothing. A hole is a run of 128-sample blocks in which the tone
 * is weaker than a fortieth of full scale, an eighth of what was sent: silence, and what concealment has faded out.
 * The page must have been opened with bypassCSP, as the worklet comes from a data URL.
 */
export async function openEar(page) {
    await page.evaluate(async () => {
        const [publication] = [...window.aula.room.remoteParticipants.values()]
            .flatMap((participant) => [...participant.audioTrackPublications.values()]);
        const code = `registerProcessor('ear', class extends AudioWorkletProcessor {
            run = 0; longest = 0; silent = 0; blocks = 0;
            constructor() {
                super();
                this.port.onmessage = () => {
                    const ms = (blocks) => Math.round(blocks * 128000 / sampleRate);
                    this.port.postMessage({longestMs: ms(this.longest), silentMs: ms(this.silent), heardMs: ms(this.blocks)});
                    this.run = this.longest = this.silent = this.blocks = 0;
                };
            }
            process([[samples]]) {
                let peak = 0;
                for (const sample of samples ?? []) peak = Math.max(peak, Math.abs(sample));
                this.blocks += 1;
                this.run = peak < 1 / 40 ? this.run + 1 : 0;
                this.silent += this.run > 0 ? 1 : 0;
                this.longest = Math.max(this.longest, this.run);
                return true;
            }
        });`;
        const context = new AudioContext({sampleRate: 48000});
        await context.resume();
        await context.audioWorklet.addModule(`data:text/javascript,${encodeURIComponent(code)}`);
        window.testEar = new AudioWorkletNode(context, 'ear');
        const stream = new MediaStream([publication.track.mediaStreamTrack]);
        context.createMediaStreamSource(stream).connect(window.testEar).connect(context.destination);
    });
}

/** What the ear heard since the last time: {longestMs, silentMs, heardMs}, holes and all time. */
export function hear(page) {
    return page.evaluate(() => new Promise((resolve) => {
        window.testEar.port.onmessage = ({data}) => resolve(data);
        window.testEar.port.postMessage('tell');
    }));
}
