import { MediaUIEvents } from "media-chrome/constants";
import type { MediaStore } from "media-chrome/media-store/media-store";
import { createMediaStore } from "media-chrome/media-store/media-store";

/** The media element's state as the controls show it. */
export interface MediaSnapshot {
  readonly isPaused: boolean;
  readonly isMuted: boolean;
  /** 0 to 1. */
  readonly volume: number;
  readonly volumeLevel: "off" | "low" | "medium" | "high";
  /** iPhones leave the volume to their buttons. */
  readonly canSetVolume: boolean;
  readonly isFullscreen: boolean;
  readonly canFullscreen: boolean;
  readonly isInPicture: boolean;
  readonly canBeInPicture: boolean;
}

export const UNKNOWN_MEDIA: MediaSnapshot = {
  isPaused: true,
  isMuted: false,
  volume: 1,
  volumeLevel: "high",
  canSetVolume: true,
  isFullscreen: false,
  canFullscreen: false,
  isInPicture: false,
  canBeInPicture: false,
};

/**
 * media-chrome's media store for one video and its stage.
 *
 * The store knows how browsers differ in full screen, picture in picture and volume, and it
 * remembers volume and mute. Its ready-made elements are not used: they style themselves with
 * inline <style>, which a strict `style-src 'self'` forbids.
 */
export class MediaState {
  readonly #store: MediaStore;
  readonly #unsubscribe: () => void;

  constructor(video: HTMLVideoElement, stage: HTMLElement, onChange: (now: MediaSnapshot) => void) {
    this.#store = createMediaStore({
      media: video,
      fullscreenElement: stage,
      documentElement: document,
      // Pausing keeps one's place; the live badge leads back to the edge.
      options: { noAutoSeekToLive: true, noSubtitlesLangPref: true },
    });
    this.#unsubscribe = this.#store.subscribe((state) => {
      onChange({
        isPaused: state.mediaPaused ?? true,
        isMuted: state.mediaMuted ?? false,
        volume: state.mediaVolume ?? 1,
        volumeLevel: state.mediaVolumeLevel ?? "high",
        canSetVolume: state.mediaVolumeUnavailable === undefined,
        isFullscreen: state.mediaIsFullscreen ?? false,
        canFullscreen: state.mediaFullscreenUnavailable === undefined,
        isInPicture: state.mediaIsPip ?? false,
        canBeInPicture: state.mediaPipUnavailable === undefined,
      });
    });
  }

  destroy(): void {
    this.#unsubscribe();
  }

  setPaused(isPaused: boolean): void {
    this.#request(isPaused ? MediaUIEvents.MEDIA_PAUSE_REQUEST : MediaUIEvents.MEDIA_PLAY_REQUEST);
  }

  setMuted(isMuted: boolean): void {
    this.#request(isMuted ? MediaUIEvents.MEDIA_MUTE_REQUEST : MediaUIEvents.MEDIA_UNMUTE_REQUEST);
  }

  /** 0 to 1; values beyond are cut off. */
  setVolume(volume: number): void {
    this.#request(MediaUIEvents.MEDIA_VOLUME_REQUEST, Math.min(1, Math.max(0, volume)));
  }

  setFullscreen(isFullscreen: boolean): void {
    this.#request(
      isFullscreen
        ? MediaUIEvents.MEDIA_ENTER_FULLSCREEN_REQUEST
        : MediaUIEvents.MEDIA_EXIT_FULLSCREEN_REQUEST,
    );
  }

  setInPicture(isInPicture: boolean): void {
    this.#request(
      isInPicture ? MediaUIEvents.MEDIA_ENTER_PIP_REQUEST : MediaUIEvents.MEDIA_EXIT_PIP_REQUEST,
    );
  }

  #request(type: string, detail?: number): void {
    this.#store.dispatch({ type, detail });
  }
}
