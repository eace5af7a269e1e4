"""What the doctor says: each finding in words, with what to change in the encoder. One place.

OBS's names are those of OBS Studio 30 to 32 in English, with Output Mode "Advanced".
"""

from dataclasses import dataclass
from typing import Final

from analytics.doctor.finding import Area


@dataclass(frozen=True, slots=True)
class FindingText:
    """One finding's area and words; `to_change` is None where there is nothing to do."""

    area: Area
    title: str
    text: str
    to_change: str | None


_KEYFRAMES: Final = "Settings → Output → Streaming → Keyframe Interval: 2 s."
_BITRATE: Final = "Settings → Output → Streaming → Bitrate"
_FPS: Final = "Settings → Video → Common FPS Values"
_CODEC: Final = "Settings → Output → Streaming → Video Encoder"
_SYNC: Final = "Edit → Advanced Audio Properties → Sync Offset"
_LINE: Final = (
    "Use a cable instead of Wi-Fi, end other uploads, and lower Settings → Output → Streaming → "
    "Bitrate to three quarters of what your line can upload. Settings → Advanced → Network → "
    "Dynamically change bitrate helps on lines that vary."
)

TEXTS: Final[dict[str, FindingText]] = {
    # Keyframes
    "keyframes-good": FindingText(
        Area.KEYFRAMES,
        "Keyframes come regularly",
        "Players start fast and can change quality without a wait.",
        None,
    ),
    "keyframe-interval-long": FindingText(
        Area.KEYFRAMES,
        "Keyframes are too far apart",
        "Players can only begin at a keyframe: viewers wait longer for the first picture, and "
        "plain players are further behind.",
        _KEYFRAMES,
    ),
    "keyframe-interval-short": FindingText(
        Area.KEYFRAMES,
        "Keyframes are very close together",
        "Each keyframe costs many times what other pictures do; the same bitrate would look "
        "better with fewer.",
        _KEYFRAMES,
    ),
    "keyframe-interval-irregular": FindingText(
        Area.KEYFRAMES,
        "Keyframes come irregularly",
        "Segments have different lengths, which makes players' buffers and quality changes uneven.",
        f"{_KEYFRAMES} Switch scene-cut keyframes off: for x264, x264 Options: scenecut=0; for "
        "NVENC, Look-ahead off.",
    ),
    "keyframes-missing": FindingText(
        Area.KEYFRAMES,
        "No keyframes come",
        "Who comes now sees nothing until there is one.",
        f"{_KEYFRAMES} Then stop and start streaming.",
    ),
    # Picture
    "picture-good": FindingText(
        Area.PICTURE,
        "The picture is as it should be",
        "Size, rate and coding play everywhere.",
        None,
    ),
    "video-missing": FindingText(
        Area.PICTURE,
        "There is no picture",
        "Viewers hear sound alone. That is fine for radio.",
        "Add a source to the scene in OBS, and look at Settings → Output → Streaming → Video "
        "Encoder.",
    ),
    "video-stalled": FindingText(
        Area.PICTURE,
        "The picture has stopped",
        "Sound goes on, and viewers see a still picture.",
        "Look at OBS's status bar for encoder overload, and at the capture device. If it does not "
        "come back, stop and start streaming.",
    ),
    "frame-rate-low": FindingText(
        Area.PICTURE,
        "Few pictures a second",
        "Movement looks jerky below 24 pictures a second.",
        f"{_FPS}: 30. If OBS then reports encoder overload, lower Settings → Video → Output "
        "(Scaled) Resolution.",
    ),
    "frame-rate-high": FindingText(
        Area.PICTURE,
        "More pictures a second than most screens show",
        "Every picture costs bits, and slow devices may skip some.",
        f"{_FPS}: 60 or 30.",
    ),
    "frame-rate-variable": FindingText(
        Area.PICTURE,
        "Pictures come at a varying rate",
        "Players expect an even rate; movement may judder, and sound may drift from the picture "
        "in recordings.",
        f"{_FPS}: 30 or 60. A phone or a converter: choose a constant frame rate.",
    ),
    "frame-rate-differs": FindingText(
        Area.PICTURE,
        "Fewer pictures come than the encoder announces",
        "The encoder seems not to keep up, or announces a rate that it is not set to.",
        "Settings → Output → Streaming → CPU Usage Preset: one step faster, or a hardware encoder. "
        "Look at View → Stats for rendering and encoding lag.",
    ),
    "frames-dropped": FindingText(
        Area.PICTURE,
        "Pictures are missing",
        "The encoder left pictures out; movement stutters.",
        "View → Stats says why. Dropped for the network: lower the bitrate. Skipped for encoding "
        "lag: Settings → Output → Streaming → CPU Usage Preset one step faster, or a hardware "
        "encoder. Missed for rendering lag: limit the game's frame rate.",
    ),
    "bitrate-low": FindingText(
        Area.PICTURE,
        "Few bits for this size of picture",
        "Movement turns into blocks. A still scene is fine with so little.",
        f"{_BITRATE}: raise it, or lower Settings → Video → Output (Scaled) Resolution.",
    ),
    "bitrate-high": FindingText(
        Area.PICTURE,
        "More bits than many viewers can take",
        "Viewers on mobile networks or Wi-Fi far from the router have to wait in between.",
        f"{_BITRATE}: 6000 Kbps for 1080p60, 4500 for 1080p30, 3000 for 720p30.",
    ),
    "bitrate-unstable": FindingText(
        Area.PICTURE,
        "The bitrate has high peaks",
        "A peak of twice the usual has to fit your upload and every viewer's line.",
        "Settings → Output → Streaming → Rate Control: CBR.",
    ),
    "b-frames": FindingText(
        Area.PICTURE,
        "B-frames add delay",
        "Each B-frame in a row makes the whole stream one picture later.",
        "Settings → Output → Streaming → B-Frames (Max B-frames): 0. With x264: Tune: zerolatency.",
    ),
    "codec-limited": FindingText(
        Area.PICTURE,
        "Not every browser plays this codec",
        "Viewers with an older browser or device see nothing.",
        f"{_CODEC}: an H.264 encoder (x264, NVENC H.264, QuickSync H.264, Apple VT H264).",
    ),
    "profile-baseline": FindingText(
        Area.PICTURE,
        "H.264's simplest profile",
        "High profile shows a better picture with the same bits, and plays everywhere, too.",
        "Settings → Output → Streaming → Profile: high.",
    ),
    "profile-unplayable": FindingText(
        Area.PICTURE,
        "Browsers do not play this profile",
        "H.264 with 10 bits, 4:2:2 or 4:4:4 colour is decoded by hardly any browser.",
        "Settings → Advanced → Video → Color Format: NV12, and Settings → Output → Streaming → "
        "Profile: high.",
    ),
    "level-exceeded": FindingText(
        Area.PICTURE,
        "More than the announced level allows",
        "Players choose a decoder by the level; hardware decoders may refuse or stutter.",
        "Remove a level from the encoder's options (x264 Options: no level=), so that it finds "
        "the right one itself, and set Settings → Output → Streaming → Rate Control: CBR, so that "
        "it knows its bitrate.",
    ),
    "resolution-odd": FindingText(
        Area.PICTURE,
        "An unusual size of picture",
        "Odd sizes and pixels that are not square are shown blurred or with a border by some "
        "players.",
        "Settings → Video → Output (Scaled) Resolution: 1920x1080 or 1280x720.",
    ),
    "resolution-high": FindingText(
        Area.PICTURE,
        "A picture larger than 1440p",
        "Phones and older computers decode it badly, and every viewer needs a fast line.",
        "Settings → Video → Output (Scaled) Resolution: 1920x1080.",
    ),
    "hdr-in-8-bit": FindingText(
        Area.PICTURE,
        "HDR with 8 bits",
        "Skies and shadows show bands, and screens without HDR show wrong colours.",
        "Settings → Advanced → Video → Color Space: Rec. 709. For HDR: Color Format P010 and an "
        "HEVC or AV1 encoder.",
    ),
    # Sound
    "sound-good": FindingText(
        Area.SOUND,
        "The sound is as it should be",
        "Coding, rate and channels play everywhere.",
        None,
    ),
    "audio-missing": FindingText(
        Area.SOUND,
        "There is no sound",
        "Viewers see pictures alone.",
        "Settings → Audio: choose a device for Desktop Audio or Mic, and Settings → Output → "
        "Streaming → Audio Track: 1. ffmpeg: add -i and -map for the sound.",
    ),
    "audio-stalled": FindingText(
        Area.SOUND,
        "The sound has stopped",
        "The picture goes on; viewers hear silence.",
        "Look at the capture device and at OBS's Audio Mixer. If it does not come back, stop and "
        "start streaming.",
    ),
    "audio-silent": FindingText(
        Area.SOUND,
        "The sound seems to be silence",
        "So few bits are used that nothing can be heard.",
        "Look at OBS's Audio Mixer: the meters must move. Unmute the source, and check Edit → "
        "Advanced Audio Properties → Tracks: 1.",
    ),
    "audio-bitrate-low": FindingText(
        Area.SOUND,
        "Few bits for the sound",
        "Music sounds dull or watery.",
        "Settings → Output → Audio → Track 1 → Audio Bitrate: 160.",
    ),
    "sample-rate-unusual": FindingText(
        Area.SOUND,
        "An unusual sample rate",
        "Players have to convert it, and treble above half of it is lost.",
        "Settings → Audio → Sample Rate: 48 kHz.",
    ),
    "audio-mono": FindingText(
        Area.SOUND,
        "The sound is mono",
        "Fine for speech; music and games lose their space.",
        "Settings → Audio → Channels: Stereo.",
    ),
    "audio-codec-limited": FindingText(
        Area.SOUND,
        "Not every browser plays this sound",
        "Some viewers hear nothing.",
        "Settings → Output → Streaming → Audio Encoder: AAC.",
    ),
    "audio-gaps": FindingText(
        Area.SOUND,
        "Pieces of sound are missing",
        "Viewers hear clicks or drop-outs.",
        "Give all audio devices the same rate as Settings → Audio → Sample Rate, and look at View "
        "→ Stats for overload. A wireless microphone: try a cable.",
    ),
    # Timing
    "timing-good": FindingText(
        Area.TIMING,
        "Sound and picture keep together",
        "Timestamps rise as they should.",
        None,
    ),
    "av-offset": FindingText(
        Area.TIMING,
        "Sound and picture are not in step",
        "The timestamps of one come later than those of the other; voices may not match lips.",
        f"{_SYNC}: look for a value that was left there, and set it to 0 ms. Then stop and start "
        "streaming. ffmpeg: remove -itsoffset.",
    ),
    "av-drift": FindingText(
        Area.TIMING,
        "Sound and picture drift apart",
        "What fits now will not in an hour: one device's clock runs faster than the other's.",
        "In the audio source's properties, switch Use Device Timestamps on (or off, if it is on), "
        "and give all devices 48 kHz. ffmpeg: -af aresample=async=1.",
    ),
    "timestamps-jumped": FindingText(
        Area.TIMING,
        "Timestamps jumped",
        "Players had to begin anew: viewers saw a jump or a short wait.",
        "Do not change scenes with media sources that loop their own clock; switch Use Device "
        "Timestamps off in the capture's properties. Two inputs of ffmpeg: begin both at 0.",
    ),
    "timestamps-repaired": FindingText(
        Area.TIMING,
        "Timestamps had to be mended",
        "Pictures came with times that do not rise. We moved them by as little as helps.",
        "Update the encoder. ffmpeg: remove -copyts, and do not use -vsync 0 / -fps_mode "
        "passthrough.",
    ),
    "clock-drift": FindingText(
        Area.TIMING,
        "The encoder's clock is off",
        "It runs faster or slower than ours. Over hours players have to skip or wait.",
        "Switch time synchronisation (NTP) on in the encoder's system, and use no capture device "
        "as the clock. ffmpeg: add -re for files.",
    ),
    # Upload
    "upload-good": FindingText(
        Area.UPLOAD,
        "The upload is steady",
        "Media comes when it should.",
        None,
    ),
    "arrival-uneven": FindingText(
        Area.UPLOAD,
        "Media comes unevenly",
        "Viewers with low latency may have to wait now and then.",
        _LINE,
    ),
    "upload-stalls": FindingText(
        Area.UPLOAD,
        "The upload stops in between",
        "Nothing came for a moment; viewers with low latency saw a wait.",
        _LINE,
    ),
    "upload-falls-behind": FindingText(
        Area.UPLOAD,
        "The upload is too slow",
        "What comes is further behind every second, until the encoder drops pictures.",
        _LINE,
    ),
    "media-stopped": FindingText(
        Area.UPLOAD,
        "Nothing comes any more",
        "The connection is open but brings nothing; viewers wait.",
        "Look at OBS's status bar. If it does not come back in a few seconds, stop and start "
        "streaming.",
    ),
    "reconnects": FindingText(
        Area.UPLOAD,
        "The encoder had to reconnect",
        "Viewers saw a short wait each time.",
        _LINE,
    ),
}

# While the first holds, the others have the same cause and would only repeat it.
SAYS_MORE_THAN: Final[dict[str, tuple[str, ...]]] = {
    "keyframes-missing": ("keyframe-interval-long",),
    "upload-falls-behind": ("upload-stalls", "arrival-uneven"),
    "upload-stalls": ("media-stopped", "arrival-uneven"),
}

GOOD_CODES: Final = {
    Area.KEYFRAMES: "keyframes-good",
    Area.PICTURE: "picture-good",
    Area.SOUND: "sound-good",
    Area.TIMING: "timing-good",
    Area.UPLOAD: "upload-good",
}
