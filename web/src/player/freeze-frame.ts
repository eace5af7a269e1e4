/** Keeps the last picture on screen while the source behind the video element is exchanged. */
export class FreezeFrame {
  readonly #canvas: HTMLCanvasElement;

  /** The canvas lies over the video and has its size. */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    canvas.hidden = true;
  }

  get isHeld(): boolean {
    return !this.#canvas.hidden;
  }

  /** Copies the picture; does nothing when there is none, and what is held already stays. */
  hold(video: HTMLVideoElement): void {
    const hasPicture =
      video.videoWidth > 0 && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    const context = hasPicture ? this.#canvas.getContext("2d") : null;
    if (context === null) return;
    this.#canvas.width = video.videoWidth;
    this.#canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    this.#canvas.hidden = false;
  }

  release(): void {
    if (!this.isHeld) return;
    this.#canvas.hidden = true;
    // A canvas without pixels gives its memory back.
    this.#canvas.width = 0;
  }
}
