#!/usr/bin/env python3
"""Writes the pictures, .npy files and pictures.json, resized.json, mels.json beside itself.

What Pillow, NumPy and torchaudio (Debian: python3-pil, python3-numpy, python3-torchaudio) say of small pictures and sounds that
are made here. Pixels of JPEG are those of the libjpeg-turbo that both Pillow and Weft use.
"""

import json
import pathlib
import struct
import zlib

import numpy as np
import torch
import torchaudio
from PIL import Image

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(7)


def drawing(height, width, channels):
    """Slopes, a bright disc and a little noise."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * (7 + 2 * k) + y * (11 - 3 * k)) % 256 for k in range(channels)]
    disc = (y - height / 3) ** 2 + (x - width / 2) ** 2 < (height / 4) ** 2
    pixels = np.stack(planes, 2).astype(float)
    pixels[disc] = [250, 40, 120, 180][:channels]
    pixels += RANDOM.normal(0, 4, pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def exif(orientation):
    """An EXIF segment with nothing but the orientation, big-endian."""
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def upright(image, orientation):
    turns = {2: [Image.FLIP_LEFT_RIGHT], 3: [Image.ROTATE_180], 4: [Image.FLIP_TOP_BOTTOM], 5: [Image.TRANSPOSE],
             6: [Image.ROTATE_270], 7: [Image.TRANSVERSE], 8: [Image.ROTATE_90]}
    for turn in turns.get(orientation, []):
        image = image.transpose(turn)
    return image


def grey_png(height, width, bits, rows):
    """A PNG whose header says what it is told."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pictures():
    cases = []

    def add(name, image=None, tolerance=0):
        image = image or Image.open(HERE / name)
        if image.mode == "RGBA":
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image)
        rgb = np.asarray(image.convert("RGB"))
        cases.append({"file": name, "height": rgb.shape[0], "width": rgb.shape[1], "tolerance": tolerance,
                      "pixels": rgb.ravel().tolist()})

    colours = Image.fromarray(drawing(13, 17, 3))
    colours.save(HERE / "colours.jpg", quality=90)
    add("colours.jpg")
    colours.save(HERE / "progressive.jpg", quality=80, progressive=True)
    add("progressive.jpg")
    Image.fromarray(drawing(9, 12, 1)[:, :, 0]).save(HERE / "grey.jpg")
    add("grey.jpg")
    Image.fromarray(drawing(10, 11, 4), "CMYK").save(HERE / "inks.jpg")
    add("inks.jpg", tolerance=1)
    small = Image.fromarray(drawing(5, 8, 3))
    for orientation in range(1, 9):
        name = f"turned{orientation}.jpg"
        small.save(HERE / name, quality=95, exif=exif(orientation))
        add(name, upright(Image.open(HERE / name).convert("RGB"), orientation))
    little_endian = Image.Exif()
    little_endian[0x0112] = 6
    small.save(HERE / "little_endian.jpg", quality=95, exif=little_endian)
    add("little_endian.jpg", upright(Image.open(HERE / "little_endian.jpg").convert("RGB"), 6))
    # As some cameras leave them: bytes that belong to nothing before the end.
    plain = (HERE / "colours.jpg").read_bytes()
    (HERE / "extraneous.jpg").write_bytes(plain[:-2] + b"abcdef" + plain[-2:])
    add("extraneous.jpg", Image.open(HERE / "colours.jpg"))
    (HERE / "bomb.png").write_bytes(grey_png(20000, 20000, 8, bytes(1000)))
    (HERE / "wide.png").write_bytes(grey_png(2, 40000, 8, bytes(2 * 40001)))
    colours.save(HERE / "colours.png")
    add("colours.png")
    colours.quantize(16).save(HERE / "palette.png")
    add("palette.png")
    Image.fromarray(drawing(7, 9, 4), "RGBA").save(HERE / "alpha.png")
    add("alpha.png", tolerance=1)
    Image.fromarray(drawing(7, 9, 1)[:, :, 0]).save(HERE / "grey.png")
    add("grey.png")
    deep = drawing(6, 7, 1)[:, :, 0].astype(np.uint16) * 256 + 128
    (HERE / "deep.png").write_bytes(grey_png(6, 7, 16, b"".join(b"\0" + row.astype(">u2").tobytes() for row in deep)))
    add("deep.png", Image.fromarray((deep / 257 + 0.5).astype(np.uint8)))
    colours.save(HERE / "colours.webp", lossless=True)
    add("colours.webp")
    Image.fromarray(drawing(7, 9, 4), "RGBA").save(HERE / "alpha.webp", lossless=True, exact=True)
    add("alpha.webp", tolerance=1)
    small.save(HERE / "colours.ppm")
    add("colours.ppm")
    grey = drawing(4, 6, 1)[:, :, 0]
    Image.fromarray(grey).save(HERE / "grey.pgm")
    add("grey.pgm")
    text = "P2 # a comment\n6 4\n# another\n255\n" + "\n".join(" ".join(map(str, row)) for row in grey) + "\n"
    (HERE / "text.pgm").write_text(text)
    add("text.pgm", Image.fromarray(grey))
    (HERE / "deep.pgm").write_bytes(b"P5\n7 6\n65535\n" + deep.astype(">u2").tobytes())
    add("deep.pgm", Image.fromarray((deep / 257 + 0.5).astype(np.uint8)))
    (HERE / "pictures.json").write_text(json.dumps(cases))


def resized():
    image = Image.fromarray(drawing(23, 37, 3))
    cases = []
    for height, width, box in [(8, 8, None), (23, 37, None), (5, 60, None), (40, 50, None), (1, 1, None),
                               (9, 9, (7, 0, 30, 23)), (12, 10, (8.875, 0.25, 28.125, 22.75))]:
        result = image.resize((width, height), Image.BILINEAR, box=box)
        cases.append({"height": height, "width": width, "box": box or (0, 0, 37, 23),
                      "pixels": np.asarray(result).ravel().tolist()})
    grey = image.convert("L")
    (HERE / "resized.json").write_text(json.dumps(
        {"height": 23, "width": 37, "pixels": np.asarray(image).ravel().tolist(), "cases": cases,
         "grey": np.asarray(grey).ravel().tolist()}))


def mels():
    rate = 8000
    time = np.arange(2000) / rate
    sound = 0.4 * np.sin(2 * np.pi * (300 + 4000 * time) * time) + RANDOM.normal(0, 0.02, time.size)
    sound[1200:1500] = 0
    sound = np.round(sound * 32767).astype(int)
    cases = []
    for mel_count, window, hop, low, high, deltas, normalize in [
            (40, 0.025, 0.010, 20, 0, False, False), (23, 0.025, 0.010, 64, 3800, True, False),
            (20, 0.1, 0.020, 0, 0, False, True), (16, 0.032, 0.016, 100, 4000, True, True)]:
        size, step = round(window * rate), round(hop * rate)
        fft = max(512, 1 << (size - 1).bit_length())
        count = 1 + -(-max(0, sound.size - size) // step)
        # torch.stft puts the window into the middle of the transformed stretch.
        before = (fft - size) // 2
        samples = torch.zeros((count - 1) * step + fft, dtype=torch.float64)
        samples[before:before + sound.size] = torch.tensor(sound / 32768)
        power = torchaudio.functional.spectrogram(samples, 0, torch.hann_window(size, dtype=torch.float64), fft, step, size, 2.0,
                                                  False, center=False)
        filters = torchaudio.functional.melscale_fbanks(fft // 2 + 1, low, high or rate / 2, mel_count, rate, None, "htk")
        vectors = torch.log(torch.clamp(power.T @ filters.double(), min=1e-8))
        if deltas:
            first = torchaudio.functional.compute_deltas(vectors.T[None])
            second = torchaudio.functional.compute_deltas(first)
            vectors = torch.cat([vectors, first[0].T, second[0].T], 1)
        if normalize:
            vectors = (vectors - vectors.mean(0)) / vectors.std(0, unbiased=False)
        assert len(vectors) == count
        cases.append({"mels": mel_count, "window": window, "hop": hop, "low_hz": low, "high_hz": high, "deltas": deltas,
                      "normalize": normalize, "frames": count,
                      "vectors": [round(v, 5) for v in vectors.flatten().tolist()]})
    (HERE / "mels.json").write_text(json.dumps({"sample_rate": rate, "samples": sound.tolist(), "cases": cases}))


def features():
    numbers = RANDOM.normal(0, 1, (3, 4))
    np.save(HERE / "float64.npy", numbers)
    np.save(HERE / "float32.npy", numbers.astype(np.float32))
    np.save(HERE / "float16.npy", numbers.astype(np.float16))
    np.save(HERE / "big_endian.npy", numbers.astype(">f4"))
    np.save(HERE / "grid.npy", numbers.astype(np.float32).reshape(3, 2, 2))
    np.save(HERE / "fortran.npy", np.asfortranarray(numbers))
    np.save(HERE / "integers.npy", np.arange(12).reshape(3, 4))
    np.save(HERE / "line.npy", np.arange(3.0))
    (HERE / "features.json").write_text(json.dumps({"numbers": numbers.ravel().tolist()}))


torch.manual_seed(0)
pictures()
resized()
mels()
features()
