import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Keeps the screen lit while its host is shown: a page that is watched and not touched for hours.
 *
 * Browsers take the lock away from hidden pages, and give none where there is no TLS or little
 * battery: then the screen goes dark as it would anyway.
 */
export class WakeLock implements ReactiveController {
  #lock: WakeLockSentinel | null = null;
  #isWanted = false;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#isWanted = true;
    document.addEventListener("visibilitychange", this.#renew);
    this.#renew();
  }

  hostDisconnected(): void {
    this.#isWanted = false;
    document.removeEventListener("visibilitychange", this.#renew);
    void this.#lock?.release();
    this.#lock = null;
  }

  readonly #renew = (): void => {
    if (document.hidden || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").then(
      (lock) => {
        if (this.#isWanted) this.#lock = lock;
        else void lock.release();
      },
      () => undefined,
    );
  };
}
