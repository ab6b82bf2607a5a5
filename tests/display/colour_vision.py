"""How a colour looks to people who see colours otherwise, and how far apart two colours look: for tests of palettes.

`seen` simulates the three dichromacies and the loss of all hue, `distance` is the CIEDE2000 difference.
"""

import math

MATRICES = {
    "protanopie": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutéranopie": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopie": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Linear RGB to linear RGB, severity 1: Machado, Oliveira and Fernandes, « A Physiologically-based Model for Simulation
of Color Vision Deficiency », IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009, table 1."""

GREY = "niveaux de gris"
VISIONS = ("vision ordinaire", *MATRICES, GREY)

# sRGB, IEC 61966-2-1, and the D65 white of its XYZ.
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)

Colour = tuple[float, float, float]
"""Linear red, green and blue, 0–1."""


def linear(colour: str) -> Colour:
    """Return the linear channels of a `#rrggbb` colour."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def seen(colour: str, vision: str) -> Colour:
    """Return what a `#rrggbb` colour is seen as, with one of `VISIONS`, as linear channels kept between 0 and 1."""
    channels = linear(colour)
    if vision == GREY:
        luminance = sum(weight * c for weight, c in zip(TO_XYZ[1], channels, strict=True))
        return luminance, luminance, luminance
    if vision in MATRICES:
        channels = _times(MATRICES[vision], channels)
    red, green, blue = (min(1.0, max(0.0, c)) for c in channels)
    return red, green, blue


def distance(first: str, second: str, vision: str = VISIONS[0]) -> float:
    """Return how far apart two colours look: CIEDE2000, where 1 is hardly seen side by side."""
    return ciede2000(lab(seen(first, vision)), lab(seen(second, vision)))


def lab(colour: Colour) -> tuple[float, float, float]:
    """Return the CIELAB coordinates (D65) of linear channels."""
    scaled = (value / white for value, white in zip(_times(TO_XYZ, colour), WHITE, strict=True))
    x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(first: tuple[float, float, float], second: tuple[float, float, float]) -> float:
    """Return the difference of two CIELAB colours: Sharma, Wu and Dalal, Color Research & Application 30 (1), 2005."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    if c1 * c2 == 0:
        hue = h1 + h2
    elif abs(h1 - h2) <= 180:
        hue = (h1 + h2) / 2
    else:
        hue = (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    tone = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    lightness = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    saturation = (c2 - c1) / (1 + 0.045 * chroma)
    turned = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * tone)
    rotation = (
        -2
        * math.sqrt(chroma**7 / (chroma**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    )
    return math.sqrt(lightness**2 + saturation**2 + turned**2 + rotation * saturation * turned)


def _times(matrix: tuple[Colour, ...], vector: Colour) -> Colour:
    x, y, z = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z
